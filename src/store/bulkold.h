/* SPDX-License-Identifier: MIT */
/*
 * bulkold.h: the trees that a database has, read so that others go on to the
 * right of them. Pages are read through SQLite's own handle: closing another
 * one of the file would give up its locks. What is no tree as SQLite writes
 * them is refused ("store-refused").
 */
#ifndef STORE_BULKOLD_H
#define STORE_BULKOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "store/bulktree.h"

struct bulkold {
	struct sqlite3_file *file; /* borrowed */
	const uint8_t *image;      /* instead of it, of one in memory */
	uint32_t npages;
};

/* False: that is what is said of such a store. */
bool bulkold_damaged(struct err *e);
/* A page; `page` is checked. */
bool bulkold_page(struct bulkold *o, uint32_t page, uint8_t out[BULK_PAGE],
    struct err *e);
/* Is the page a leaf of a table or index? Then *ncells are on it. */
bool bulkold_is_leaf(const uint8_t page[BULK_PAGE], size_t *ncells);
/*
 * The leaves of the tree at `root` become children of `t`, of which the last
 * one has no div; the interior pages but the root become spare pages. None when
 * the root is a leaf.
 */
bool bulkold_leaves(struct bulkold *o, uint32_t root, struct bulktree *t,
    struct err *e);
/* Entry i of a leaf of an index. */
bool bulkold_pair(const uint8_t page[BULK_PAGE], size_t i, struct bulkpair *out,
    struct err *e);

#endif
