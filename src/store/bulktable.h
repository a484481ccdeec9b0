/* SPDX-License-Identifier: MIT */
/* bulktable.h: rows of a table, in the order of their ids, onto pages. */
#ifndef STORE_BULKTABLE_H
#define STORE_BULKTABLE_H

#include "store/bulkold.h"
#include "store/bulkrow.h"

struct bulktable {
	struct bulktree tree;
	int64_t before;     /* largest id that the database has */
	int64_t last;       /* id of the last row */
	uint64_t rows;
	struct buf payload; /* of a row that is too long for a page */
};

void bulktable_init(struct bulktable *t, struct bulkpages *pages);
void bulktable_release(struct bulktable *t);
/* Before the first row, where there may be others. `before`: the largest id that
 * the database has. */
static inline void
bulktable_begin(struct bulktable *t, int64_t before)
{
	t->before = t->last = before;
}

/* `id` is larger than all before. */
bool bulktable_add(struct bulktable *t, int64_t id, const struct bulkrow *r,
    struct err *e);
/* `old`: the database that has rows below `root`; NULL: none. */
bool bulktable_finish(struct bulktable *t, struct bulkold *old, uint32_t root,
    struct err *e);

#endif
