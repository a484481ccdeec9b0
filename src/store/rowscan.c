/* SPDX-License-Identifier: MIT */
/*
 * A table is a tree of pages: inner ones name pages, leaves hold rows. Every
 * number of the file is checked before it is used: a store may be damaged.
 */
#include "store/rowscan.h"

#include <assert.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/oom.h"
#include "store/dbpriv.h"

enum {
	DEPTH = 20,         /* of a tree: SQLite's own limit */
	LEAF = 13, INNER = 5, /* kinds of pages of tables */
	AT_RESERVED = 20, AT_WRITE_VERSION = 18, JOURNAL = 1
};

struct level {
	uint8_t *page;
	size_t at, ncells; /* an inner page has one child more than cells */
};

struct rowscan {
	struct store *st;
	sqlite3_stmt *s;     /* the slow way; NULL: pages */
	sqlite3_file *file;
	size_t page_size, usable;
	uint32_t pages;      /* of the file */
	uint32_t visited;    /* of them; more than all: a tree with a circle */
	struct level level[DEPTH];
	size_t depth;        /* levels in use; the last one is the leaf */
	struct buf spill;    /* a row that goes on in other pages */
	size_t field[ROWSCAN_COLUMNS]; /* which of a row's are wanted, ascending */
	uint8_t to[ROWSCAN_COLUMNS];   /* and the cell of each */
	struct rowcell cell[ROWSCAN_COLUMNS];
	size_t n;
};

/* --- numbers of the file -------------------------------------------------- */

static uint32_t
be16(const uint8_t *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

static uint32_t
be32(const uint8_t *p)
{
	return be16(p) << 16 | be16(p + 2);
}

/* The number at *p, which moves behind it; false when it would pass end. */
static bool
varint(const uint8_t **p, const uint8_t *end, uint64_t *out)
{
	const uint8_t *q = *p;
	uint64_t v = 0;

	if (q < end && *q < 0x80) {
		*out = *q;
		*p = q + 1;
		return true;
	}
	for (int i = 0; i < 9; i++, q++) {
		if (q == end)
			return false;
		if (i == 8) {
			v = v << 8 | *q;
			break;
		}
		v = v << 7 | (*q & 0x7f);
		if (*q < 0x80)
			break;
	}
	*out = v;
	*p = q + 1;
	return true;
}

/* n bytes, from 1 to 8, as a signed number. */
static int64_t
integer(const uint8_t *p, size_t n)
{
	uint64_t v = p[0] & 0x80 ? UINT64_MAX : 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[i];
	return (int64_t)v;
}

/* Bytes of a field. */
static inline size_t
type_size(uint64_t type)
{
	static const uint8_t size[12] = { 0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0 };

	return type < 12 ? size[type] : (size_t)((type - 12) / 2);
}

static inline struct rowcell
cell_of(uint64_t type, const uint8_t *p)
{
	switch (type) {
	case 0:
		return (struct rowcell){ ROWCELL_NULL, 0, SV_NULL };
	case 1:
		return (struct rowcell){ ROWCELL_INT, (int8_t)p[0], SV_NULL };
	case 2:
		return (struct rowcell){ ROWCELL_INT, (int16_t)be16(p),
			SV_NULL };
	case 3: case 5: case 6:
		return (struct rowcell){ ROWCELL_INT,
			integer(p, type_size(type)), SV_NULL };
	case 4:
		return (struct rowcell){ ROWCELL_INT, (int32_t)be32(p),
			SV_NULL };
	case 8: case 9:
		return (struct rowcell){ ROWCELL_INT, (int64_t)type - 8,
			SV_NULL };
	case 7: case 10: case 11:
		return (struct rowcell){ ROWCELL_OTHER, 0, SV_NULL };
	default:
		return (struct rowcell){ type & 1 ? ROWCELL_TEXT
			: ROWCELL_OTHER, 0,
			sv_of((const char *)p, type_size(type)) };
	}
}

/* --- pages ---------------------------------------------------------------- */

static bool
damaged(struct err *e)
{
	return err_set(e, ST_FAIL, "store-refused: its pages are damaged");
}

static bool
read_page(struct rowscan *r, uint32_t nr, uint8_t *to, struct err *e)
{
	if (nr == 0 || nr > r->pages)
		return damaged(e);
	if (r->file->pMethods->xRead(r->file, to, (int)r->page_size,
	    (sqlite3_int64)(nr - 1) * (sqlite3_int64)r->page_size) == SQLITE_OK)
		return true;
	return err_set(e, ST_FAIL, "read-failed: store");
}

/* The page as the next level of the tree. */
static bool
descend(struct rowscan *r, uint32_t nr, struct err *e)
{
	struct level *l = &r->level[r->depth];
	size_t head;

	if (r->depth == DEPTH || r->visited++ == r->pages)
		return damaged(e);
	if (l->page == NULL && (l->page = malloc(r->page_size)) == NULL)
		oom();
	if (!read_page(r, nr, l->page, e))
		return false;
	l->at = 0;
	l->ncells = be16(l->page + 3);
	head = l->page[0] == LEAF ? 8 : 12;
	if (nr == 1 || (l->page[0] != LEAF && l->page[0] != INNER) ||
	    head + 2 * l->ncells > r->usable)
		return damaged(e);
	r->depth++;
	return true;
}

static bool
is_leaf(const struct level *l)
{
	return l->page[0] == LEAF;
}

/* Where cell i of a page starts; NULL when that is outside of the page. */
static const uint8_t *
cell_at(const struct rowscan *r, const struct level *l, size_t i)
{
	size_t at = be16(l->page + (is_leaf(l) ? 8 : 12) + 2 * i);

	return at + 4 < r->usable ? l->page + at : NULL;
}

/* The child that an inner page has next. */
static bool
next_child(struct rowscan *r, struct level *l, struct err *e)
{
	const uint8_t *p = l->at < l->ncells ? cell_at(r, l, l->at)
	    : l->page + 8;

	l->at++;
	return p ? descend(r, be32(p), e) : damaged(e);
}

/* To a leaf that has a row left. *end: there is none. */
static bool
find_row(struct rowscan *r, bool *end, struct err *e)
{
	*end = false;
	while (r->depth > 0) {
		struct level *l = &r->level[r->depth - 1];

		if (is_leaf(l) && l->at < l->ncells)
			return true;
		if (is_leaf(l) || l->at > l->ncells)
			r->depth--;
		else if (!next_child(r, l, e))
			return false;
	}
	*end = true;
	return true;
}

/* --- rows ----------------------------------------------------------------- */

/* How many bytes of a row of n stand in the leaf itself. */
static size_t
local_size(const struct rowscan *r, size_t n)
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
add_spill(struct rowscan *r, uint32_t page, size_t n, struct err *e)
{
	uint8_t *buf = malloc(r->page_size);
	bool ok = true;

	if (buf == NULL)
		oom();
	while (ok && n > 0) {
		size_t take = n < r->usable - 4 ? n : r->usable - 4;

		ok = read_page(r, page, buf, e);
		if (!ok)
			break;
		buf_mem(&r->spill, buf + 4, take);
		page = be32(buf);
		n -= take;
	}
	free(buf);
	return ok;
}

/* All bytes of a row of n bytes at p. */
static bool
gather(struct rowscan *r, const uint8_t **p, const uint8_t *end, size_t n,
    struct err *e)
{
	size_t local = local_size(r, n);

	if ((size_t)(end - *p) < local + (local < n ? 4 : 0))
		return damaged(e);
	if (local == n)
		return true;
	buf_clear(&r->spill);
	buf_mem(&r->spill, *p, local);
	if (!add_spill(r, be32(*p + local), n - local, e))
		return false;
	*p = (const uint8_t *)r->spill.p;
	return true;
}

/* The type at *head, 0 behind the end of the header: a field that it lacks is
 * NULL. False when it does not end in there. */
static inline bool
next_type(const uint8_t **head, const uint8_t *end, uint64_t *type)
{
	*type = 0;
	if (unlikely(*head == end))
		return true;
	if (unlikely(**head >= 0x80))
		return varint(head, end, type);
	*type = *(*head)++;
	return true;
}

/* Cells of a row of n bytes. Its header gives the type of every field. */
static bool
take_fields(struct rowscan *r, const uint8_t *p, size_t n, struct err *e)
{
	const uint8_t *head = p, *end = p + n, *head_end, *at;
	uint64_t size, type;

	if (!varint(&head, end, &size) || size > n || head > p + size)
		return damaged(e);
	at = head_end = p + size;
	for (size_t k = 0, i = 0; k < r->n; k++) {
		for (; i < r->field[k]; i++) {
			if (!next_type(&head, head_end, &type) ||
			    type_size(type) > (size_t)(end - at))
				return damaged(e);
			at += type_size(type);
		}
		if (!next_type(&head, head_end, &type) ||
		    type_size(type) > (size_t)(end - at))
			return damaged(e);
		r->cell[r->to[k]] = cell_of(type, at);
		at += type_size(type);
		i++;
	}
	return true;
}

static enum query_end
next_of_pages(struct rowscan *r, int64_t *id, struct err *e)
{
	const uint8_t *p, *end;
	uint64_t size, rowid;
	struct level *l;
	bool none;

	if (!find_row(r, &none, e))
		return QUERY_FAILED;
	if (none)
		return QUERY_DONE;
	l = &r->level[r->depth - 1];
	p = cell_at(r, l, l->at++);
	end = l->page + r->usable;
	if (p == NULL || !varint(&p, end, &size) || !varint(&p, end, &rowid) ||
	    size > INT32_MAX) {
		damaged(e);
		return QUERY_FAILED;
	}
	*id = (int64_t)rowid;
	return gather(r, &p, end, (size_t)size, e) &&
	    take_fields(r, p, (size_t)size, e) ? QUERY_MORE : QUERY_FAILED;
}

/* --- the slow way --------------------------------------------------------- */

static struct rowcell
cell_of_column(sqlite3_stmt *s, int i)
{
	struct rowcell c = { ROWCELL_OTHER, 0, SV_NULL };
	const void *p;

	switch (sqlite3_column_type(s, i)) {
	case SQLITE_NULL:
		c.kind = ROWCELL_NULL;
		return c;
	case SQLITE_INTEGER:
		c.kind = ROWCELL_INT;
		c.i = sqlite3_column_int64(s, i);
		return c;
	case SQLITE_FLOAT:
		return c;
	case SQLITE_TEXT:
		c.kind = ROWCELL_TEXT;
		break;
	default:
		break;
	}
	p = sqlite3_column_blob(s, i);
	c.text = sv_of(p ? p : "", (size_t)sqlite3_column_bytes(s, i));
	return c;
}

static enum query_end
next_of_statement(struct rowscan *r, int64_t *id, struct err *e)
{
	int rc = sqlite3_step(r->s);

	if (rc == SQLITE_DONE)
		return QUERY_DONE;
	if (rc != SQLITE_ROW) {
		db_err(r->st, e, "store");
		return QUERY_FAILED;
	}
	*id = sqlite3_column_int64(r->s, 0);
	for (size_t i = 0; i < r->n; i++)
		r->cell[i] = cell_of_column(r->s, (int)i + 1);
	return QUERY_MORE;
}

static bool
open_statement(struct rowscan *r, const char *table,
    const char *const *column)
{
	struct buf b = BUF_INIT;

	buf_lit(&b, "SELECT id");
	for (size_t i = 0; i < r->n; i++)
		buf_printf(&b, ", \"%s\"", column[i]);
	buf_printf(&b, " FROM %s%c", table, '\0');
	r->s = db_prepare(r->st, b.p);
	buf_release(&b);
	return r->s != NULL;
}

/* --- opening -------------------------------------------------------------- */

/* Is the file's content all there is of the store, and the one that it shows? A
 * table that a temporary view stands before is not. */
static bool
has_pages(struct rowscan *r, const char *table)
{
	static const char shadowed[] = "SELECT 1 FROM temp.sqlite_schema "
	    "WHERE name = ?1";
	sqlite3_stmt *s;
	uint8_t head[100];
	bool is;

	if (r->st->mode == STORE_MEMORY ||
	    sqlite3_file_control(r->st->db, "main", SQLITE_FCNTL_FILE_POINTER,
	    &r->file) != SQLITE_OK || r->file == NULL ||
	    r->file->pMethods == NULL ||
	    r->file->pMethods->xRead(r->file, head, sizeof(head), 0) !=
	    SQLITE_OK || head[AT_WRITE_VERSION] != JOURNAL)
		return false;
	s = db_prepare(r->st, shadowed);
	db_bind_sv(s, 1, sv_str(table));
	is = sqlite3_step(s) == SQLITE_ROW;
	sqlite3_finalize(s);
	if (is)
		return false;
	r->page_size = be16(head + 16);
	if (r->page_size == 1)
		r->page_size = 65536;
	r->usable = r->page_size - head[AT_RESERVED];
	r->pages = be32(head + 28);
	return r->page_size >= 512 && r->usable >= 480;
}

/* Which field is which cell. The number of a row is no field. */
static void
find_fields(struct rowscan *r, const char *table, const char *const *column)
{
	sqlite3_stmt *s = db_prepare(r->st,
	    "SELECT cid, name FROM pragma_table_info(?1) ORDER BY cid");
	size_t found = 0;

	db_bind_sv(s, 1, sv_str(table));
	while (sqlite3_step(s) == SQLITE_ROW)
		for (size_t i = 0; i < r->n; i++) {
			if (strcmp((const char *)sqlite3_column_text(s, 1),
			    column[i]) != 0)
				continue;
			r->field[found] = (size_t)sqlite3_column_int(s, 0);
			r->to[found++] = (uint8_t)i;
		}
	sqlite3_finalize(s);
	assert(found == r->n);
}

static bool
open_pages(struct rowscan *r, const char *table, const char *const *column,
    struct err *e)
{
	sqlite3_stmt *s = db_prepare(r->st,
	    "SELECT rootpage FROM main.sqlite_schema WHERE name = ?1");
	int64_t root = 0;

	db_bind_sv(s, 1, sv_str(table));
	if (sqlite3_step(s) == SQLITE_ROW)
		root = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	find_fields(r, table, column);
	return root > 0 && root <= UINT32_MAX
	    ? descend(r, (uint32_t)root, e) : damaged(e);
}

bool
rowscan_begin(struct store *st, struct err *e)
{
	/* BEGIN alone takes no lock. */
	return db_exec(st, "BEGIN; SELECT 1 FROM main.sqlite_schema LIMIT 1",
	    e);
}

void
rowscan_end(struct store *st)
{
	sqlite3_exec(st->db, "COMMIT", NULL, NULL, NULL);
}

struct rowscan *
rowscan_open(struct store *st, const char *table, const char *const *column,
    size_t n, struct err *e)
{
	struct rowscan *r = calloc(1, sizeof(*r));
	bool ok;

	if (r == NULL)
		oom();
	assert(n <= ROWSCAN_COLUMNS);
	r->st = st;
	r->n = n;
	ok = has_pages(r, table) ? open_pages(r, table, column, e)
	    : open_statement(r, table, column) || db_err(st, e, "store");
	if (ok)
		return r;
	rowscan_close(r);
	return NULL;
}

void
rowscan_close(struct rowscan *r)
{
	if (r == NULL)
		return;
	sqlite3_finalize(r->s);
	for (size_t i = 0; i < DEPTH; i++)
		free(r->level[i].page);
	buf_release(&r->spill);
	free(r);
}

enum query_end
rowscan_next(struct rowscan *r, int64_t *id, const struct rowcell **cell,
    struct err *e)
{
	*cell = r->cell;
	return r->s ? next_of_statement(r, id, e) : next_of_pages(r, id, e);
}
