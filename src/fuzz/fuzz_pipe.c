/* SPDX-License-Identifier: MIT */
/*
 * Arbitrary bytes as NDJSON: all are taken, every line is accounted for, every
 * view can be read, and the same bytes again add nothing.
 */
#include <assert.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "record/rec.h"
#include "store/db.h"
#include "store/load.h"
#include "store/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char *const tables[] = {
	"source", "also", "span", "hole", "reject", "str",
};

static void
load(int fd, unsigned threads, struct store *st, struct load_total *total)
{
	struct err e = ERR_INIT;
	bool ok = lseek(fd, 0, SEEK_SET) == 0 &&
	    load_ndjson(fd, threads, st, total, &e);

	assert(ok);
	(void)ok;
}

static int64_t
count(struct store *st, const char *what)
{
	char sql[200];

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", what);
	return query_one_i64(st, sql, -1);
}

static void
count_all(struct store *st, struct buf *b)
{
	for (size_t i = 0; i < countof(tables); i++)
		buf_printf(b, "%lld ", (long long)count(st, tables[i]));
	for (int k = REC_NONE + 1; k < REC_KIND_N; k++)
		buf_printf(b, "%lld ", (long long)count(st, rec_kinds[k].table));
}

/* Every row of a view can be read. */
static void
check_view(struct store *st, const char *view)
{
	struct buf sql = BUF_INIT;
	struct err e = ERR_INIT;
	struct query *q;

	buf_printf(&sql, "SELECT * FROM \"%s\"", view);
	q = query_open(st, buf_sv(&sql), NULL, &e);
	assert(q != NULL);
	while (query_next(q, &e) == QUERY_MORE)
		;
	assert(e.status == ST_OK);
	query_close(q);
	buf_release(&sql);
}

/* Those of the schema and those that were made for dumps. */
static void
check_views(struct store *st)
{
	static const char sql[] = "SELECT name FROM sqlite_schema "
	    "WHERE type = 'view'";
	sqlite3_stmt *s;
	int rc = sqlite3_prepare_v2(store_handle(st), sql, -1, &s, NULL);

	assert(rc == SQLITE_OK);
	(void)rc;
	while (sqlite3_step(s) == SQLITE_ROW)
		check_view(st, (const char *)sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
}

static void
check_accounts(struct store *st, const struct load_total *t)
{
	assert(count(st, "source WHERE read IS NOT stored + duplicates + "
	    "rejected + blank OR read < 0 OR stored < 0 OR duplicates < 0") ==
	    0);
	assert(query_one_i64(st, "SELECT total(stored + duplicates) FROM source",
	    0) <= (int64_t)t->records);
	(void)st;
	(void)t;
}

/* Making a store anew for each input takes most of the time. */
static void
empty(struct store *st)
{
	static const char sql[] = "SELECT CASE type WHEN 'view' THEN "
	    "'DROP VIEW ' ELSE 'DELETE FROM ' END || name FROM sqlite_schema "
	    "WHERE (type = 'table' AND name NOT GLOB 'sqlite_*') OR "
	    "(type = 'view' AND name GLOB 'csv_*')";
	struct buf b = BUF_INIT;
	sqlite3_stmt *s;
	int rc = sqlite3_prepare_v2(store_handle(st), sql, -1, &s, NULL);

	assert(rc == SQLITE_OK);
	while (sqlite3_step(s) == SQLITE_ROW)
		buf_printf(&b, "%s;", (const char *)sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	buf_byte(&b, '\0');
	rc = sqlite3_exec(store_handle(st), b.p, NULL, NULL, NULL);
	assert(rc == SQLITE_OK);
	(void)rc;
	buf_release(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf before = BUF_INIT, after = BUF_INIT;
	static struct store *st;
	static FILE *f;
	struct load_total t;
	struct err e = ERR_INIT;
	int fd;

	if (f == NULL) {
		f = tmpfile();
		st = store_open(NULL, STORE_MEMORY, &e);
	}
	assert(f != NULL && st != NULL);
	fd = fileno(f);
	if (ftruncate(fd, 0) != 0 || lseek(fd, 0, SEEK_SET) != 0 ||
	    !io_write_all(fd, sv_of(n ? (const char *)data : "", n), &e))
		return 0;
	load(fd, 2, st, &t);
	check_accounts(st, &t);
	check_views(st);
	count_all(st, &before);
	load(fd, 1, st, &t);
	count_all(st, &after);
	assert(sv_eq(buf_sv(&before), buf_sv(&after)));
	buf_release(&before);
	buf_release(&after);
	empty(st);
	return 0;
}
