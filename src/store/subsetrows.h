/* SPDX-License-Identifier: MIT */
/*
 * subsetrows.h: numbers of rows as a table of SQLite, SUBSETROWS(nr), with the
 * column id, ascending. For subset.c: to put them into a temporary table takes
 * longer than most statements do with them.
 */
#ifndef STORE_SUBSETROWS_H
#define STORE_SUBSETROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct store;

#define SUBSETROWS "subset_rows"

/* *nr is what they are called by; id stays the caller's, until they are dropped
 * or the store is closed. False when the store fails. */
bool subsetrows_add(struct store *st, const int64_t *id, size_t n, size_t *nr,
    struct err *e);
/* The number is then that of no rows. */
void subsetrows_drop(struct store *st, size_t nr);

#endif
