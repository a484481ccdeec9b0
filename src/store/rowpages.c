/* SPDX-License-Identifier: MIT */
#include "store/rowpages.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/oom.h"
#include "store/dbnum.h"

enum {
	DEPTH = 20,         /* of a tree: SQLite's own limit */
	LEAF = 13, INNER = 5, /* kinds of pages of tables */
	AT_PAGE_SIZE = 16, AT_WRITE_VERSION = 18, AT_RESERVED = 20,
	AT_PAGES = 28, JOURNAL = 1,
	HEADER = 100,       /* bytes, of the file */
	AHEAD = 1 << 17     /* bytes that are read at once, of pages in a row */
};

bool
rowpages_damaged(struct err *e)
{
	return err_set(e, ST_FAIL, "store-refused: its pages are damaged");
}

/* --- opening --- */

static bool
read_header(struct sqlite3_file *file, uint8_t out[HEADER])
{
	return file && file->pMethods &&
	    file->pMethods->xRead(file, out, HEADER, 0) == SQLITE_OK;
}

static void
make_room(struct rowpages *r)
{
	r->ahead = malloc((AHEAD > r->page_size ? AHEAD : r->page_size) +
	    ROWPAGES_SLACK);
	if (r->ahead == NULL)
		oom();
}

bool
rowpages_open(struct rowpages *r, struct sqlite3_file *file)
{
	uint8_t head[HEADER];

	*r = (struct rowpages){ .file = file };
	if (!read_header(file, head) || head[AT_WRITE_VERSION] != JOURNAL)
		return false;
	r->page_size = dbnum_be16(head + AT_PAGE_SIZE);
	if (r->page_size == 1)
		r->page_size = 65536;
	r->usable = r->page_size - head[AT_RESERVED];
	r->pages = dbnum_be32(head + AT_PAGES);
	if (r->page_size < 512 || r->usable < 480)
		return false;
	make_room(r);
	return true;
}

void
rowpages_close(struct rowpages *r)
{
	free(r->leaf);
	free(r->ahead);
	buf_release(&r->spill);
}

/* The file is the same one if it begins with the same bytes, which change with
 * every write. */
static bool
same_file(struct sqlite3_file *a, struct sqlite3_file *b)
{
	uint8_t head[2][HEADER];

	return read_header(a, head[0]) && read_header(b, head[1]) &&
	    memcmp(head[0], head[1], HEADER) == 0;
}

bool
rowpages_split(struct rowpages *r, size_t from, struct sqlite3_file *file,
    struct rowpages *rest)
{
	size_t n = r->nleaves - from;

	if (!same_file(r->file, file))
		return false;
	*rest = *r;
	rest->file = file;
	rest->spill = (struct buf)BUF_INIT;
	rest->leaf = malloc(n * sizeof(*rest->leaf));
	if (rest->leaf == NULL)
		oom();
	memcpy(rest->leaf, r->leaf + from, n * sizeof(*rest->leaf));
	rest->nleaves = n;
	make_room(rest);
	r->nleaves = from;
	return true;
}

/* --- pages --- */

/* n pages that stand in a row in the file. */
static bool
read_pages(struct rowpages *r, uint32_t nr, size_t n, uint8_t *to,
    struct err *e)
{
	if (nr == 0 || nr > r->pages || n > r->pages - nr + 1)
		return rowpages_damaged(e);
	if (r->file->pMethods->xRead(r->file, to, (int)(n * r->page_size),
	    (sqlite3_int64)(nr - 1) * (sqlite3_int64)r->page_size) == SQLITE_OK)
		return true;
	return err_set(e, ST_FAIL, "read-failed: store");
}

/* How many cells a page of this kind has. */
static bool
count_cells(const struct rowpages *r, const uint8_t *page, int kind, size_t *n,
    struct err *e)
{
	*n = dbnum_be16(page + 3);
	return (page[0] == kind && (kind == LEAF ? 8 : 12) + 2 * *n <=
	    r->usable) || rowpages_damaged(e);
}

/* Where cell i of a page starts; NULL when that is outside of the page. */
static inline const uint8_t *
cell_at(const struct rowpages *r, const uint8_t *page, size_t i)
{
	size_t at = dbnum_be16(page + (page[0] == LEAF ? 8 : 12) + 2 * i);

	return at + 4 < r->usable ? page + at : NULL;
}

/* Adds the children of an inner page, of which it has one more than cells. */
static bool
add_children(const struct rowpages *r, const uint8_t *page, struct buf *to,
    struct err *e)
{
	size_t n;

	if (!count_cells(r, page, INNER, &n, e))
		return false;
	for (size_t i = 0; i <= n; i++) {
		const uint8_t *p = i < n ? cell_at(r, page, i) : page + 8;
		uint32_t nr = p ? dbnum_be32(p) : 0;

		buf_mem(to, &nr, sizeof(nr));
	}
	/* else it has more pages than the file: a tree with a circle */
	return to->n / sizeof(uint32_t) <= r->pages || rowpages_damaged(e);
}

/* What is below a level of inner pages. */
static bool
add_level(struct rowpages *r, const struct buf *level, struct buf *below,
    struct err *e)
{
	const uint32_t *nr = (const uint32_t *)(const void *)level->p;

	for (size_t i = 0; i < level->n / sizeof(*nr); i++)
		if (!read_pages(r, nr[i], 1, r->ahead, e) ||
		    !add_children(r, r->ahead, below, e))
			return false;
	return true;
}

/* All leaves are as deep as the first. */
bool
rowpages_find(struct rowpages *r, uint32_t root, struct err *e)
{
	struct buf level = BUF_INIT, below = BUF_INIT, t;
	bool ok = false;

	buf_mem(&level, &root, sizeof(root));
	for (int depth = 0; depth < DEPTH; depth++) {
		uint32_t first;

		memcpy(&first, level.p, sizeof(first));
		ok = first != 1 && read_pages(r, first, 1, r->ahead, e);
		if (!ok || r->ahead[0] != INNER)
			break;
		buf_clear(&below);
		ok = add_level(r, &level, &below, e);
		if (!ok)
			break;
		t = level;
		level = below;
		below = t;
		ok = false; /* until there is a leaf */
	}
	r->nleaves = level.n / sizeof(*r->leaf);
	r->leaf = malloc(level.n);
	if (r->leaf == NULL)
		oom();
	memcpy(r->leaf, level.p, level.n);
	buf_release(&level);
	buf_release(&below);
	return ok || (e->status == ST_OK ? rowpages_damaged(e) : false);
}

/* Those that stand in a row from the next leaf on. */
static bool
read_ahead(struct rowpages *r, struct err *e)
{
	const uint32_t *leaf = r->leaf + r->next;
	size_t left = r->nleaves - r->next, n = 1;
	size_t max = AHEAD / r->page_size;

	while (n < left && n < max && leaf[n] == leaf[0] + n)
		n++;
	r->page = r->ahead;
	r->nahead = n;
	return read_pages(r, leaf[0], n, r->ahead, e);
}

/* To a leaf that has a row left. *end: there is none. */
static bool
find_row(struct rowpages *r, bool *end, struct err *e)
{
	*end = false;
	while (r->at == r->ncells) {
		if (r->next == r->nleaves) {
			*end = true;
			return true;
		}
		if (r->nahead > 1) {
			r->nahead--;
			r->page += r->page_size;
		} else if (!read_ahead(r, e)) {
			return false;
		}
		r->next++;
		r->at = 0;
		if (!count_cells(r, r->page, LEAF, &r->ncells, e))
			return false;
	}
	return true;
}

/* --- rows --- */

/* How many bytes of a row of n stand in the leaf itself. */
static size_t
local_size(const struct rowpages *r, size_t n)
{
	size_t most = r->usable - 35, least = (r->usable - 12) * 32 / 255 - 23;
	size_t k;

	if (n <= most)
		return n;
	k = least + (n - least) % (r->usable - 4);
	return k <= most ? k : least;
}

/* The rest of the row, from pages that are linked. */
static bool
add_spill(struct rowpages *r, uint32_t page, size_t n, struct err *e)
{
	uint8_t *buf = malloc(r->page_size);
	bool ok = true;

	if (buf == NULL)
		oom();
	while (ok && n > 0) {
		size_t take = n < r->usable - 4 ? n : r->usable - 4;

		ok = read_pages(r, page, 1, buf, e);
		if (!ok)
			break;
		buf_mem(&r->spill, buf + 4, take);
		page = dbnum_be32(buf);
		n -= take;
	}
	free(buf);
	return ok;
}

/* All bytes of a row, of which the first ones are on the leaf. */
static bool
gather(struct rowpages *r, struct rowpages_row *row, const uint8_t *end,
    struct err *e)
{
	size_t local = local_size(r, row->n);

	if ((size_t)(end - row->p) < local + (local < row->n ? 4 : 0))
		return rowpages_damaged(e);
	if (local == row->n)
		return true;
	buf_clear(&r->spill);
	buf_mem(&r->spill, row->p, local);
	if (!add_spill(r, dbnum_be32(row->p + local), row->n - local, e))
		return false;
	buf_add(&r->spill, SV("\0\0\0\0\0\0\0\0")); /* ROWPAGES_SLACK */
	row->p = (const uint8_t *)r->spill.p;
	return true;
}

enum query_end
rowpages_next(struct rowpages *r, struct rowpages_row *out, struct err *e)
{
	const uint8_t *p, *end;
	uint64_t size, id;
	bool none;

	if (!find_row(r, &none, e))
		return QUERY_FAILED;
	if (none)
		return QUERY_DONE;
	p = cell_at(r, r->page, r->at++);
	end = r->page + r->usable;
	if (p == NULL || !dbnum_varint(&p, end, &size) ||
	    !dbnum_varint(&p, end, &id) || size > INT32_MAX) {
		rowpages_damaged(e);
		return QUERY_FAILED;
	}
	*out = (struct rowpages_row){ (int64_t)id, p, (size_t)size };
	return gather(r, out, end, e) ? QUERY_MORE : QUERY_FAILED;
}
