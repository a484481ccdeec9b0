/* SPDX-License-Identifier: MIT */
/*
 * bulktree.h: a b-tree of a database written from left to right, pages full:
 * leaves as they come, the interior pages above them at the end. Format:
 * https://www.sqlite.org/fileformat2.html#b_tree_pages
 */
#ifndef STORE_BULKTREE_H
#define STORE_BULKTREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "store/bulkpages.h"

/* An entry of an index on a number. */
struct bulkpair {
	int64_t key, id;
};

enum { BULKPAIR_MAX = 4 + 2 * 8 }; /* bytes of its record */

/* A page of the tree and what divides it from the next one: of a table the
 * largest id below it (id), of an index the entry between both. */
struct bulkchild {
	uint32_t page;
	struct bulkpair div;
};

struct bulktree {
	struct bulkpages *pages;
	bool index;
	struct bulkchild *child; /* finished leaves */
	size_t nchildren;
	uint8_t *extent;     /* pages under way; NULL until the first */
	uint32_t nextent;    /* finished ones of them */
	struct bulkpair *div; /* of those */
	uint8_t *page;       /* the one that is being filled */
	size_t ncells, top;  /* of it: cells are stored from its end on */
};

void bulktree_init(struct bulktree *t, struct bulkpages *pages, bool index);
void bulktree_release(struct bulktree *t);

/* A leaf that is in the database already, to the right of all so far. */
void bulktree_child(struct bulktree *t, struct bulkchild c);

enum { BULKTREE_HEAD = 8, BULKTREE_POINTER = 2 }; /* bytes, of a leaf */

/* For bulktree_cell: a new leaf. */
void bulktree_start(struct bulktree *t);
/* Room for a cell of n bytes on the leaf under way, or NULL when it is full. */
static inline uint8_t *
bulktree_cell(struct bulktree *t, size_t n)
{
	uint8_t *page, *pointer;
	size_t top;

	if (unlikely(t->page == NULL))
		bulktree_start(t);
	if (BULKTREE_HEAD + (t->ncells + 1) * BULKTREE_POINTER + n > t->top)
		return NULL;
	page = t->page;
	top = t->top -= n;
	pointer = page + BULKTREE_HEAD + t->ncells++ * BULKTREE_POINTER;
	pointer[0] = (uint8_t)(top >> 8);
	pointer[1] = (uint8_t)top;
	return page + top;
}

/* Takes the last cell, of n bytes, away again. */
void bulktree_drop(struct bulktree *t, size_t n);
/* The leaf is done; it has a cell. `div` divides it from the next. */
bool bulktree_next(struct bulktree *t, struct bulkpair div, struct err *e);
/* No leaf follows; then writes the pages above. With nothing added the tree
 * stays as it is. */
bool bulktree_finish(struct bulktree *t, uint32_t root, struct bulkpair last,
    struct err *e);

/* The record of an index entry: its length. */
size_t bulkpair_put(uint8_t out[BULKPAIR_MAX], struct bulkpair v);

#endif
