/* SPDX-License-Identifier: MIT */
/*
 * sigma_item.h: one "field|modifiers: values" of a selection -> an SQL
 * expression that is 0 or 1 and never NULL. A comparison with a field that a
 * record lacks is false. All values are bound.
 */
#ifndef DETECT_SIGMA_ITEM_H
#define DETECT_SIGMA_ITEM_H

#include <stdbool.h>

#include "detect/sigma_sql.h"

/* Appends the expression of a member of a selection map. */
bool sigma_item(struct sigma_sql *c, const struct yaml *y);

#endif
