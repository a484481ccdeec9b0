/* SPDX-License-Identifier: MIT */
#include "store/bulkindex.h"

#include <assert.h>
#include <string.h>

struct writer {
	struct bulktree tree;
	struct bulkpair prev; /* the one added last */
	size_t size;          /* of its cell; 0: there is none */
};

static uint8_t *
new_cell(struct writer *w, size_t n)
{
	w->size = n;
	return bulktree_cell(&w->tree, n);
}

/* An entry that finds no room divides this leaf from the next; but the last of
 * all must be on a leaf, so the one before it does. */
static bool
put(struct writer *w, struct bulkpair p, bool last, struct err *e)
{
	uint8_t cell[1 + BULKPAIR_MAX], *at;
	size_t n = bulkpair_put(cell + 1, p), before = w->size;

	cell[0] = (uint8_t)n++;
	at = new_cell(w, n);
	if (at == NULL) {
		if (!last) {
			w->prev = p;
			return bulktree_next(&w->tree, p, e);
		}
		bulktree_drop(&w->tree, before);
		if (!bulktree_next(&w->tree, w->prev, e))
			return false;
		at = new_cell(w, n);
		assert(at);
	}
	memcpy(at, cell, n);
	w->prev = p;
	return true;
}

/* The leaves that the database has stay, but for the last one, which goes on:
 * its entries are put anew. */
static bool
put_old(struct writer *w, struct bulkold *old, uint32_t root, struct err *e)
{
	struct bulktree *t = &w->tree;
	uint32_t leaf = root;
	uint8_t page[BULK_PAGE];
	struct bulkpair p;
	size_t ncells;

	if (!bulkold_leaves(old, root, t, e))
		return false;
	if (t->nchildren)
		leaf = t->child[--t->nchildren].page;
	if (!bulkold_page(old, leaf, page, e))
		return false;
	if (leaf != root)
		bulkpages_spare(t->pages, leaf);
	bulkold_is_leaf(page, &ncells);
	for (size_t i = 0; i < ncells; i++)
		if (!bulkold_pair(page, i, &p, e) || !put(w, p, false, e))
			return false;
	return true;
}

/* Is the first new entry behind what is there? */
static bool
goes_on(const struct writer *w, const struct bulkrun *r)
{
	return w->size == 0 || w->prev.key < r->key ||
	    (w->prev.key == r->key && w->prev.id < r->first);
}

static bool
put_run(struct writer *w, const struct bulkrun *r, struct err *e)
{
	for (int64_t id = r->first; id <= r->last; id++)
		if (!put(w, (struct bulkpair){ r->key, id }, id == r->last, e))
			return false;
	return true;
}

bool
bulkindex_write(struct bulkpages *pages, struct bulkold *old, uint32_t root,
    const struct bulkrun *r, struct err *e)
{
	struct writer w = { .size = 0 };
	bool ok;

	bulktree_init(&w.tree, pages, true);
	ok = (old == NULL || put_old(&w, old, root, e)) &&
	    (goes_on(&w, r) || bulkold_damaged(e)) && put_run(&w, r, e) &&
	    bulktree_finish(&w.tree, root, w.prev, e);
	bulktree_release(&w.tree);
	return ok;
}
