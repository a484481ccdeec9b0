/* SPDX-License-Identifier: MIT */
#include "test/stock.h"

#include <dirent.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/utc.h"
#include "record/ingest.h"
#include "record/ndjson.h"
#include "record/rec.h"
#include "store/db.h"
#include "store/kind.h"
#include "store/load.h"
#include "test/ck.h"

struct arena stock_arena;

static char folder[64];

void
stock_setup(void)
{
	snprintf(folder, sizeof(folder), "/tmp/raxx-test.XXXXXX");
	ck_assert(mkdtemp(folder) != NULL);
}

void
stock_teardown(void)
{
	DIR *d = opendir(folder);
	struct dirent *f;

	while (d && (f = readdir(d)) != NULL)
		if (f->d_name[0] != '.' && unlink(stock_path(f->d_name)) != 0)
			rmdir(stock_path(f->d_name));
	if (d)
		closedir(d);
	rmdir(folder);
	arena_release(&stock_arena);
}

const char *
stock_path(const char *name)
{
	struct buf b = BUF_INIT;
	const char *path;

	buf_printf(&b, "%s/%s", folder, name);
	path = arena_str(&stock_arena, buf_sv(&b));
	buf_release(&b);
	return path;
}

void
stock_write(const char *name, sv text)
{
	struct err e = ERR_INIT;
	int fd = open(stock_path(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert(fd >= 0);
	ck_assert(io_write_all(fd, text, &e));
	close(fd);
}

sv
stock_read(const char *name)
{
	struct err e = ERR_INIT;
	sv text = SV_NULL;

	ck_assert_msg(io_read_file(&stock_arena, stock_path(name), 1 << 24,
	    &text, &e), "%s", e.msg);
	return text;
}

struct store *
stock_memory(void)
{
	struct err e = ERR_INIT;
	struct store *st = store_open(NULL, STORE_MEMORY, &e);

	ck_assert_msg(st != NULL, "%s", e.msg);
	return st;
}

struct source
stock_ingest(struct sink *sink, const char *name)
{
	static const uint8_t key[REDACT_KEY_LEN] = { 1 };
	static const struct site_list paths;
	struct normal normal = { .ntrusted = 0 };
	struct ingest g = { .normal = &normal, .sink = sink, .taken = UTC_NONE };
	struct err e = ERR_INIT;
	struct source src;

	redact_init(&normal.redact, key, &paths);
	ck_assert_msg(ingest_input(&g, stock_path(name), &stock_arena, &src, &e)
	    == INGEST_DONE, "%s: %s", name, e.msg);
	ck_assert(source_balances(&src));
	return src;
}

void
stock_load_files(struct store *st, const char *const *name, size_t n)
{
	struct err e = ERR_INIT;
	struct loader *l = loader_open(st, &e);

	ck_assert_msg(l != NULL, "%s", e.msg);
	for (size_t i = 0; i < n; i++)
		stock_ingest(loader_sink(l), name[i]);
	loader_close(l);
}

struct source
stock_load(struct store *st, const char *name, sv text)
{
	struct err e = ERR_INIT;
	struct loader *l = loader_open(st, &e);
	struct source src;

	ck_assert_msg(l != NULL, "%s", e.msg);
	stock_write(name, text);
	src = stock_ingest(loader_sink(l), name);
	loader_close(l);
	return src;
}

sv
stock_ndjson(const char *const *name, size_t n)
{
	struct ndjson_sink out;
	struct err e = ERR_INIT;
	int fd = open(stock_path("out.ndjson"), O_WRONLY | O_CREAT | O_TRUNC,
	    0600);

	ck_assert(fd >= 0);
	ndjson_sink_init(&out, fd);
	for (size_t i = 0; i < n; i++)
		stock_ingest(&out.sink, name[i]);
	ck_assert_msg(ndjson_sink_flush(&out, &e), "%s", e.msg);
	ndjson_sink_release(&out);
	close(fd);
	return stock_read("out.ndjson");
}

void
stock_pipe(struct store *st, sv text)
{
	struct load_total total;
	struct err e = ERR_INIT;
	int fd;

	stock_write("in.ndjson", text);
	fd = open(stock_path("in.ndjson"), O_RDONLY);
	ck_assert(fd >= 0);
	ck_assert_msg(load_ndjson(fd, 2, st, &total, &e), "%s", e.msg);
	close(fd);
}

static sqlite3_stmt *
prepare(struct store *st, const char *sql)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(store_handle(st), sql, -1, &s, NULL);

	ck_assert_msg(rc == SQLITE_OK, "%s in %s",
	    sqlite3_errmsg(store_handle(st)), sql);
	return s;
}

int64_t
stock_number(struct store *st, const char *sql)
{
	sqlite3_stmt *s = prepare(st, sql);
	int64_t v = sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int64(s, 0) :
	    -1;

	sqlite3_finalize(s);
	return v;
}

sv
stock_text(struct store *st, const char *sql)
{
	sqlite3_stmt *s = prepare(st, sql);
	sv v = SV_NULL;

	if (sqlite3_step(s) == SQLITE_ROW && sqlite3_column_text(s, 0))
		v = arena_sv(&stock_arena,
		    sv_str((const char *)sqlite3_column_text(s, 0)));
	sqlite3_finalize(s);
	return v;
}

static void
run(sqlite3 *db, const char *sql)
{
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK,
	    "%s", sqlite3_errmsg(db));
}

/* What the loader keeps of the times of rows. */
static void
make_stretches(sqlite3 *db)
{
	struct buf b = BUF_INIT;

	buf_lit(&b, "INSERT INTO stretch SELECT id & -64, 0, "
	    "min(ts), max(ts) FROM (SELECT NULL AS id, NULL AS ts");
	for (int k = REC_NONE + 1; k < REC_KIND_N; k++)
		buf_printf(&b, " UNION ALL SELECT id, ts FROM main.%s",
		    kind_base(k));
	buf_printf(&b, ") WHERE id IS NOT NULL GROUP BY 1 ON CONFLICT "
	    "DO UPDATE SET start = excluded.start, stop = excluded.stop%c", '\0');
	run(db, b.p);
	buf_release(&b);
}

static void
change(sqlite3 *db, const char *sql)
{
	run(db, sql);
	if (strstr(sql, "INSERT"))
		make_stretches(db);
}

void
stock_sql(struct store *st, const char *sql)
{
	change(store_handle(st), sql);
}

void
stock_change(const char *name, const char *sql)
{
	sqlite3 *db = NULL;

	ck_assert_int_eq(sqlite3_open(stock_path(name), &db), SQLITE_OK);
	change(db, sql);
	sqlite3_close(db);
}

/* Content. */

struct lines {
	sv *line;
	size_t n, cap;
};

static void
add_line(struct lines *l, sv text)
{
	if (l->n == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 64;
		l->line = realloc(l->line, l->cap * sizeof(*l->line));
		ck_assert(l->line != NULL);
	}
	l->line[l->n++] = arena_sv(&stock_arena, text);
}

/* A line per row, without the columns that hold numbers of this store. */
static void
add_rows(struct lines *l, struct store *st, const char *label, const char *sql)
{
	sqlite3_stmt *s = prepare(st, sql);
	struct buf b = BUF_INIT;
	int rc;

	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		buf_clear(&b);
		buf_printf(&b, "%s", label);
		for (int i = 0; i < sqlite3_column_count(s); i++) {
			const char *name = sqlite3_column_name(s, i);
			const char *text = (const char *)
			    sqlite3_column_text(s, i);

			if (!sv_is(sv_str(name), "rec") &&
			    !sv_is(sv_str(name), "source_id"))
				buf_printf(&b, " %s=%s", name,
				    text ? text : "NULL");
		}
		add_line(l, buf_sv(&b));
	}
	ck_assert_msg(rc == SQLITE_DONE, "%s: %s", label,
	    sqlite3_errmsg(store_handle(st)));
	sqlite3_finalize(s);
	buf_release(&b);
}

static void
add_views(struct lines *l, struct store *st)
{
	sqlite3_stmt *s = prepare(st, "SELECT name, 'SELECT * FROM ' || name "
	    "FROM sqlite_schema WHERE type = 'view' AND name NOT IN "
	    "('app_text', 'request')");

	while (sqlite3_step(s) == SQLITE_ROW)
		add_rows(l, st, (const char *)sqlite3_column_text(s, 0),
		    (const char *)sqlite3_column_text(s, 1));
	sqlite3_finalize(s);
}

static void
add_kinds(struct lines *l, struct store *st)
{
	struct buf b = BUF_INIT;

	for (int k = REC_NONE + 1; k < REC_KIND_N; k++) {
		buf_clear(&b);
		buf_printf(&b, "SELECT r.ts, r.hash, r.nth, s.name, "
		    KIND_LINE " AS line, " KIND_BYTE " AS byte FROM %s AS r JOIN source AS s ON s.id = r.source%c",
		    rec_kinds[k].table, '\0');
		add_rows(l, st, rec_kinds[k].table, b.p);
		buf_clear(&b);
		buf_printf(&b, "SELECT r.ts, r.hash, r.nth, s.name, a.line, "
		    "a.byte FROM %s AS r JOIN also AS a ON a.rec = r.id * 16 + "
		    "%d JOIN source AS s ON s.id = a.source%c",
		    rec_kinds[k].table, k, '\0');
		add_rows(l, st, "also", b.p);
	}
	buf_release(&b);
}

static const char *const tables[][2] = {
	{ "source", "SELECT hex(digest) AS d, name, format, form, app, dump, "
	    "arrived, bytes, read, stored, duplicates, rejected, blank, damaged "
	    "FROM source" },
	{ "span", "SELECT s.name, start, stop, lines, head_cut FROM span "
	    "JOIN source AS s ON s.id = source" },
	{ "hole", "SELECT h.app, a.name AS x, b.name AS y, start, stop, "
	    "need_lines, need_us FROM hole AS h JOIN source AS a ON a.id = "
	    "before JOIN source AS b ON b.id = after" },
	{ "reject", "SELECT s.name, line, byte, length, reason, detail, "
	    "hex(reject.bytes) AS b FROM reject JOIN source AS s "
	    "ON s.id = source" },
	{ "also", "SELECT count(*) FROM also" },
	{ "schema", "SELECT name, sql FROM sqlite_schema WHERE type = 'view'" },
};

static int
compare(const void *a, const void *b)
{
	const sv *x = a, *y = b;
	size_t n = x->n < y->n ? x->n : y->n;
	int c = memcmp(x->p, y->p, n);

	return c ? c : (x->n > y->n) - (x->n < y->n);
}

sv
stock_content(struct store *st)
{
	struct lines l = { NULL, 0, 0 };
	struct buf b = BUF_INIT;
	sv out;

	add_views(&l, st);
	add_kinds(&l, st);
	for (size_t i = 0; i < countof(tables); i++)
		add_rows(&l, st, tables[i][0], tables[i][1]);
	qsort(l.line, l.n, sizeof(*l.line), compare);
	for (size_t i = 0; i < l.n; i++) {
		buf_add(&b, l.line[i]);
		buf_byte(&b, '\n');
	}
	free(l.line);
	out = arena_sv(&stock_arena, buf_sv(&b));
	buf_release(&b);
	return out;
}

/* Checks. */

static int64_t
count(struct store *st, const char *what)
{
	struct buf b = BUF_INIT;
	int64_t n;

	buf_printf(&b, "SELECT count(*) FROM %s%c", what, '\0');
	n = stock_number(st, b.p);
	buf_release(&b);
	return n;
}

static void
check_stored(struct store *st)
{
	struct buf b = BUF_INIT;

	buf_lit(&b, "source WHERE stored IS NOT 0");
	for (int k = REC_NONE + 1; k < REC_KIND_N; k++)
		buf_printf(&b, " + (SELECT count(*) FROM %s WHERE source = "
		    "source.id)", rec_kinds[k].table);
	buf_byte(&b, '\0');
	ck_assert_int_eq(count(st, b.p), 0);
	buf_release(&b);
}

/* No line is there in two roles. */
static void
check_roles(struct store *st)
{
	struct buf b = BUF_INIT;

	buf_lit(&b, "(SELECT 1 FROM (");
	for (int k = REC_NONE + 1; k < REC_KIND_N; k++)
		if (rec_kinds[k].log)
			buf_printf(&b, "%sSELECT ts, hash, nth, source AS s "
			    "FROM %s", k > 1 ? " UNION ALL " : "",
			    rec_kinds[k].table);
	buf_lit(&b, ") JOIN source ON source.id = s "
	    "GROUP BY app, ts, hash, nth HAVING count(*) > 1)");
	buf_byte(&b, '\0');
	ck_assert_int_eq(count(st, b.p), 0);
	buf_release(&b);
}

/* Is each row in the stretch of its id, with its time? */
static void
check_stretches(struct store *st)
{
	for (int k = REC_NONE + 1; k < REC_KIND_N; k++) {
		struct buf b = BUF_INIT;

		buf_printf(&b, "main.%s AS r WHERE NOT EXISTS (SELECT 1 FROM "
		    "stretch AS s WHERE s.id = r.id & -64 AND "
		    "r.ts BETWEEN s.start AND s.stop)%c", kind_base(k), '\0');
		ck_assert_int_eq(count(st, b.p), 0);
		buf_release(&b);
	}
}

void
stock_check(struct store *st)
{
	ck_assert_int_eq(count(st, "source WHERE read IS NOT stored + "
	    "duplicates + rejected + blank"), 0);
	ck_assert_int_eq(count(st, "source WHERE rejected IS NOT (SELECT "
	    "count(*) FROM reject WHERE source = source.id)"), 0);
	ck_assert_int_eq(count(st, "source WHERE duplicates < (SELECT count(*) "
	    "FROM also WHERE source = source.id)"), 0);
	ck_assert_int_eq(count(st, "(SELECT 1 FROM str GROUP BY s "
	    "HAVING count(*) > 1)"), 0);
	check_stored(st);
	check_stretches(st);
	check_roles(st);
}
