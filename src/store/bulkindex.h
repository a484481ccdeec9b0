/* SPDX-License-Identifier: MIT */
/*
 * bulkindex.h: an index on a column of numbers, onto pages. Entries are
 * gathered in any order and written at the end, merged with those of the
 * database that lie behind the first new one.
 */
#ifndef STORE_BULKINDEX_H
#define STORE_BULKINDEX_H

#include "store/bulkold.h"
#include "store/bulksort.h"

struct bulkindex {
	struct bulktree tree;
	struct bulksort sort;
	struct bulkpair prev; /* the one added last */
	size_t size;          /* of its cell */
};

void bulkindex_init(struct bulkindex *x, struct bulkpages *pages);
void bulkindex_release(struct bulkindex *x);
static inline bool
bulkindex_add(struct bulkindex *x, int64_t key, int64_t id, struct err *e)
{
	return bulksort_add(&x->sort, (struct bulkpair){ key, id }, e);
}
/* `old`: the database that has entries below `root`; NULL: none. */
bool bulkindex_finish(struct bulkindex *x, struct bulkold *old, uint32_t root,
    struct err *e);

#endif
