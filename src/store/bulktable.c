/* SPDX-License-Identifier: MIT */
#include "store/bulktable.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* How much of a long payload stays on its leaf. Source:
 * https://www.sqlite.org/fileformat2.html#b_tree_pages, "cell payload overflow
 * pages"; U, X and M as there. */
enum {
	U = BULK_PAGE,
	X = U - 35,
	M = (U - 12) * 32 / 255 - 23,
	LINK = 4, /* number of the page on which it goes on */
	CELL_HEAD = 9 + 9
};

void
bulktable_init(struct bulktable *t, struct bulkpages *pages)
{
	*t = (struct bulktable){ .before = 0 };
	bulktree_init(&t->tree, pages, false);
}

void
bulktable_release(struct bulktable *t)
{
	bulktree_release(&t->tree);
	buf_release(&t->payload);
}

static attr_apart uint8_t *
next_leaf(struct bulktable *t, size_t n, struct err *e)
{
	uint8_t *at;

	if (!bulktree_next(&t->tree, (struct bulkpair){ 0, t->last }, e))
		return NULL;
	at = bulktree_cell(&t->tree, n);
	assert(at);
	return at;
}

/* Room for a cell of n bytes; NULL: an error. */
static inline uint8_t *
new_cell(struct bulktable *t, size_t n, struct err *e)
{
	uint8_t *at = bulktree_cell(&t->tree, n);

	return likely(at != NULL) ? at : next_leaf(t, n, e);
}

/* The size of a record's header, which counts itself. */
static inline size_t
head_size(const struct bulkrow *r)
{
	return r->nset + (r->nset + 1 < 0x80 ? 1 : 2);
}

static void
join_payload(struct bulktable *t, const struct bulkrow *r)
{
	uint8_t size[CELL_HEAD];

	buf_clear(&t->payload);
	buf_mem(&t->payload, size, bulk_varint(size, head_size(r)));
	buf_mem(&t->payload, r->type, r->nset);
	buf_add(&t->payload, buf_sv(&r->value));
}

/* Writes what is behind the local part; *first is where it starts. */
static bool
write_overflow(struct bulktable *t, sv rest, uint32_t *first, struct err *e)
{
	struct bulkpages *pages = t->tree.pages;
	uint32_t got, page = bulkpages_run(pages, 1, &got);

	*first = page;
	while (rest.n) {
		uint8_t bytes[BULK_PAGE] = { 0 };
		sv here = sv_take(rest, BULK_PAGE - LINK);
		uint32_t next = 0;

		rest = sv_skip(rest, here.n);
		if (rest.n)
			next = bulkpages_run(pages, 1, &got);
		bulk_put(bytes, next, LINK);
		memcpy(bytes + LINK, here.p, here.n);
		if (!bulkpages_put(pages, page, bytes, 1, e))
			return false;
		page = next;
	}
	return true;
}

static attr_apart bool
add_long(struct bulktable *t, int64_t id, const struct bulkrow *r,
    struct err *e)
{
	uint8_t head[CELL_HEAD], *at;
	size_t n, local;
	uint32_t first;
	sv all;

	join_payload(t, r);
	all = buf_sv(&t->payload);
	local = M + (all.n - M) % (U - LINK);
	if (local > X)
		local = M;
	n = bulk_varint(head, all.n);
	n += bulk_varint(head + n, (uint64_t)id);
	if (!write_overflow(t, sv_skip(all, local), &first, e))
		return false;
	at = new_cell(t, n + local + LINK, e);
	if (at == NULL)
		return false;
	memcpy(at, head, n);
	memcpy(at + n, all.p, local);
	bulk_put(at + n + local, first, LINK);
	return true;
}

/* The types and the values, always in the same steps, which may overlap: lengths
 * change from row to row, and a branch on them would be foreseen wrong. Behind the
 * types more is written, where the values come then. */
static inline void
put_record(uint8_t *at, const struct bulkrow *r)
{
	enum { STEP = 32, STEPS = 4 };
	const char *values = r->value.p;
	size_t n = r->value.n, last = n - STEP;

	if (r->nset > STEP || n < STEP || n > STEPS * STEP) {
		memcpy(at, r->type, r->nset);
		memcpy(at + r->nset, values, n);
		return;
	}
	memcpy(at, r->type, STEP);
	at += r->nset;
	for (size_t i = 0; i < STEPS; i++) {
		size_t from = i * STEP < last ? i * STEP : last;

		memcpy(at + from, values + from, STEP);
	}
}

static bool
add_short(struct bulktable *t, int64_t id, const struct bulkrow *r,
    struct err *e)
{
	size_t head = head_size(r), payload = head + r->value.n;
	size_t nsize = bulk_varint_size(payload);
	size_t nid = bulk_varint_size((uint64_t)id);
	uint8_t *at = new_cell(t, nsize + nid + payload, e);

	if (unlikely(at == NULL))
		return false;
	at += bulk_varint_put(at, payload, nsize);
	at += bulk_varint_put(at, (uint64_t)id, nid);
	at += bulk_varint(at, head);
	put_record(at, r);
	return true;
}

bool
bulktable_add(struct bulktable *t, int64_t id, const struct bulkrow *r,
    struct err *e)
{
	assert(id > t->last);
	if (unlikely(head_size(r) + r->value.n > X) ? !add_long(t, id, r, e) :
	    !add_short(t, id, r, e))
		return false;
	t->last = id;
	t->rows++;
	return true;
}

/* A root that is a leaf is needed for what comes above: its rows move. */
static bool
move_root(struct bulktable *t, struct bulkold *old, uint32_t root,
    struct err *e)
{
	uint8_t page[BULK_PAGE];
	size_t ncells;
	uint32_t to;

	if (!bulkold_page(old, root, page, e))
		return false;
	bulkold_is_leaf(page, &ncells);
	if (ncells == 0)
		return true;
	to = bulkpages_one(t->tree.pages);
	bulktree_child(&t->tree, (struct bulkchild){ to, { 0, 0 } });
	return bulkpages_put(t->tree.pages, to, page, 1, e);
}

/* The leaves that the database has, and then the new ones. */
static bool
add_old(struct bulktable *t, struct bulkold *old, uint32_t root,
    struct err *e)
{
	struct bulktree *tree = &t->tree;
	struct bulkchild *fresh = tree->child;
	size_t n = tree->nchildren;
	bool ok;

	tree->child = NULL;
	tree->nchildren = 0;
	ok = bulkold_leaves(old, root, tree, e) &&
	    (tree->nchildren || move_root(t, old, root, e));
	if (tree->nchildren)
		tree->child[tree->nchildren - 1].div.id = t->before;
	for (size_t i = 0; i < n; i++)
		bulktree_child(tree, fresh[i]);
	free(fresh);
	return ok;
}

bool
bulktable_finish(struct bulktable *t, struct bulkold *old, uint32_t root,
    struct err *e)
{
	if (t->rows == 0)
		return true;
	return (old == NULL || add_old(t, old, root, e)) &&
	    bulktree_finish(&t->tree, root, (struct bulkpair){ 0, t->last }, e);
}
