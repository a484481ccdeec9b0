/* SPDX-License-Identifier: MIT */
#include "store/bulk.h"

#include <assert.h>
#include <unistd.h>

#include "base/attr.h"
#include "store/bulkindex.h"
#include "store/dbnum.h"
#include "store/dbpriv.h"
#include "store/kind.h"
#include "store/query.h"

enum {
	MEMORY = 4 << 20, /* bytes of pages in memory; above, in a file */
	/* header of a database: https://www.sqlite.org/fileformat2.html */
	AT_CHANGES = 24, AT_PAGES = 28, AT_FREE = 32, AT_NFREE = 36,
	AT_VALID_FOR = 92,
	/* of a page that lists free ones */
	FREE_HEAD = 8, FREE_ENTRY = 4, FREE_MAX = BULK_PAGE / 4 - 8,
	COPY = 8 /* pages at once: methods of SQLite take no more */
};

const char *
bulk_table_name(int what)
{
	static const char *const other[] = { "reject", "form", "shape",
		"stretch" };

	_Static_assert(countof(other) == BULK_N - BULK_REJECT, "a name each");
	return what == BULK_STR ? "str" : what >= BULK_REJECT ?
	    other[what - BULK_REJECT] : kind_base(what);
}

void
bulk_open(struct bulk *b, int64_t source, uint32_t base, const char *path)
{
	*b = (struct bulk){ .source = source, .base = base, .open = true };
	bulkpages_init(&b->pages, base, path, MEMORY);
	for (int i = 0; i < BULK_N; i++)
		bulktable_init(&b->table[i], &b->pages);
}

void
bulk_release(struct bulk *b)
{
	if (!b->open)
		return;
	for (int i = 0; i < BULK_N; i++)
		bulktable_release(&b->table[i]);
	bulkpages_release(&b->pages);
	b->open = false;
}

uint64_t
bulk_size(const struct bulk *b)
{
	return (uint64_t)(b->pages.next - 1 - b->base) * BULK_PAGE;
}

bool
bulk_is_empty(const struct bulk *b)
{
	for (int i = 0; i < BULK_N; i++)
		if (b->table[i].rows)
			return false;
	return true;
}

/* --- trees --- */

#define INDEX "reject_source"

/* Of a table or index; 0: there is none. */
static uint32_t
root_of(sqlite3 *db, const char *name)
{
	sqlite3_stmt *s = NULL;
	uint32_t root = 0;

	if (sqlite3_prepare_v2(db, "SELECT rootpage FROM sqlite_schema WHERE "
	    "name = ?1", -1, &s, NULL) == SQLITE_OK) {
		sqlite3_bind_text(s, 1, name, -1, SQLITE_STATIC);
		if (sqlite3_step(s) == SQLITE_ROW)
			root = (uint32_t)sqlite3_column_int64(s, 0);
	}
	sqlite3_finalize(s);
	return root;
}

/* The rejects of an input have ids in a row, behind those of inputs before. */
static bool
write_index(struct bulk *b, sqlite3 *db, struct bulkold *old, struct err *e)
{
	const struct bulktable *t = &b->table[BULK_REJECT];
	struct bulkrun r = { b->source, t->before + 1, t->last };

	assert(t->last - t->before == (int64_t)t->rows);
	return bulkindex_write(&b->pages, old, root_of(db, INDEX), &r, e);
}

/* Writes what is missing of the trees, whose roots the schema of `db` names. */
static bool
finish_trees(struct bulk *b, sqlite3 *db, struct bulkold *old, struct err *e)
{
	for (int i = 0; i < BULK_N; i++)
		if (b->table[i].rows && !bulktable_finish(&b->table[i], old,
		    root_of(db, bulk_table_name(i)), e))
			return false;
	return b->table[BULK_REJECT].rows == 0 || write_index(b, db, old, e);
}

/* --- a database of their own --- */

/* The tables and indexes in question, of the store's own text. */
static bool
copy_schema(struct store *st, sqlite3 *to)
{
	sqlite3_stmt *s = db_prepare(st, "SELECT sql FROM sqlite_schema WHERE "
	    "name = ?1 OR (?1 = 'reject' AND name = '" INDEX "') "
	    "ORDER BY type DESC");
	bool ok = sqlite3_exec(to, "PRAGMA page_size=8192", NULL, NULL, NULL) ==
	    SQLITE_OK;

	for (int i = 0; ok && i < BULK_N; i++) {
		if (!bulk_takes(i))
			continue;
		sqlite3_bind_text(s, 1, bulk_table_name(i), -1, SQLITE_STATIC);
		while (ok && sqlite3_step(s) == SQLITE_ROW)
			ok = sqlite3_exec(to, (const char *)
			    sqlite3_column_text(s, 0), NULL, NULL, NULL) ==
			    SQLITE_OK;
		sqlite3_reset(s);
	}
	sqlite3_finalize(s);
	return ok;
}

/* An empty database with these tables, the trees of our pages, and the header
 * anew, since it has the number of pages. What lies between is used by none. */
static bool
write_image(struct bulk *b, sqlite3 *db, uint8_t *image, size_t n,
    struct err *e)
{
	if (!bulkpages_put(&b->pages, 1, image, n, e) ||
	    !finish_trees(b, db, NULL, e))
		return false;
	bulk_put(image + AT_PAGES, bulk_size(b) ? b->pages.next - 1 : n, 4);
	return bulkpages_put(&b->pages, 1, image, 1, e);
}

static bool
write_database(struct bulk *b, struct store *st, struct err *e)
{
	sqlite3_int64 size = 0;
	uint8_t *image = NULL;
	sqlite3 *db = NULL;
	bool ok;

	if (sqlite3_open(":memory:", &db) == SQLITE_OK && copy_schema(st, db))
		image = sqlite3_serialize(db, "main", &size, 0);
	assert(image && size <= (sqlite3_int64)b->base * BULK_PAGE);
	ok = write_image(b, db, image, (size_t)size / BULK_PAGE, e);
	sqlite3_free(image);
	sqlite3_close(db);
	return ok;
}

static bool
attach(struct bulk *b, struct store *st, struct err *e)
{
	struct buf *mem = &b->pages.mem;
	sqlite3_stmt *s = db_prepare(st, "ATTACH ?1 AS side");
	int limit = sqlite3_limit(st->db, SQLITE_LIMIT_ATTACHED, 1);
	bool ok;

	db_bind_sv(s, 1, sv_str(bulkpages_in_file(&b->pages) ? b->pages.path :
	    ":memory:"));
	ok = db_run(st, s, e);
	sqlite3_finalize(s);
	sqlite3_limit(st->db, SQLITE_LIMIT_ATTACHED, limit);
	if (!ok)
		return false;
	if (bulkpages_in_file(&b->pages)) { /* it needs its name no more */
		unlink(b->pages.path);
		bulkpages_leave(&b->pages);
		return true;
	}
	return sqlite3_deserialize(st->db, "side", (unsigned char *)mem->p,
	    (sqlite3_int64)mem->n, (sqlite3_int64)mem->n,
	    SQLITE_DESERIALIZE_READONLY) == SQLITE_OK || db_err(st, e, "store");
}

/*
 * SQLite moves records without taking them apart, and entries of indexes too,
 * if both tables and their indexes are declared alike and nothing is asked
 * (SQLite 3.40.1, src/insert.c, xferOptimization).
 */
static bool
move_rows(struct store *st, int what, struct err *e)
{
	struct buf sql = BUF_INIT;
	const char *t = bulk_table_name(what);
	bool ok;

	buf_printf(&sql, "INSERT INTO main.%s SELECT * FROM side.%s%c", t, t,
	    '\0');
	ok = db_exec(st, sql.p, e);
	buf_release(&sql);
	return ok;
}

bool
bulk_move(struct bulk *b, struct store *st, struct err *e)
{
	if (!write_database(b, st, e) || !attach(b, st, e))
		return false;
	for (int i = 0; i < BULK_N; i++)
		if (b->table[i].rows && !move_rows(st, i, e))
			return false;
	return true;
}

void
bulk_detach(struct store *st)
{
	sqlite3_exec(st->db, "DETACH side", NULL, NULL, NULL);
}

/* --- a copy of the store --- */

static bool
copy_base(struct bulk *b, struct bulkold *old, struct err *e)
{
	uint8_t piece[COPY * BULK_PAGE];
	bool ok = bulkpages_to_file(&b->pages, e);

	if (old->image)
		return ok && bulkpages_put(&b->pages, 1, old->image, b->base, e);
	for (uint32_t at = 1, n; ok && at <= b->base; at += n) {
		n = b->base - at + 1 < COPY ? b->base - at + 1 : COPY;
		ok = (old->file->pMethods->xRead(old->file, piece, (int)n *
		    BULK_PAGE, (sqlite3_int64)(at - 1) * BULK_PAGE) ==
		    SQLITE_OK || err_set(e, ST_FAIL, "read-failed: store")) &&
		    bulkpages_put(&b->pages, at, piece, n, e);
	}
	return ok;
}

/* Spare pages of the old trees that nothing needed are free ones. */
static bool
free_spare(struct bulk *b, uint8_t *head, struct err *e)
{
	struct bulkpages *p = &b->pages;

	while (p->nspare) {
		uint32_t trunk = bulkpages_one(p), n = 0;
		uint8_t page[BULK_PAGE] = { 0 };

		bulk_put(page, dbnum_be32(head + AT_FREE), 4);
		for (; p->nspare && n < FREE_MAX; n++)
			bulk_put(page + FREE_HEAD + n * FREE_ENTRY,
			    bulkpages_one(p), FREE_ENTRY);
		bulk_put(page + 4, n, 4);
		if (!bulkpages_put(p, trunk, page, 1, e))
			return false;
		bulk_put(head + AT_FREE, trunk, 4);
		bulk_put(head + AT_NFREE, dbnum_be32(head + AT_NFREE) + n + 1,
		    4);
	}
	return true;
}

static bool
write_head(struct bulk *b, struct bulkold *old, struct err *e)
{
	uint8_t page[BULK_PAGE];

	if (!bulkold_page(old, 1, page, e) || !free_spare(b, page, e))
		return false;
	bulk_put(page + AT_PAGES, b->pages.next - 1, 4);
	bulk_put(page + AT_CHANGES, dbnum_be32(page + AT_CHANGES) + 1, 4);
	bulk_put(page + AT_VALID_FOR, dbnum_be32(page + AT_CHANGES), 4);
	return bulkpages_put(&b->pages, 1, page, 1, e);
}

bool
bulk_may_extend(struct store *st)
{
	int reserved = -1; /* asks for the bytes at the end of each page */

	sqlite3_file_control(st->db, "main", SQLITE_FCNTL_RESERVE_BYTES,
	    &reserved);
	return reserved == 0 &&
	    query_one_i64(st, "PRAGMA page_size", 0) == BULK_PAGE &&
	    query_one_i64(st, "PRAGMA auto_vacuum", -1) == 0;
}

bool
bulk_extend(struct bulk *b, struct store *st, struct err *e)
{
	struct bulkold old = { NULL, NULL, b->base };
	unsigned char *image = NULL;
	sqlite3_int64 size;
	bool ok;

	sqlite3_file_control(st->db, "main", SQLITE_FCNTL_FILE_POINTER,
	    &old.file);
	if (old.file->pMethods == NULL)
		old.image = image = sqlite3_serialize(st->db, "main", &size, 0);
	ok = copy_base(b, &old, e) && finish_trees(b, st->db, &old, e) &&
	    write_head(b, &old, e);
	sqlite3_free(image);
	return ok;
}
