/* SPDX-License-Identifier: MIT */
#include "store/bulktree.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/oom.h"
#include "store/bulkrow.h"

enum {
	EXTENT = 32, /* leaves of a tree that are written at once, in a row */
	LEAF_HEAD = BULKTREE_HEAD, POINTER = BULKTREE_POINTER,
	INTERIOR_HEAD = 12, CHILD = 4,
	TYPE_INDEX = 2, TYPE_TABLE = 5, TYPE_LEAF = 8 /* or'ed to it */
};

void
bulktree_init(struct bulktree *t, struct bulkpages *pages, bool index)
{
	*t = (struct bulktree){ .pages = pages, .index = index };
}

void
bulktree_release(struct bulktree *t)
{
	free(t->child);
	free(t->extent);
	free(t->div);
	*t = (struct bulktree){ .pages = NULL };
}

void
bulktree_child(struct bulktree *t, struct bulkchild c)
{
	size_t n = t->nchildren;

	if ((n & (n + 1)) == 0) {
		t->child = realloc(t->child, (n + 1) * 2 * sizeof(*t->child));
		if (t->child == NULL)
			oom();
	}
	t->child[t->nchildren++] = c;
}

/* --- leaves --- */

void
bulktree_start(struct bulktree *t)
{
	if (t->extent == NULL) {
		t->extent = malloc((size_t)EXTENT * BULK_PAGE);
		t->div = malloc(EXTENT * sizeof(*t->div));
		if (t->extent == NULL || t->div == NULL)
			oom();
	}
	t->page = t->extent + (size_t)t->nextent * BULK_PAGE;
	t->ncells = 0;
	t->top = BULK_PAGE;
}

void
bulktree_drop(struct bulktree *t, size_t n)
{
	t->ncells--;
	t->top += n;
}

/* Type, no free block, number of cells, where they begin, no fragments. The
 * rest of the page is cleared, so that the same rows give the same bytes. */
static void
finish_page(uint8_t *page, int type, size_t ncells, size_t top)
{
	size_t head = type & TYPE_LEAF ? LEAF_HEAD : INTERIOR_HEAD;

	page[0] = (uint8_t)type;
	bulk_put(page + 1, 0, 2);
	bulk_put(page + 3, ncells, 2);
	bulk_put(page + 5, top, 2);
	page[7] = 0;
	head += ncells * POINTER;
	memset(page + head, 0, top - head);
}

static int
type_of(const struct bulktree *t)
{
	return t->index ? TYPE_INDEX : TYPE_TABLE;
}

static int
leaf_type(const struct bulktree *t)
{
	return t->index ? TYPE_INDEX | TYPE_LEAF :
	    TYPE_TABLE | TYPE_LEAF;
}

static bool
write_extent(struct bulktree *t, struct err *e)
{
	uint32_t done = 0;

	while (done < t->nextent) {
		uint32_t n = 1, page;

		if (t->pages->nspare)
			page = bulkpages_one(t->pages);
		else
			page = bulkpages_run(t->pages, t->nextent - done, &n);
		if (!bulkpages_put(t->pages, page, t->extent + (size_t)done *
		    BULK_PAGE, n, e))
			return false;
		for (uint32_t i = 0; i < n; i++, done++)
			bulktree_child(t, (struct bulkchild){ page + i,
			    t->div[done] });
	}
	t->nextent = 0;
	return true;
}

static void
end_leaf(struct bulktree *t, struct bulkpair div)
{
	finish_page(t->page, leaf_type(t), t->ncells, t->top);
	t->div[t->nextent++] = div;
	t->page = NULL;
}

bool
bulktree_next(struct bulktree *t, struct bulkpair div, struct err *e)
{
	assert(t->page && t->ncells);
	end_leaf(t, div);
	return t->nextent < EXTENT || write_extent(t, e);
}

/* --- interior pages --- */

size_t
bulkpair_put(uint8_t out[BULKPAIR_MAX], struct bulkpair v)
{
	struct bulk_int key = bulk_int_of(v.key), id = bulk_int_of(v.id);
	size_t at = 3;

	out[0] = 3;
	out[1] = key.type;
	out[2] = id.type;
	bulk_put(out + at, (uint64_t)v.key, key.bytes);
	at += key.bytes;
	bulk_put(out + at, (uint64_t)v.id, id.bytes);
	return at + id.bytes;
}

/* A child and what divides it from the next. */
static size_t
interior_cell(const struct bulktree *t, const struct bulkchild *c,
    uint8_t out[CHILD + 1 + BULKPAIR_MAX])
{
	size_t n;

	bulk_put(out, c->page, CHILD);
	if (!t->index)
		return CHILD + bulk_varint(out + CHILD, (uint64_t)c->div.id);
	n = bulkpair_put(out + CHILD + 1, c->div);
	out[CHILD] = (uint8_t)n;
	return CHILD + 1 + n;
}

/* One page above n children, 2 or more. */
static bool
write_interior(struct bulktree *t, const struct bulkchild *c, size_t n,
    uint32_t page, struct err *e)
{
	uint8_t bytes[BULK_PAGE], cell[CHILD + 1 + BULKPAIR_MAX];
	size_t top = BULK_PAGE;

	for (size_t i = 0; i + 1 < n; i++) {
		size_t size = interior_cell(t, &c[i], cell);

		top -= size;
		memcpy(bytes + top, cell, size);
		bulk_put(bytes + INTERIOR_HEAD + i * POINTER, top, POINTER);
	}
	finish_page(bytes, type_of(t), n - 1, top);
	bulk_put(bytes + LEAF_HEAD, c[n - 1].page, CHILD);
	return bulkpages_put(t->pages, page, bytes, 1, e);
}

/* Children that surely fit below one page. */
static size_t
fan_out(const struct bulktree *t)
{
	size_t cell = POINTER + CHILD + (t->index ? 1 + BULKPAIR_MAX : 9);

	return (BULK_PAGE - INTERIOR_HEAD) / cell;
}

/* The pages above the children, which take their place. Evenly filled, so that
 * each has two children at least. */
static bool
write_level(struct bulktree *t, struct err *e)
{
	size_t n = t->nchildren, groups = (n + fan_out(t) - 1) / fan_out(t);
	size_t from = 0;

	for (size_t g = 0; g < groups; g++) {
		size_t to = n * (g + 1) / groups;
		uint32_t page = bulkpages_one(t->pages);

		if (!write_interior(t, t->child + from, to - from, page, e))
			return false;
		t->child[g] = (struct bulkchild){ page, t->child[to - 1].div };
		from = to;
	}
	t->nchildren = groups;
	return true;
}

bool
bulktree_finish(struct bulktree *t, uint32_t root, struct bulkpair last,
    struct err *e)
{
	if (t->page)
		end_leaf(t, last);
	if (t->nchildren == 0 && t->nextent == 0)
		return true;
	if (t->nchildren == 0 && t->nextent == 1)
		return bulkpages_put(t->pages, root, t->extent, 1, e);
	if (!write_extent(t, e))
		return false;
	while (t->nchildren > fan_out(t))
		if (!write_level(t, e))
			return false;
	return write_interior(t, t->child, t->nchildren, root, e);
}
