/* SPDX-License-Identifier: MIT */
/*
 * sigma_match.h: the detection part of a Sigma rule, or a filter -> one SQL
 * expression over a base table, which is 0 or 1 and never NULL. A comparison
 * with a field that a record lacks is false, so `not` of it is true.
 */
#ifndef DETECT_SIGMA_MATCH_H
#define DETECT_SIGMA_MATCH_H

#include <stdbool.h>

#include "detect/sigma_sql.h"

/* Appends the expression of a `detection:` map to c->sql. */
bool sigma_match(struct sigma_sql *c, const struct yaml *detection);
/* The same of a `filter:` map; its member `rules` is no selection. */
bool sigma_match_filter(struct sigma_sql *c, const struct yaml *filter);

#endif
