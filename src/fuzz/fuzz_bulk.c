/* SPDX-License-Identifier: MIT */
/*
 * Rows as arbitrary bytes tell, onto pages of ours: SQLite finds no fault, and
 * what it reads is what it says of the same rows that it stored itself.
 */
#include <assert.h>
#include <sqlite3.h>
#include <stdint.h>

#include "base/sv.h"
#include "store/bulk.h"
#include "store/dbpriv.h"
#include "store/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
exec(struct store *st, const char *sql)
{
	struct err e = ERR_INIT;
	bool ok = db_exec(st, sql, &e);

	assert(ok);
	(void)ok;
}

/* The next number: as many bytes of it as the first byte tells. */
static int64_t
number(sv *rest)
{
	size_t n = rest->n ? (unsigned char)rest->p[0] % 9 : 0;
	uint64_t v = 0;

	*rest = sv_skip(*rest, 1);
	for (size_t i = 0; i < n && i < rest->n; i++)
		v = v << 8 | (unsigned char)rest->p[i];
	*rest = sv_skip(*rest, n);
	return (int64_t)v;
}

/* As long as two bytes tell, of what is left over and over. */
static void
text(sv *rest, struct buf *out)
{
	size_t n = (size_t)(number(rest) & 0xffff);

	buf_clear(out);
	for (size_t i = 0; i < n; i++)
		buf_byte(out, rest->n ? rest->p[i % rest->n] : 'x');
}

static void
add(struct bulk *b, sqlite3_stmt *s, sv *rest, int64_t id)
{
	static struct bulkrow row;
	static struct buf bytes;
	int64_t length = number(rest);
	struct err e = ERR_INIT;
	bool ok;

	text(rest, &bytes);
	bulkrow_clear(&row);
	bulkrow_int(&row, b->source);
	bulkrow_int(&row, 1);
	bulkrow_int(&row, 0);
	bulkrow_int(&row, length);
	bulkrow_text(&row, SV("why"));
	bulkrow_text(&row, SV(""));
	bulkrow_blob(&row, buf_sv(&bytes));
	ok = bulk_add(b, BULK_REJECT, id, &row, &e);
	sqlite3_bind_int64(s, 1, id);
	sqlite3_bind_int64(s, 2, b->source);
	sqlite3_bind_int64(s, 3, length);
	sqlite3_bind_blob(s, 4, bytes.p ? bytes.p : "", (int)bytes.n,
	    SQLITE_TRANSIENT);
	ok = ok && sqlite3_step(s) == SQLITE_DONE;
	sqlite3_reset(s);
	assert(ok);
	(void)ok;
}

static void
check(struct store *st)
{
	sqlite3_stmt *s = db_prepare(st, "PRAGMA integrity_check");

	sqlite3_step(s);
	assert(sv_is(db_column_sv(s, 0), "ok"));
	sqlite3_finalize(s);
	assert(query_one_i64(st, "SELECT count(*) FROM (SELECT * FROM reject "
	    "EXCEPT SELECT * FROM want)", -1) == 0);
	assert(query_one_i64(st, "SELECT (SELECT count(*) FROM reject) = "
	    "(SELECT count(*) FROM want)", -1) == 1);
}

/* To open a store takes longer than all that is tested. */
static struct store *
empty_store(void)
{
	static struct store *st;
	struct err e = ERR_INIT;

	if (st == NULL) {
		st = store_open(NULL, STORE_MEMORY, &e);
		assert(st);
		exec(st, "CREATE TABLE want AS SELECT * FROM reject");
	}
	exec(st, "DELETE FROM reject; DELETE FROM want; BEGIN IMMEDIATE");
	return st;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct store *st = empty_store();
	struct err e = ERR_INIT;
	sv rest = sv_of((const char *)data, n);
	sqlite3_stmt *s;
	struct bulk b;

	s = db_prepare(st, "INSERT INTO want VALUES (?1, ?2, 1, 0, ?3, 'why', "
	    "'', ?4)");
	bulk_open(&b, number(&rest),
	    (uint32_t)query_one_i64(st, "PRAGMA page_count", 0), NULL);
	for (int64_t id = 1; rest.n; id++)
		add(&b, s, &rest, id);
	if (!bulk_is_empty(&b) && !bulk_move(&b, st, &e))
		assert(!"it moves");
	sqlite3_finalize(s);
	exec(st, "COMMIT");
	bulk_detach(st);
	bulk_release(&b);
	check(st);
	return 0;
}
