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
#include "store/kind.h"
#include "store/rowwhole.h"

enum {
	DEPTH = 20,         /* of a tree: SQLite's own limit */
	LEAF = 13, INNER = 5, /* kinds of pages of tables */
	AT_RESERVED = 20, AT_WRITE_VERSION = 18, JOURNAL = 1,
	HEADER = 100,       /* bytes, of the file */
	AHEAD = 1 << 17,    /* bytes that are read at once, of pages in a row */
	SLACK = 8,          /* behind them, for numbers that are loaded whole */
	PART_MIN = 32,      /* pages that are worth a thread */
	CELLS = ROWSCAN_COLUMNS + ROWWHOLE_PARTS
};

struct rowscan {
	struct store *st;
	sqlite3_stmt *s;     /* the slow way; NULL: pages */
	sqlite3 *own;        /* of a later part: the connection of its file */
	sqlite3_file *file;
	size_t page_size, usable;
	uint32_t pages;      /* of the file */
	uint32_t *leaf;      /* pages with rows, in their order */
	size_t nleaves, next; /* next: the first that was not read */
	uint8_t *ahead;      /* some of them */
	size_t nahead;       /* of these: the current one is the first */
	const uint8_t *page; /* it; NULL: none was read */
	size_t at, ncells;   /* of it */
	struct buf spill;    /* a row that goes on in other pages */
	size_t field[CELLS];   /* which of a row's are wanted, ascending */
	uint8_t skip[CELLS];   /* how many are not, before each */
	uint8_t to[CELLS];     /* and the cell of each */
	struct rowcell cell[CELLS];
	size_t nasked, n;      /* the caller's, and our own behind them */
	struct rowwhole *whole; /* NULL: rows are whole as they are */
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

static bool
long_varint(const uint8_t **p, const uint8_t *end, uint64_t *out)
{
	const uint8_t *q = *p;
	uint64_t v = 0;

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

/* The number at *p, which moves behind it; false when it would pass end. */
static inline bool
varint(const uint8_t **p, const uint8_t *end, uint64_t *out)
{
	if (*p == end || **p >= 0x80)
		return long_varint(p, end, out);
	*out = *(*p)++;
	return true;
}

/* The signed number of n bytes at p, of which 8 can be read. */
static inline int64_t
integer(const uint8_t *p, unsigned n)
{
	uint64_t v = (uint64_t)be32(p) << 32 | be32(p + 4);

	return (int64_t)v >> (64 - 8 * n);
}

/* Bytes of a field. */
static inline size_t
type_size(uint64_t type)
{
	static const uint8_t size[12] = { 0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0 };

	return type < 12 ? size[type] : (size_t)((type - 12) / 2);
}

/* The same for types of one byte: a row has as many of them as columns. */
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
	enum { FALSE_TYPE = 8, TRUE_TYPE, TEXT_MIN = 12, REAL = 7 };

	c->text = SV_NULL;
	if (type - 1 < 6) {
		c->kind = ROWCELL_INT;
		c->i = integer(p, (unsigned)size);
	} else if (type == 0) {
		c->kind = ROWCELL_NULL;
	} else if (type >= TEXT_MIN) {
		c->kind = type & 1 ? ROWCELL_TEXT : ROWCELL_OTHER;
		c->text = sv_of((const char *)p, size);
	} else if (type == FALSE_TYPE || type == TRUE_TYPE) {
		c->kind = ROWCELL_INT;
		c->i = type == TRUE_TYPE;
	} else { /* a real: its bits; or none that SQLite writes */
		c->kind = ROWCELL_OTHER;
		c->i = type == REAL ? integer(p, 8) : 0;
	}
}

/* --- pages ---------------------------------------------------------------- */

static bool
damaged(struct err *e)
{
	return err_set(e, ST_FAIL, "store-refused: its pages are damaged");
}

/* n pages that stand in a row in the file. */
static bool
read_pages(struct rowscan *r, uint32_t nr, size_t n, uint8_t *to,
    struct err *e)
{
	if (nr == 0 || nr > r->pages || n > r->pages - nr + 1)
		return damaged(e);
	if (r->file->pMethods->xRead(r->file, to, (int)(n * r->page_size),
	    (sqlite3_int64)(nr - 1) * (sqlite3_int64)r->page_size) == SQLITE_OK)
		return true;
	return err_set(e, ST_FAIL, "read-failed: store");
}

/* How many cells a page of this kind has. */
static bool
count_cells(const struct rowscan *r, const uint8_t *page, int kind, size_t *n,
    struct err *e)
{
	*n = be16(page + 3);
	return (page[0] == kind && (kind == LEAF ? 8 : 12) + 2 * *n <=
	    r->usable) || damaged(e);
}

/* Where cell i of a page starts; NULL when that is outside of the page. */
static inline const uint8_t *
cell_at(const struct rowscan *r, const uint8_t *page, size_t i)
{
	size_t at = be16(page + (page[0] == LEAF ? 8 : 12) + 2 * i);

	return at + 4 < r->usable ? page + at : NULL;
}

/* Adds the children of an inner page, of which it has one more than cells. */
static bool
add_children(const struct rowscan *r, const uint8_t *page, struct buf *to,
    struct err *e)
{
	size_t n;

	if (!count_cells(r, page, INNER, &n, e))
		return false;
	for (size_t i = 0; i <= n; i++) {
		const uint8_t *p = i < n ? cell_at(r, page, i) : page + 8;
		uint32_t nr = p ? be32(p) : 0;

		buf_mem(to, &nr, sizeof(nr));
	}
	/* else it has more pages than the file: a tree with a circle */
	return to->n / sizeof(uint32_t) <= r->pages || damaged(e);
}

/* What is below a level of inner pages. */
static bool
add_level(struct rowscan *r, const struct buf *level, struct buf *below,
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
static bool
find_leaves(struct rowscan *r, uint32_t root, struct err *e)
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
	return ok || (e->status == ST_OK ? damaged(e) : false);
}

/* Those that stand in a row from the next leaf on. */
static bool
read_ahead(struct rowscan *r, struct err *e)
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
find_row(struct rowscan *r, bool *end, struct err *e)
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

		ok = read_pages(r, page, 1, buf, e);
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
	buf_add(&r->spill, SV("\0\0\0\0\0\0\0\0")); /* SLACK */
	*p = (const uint8_t *)r->spill.p;
	return true;
}

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

		if (!varint(&head, end, &type))
			return false;
		size = type_size(type);
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

	if (!varint(&head, p + n, &header) || header > n || head > p + header)
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
	const uint8_t *p, *end;
	uint64_t size, rowid;
	bool none;

	if (!find_row(r, &none, e))
		return QUERY_FAILED;
	if (none)
		return QUERY_DONE;
	p = cell_at(r, r->page, r->at++);
	end = r->page + r->usable;
	if (p == NULL || !varint(&p, end, &size) || !varint(&p, end, &rowid) ||
	    size > INT32_MAX) {
		damaged(e);
		return QUERY_FAILED;
	}
	*id = (int64_t)rowid;
	return gather(r, &p, end, (size_t)size, e) &&
	    (take_fields(r, p, (size_t)size) || damaged(e)) ? QUERY_MORE
	    : QUERY_FAILED;
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
	/* the view has messages whole */
	buf_printf(&b, " FROM %s%c", strcmp(table, "app") == 0 ? "app_text" :
	    table, '\0');
	r->s = db_prepare(r->st, b.p);
	buf_release(&b);
	return r->s != NULL;
}

/* --- opening -------------------------------------------------------------- */

static void
make_room(struct rowscan *r)
{
	r->ahead = malloc((AHEAD > r->page_size ? AHEAD : r->page_size) +
	    SLACK);
	if (r->ahead == NULL)
		oom();
}

/* What has the rows of a table. */
static const char *
base_of(const char *table)
{
	return strcmp(table, rec_kinds[REC_REQUEST].table) == 0 ?
	    kind_base(REC_REQUEST) : table;
}

/* Is the file's content all there is of the store, and the one that it shows? A
 * table that a temporary view stands before is not. */
static bool
has_pages(struct rowscan *r, const char *table)
{
	static const char shadowed[] = "SELECT 1 FROM temp.sqlite_schema "
	    "WHERE type = 'view' AND name = ?1";
	sqlite3_stmt *s;
	uint8_t head[HEADER];
	bool is;

	if ((r->st->mode == STORE_MEMORY && r->st->twin == NULL) ||
	    sqlite3_file_control(r->st->db, "main", SQLITE_FCNTL_FILE_POINTER,
	    &r->file) != SQLITE_OK || r->file == NULL ||
	    r->file->pMethods == NULL ||
	    r->file->pMethods->xRead(r->file, head, sizeof(head), 0) !=
	    SQLITE_OK || head[AT_WRITE_VERSION] != JOURNAL)
		return false;
	s = db_prepare(r->st, shadowed);
	db_bind_sv(s, 1, sv_str(base_of(table)));
	is = sqlite3_step(s) == SQLITE_ROW;
	sqlite3_finalize(s);
	if (is)
		return false;
	r->page_size = be16(head + 16);
	if (r->page_size == 1)
		r->page_size = 65536;
	r->usable = r->page_size - head[AT_RESERVED];
	r->pages = be32(head + 28);
	if (r->page_size < 512 || r->usable < 480)
		return false;
	make_room(r);
	return true;
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
	    ? find_leaves(r, (uint32_t)root, e) : damaged(e);
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
	free(r->leaf);
	free(r->ahead);
	buf_release(&r->spill);
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

/* --- parts ---------------------------------------------------------------- */

/* A connection beside that of the first part. */
static sqlite3 *
connect_again(struct rowscan *r)
{
	if (r->st->twin)
		return r->st->twin;
	return sqlite3_open_v2(r->st->name.p, &r->own, SQLITE_OPEN_READONLY |
	    SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK ? r->own : NULL;
}

/* A file of its own for a part, since reading may move a place in it. It is the
 * same one if it begins with the same bytes, which change with every write. */
static bool
open_again(struct rowscan *r, const struct rowscan *first)
{
	uint8_t head[2][HEADER];
	sqlite3 *db = connect_again(r);

	return db && sqlite3_file_control(db, "main",
	    SQLITE_FCNTL_FILE_POINTER, &r->file) == SQLITE_OK &&
	    r->file && r->file->pMethods &&
	    r->file->pMethods->xRead(r->file, head[0], HEADER, 0) ==
	    SQLITE_OK &&
	    first->file->pMethods->xRead(first->file, head[1], HEADER, 0) ==
	    SQLITE_OK && memcmp(head[0], head[1], HEADER) == 0;
}

/* The leaves of `first` from number `from` on; NULL: no second file. */
static struct rowscan *
split(struct rowscan *first, size_t from)
{
	struct rowscan *r = malloc(sizeof(*r));
	size_t n = first->nleaves - from;

	if (r == NULL)
		oom();
	*r = *first;
	r->spill = (struct buf)BUF_INIT;
	r->own = NULL;
	if (r->whole)
		r->whole = rowwhole_lend(r->whole);
	r->leaf = malloc(n * sizeof(*r->leaf));
	if (r->leaf == NULL)
		oom();
	memcpy(r->leaf, first->leaf + from, n * sizeof(*r->leaf));
	r->nleaves = n;
	make_room(r);
	if (!open_again(r, first)) {
		rowscan_close(r);
		return NULL;
	}
	first->nleaves = from;
	return r;
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
	while (!r->s && parts < max && r->nleaves >= 2 * PART_MIN) {
		/* the last part first: what is left is cut again */
		size_t share = r->nleaves / (max - parts + 1);
		struct rowscan *last = split(r, r->nleaves - share);

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
