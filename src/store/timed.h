/* SPDX-License-Identifier: MIT */
/*
 * timed.h: tables of records for statements that ask for times. The store has
 * no index on ts, but the table stretch, which says when the rows of 64 ids in a
 * row are of: a range of times becomes a few ranges of ids. These are virtual
 * tables (https://www.sqlite.org/vtab.html) of a connection that read the tables
 * of the store, so that statements need not know.
 */
#ifndef STORE_TIMED_H
#define STORE_TIMED_H

#include <stdbool.h>

#include "base/err.h"
#include "store/kind.h"

struct store;

/* Is the table of a kind served? Audit rows of customers have an index on ts,
 * and another that their statements need. */
static inline bool
timed_serves(int kind)
{
	return kind > REC_NONE && kind < REC_KIND_N && kind != REC_CUSTOMER;
}

/* Makes temporary tables, PREFIX and the name of the base table (kind_base) each,
 * unless there is something temporary of that name. With no prefix they stand
 * before those of the store. False when the store fails. */
bool timed_make(struct store *st, const char *prefix, struct err *e);

#endif
