/* SPDX-License-Identifier: MIT */
#include "store/rowscan.h"

#include <assert.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/oom.h"
#include "store/dbnum.h"
#include "store/dbpriv.h"
#include "store/kind.h"
#include "store/rowpages.h"
#include "store/rowwhole.h"

enum {
	PART_MIN = 32,      /* pages that are worth a thread */
	CELLS = ROWSCAN_COLUMNS + ROWWHOLE_PARTS
};

struct rowscan {
	struct store *st;
	sqlite3_stmt *s;     /* the slow way; NULL: pages */
	sqlite3 *own;        /* of a later part: the connection of its file */
	struct rowpages pages; /* its file */
	size_t field[CELLS];   /* which of a row's are wanted, ascending */
	uint8_t skip[CELLS];   /* how many are not, before each */
	uint8_t to[CELLS];     /* and the cell of each */
	struct rowcell cell[CELLS];
	size_t nasked, n;      /* the caller's, and our own behind them */
	struct rowwhole *whole; /* NULL: rows are whole as they are */
};

/* --- fields --- */

/* dbnum_size of types of one byte: a row has as many of them as columns. */
static const uint8_t small_size[0x80] = { 0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0,
#define PAIR(n) n, n
#define FOUR(n) PAIR(n), PAIR((n) + 1), PAIR((n) + 2), PAIR((n) + 3)
	FOUR(0), FOUR(4), FOUR(8), FOUR(12), FOUR(16), FOUR(20), FOUR(24),
	FOUR(28), FOUR(32), FOUR(36), FOUR(40), FOUR(44), FOUR(48), FOUR(52),
	PAIR(56), PAIR(57) };
#undef FOUR
#undef PAIR

static inline void
set_cell(struct rowcell *c, uint64_t type, size_t size, const uint8_t *p)
{
	c->text = SV_NULL;
	if (type - 1 < 6) {
		c->kind = ROWCELL_INT;
		c->i = dbnum_int(p, (unsigned)size);
	} else if (type == 0) {
		c->kind = ROWCELL_NULL;
	} else if (type >= DBNUM_BYTES) {
		c->kind = type & 1 ? ROWCELL_TEXT : ROWCELL_OTHER;
		c->text = sv_of((const char *)p, size);
	} else if (type == DBNUM_FALSE || type == DBNUM_TRUE) {
		c->kind = ROWCELL_INT;
		c->i = type == DBNUM_TRUE;
	} else { /* a real: its bits; or none that SQLite writes */
		c->kind = ROWCELL_OTHER;
		c->i = type == DBNUM_REAL ? dbnum_int(p, 8) : 0;
	}
}

/* --- rows --- */

/* Wanted fields from number k on, which the row lacks. */
static bool
no_fields(struct rowscan *r, size_t k)
{
	for (; k < r->n; k++)
		r->cell[r->to[k]] = (struct rowcell){ .kind = ROWCELL_NULL };
	return true;
}

/* Wanted fields from number k on, where types have more than a byte. `head` is
 * at the type of the field behind the wanted one before, `at` its bytes in the
 * row of n at p. */
static bool
take_large(struct rowscan *r, size_t k, const uint8_t *head, const uint8_t *end,
    const uint8_t *p, size_t at, size_t n)
{
	uint64_t type;

	for (size_t i = k ? r->field[k - 1] + 1 : 0; k < r->n && head < end;
	    i++) {
		size_t size;

		if (!dbnum_varint(&head, end, &type))
			return false;
		size = dbnum_size(type);
		if (size > n - at)
			return false;
		if (i == r->field[k])
			set_cell(&r->cell[r->to[k++]], type, size, p + at);
		at += size;
	}
	return no_fields(r, k);
}

/* Cells of a row of n bytes. Its header gives the type of every field. */
static bool
take_fields(struct rowscan *r, const uint8_t *p, size_t n)
{
	const uint8_t *head = p, *end;
	uint64_t header;
	size_t at;

	if (!dbnum_varint(&head, p + n, &header) || header > n ||
	    head > p + header)
		return false;
	end = p + header;
	at = (size_t)header;
	for (size_t k = 0; k < r->n; k++) {
		const uint8_t *h = head, *want = h + r->skip[k];
		size_t to = at;
		unsigned all = 0;

		if (want >= end)
			return no_fields(r, k);
		while (h < want) {
			all |= *h;
			to += small_size[*h++ & 0x7f];
		}
		if (unlikely((all | *h) & 0x80))
			return take_large(r, k, head, end, p, at, n);
		at = to + small_size[*h];
		if (at > n)
			return false;
		set_cell(&r->cell[r->to[k]], *h, small_size[*h], p + to);
		head = h + 1;
	}
	return true;
}

static enum query_end
next_of_pages(struct rowscan *r, int64_t *id, struct err *e)
{
	struct rowpages_row row;
	enum query_end end = rowpages_next(&r->pages, &row, e);

	if (end != QUERY_MORE)
		return end;
	*id = row.id;
	if (take_fields(r, row.p, row.n))
		return QUERY_MORE;
	rowpages_damaged(e);
	return QUERY_FAILED;
}

/* --- the slow way --- */

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
	/* the view has messages whole */
	buf_printf(&b, " FROM %s%c", strcmp(table, "app") == 0 ? "app_text" :
	    table, '\0');
	r->s = db_prepare(r->st, b.p);
	buf_release(&b);
	return r->s != NULL;
}

/* --- opening --- */

/* What has the rows of a table. */
static const char *
base_of(const char *table)
{
	return strcmp(table, rec_kinds[REC_REQUEST].table) == 0 ?
	    kind_base(REC_REQUEST) : table;
}

/* NULL: there is none. */
static sqlite3_file *
file_of(sqlite3 *db)
{
	sqlite3_file *file = NULL;

	return sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER,
	    &file) == SQLITE_OK ? file : NULL;
}

static bool
is_shadowed(struct store *st, const char *table)
{
	sqlite3_stmt *s = db_prepare(st, "SELECT 1 FROM temp.sqlite_schema "
	    "WHERE type = 'view' AND name = ?1");
	bool is;

	db_bind_sv(s, 1, sv_str(base_of(table)));
	is = sqlite3_step(s) == SQLITE_ROW;
	sqlite3_finalize(s);
	return is;
}

/* Is the file's content all there is of the store, and the one that it shows? A
 * table that a temporary view stands before is not. */
static bool
has_pages(struct rowscan *r, const char *table)
{
	return (r->st->mode != STORE_MEMORY || r->st->twin) &&
	    !is_shadowed(r->st, table) &&
	    rowpages_open(&r->pages, file_of(r->st->db));
}

/* Which field is which cell. The number of a row is no field. */
static const char *
column_name(const struct rowscan *r, const char *const *column, size_t i)
{
	return i < r->nasked ? column[i] : rowwhole_part(r->whole,
	    i - r->nasked);
}

static void
find_fields(struct rowscan *r, const char *table, const char *const *column)
{
	sqlite3_stmt *s = db_prepare(r->st,
	    "SELECT cid, name FROM pragma_table_info(?1, 'main') "
	    "ORDER BY cid");
	size_t found = 0, next = 0;

	db_bind_sv(s, 1, sv_str(table));
	while (sqlite3_step(s) == SQLITE_ROW)
		for (size_t i = 0; i < r->n; i++) {
			if (strcmp((const char *)sqlite3_column_text(s, 1),
			    column_name(r, column, i)) != 0)
				continue;
			r->field[found] = (size_t)sqlite3_column_int(s, 0);
			assert(r->field[found] >= next); /* none twice */
			r->skip[found] = (uint8_t)(r->field[found] - next);
			next = r->field[found] + 1;
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

	db_bind_sv(s, 1, sv_str(base_of(table)));
	if (sqlite3_step(s) == SQLITE_ROW)
		root = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	if (!rowwhole_open(r->st, table, column, r->n, &r->whole, e))
		return false;
	r->n += r->whole ? rowwhole_parts(r->whole) : 0;
	find_fields(r, base_of(table), column);
	return root > 0 && root <= UINT32_MAX
	    ? rowpages_find(&r->pages, (uint32_t)root, e) : rowpages_damaged(e);
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
	r->n = r->nasked = n;
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
	sqlite3_close(r->own);
	rowpages_close(&r->pages);
	rowwhole_close(r->whole);
	free(r);
}

enum query_end
rowscan_next(struct rowscan *r, int64_t *id, const struct rowcell **cell,
    struct err *e)
{
	enum query_end end;

	*cell = r->cell;
	if (r->s)
		return next_of_statement(r, id, e);
	end = next_of_pages(r, id, e);
	if (r->whole && end == QUERY_MORE)
		rowwhole_put(r->whole, r->cell);
	return end;
}

/* --- parts --- */

/* A connection beside that of the first part. */
static sqlite3 *
connect_again(struct rowscan *r)
{
	if (r->st->twin)
		return r->st->twin;
	return sqlite3_open_v2(r->st->name.p, &r->own, SQLITE_OPEN_READONLY |
	    SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK ? r->own : NULL;
}

/* The leaves of `first` from number `from` on, in a file of their own, since
 * reading may move a place in it; NULL: there is no second file. */
static struct rowscan *
split(struct rowscan *first, size_t from)
{
	struct rowscan *r = malloc(sizeof(*r));
	sqlite3 *db;

	if (r == NULL)
		oom();
	*r = *first;
	r->own = NULL;
	r->pages = (struct rowpages){ .file = NULL };
	if (r->whole)
		r->whole = rowwhole_lend(r->whole);
	db = connect_again(r);
	if (db && rowpages_split(&first->pages, from, file_of(db), &r->pages))
		return r;
	rowscan_close(r);
	return NULL;
}

size_t
rowscan_open_parts(struct store *st, const char *table,
    const char *const *column, size_t n, struct rowscan **out, size_t max,
    struct err *e)
{
	struct rowscan *r = rowscan_open(st, table, column, n, e);
	size_t parts = 1;

	if (!r)
		return 0;
	out[0] = r;
	if (st->twin && max > 2) /* there is no third connection */
		max = 2;
	while (!r->s && parts < max && r->pages.nleaves >= 2 * PART_MIN) {
		/* the last part first: what is left is cut again */
		size_t share = r->pages.nleaves / (max - parts + 1);
		struct rowscan *last = split(r, r->pages.nleaves - share);

		if (!last)
			break;
		out[parts++] = last;
	}
	for (size_t i = 1, k = parts - 1; i < k; i++, k--) {
		struct rowscan *t = out[i];

		out[i] = out[k];
		out[k] = t;
	}
	return parts;
}
