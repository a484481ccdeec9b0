/* SPDX-License-Identifier: MIT */
/*
 * shadow.h: temporary tables and views that stand before those of the store,
 * since names are looked up in the temporary schema first. Store_as_of of db.h
 * makes such too.
 */
#ifndef STORE_SHADOW_H
#define STORE_SHADOW_H

#include <stdbool.h>

#include "base/err.h"

struct store;

/* For statements of ours and of rules: the tables of timed.h, and the readable
 * views over them, with the texts of apptext.h. Of the connection; what stands
 * there already stays. False when the store fails. */
bool shadow_install(struct store *st, struct err *e);

#endif
