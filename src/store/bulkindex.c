/* SPDX-License-Identifier: MIT */
#include "store/bulkindex.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/oom.h"

void
bulkindex_init(struct bulkindex *x, struct bulkpages *pages)
{
	*x = (struct bulkindex){ .size = 0 };
	bulktree_init(&x->tree, pages, true);
	bulksort_init(&x->sort);
}

void
bulkindex_release(struct bulkindex *x)
{
	bulktree_release(&x->tree);
	bulksort_release(&x->sort);
}

/* --- writing --- */

static uint8_t *
new_cell(struct bulkindex *x, size_t n)
{
	x->size = n;
	return bulktree_cell(&x->tree, n);
}

/* An entry that finds no room divides this leaf from the next; but the last of
 * all must be on a leaf, so the one before it does. */
static bool
put(struct bulkindex *x, struct bulkpair p, bool last, struct err *e)
{
	uint8_t cell[1 + BULKPAIR_MAX], *at;
	size_t n = bulkpair_put(cell + 1, p), before = x->size;

	cell[0] = (uint8_t)n++;
	at = new_cell(x, n);
	if (at == NULL) {
		if (!last)
			return bulktree_next(&x->tree, p, e);
		bulktree_drop(&x->tree, before);
		if (!bulktree_next(&x->tree, x->prev, e))
			return false;
		at = new_cell(x, n);
		assert(at);
	}
	memcpy(at, cell, n);
	x->prev = p;
	return true;
}

/* --- what is there --- */

/* The entries of the database from the leaf on that the first new one belongs
 * to. Their pages become spare once they are read. */
struct tail {
	struct bulkold *old;
	struct bulkpages *pages;
	const struct bulkchild *leaf;
	size_t nleaves, at, i, ncells; /* entry i of leaf `at`; i > ncells: none */
	uint32_t root;
	bool more;
	struct bulkpair pair; /* the next, if there is more */
	uint8_t page[BULK_PAGE];
};

static bool
open_leaf(struct tail *t, struct err *e)
{
	uint32_t page = t->leaf[t->at].page;

	t->i = 0;
	if (!bulkold_page(t->old, page, t->page, e))
		return false;
	bulkold_is_leaf(t->page, &t->ncells);
	if (page != t->root)
		bulkpages_spare(t->pages, page);
	return true;
}

/* Behind the entries of a leaf comes what divides it from the next. */
static bool
advance(struct tail *t, struct err *e)
{
	t->more = t->at < t->nleaves;
	if (!t->more)
		return true;
	if (t->i < t->ncells)
		return bulkold_pair(t->page, t->i++, &t->pair, e);
	t->pair = t->leaf[t->at++].div;
	if (t->at < t->nleaves)
		return open_leaf(t, e);
	t->more = false;
	return true;
}

/* Leaves that stay as they are: those before the first new entry. */
static size_t
count_kept(const struct bulktree *t, const struct bulkpair *first)
{
	size_t lo = 0, hi = t->nchildren ? t->nchildren - 1 : 0;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (bulkpair_cmp(&t->child[mid].div, first) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Cuts the tail off the tree, whose leaves are those of the database. */
static bool
open_tail(struct tail *t, struct bulkindex *x, const struct bulkpair *first,
    struct bulkchild *only, struct err *e)
{
	struct bulktree *tree = &x->tree;
	size_t kept;

	if (tree->nchildren == 0) {
		*only = (struct bulkchild){ t->root, { 0, 0 } };
		t->leaf = only;
		t->nleaves = 1;
	} else {
		kept = count_kept(tree, first);
		t->leaf = tree->child + kept;
		t->nleaves = tree->nchildren - kept;
	}
	return open_leaf(t, e) && advance(t, e);
}

/* --- merging --- */

static bool
take(struct bulkindex *x, struct tail *t, struct bulkpair *fresh, bool *more,
    struct bulkpair *out, struct err *e)
{
	if (t->more && (!*more || bulkpair_cmp(&t->pair, fresh) < 0)) {
		*out = t->pair;
		return advance(t, e);
	}
	*out = *fresh;
	return bulksort_next(&x->sort, fresh, more, e);
}

static bool
merge(struct bulkindex *x, struct tail *t, struct bulkpair fresh,
    struct err *e)
{
	bool more = true;
	struct bulkpair p;

	while (t->more || more)
		if (!take(x, t, &fresh, &more, &p, e) ||
		    !put(x, p, !t->more && !more, e))
			return false;
	return true;
}

/* The leaves of the tail move away from those that will be written. */
static struct bulkchild *
part_tail(struct tail *t, struct bulktree *tree)
{
	struct bulkchild *leaf = NULL;
	size_t n = t->nleaves;

	if (tree->nchildren == 0)
		return NULL;
	leaf = malloc(n * sizeof(*leaf));
	if (leaf == NULL)
		oom();
	memcpy(leaf, t->leaf, n * sizeof(*leaf));
	tree->nchildren -= n;
	t->leaf = leaf;
	return leaf;
}

bool
bulkindex_finish(struct bulkindex *x, struct bulkold *old, uint32_t root,
    struct err *e)
{
	struct tail t = { .old = old, .pages = x->tree.pages, .root = root };
	struct bulkchild only, *leaf = NULL;
	struct bulkpair first;
	bool more, ok;

	if (!bulksort_end(&x->sort, e) ||
	    !bulksort_next(&x->sort, &first, &more, e))
		return false;
	if (!more)
		return true;
	ok = old == NULL || (bulkold_leaves(old, root, &x->tree, e) &&
	    open_tail(&t, x, &first, &only, e));
	if (ok && old)
		leaf = part_tail(&t, &x->tree);
	ok = ok && merge(x, &t, first, e) &&
	    bulktree_finish(&x->tree, root, x->prev, e);
	free(leaf);
	return ok;
}
