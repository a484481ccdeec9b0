/* SPDX-License-Identifier: MIT */
#include "store/db.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/rec.h"
#include "store/form.h"
#include "store/kind.h"
#include "store/load.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_db(void);

static const char *const common[] = {
	"id", "ts", "source", "line", "byte", "hash", "nth",
};

/* fields.def and schemas/store.sql have the same names; samples take two, and
 * messages and requests have what they are made of. */
START_TEST(columns_are_the_fields)
{
	const struct kind *k = &rec_kinds[_i];
	struct store *st = stock_memory();
	int more = _i == REC_METRIC || _i == REC_REQUEST ? 1 :
	    _i == REC_APP ? 2 + FORM_VALUES : 0;
	const char *table = kind_base(_i);
	char sql[200];

	for (int i = 0; i < (int)countof(common); i++) {
		snprintf(sql, sizeof(sql), "SELECT name FROM "
		    "pragma_table_info('%s') WHERE cid = %d", table, i);
		ck_sv(stock_text(st, sql), sv_str(common[i]));
	}
	for (int i = 0; i < k->nfields; i++) {
		snprintf(sql, sizeof(sql), "SELECT count(*) FROM "
		    "pragma_table_info('%s') WHERE name = '%.*s'", table,
		    SV_ARG(k->field[i].name));
		ck_assert_int_eq(stock_number(st, sql), 1);
	}
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM "
	    "pragma_table_info('%s')", table);
	ck_assert_int_eq(stock_number(st, sql),
	    (int)countof(common) + k->nfields + more);
	store_close(st);
}
END_TEST

static struct store *
open_store(const char *name, enum store_mode mode)
{
	struct err e = ERR_INIT;
	struct store *st = store_open(stock_path(name), mode, &e);

	ck_assert_msg(st != NULL, "%s", e.msg);
	return st;
}

START_TEST(made_when_missing)
{
	struct stat sb;

	store_close(open_store("new.db", STORE_WRITE));
	ck_assert(stat(stock_path("new.db"), &sb) == 0);
	ck_assert_uint_eq(sb.st_mode & 07777, 0600);
	store_close(open_store("new.db", STORE_WRITE));
	store_close(open_store("new.db", STORE_READ));
}
END_TEST

START_TEST(empty_file_becomes_a_store)
{
	stock_write("new.db", SV(""));
	store_close(open_store("new.db", STORE_WRITE));
	store_close(open_store("new.db", STORE_READ));
}
END_TEST

/* In the folder itself, not in memory and not where a URI points. */
START_TEST(name_is_a_name)
{
	static const char *const names[] = { ":memory:", "file:x?mode=memory" };
	char here[4096];
	struct err e = ERR_INIT;
	struct stat sb;

	ck_assert(getcwd(here, sizeof(here)) != NULL);
	ck_assert(chdir(stock_path("")) == 0);
	for (size_t i = 0; i < countof(names); i++) {
		store_close(store_open(names[i], STORE_WRITE, &e));
		ck_assert_msg(stat(names[i], &sb) == 0 && sb.st_size > 0,
		    "%s: %s", names[i], e.msg);
	}
	ck_assert(chdir(here) == 0);
}
END_TEST

/* Ways to spoil a store that is fine. */

static void
run_sql(const char *sql)
{
	sqlite3 *db;

	ck_assert(sqlite3_open(stock_path("s.db"), &db) == SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK,
	    "%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

static void
cut_to(long long size)
{
	struct stat sb;

	ck_assert(stat(stock_path("s.db"), &sb) == 0);
	ck_assert(truncate(stock_path("s.db"),
	    size < 0 ? sb.st_size + size : size) == 0);
}

static void
patch(size_t at, const char *bytes, size_t n)
{
	sv old = stock_read("s.db");
	char *p = arena_str(&stock_arena, old);

	memcpy(p + at, bytes, n);
	stock_write("s.db", sv_of(p, old.n));
}

enum spoil { BY_SQL, CUT, GROW, PATCH, TEXT };

static const struct {
	enum spoil how;
	const char *sql;
	long long at;
	const char *want;
} spoiled[] = {
	{ BY_SQL, "PRAGMA application_id = 7", 0, "not a store" },
	{ BY_SQL, "PRAGMA user_version = 1", 0, "another version" },
	{ BY_SQL, "CREATE TABLE mine (x)", 0, "schema was changed" },
	{ BY_SQL, "DROP INDEX span_source", 0, "schema was changed" },
	{ BY_SQL, "ALTER TABLE request_row ADD COLUMN x ANY", 0, "schema was changed" },
	{ BY_SQL, "CREATE TRIGGER t AFTER INSERT ON request_row BEGIN "
	    "DELETE FROM source; END", 0, "schema was changed" },
	{ BY_SQL, "CREATE VIEW extra AS SELECT 1", 0, "schema was changed" },
	{ BY_SQL, "CREATE TABLE csv_x (y)", 0, "schema was changed" },
	{ BY_SQL, "DROP INDEX span_source; CREATE INDEX span_source ON span (start)",
	    0, "schema was changed" },
	{ BY_SQL, "DROP INDEX span_source; CREATE INDEX span_sourc ON span "
	    "(source)", 0, "schema was changed" },
	{ BY_SQL, "DROP VIEW request; CREATE VIEW request AS SELECT 1", 0,
	    "schema was changed" },
	{ BY_SQL, "DROP VIEW request; CREATE VIEW extra AS SELECT 1", 0,
	    "schema was changed" },
	{ BY_SQL, "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = "
	    "replace(sql, ' STRICT', '') WHERE name = 'str'", 0,
	    "schema was changed" },
	{ BY_SQL, "DROP VIEW understood; CREATE VIEW s AS SELECT 1 AS s; "
	    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = "
	    "'CREATE VIEW s AS /* CREATE */ SELECT 1 AS s' WHERE name = 's'",
	    0, "schema was changed" },
	/* a row twice, and another not at all */
	{ BY_SQL, "PRAGMA writable_schema = ON; INSERT INTO sqlite_schema "
	    "SELECT * FROM sqlite_schema WHERE name = 'request'; DELETE FROM "
	    "sqlite_schema WHERE name = 'understood'", 0, "" },
	/* what another row has, and by another name */
	{ BY_SQL, "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = "
	    "(SELECT sql FROM sqlite_schema WHERE name = 'str') "
	    "WHERE name = 'form'", 0, "" },
	{ CUT, NULL, -1, "size is wrong" },
	{ CUT, NULL, -8192, "" },
	{ CUT, NULL, 5000, "" },
	{ CUT, NULL, 99, "not a store" },
	{ CUT, NULL, 1, "not a store" },
	{ GROW, NULL, 1, "size is wrong" },
	{ GROW, NULL, 8192, "size is wrong" },
	{ PATCH, "X", 0, "not a store" },
	{ PATCH, "\x7f\xff", 100, "" }, /* the kind of the first page */
	{ TEXT, "2026-06-12T13:00:00+00:00 app[web.1]: not a store, but a log "
	    "that somebody named by mistake, and longer than a header\n", 0,
	    "not a store" },
	{ TEXT, "SQLite format 3", 0, "not a store" },
};

static void
spoil(int i)
{
	switch (spoiled[i].how) {
	case BY_SQL:
		run_sql(spoiled[i].sql);
		break;
	case CUT:
		cut_to(spoiled[i].at);
		break;
	case GROW:
		cut_to((long long)stock_read("s.db").n + spoiled[i].at);
		break;
	case PATCH:
		patch((size_t)spoiled[i].at, spoiled[i].sql,
		    strlen(spoiled[i].sql));
		break;
	case TEXT:
		stock_write("s.db", sv_str(spoiled[i].sql));
		break;
	}
}

static void
refuse(const char *name, enum store_mode mode, const char *want)
{
	struct err e = ERR_INIT;

	ck_assert(store_open(stock_path(name), mode, &e) == NULL);
	ck_assert_int_eq(e.status, ST_FAIL);
	ck_assert_msg(sv_has(sv_str(e.msg), sv_str(want)), "%s", e.msg);
	ck_assert_msg(sv_has(sv_str(e.msg), SV("refused")), "%s", e.msg);
}

START_TEST(spoiled_is_refused_and_kept)
{
	struct store *st = open_store("s.db", STORE_WRITE);
	struct stat sb;
	sv before;

	stock_sql(st, "INSERT INTO str VALUES (1, printf('%.*c', 100000, 'x'))");
	store_close(st);
	spoil(_i);
	before = stock_read("s.db");
	refuse("s.db", STORE_READ, spoiled[_i].want);
	refuse("s.db", STORE_WRITE, spoiled[_i].want);
	ck_assert(sv_eq(before, stock_read("s.db")));
	ck_assert(stat(stock_path("s.db-journal"), &sb) != 0);
}
END_TEST

/* SQLite would take its log into it, were it only opened. */
START_TEST(foreign_wal_file_is_kept)
{
	sqlite3 *db;
	sv file, log;

	ck_assert(sqlite3_open(stock_path("s.db"), &db) == SQLITE_OK);
	ck_assert(sqlite3_exec(db, "PRAGMA journal_mode=WAL; CREATE TABLE t (x);"
	    "INSERT INTO t VALUES (1)", NULL, NULL, NULL) == SQLITE_OK);
	file = stock_read("s.db");
	log = stock_read("s.db-wal");
	sqlite3_close(db);
	stock_write("s.db", file);
	stock_write("s.db-wal", log);
	refuse("s.db", STORE_READ, "not a store");
	refuse("s.db", STORE_WRITE, "not a store");
	ck_assert(sv_eq(file, stock_read("s.db")));
	ck_assert(sv_eq(log, stock_read("s.db-wal")));
}
END_TEST

START_TEST(no_regular_file_is_refused)
{
	struct err e = ERR_INIT;
	sv before;

	store_close(open_store("s.db", STORE_WRITE));
	before = stock_read("s.db");
	ck_assert(symlink(stock_path("s.db"), stock_path("link.db")) == 0);
	ck_assert(mkdir(stock_path("dir.db"), 0700) == 0);
	ck_assert(mkfifo(stock_path("fifo.db"), 0600) == 0);
	refuse("link.db", STORE_WRITE, "output-refused");
	refuse("link.db", STORE_READ, "output-refused");
	refuse("dir.db", STORE_WRITE, "output-refused");
	refuse("fifo.db", STORE_WRITE, "output-refused");
	ck_assert(store_open("/dev/null", STORE_WRITE, &e) == NULL);
	ck_assert(sv_starts(sv_str(e.msg), SV("output-refused")));
	ck_assert(sv_eq(before, stock_read("s.db")));
}
END_TEST

START_TEST(link_to_nothing_is_refused)
{
	struct stat sb;

	ck_assert(symlink(stock_path("s.db"), stock_path("link.db")) == 0);
	refuse("link.db", STORE_WRITE, "output-refused");
	ck_assert(stat(stock_path("s.db"), &sb) != 0);
}
END_TEST

START_TEST(missing_is_not_made_for_reading)
{
	struct err e = ERR_INIT;
	struct stat sb;

	ck_assert(store_open(stock_path("s.db"), STORE_READ, &e) == NULL);
	ck_assert_int_eq(e.status, ST_FAIL);
	ck_assert(stat(stock_path("s.db"), &sb) != 0);
	e = (struct err)ERR_INIT;
	ck_assert(store_open(stock_path("no/such/s.db"), STORE_WRITE, &e) ==
	    NULL);
	ck_assert_int_eq(e.status, ST_FAIL);
	stock_write("s.db", SV(""));
	refuse("s.db", STORE_READ, "not a store");
}
END_TEST

/* A journal that is to be rolled back: readers say so, the next writer does. */
START_TEST(interrupted_write)
{
	struct store *st = open_store("s.db", STORE_WRITE);
	struct err e = ERR_INIT;
	sv before, file, journal;

	ck_assert(!store_recovered(st));
	before = stock_read("s.db");
	stock_sql(st, "PRAGMA cache_size=10; BEGIN IMMEDIATE; "
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
	    "WHERE i < 2000) INSERT INTO str SELECT i, hex(randomblob(200)) "
	    "FROM n; PRAGMA cache_spill=1;");
	file = stock_read("s.db");
	journal = stock_read("s.db-journal");
	ck_assert(!sv_eq(before, file));
	store_close(st);
	stock_write("s.db", file);
	stock_write("s.db-journal", journal);
	ck_assert(store_open(stock_path("s.db"), STORE_READ, &e) == NULL);
	ck_assert_msg(sv_has(sv_str(e.msg), SV("interrupted")), "%s", e.msg);
	st = open_store("s.db", STORE_WRITE);
	ck_assert(store_recovered(st));
	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM str"), 0);
	store_close(st);
	store_close(open_store("s.db", STORE_READ));
}
END_TEST

/* Killed while the first tables were written: all pages are in the journal's
 * reach, and the file is empty again. */
START_TEST(interrupted_creation)
{
	sv whole;

	store_close(open_store("s.db", STORE_WRITE));
	whole = stock_read("s.db");
	stock_write("s.db", sv_take(whole, 8192));
	/* A journal's header: magic, no page, nonce, old size 0, sector 512,
	 * page size 8192. */
	{
		char head[512] = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7";

		head[22] = 2;
		head[26] = 0x20;
		stock_write("s.db-journal", sv_of(head, sizeof(head)));
	}
	store_close(open_store("s.db", STORE_WRITE));
	store_close(open_store("s.db", STORE_READ));
}
END_TEST

static const char line[] = "2026-06-12T13:00:%02d.000001+00:00 app[web.1]: "
    "text %d of nobody else\n";

static sv
one_line(int i)
{
	char text[200];

	return arena_sv(&stock_arena, sv_of(text, (size_t)snprintf(text,
	    sizeof(text), line, i, i)));
}

/* Each sees the texts that the other added. */
START_TEST(two_writers_in_turn)
{
	struct err e = ERR_INIT;
	struct store *st[2];
	struct loader *l[2];

	for (int i = 0; i < 2; i++) {
		st[i] = open_store("s.db", STORE_WRITE);
		l[i] = loader_open(st[i], &e);
		ck_assert_msg(l[i] != NULL, "%s", e.msg);
	}
	for (int i = 0; i < 6; i++) {
		char name[32];

		snprintf(name, sizeof(name), "%d.log", i);
		stock_write(name, one_line(i));
		stock_ingest(loader_sink(l[i % 2]), name);
	}
	ck_assert_int_eq(stock_number(st[0], "SELECT count(DISTINCT message) "
	    "FROM app_events"), 6);
	ck_assert_int_eq(stock_number(st[0], "SELECT count(*) FROM (SELECT s "
	    "FROM str GROUP BY s HAVING count(*) > 1)"), 0);
	for (int i = 0; i < 2; i++) {
		loader_close(l[i]);
		store_close(st[i]);
	}
}
END_TEST

START_TEST(views_of_dumps_are_allowed)
{
	struct store *st = open_store("s.db", STORE_WRITE);

	stock_load(st, "thing.csv", SV("a,b,c\n1,2,3\n"));
	store_close(st);
	store_close(open_store("s.db", STORE_READ));
	store_close(open_store("s.db", STORE_WRITE));
}
END_TEST

Suite *
test_db(void)
{
	Suite *s = suite_create("db");
	TCase *t = tcase_create("db");

	tcase_add_checked_fixture(t, stock_setup, stock_teardown);
	tcase_add_loop_test(t, columns_are_the_fields, REC_NONE + 1, REC_KIND_N);
	tcase_add_test(t, made_when_missing);
	tcase_add_test(t, empty_file_becomes_a_store);
	tcase_add_test(t, name_is_a_name);
	add_table(t, spoiled_is_refused_and_kept, spoiled);
	tcase_add_test(t, foreign_wal_file_is_kept);
	tcase_add_test(t, no_regular_file_is_refused);
	tcase_add_test(t, link_to_nothing_is_refused);
	tcase_add_test(t, missing_is_not_made_for_reading);
	tcase_add_test(t, interrupted_write);
	tcase_add_test(t, interrupted_creation);
	tcase_add_test(t, two_writers_in_turn);
	tcase_add_test(t, views_of_dumps_are_allowed);
	suite_add_tcase(s, t);
	return s;
}
