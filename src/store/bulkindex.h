/* SPDX-License-Identifier: MIT */
/*
 * bulkindex.h: what one load adds to an index on a number, onto pages: entries
 * of one key and of ids in a row. Nothing needs sorting, since they lie behind
 * all that the database has.
 */
#ifndef STORE_BULKINDEX_H
#define STORE_BULKINDEX_H

#include "store/bulkold.h"

struct bulkrun {
	int64_t key;
	int64_t first, last; /* ids; last >= first */
};

/* `old`: the database that has entries below `root`, all of them before those
 * of `r`, else it is refused; NULL: none. */
bool bulkindex_write(struct bulkpages *pages, struct bulkold *old,
    uint32_t root, const struct bulkrun *r, struct err *e);

#endif
