/* SPDX-License-Identifier: MIT */
#include "store/bulkold.h"

#include <sqlite3.h>
#include <stddef.h>
#include <string.h>

#include "store/bulkpages.h"
#include "store/dbnum.h"

enum {
	LEAF_HEAD = 8, INTERIOR_HEAD = 12, POINTER = 2, CHILD = 4,
	INDEX_INTERIOR = 2, TABLE_INTERIOR = 5, INDEX_LEAF = 10, TABLE_LEAF = 13,
	DEPTH_MAX = 20 /* as in SQLite */
};

bool
bulkold_damaged(struct err *e)
{
	return err_set(e, ST_FAIL, "store-refused: a tree of it is damaged");
}

static uint64_t
get(const uint8_t *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

bool
bulkold_page(struct bulkold *o, uint32_t page, uint8_t out[BULK_PAGE],
    struct err *e)
{
	int64_t at = (int64_t)(page - 1) * BULK_PAGE;

	if (page == 0 || page > o->npages)
		return bulkold_damaged(e);
	if (o->image) {
		memcpy(out, o->image + at, BULK_PAGE);
		return true;
	}
	return o->file->pMethods->xRead(o->file, out, BULK_PAGE, at) ==
	    SQLITE_OK || err_set(e, ST_FAIL, "read-failed: store: page %lu",
	    (unsigned long)page);
}

bool
bulkold_is_leaf(const uint8_t page[BULK_PAGE], size_t *ncells)
{
	*ncells = (size_t)get(page + 3, 2);
	return page[0] == INDEX_LEAF || page[0] == TABLE_LEAF;
}

/* Where cell i starts; NULL: outside of the page. */
static const uint8_t *
cell(const uint8_t *page, size_t head, size_t i, size_t need)
{
	size_t pointer = head + i * POINTER, at;

	if (pointer + POINTER > BULK_PAGE)
		return NULL;
	at = (size_t)get(page + pointer, POINTER);
	return at >= pointer + POINTER && at + need <= BULK_PAGE ? page + at :
	    NULL;
}

/* --- numbers --- */

/* A number of a record's type; its bytes, or -1. */
static int
read_int(uint8_t type, const uint8_t *p, const uint8_t *end, int64_t *out)
{
	static const int bytes[7] = { 0, 1, 2, 3, 4, 6, 8 };
	int n;

	if (type == 8 || type == 9) {
		*out = type - 8;
		return 0;
	}
	if (type == 0 || type > 6 || end - p < bytes[type])
		return -1;
	n = bytes[type];
	*out = (int64_t)(get(p, (size_t)n) << (64 - 8 * n)) >> (64 - 8 * n);
	return n;
}

/* Cell of an index: length of the record, then the record. */
static bool
read_pair(const uint8_t *p, const uint8_t *end, struct bulkpair *out)
{
	int n;

	if (end - p < 4 || p[0] > BULKPAIR_MAX || p[1] != 3)
		return false;
	n = read_int(p[2], p + 4, end, &out->key);
	return n >= 0 && read_int(p[3], p + 4 + n, end, &out->id) >= 0;
}

bool
bulkold_pair(const uint8_t page[BULK_PAGE], size_t i, struct bulkpair *out,
    struct err *e)
{
	const uint8_t *p = cell(page, LEAF_HEAD, i, 4);

	return (page[0] == INDEX_LEAF && p &&
	    read_pair(p, page + BULK_PAGE, out)) || bulkold_damaged(e);
}

/* --- leaves --- */

struct walk {
	struct bulkold *old;
	struct bulktree *tree;
	uint32_t root;
	int depth; /* of the leaves */
	struct err *e;
};

/* Child i of an interior page; the last has no cell and no div. */
static bool
read_child(const struct walk *w, const uint8_t *page, size_t i, size_t ncells,
    struct bulkchild *out)
{
	const uint8_t *p = cell(page, INTERIOR_HEAD, i, CHILD + 1);
	const uint8_t *end = page + BULK_PAGE;
	uint64_t id;

	out->div = (struct bulkpair){ 0, 0 };
	if (i == ncells) {
		out->page = (uint32_t)get(page + LEAF_HEAD, CHILD);
		return true;
	}
	if (p == NULL)
		return false;
	out->page = (uint32_t)get(p, CHILD);
	p += CHILD;
	if (w->tree->index)
		return read_pair(p, end, &out->div);
	if (!dbnum_varint(&p, end, &id))
		return false;
	out->div.id = (int64_t)id;
	return true;
}

/* `above` divides what is below the page from what is behind it. */
static bool
walk(struct walk *w, uint32_t at, int depth, struct bulkpair above)
{
	uint8_t page[BULK_PAGE];
	struct bulkchild c;
	size_t ncells;

	if (!bulkold_page(w->old, at, page, w->e))
		return false;
	if (page[0] != (w->tree->index ? INDEX_INTERIOR : TABLE_INTERIOR))
		return bulkold_damaged(w->e);
	bulkold_is_leaf(page, &ncells);
	if (at != w->root)
		bulkpages_spare(w->tree->pages, at);
	for (size_t i = 0; i <= ncells; i++) {
		if (!read_child(w, page, i, ncells, &c))
			return bulkold_damaged(w->e);
		if (i == ncells)
			c.div = above;
		if (depth + 1 == w->depth)
			bulktree_child(w->tree, c);
		else if (!walk(w, c.page, depth + 1, c.div))
			return false;
	}
	return true;
}

/* All leaves are as far from the root as the leftmost one. */
static bool
find_depth(struct walk *w)
{
	uint8_t page[BULK_PAGE];
	uint32_t at = w->root;
	size_t ncells;

	for (w->depth = 0; w->depth < DEPTH_MAX; w->depth++) {
		struct bulkchild c;

		if (!bulkold_page(w->old, at, page, w->e))
			return false;
		if (bulkold_is_leaf(page, &ncells))
			return true;
		if (!read_child(w, page, 0, ncells, &c))
			break;
		at = c.page;
	}
	return bulkold_damaged(w->e);
}

bool
bulkold_leaves(struct bulkold *o, uint32_t root, struct bulktree *t,
    struct err *e)
{
	struct walk w = { o, t, root, 0, e };

	return find_depth(&w) &&
	    (w.depth == 0 || walk(&w, root, 0, (struct bulkpair){ 0, 0 }));
}
