/* SPDX-License-Identifier: MIT */
#include "store/query.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include "store/db.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_query(void);

static struct store *st;

static void
setup(void)
{
	stock_setup();
	st = stock_memory();
	stock_sql(st, "INSERT INTO str VALUES (1, 'one'), (2, 'two')");
}

static void
teardown(void)
{
	store_close(st);
	stock_teardown();
}

static const char *const bad[] = {
	"", ";", "-- nothing\n", "nonsense", "SELECT", "SELECT no_such_column",
	"SELECT 1; SELECT 2", "SELECT 1; DROP TABLE str", "SELECT 1;;SELECT 2",
	"SELECT 1 -- two\n; DELETE FROM str",
	"INSERT INTO str VALUES (3, 'x')", "UPDATE str SET s = 'x'",
	"DELETE FROM str", "REPLACE INTO str VALUES (1, 'x')",
	"INSERT INTO str VALUES (3, 'x') RETURNING id",
	"WITH x AS (SELECT 1) DELETE FROM str",
	"CREATE TABLE t (x)", "CREATE TEMP TABLE t (x)",
	"CREATE TEMP TABLE t AS SELECT 1", "CREATE VIEW v AS SELECT 1",
	"CREATE TEMP VIEW v AS SELECT 1", "CREATE INDEX i ON str (s)",
	"CREATE TRIGGER t AFTER INSERT ON str BEGIN SELECT 1; END",
	"CREATE VIRTUAL TABLE t USING fts5(x)", "DROP TABLE str",
	"ALTER TABLE str RENAME TO x", "REINDEX", "ANALYZE", "VACUUM",
	"VACUUM INTO 'copy.db'", "ATTACH 'x.db' AS x", "ATTACH ':memory:' AS x",
	"DETACH main", "PRAGMA user_version", "PRAGMA user_version = 3",
	"PRAGMA query_only = 0", "BEGIN", "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK",
	"SAVEPOINT s", "RELEASE s", "EXPLAIN SELECT 1",
	"EXPLAIN QUERY PLAN SELECT 1",
	"SELECT load_extension('x')", "SELECT LOAD_EXTENSION('x')",
	"SELECT random()", "SELECT randomblob(10)", "SELECT hex(RandomBlob(10))",
	"SELECT zeroblob(1000)", "SELECT fts3_tokenizer('simple')",
	"SELECT total_changes()", "SELECT changes()", "SELECT last_insert_rowid()",
	"SELECT sqlite_version()", "SELECT sqlite_source_id()",
	"SELECT sqlite_compileoption_get(0)",
	"SELECT * FROM str ORDER BY random()",
	"SELECT * FROM sqlite_schema", "SELECT count(*) FROM sqlite_schema",
	"SELECT * FROM sqlite_master", "SELECT * FROM main.sqlite_schema",
	"SELECT * FROM sqlite_temp_schema",
	"SELECT (SELECT count(*) FROM sqlite_schema)",
	"WITH x AS (SELECT sql FROM sqlite_schema) SELECT * FROM x",
	"SELECT * FROM pragma_table_info('str')",
	"SELECT count(*) FROM pragma_table_info('str')",
	"SELECT * FROM pragma_database_list",
	"SELECT * FROM pragma_table_list, str", "SELECT * FROM dbstat",
	"SELECT count(*) FROM dbstat", "SELECT * FROM sqlite_stmt",
	"VALUES (randomblob(1))",
	"SELECT CURRENT_TIMESTAMP", "SELECT current_date", "SELECT current_time",
	"SELECT subtype(1)", "SELECT sqlite_log(1, 'x')",
	"SELECT highlight(str, 0, '', '') FROM str",
	"SELECT * FROM json_each(randomblob(3))",
	"SELECT sum(random()) OVER () FROM str",
	"SELECT count(*) FILTER (WHERE random() > 0) FROM str",
	"WITH x AS MATERIALIZED (SELECT random() AS r) SELECT r FROM x",
	"SELECT * FROM str LIMIT random()",
};

START_TEST(refused)
{
	struct err e = ERR_INIT;
	struct query *q = query_open(st, sv_str(bad[_i]), NULL, &e);

	ck_assert_msg(q == NULL, "%s", bad[_i]);
	ck_assert_int_eq(e.status, ST_USAGE);
	ck_assert(e.msg[0] != '\0');
	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM str"), 2);
}
END_TEST

static struct query *
open_query(sv sql)
{
	struct err e = ERR_INIT;
	struct query *q = query_open(st, sql, NULL, &e);

	ck_assert_msg(q != NULL, "%s", e.msg);
	return q;
}

static const char *const good[] = {
	"SELECT 1", "SELECT 1;", "SELECT 1 ; -- done", "SELECT 1 /* x */ ;;",
	"-- first\nSELECT 1", "VALUES (1)", "WITH x(y) AS (SELECT 1) SELECT y FROM x",
	"SELECT count(*) FROM requests", "SELECT * FROM metrics",
	"SELECT value FROM json_each('[1]')", "SELECT s FROM str",
	"SELECT 'ATTACH', '; DROP TABLE str'",
	"SELECT max(id) OVER (ORDER BY id) FROM str",
};

START_TEST(allowed)
{
	struct query *q = open_query(sv_str(good[_i]));
	struct err e = ERR_INIT;

	while (query_next(q, &e) == QUERY_MORE)
		;
	ck_assert_msg(e.status == ST_OK, "%s", e.msg);
	query_close(q);
}
END_TEST

/* A view may be called as a dump's and hold anything. */
START_TEST(views_call_no_more)
{
	struct err e = ERR_INIT;

	stock_sql(st, "CREATE VIEW csv_x AS SELECT randomblob(1); "
	    "CREATE VIEW csv_y AS SELECT name FROM sqlite_schema");
	ck_assert(query_open(st, SV("SELECT * FROM csv_x"), NULL, &e) == NULL);
	ck_assert(query_open(st, SV("SELECT * FROM csv_y"), NULL, &e) == NULL);
}
END_TEST

/* What another program does to the schema of a store after the statement was
 * compiled and before it runs, when SQLite compiles it anew. */
static const struct {
	const char *change;
	enum query_end end;
} changes[] = {
	{ "CREATE VIEW csv_other AS SELECT 2 AS x", QUERY_MORE },
	{ "DROP VIEW csv_t; CREATE VIEW csv_t AS SELECT 1 AS x, 2 AS y",
	    QUERY_MORE },
	{ "DROP VIEW csv_t; CREATE VIEW csv_t AS SELECT random() AS x",
	    QUERY_FAILED },
	{ "DROP VIEW csv_t; CREATE VIEW csv_t AS SELECT sql AS x "
	    "FROM sqlite_schema", QUERY_FAILED },
	{ "DROP VIEW csv_t; CREATE VIEW csv_t AS SELECT 1 AS z", QUERY_FAILED },
	{ "DROP VIEW csv_t", QUERY_FAILED },
};

START_TEST(schema_changes_meanwhile)
{
	struct err e = ERR_INIT;
	struct store *file = store_open(stock_path("s.db"), STORE_WRITE, &e);
	struct query *q;

	stock_sql(file, "CREATE VIEW csv_t AS SELECT 1 AS x");
	store_close(file);
	file = store_open(stock_path("s.db"), STORE_READ, &e);
	ck_assert_msg(file != NULL, "%s", e.msg);
	q = query_open(file, SV("SELECT x FROM csv_t"), NULL, &e);
	ck_assert_msg(q != NULL, "%s", e.msg);
	stock_change("s.db", changes[_i].change);
	ck_assert_int_eq(query_next(q, &e), changes[_i].end);
	ck_assert((e.status == ST_OK) == (changes[_i].end == QUERY_MORE));
	if (changes[_i].end == QUERY_MORE)
		ck_assert_int_eq(query_i64(q, 0), 1);
	query_close(q);
	store_close(file);
}
END_TEST

/* Even a statement that the authorizer let pass could not write. */
START_TEST(connection_is_read_only_meanwhile)
{
	struct query *q = open_query(SV("SELECT 1"));

	ck_assert_int_eq(sqlite3_set_authorizer(store_handle(st), NULL, NULL),
	    SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(store_handle(st), "DELETE FROM str",
	    NULL, NULL, NULL), SQLITE_READONLY);
	query_close(q);
	stock_sql(st, "DELETE FROM str");
}
END_TEST

/* Long enough to be worth keeping. */
static sv
long_query(struct buf *b, int nr)
{
	buf_clear(b);
	buf_str(b, "SELECT :x, count(*)");
	for (int i = 0; i < 200; i++)
		buf_printf(b, ", %d", nr + i);
	buf_str(b, " FROM str WHERE s <> coalesce(:y, '')");
	return buf_sv(b);
}

static int
statements(void)
{
	sqlite3_stmt *s = NULL;
	int n = 0;

	while ((s = sqlite3_next_stmt(store_handle(st), s)) != NULL)
		n++;
	return n;
}

/* What is compiled once serves again, and keeps nothing of before. */
START_TEST(statements_are_kept)
{
	struct buf text = BUF_INIT;
	sv sql = long_query(&text, 0);
	struct query *q = open_query(sql);
	int n = statements();
	struct query_cost cost = { 0 };
	struct err e = ERR_INIT;

	ck_assert(query_bind_i64(q, "x", 7));
	ck_assert_int_eq(query_next(q, &e), QUERY_MORE);
	ck_assert_int_eq(query_i64(q, 0), 7);
	query_close(q);
	ck_assert_int_eq(statements(), n);

	q = open_query(sql);
	ck_assert_int_eq(statements(), n);
	query_cost(q, &cost);
	ck_assert_uint_eq(cost.steps, 0);
	ck_assert_int_eq(query_next(q, &e), QUERY_MORE);
	ck_assert(query_is_null(q, 0));
	ck_assert_int_eq(query_i64(q, 1), 2);
	query_close(q);
	stock_sql(st, "DELETE FROM str");
	q = open_query(sql);
	ck_assert_int_eq(query_next(q, &e), QUERY_MORE);
	ck_assert_int_eq(query_i64(q, 1), 0);
	query_close(q);
	buf_release(&text);
}
END_TEST

/* Two of one text at a time are two; more than are kept go by age. */
START_TEST(statements_in_use_are_not)
{
	struct buf sql = BUF_INIT;
	struct query *a = open_query(long_query(&sql, 1)), *b;
	struct err e = ERR_INIT;

	ck_assert_int_eq(query_next(a, &e), QUERY_MORE);
	b = open_query(buf_sv(&sql));
	ck_assert_int_eq(query_next(b, &e), QUERY_MORE);
	query_close(b);
	ck_assert_int_eq(query_next(a, &e), QUERY_DONE);
	query_close(a);
	for (int i = 0; i < 300; i++) {
		a = open_query(long_query(&sql, i % 200));
		ck_assert_int_eq(query_next(a, &e), QUERY_MORE);
		ck_assert_int_eq(query_i64(a, 2), i % 200);
		query_close(a);
	}
	buf_release(&sql);
}
END_TEST

START_TEST(costs)
{
	struct query *q = open_query(SV("SELECT s FROM str ORDER BY s"));
	struct query_cost cost = { 0 }, again = { 0 };
	struct err e = ERR_INIT;

	while (query_next(q, &e) == QUERY_MORE)
		;
	query_cost(q, &cost);
	query_cost(q, &again);
	query_close(q);
	ck_assert_uint_eq(cost.rows, 2);
	ck_assert_uint_gt(cost.steps, 5);
	ck_assert_uint_eq(cost.scanned, 1); /* steps behind the first row */
	ck_assert_uint_eq(cost.sorts, 1);
	ck_assert_uint_eq(again.rows + again.steps, 0);
}
END_TEST

START_TEST(second_statement_names_its_place)
{
	struct err e = ERR_INIT;
	int at = 0;

	ck_assert(query_open(st, SV("SELECT 1; SELECT 2"), &at, &e) == NULL);
	ck_assert_int_eq(at, 9);
	ck_assert_str_eq(e.msg, "more than one statement");
}
END_TEST

START_TEST(nul_is_refused)
{
	struct err e = ERR_INIT;

	ck_assert(query_open(st, SV("SELECT 1\0; DROP TABLE str"), NULL, &e) ==
	    NULL);
	ck_assert_int_eq(e.status, ST_USAGE);
}
END_TEST

START_TEST(error_names_its_place)
{
	struct err e = ERR_INIT;
	int at = 0;

	ck_assert(query_open(st, SV("SELECT no_such"), &at, &e) == NULL);
	ck_assert_int_eq(at, 7);
	ck_assert(sv_has(sv_str(e.msg), SV("no_such")));
}
END_TEST

/* The statement that ends is as free as before: the guard is not for ours. */
START_TEST(guard_ends_with_the_last_query)
{
	struct query *a = open_query(SV("SELECT 1"));
	struct query *b = open_query(SV("SELECT 2"));
	struct err e = ERR_INIT;

	query_close(a);
	ck_assert(query_open(st, SV("DELETE FROM str"), NULL, &e) == NULL);
	query_close(b);
	stock_sql(st, "DELETE FROM str");
	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM str"), 0);
}
END_TEST

static const char endless[] = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
    "SELECT i + 1 FROM n) SELECT ";

START_TEST(endless_ends)
{
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;
	struct query *q;

	buf_printf(&b, "%scount(*) FROM n", endless);
	q = open_query(buf_sv(&b));
	query_limit(q, 0.05, 0);
	ck_assert_int_eq(query_next(q, &e), QUERY_LIMIT);
	ck_assert_str_eq(query_limit_hit(q), "time");
	ck_assert_int_eq(e.status, ST_OK);
	query_close(q);
	q = open_query(SV("SELECT count(*) FROM str"));
	ck_assert_int_eq(query_next(q, &e), QUERY_MORE);
	query_close(q);
	buf_release(&b);
}
END_TEST

static const struct {
	uint64_t limit;
	uint64_t rows;
	enum query_end end;
} limits[] = {
	{ 0, 4, QUERY_DONE }, { 1, 1, QUERY_LIMIT }, { 3, 3, QUERY_LIMIT },
	{ 4, 4, QUERY_DONE }, { 5, 4, QUERY_DONE },
};

/* As many rows as the limit are all of them, not cut ones. */
START_TEST(rows_end_at_the_limit)
{
	struct query *q = open_query(SV("VALUES (1), (2), (3), (4)"));
	struct err e = ERR_INIT;
	enum query_end end;
	uint64_t n = 0;

	query_limit(q, 0, limits[_i].limit);
	while ((end = query_next(q, &e)) == QUERY_MORE)
		n++;
	ck_assert_int_eq(end, limits[_i].end);
	ck_assert_uint_eq(n, limits[_i].rows);
	if (end == QUERY_LIMIT)
		ck_assert_str_eq(query_limit_hit(q), "rows");
	query_close(q);
}
END_TEST

static const char *const failing[] = {
	"SELECT abs(-9223372036854775808)", "SELECT json_extract('x', '$')",
	"SELECT sum(column1) FROM (VALUES (9223372036854775807), (1))",
	"SELECT 'a' LIKE printf('%.*c', 600, 'x')",
};

START_TEST(failures_are_told)
{
	struct query *q = open_query(sv_str(failing[_i]));
	struct err e = ERR_INIT;

	ck_assert_int_eq(query_next(q, &e), QUERY_FAILED);
	ck_assert_int_eq(e.status, ST_FAIL);
	ck_assert(e.msg[0] != '\0');
	query_close(q);
}
END_TEST

START_TEST(parameters)
{
	struct query *q = open_query(SV("SELECT :n, :x, :t, @other, ?9"));
	struct err e = ERR_INIT;

	ck_assert(query_bind_i64(q, "n", INT64_MIN));
	ck_assert(query_bind_real(q, "x", 0.5));
	ck_assert(query_bind_text(q, "t", SV("a\0b")));
	ck_assert(!query_bind_i64(q, "m", 1));
	ck_assert(!query_bind_i64(q, ":n", 1));
	ck_assert(!query_bind_text(q, "other", SV("x")));
	ck_assert_str_eq(query_param(q, 1), "n");
	ck_assert(query_param(q, 4) == NULL);
	ck_assert(query_param(q, 99) == NULL);
	ck_assert_int_eq(query_next(q, &e), QUERY_MORE);
	ck_assert(query_i64(q, 0) == INT64_MIN);
	ck_assert(query_real(q, 1) > 0.4 && query_real(q, 1) < 0.6);
	ck_sv_lit(query_text(q, 2), "a\0b");
	ck_assert(query_is_null(q, 3));
	ck_assert(sv_null(query_text(q, 4)));
	query_close(q);
}
END_TEST

START_TEST(columns)
{
	struct query *q = open_query(SV("SELECT 7 AS a, x'610062' AS b, '' AS c"));
	struct err e = ERR_INIT;

	ck_assert_int_eq(query_columns(q), 3);
	ck_sv_lit(query_column_name(q, 1), "b");
	ck_assert_int_eq(query_column(q, "c"), 2);
	ck_assert_int_eq(query_column(q, "d"), -1);
	ck_assert_int_eq(query_next(q, &e), QUERY_MORE);
	ck_sv_lit(query_text(q, 0), "7");
	ck_sv_lit(query_text(q, 1), "a\0b");
	ck_sv_lit(query_text(q, 2), "");
	ck_assert(!sv_null(query_text(q, 2)));
	ck_assert_int_eq(query_next(q, &e), QUERY_DONE);
	query_close(q);
}
END_TEST

START_TEST(one_number)
{
	ck_assert_int_eq(query_one_i64(st, "SELECT max(id) FROM str", 9), 2);
	ck_assert_int_eq(query_one_i64(st, "SELECT max(ts) FROM app", 9), 9);
	ck_assert_int_eq(query_one_i64(st, "SELECT id FROM app", 9), 9);
}
END_TEST

/* What cannot be read is not nothing. */
START_TEST(a_damaged_store_is_an_error)
{
	static const char sql[] = "SELECT max(ts) FROM loss";
	struct err e = ERR_INIT;
	struct store *file;
	int64_t v = 5;
	char junk[8192];
	int fd;

	store_close(store_open(stock_path("s.db"), STORE_WRITE, &e));
	file = store_open(stock_path("s.db"), STORE_READ, &e);
	ck_assert(file != NULL);
	ck_assert(query_read_i64(file, sql, &v, &e) && v == 5);
	ck_assert(query_read_i64(file, "SELECT 7", &v, &e) && v == 7);
	store_close(file);
	memset(junk, 0xff, sizeof(junk));
	fd = open(stock_path("s.db"), O_RDWR);
	file = store_open(stock_path("s.db"), STORE_READ, &e);
	ck_assert(file != NULL);
	for (off_t at = 8192; at < lseek(fd, 0, SEEK_END); at += 8192)
		ck_assert(pwrite(fd, junk, sizeof(junk), at) ==
		    (ssize_t)sizeof(junk));
	close(fd);
	ck_assert(!query_read_i64(file, sql, &v, &e));
	ck_assert_int_eq(e.status, ST_FAIL);
	ck_assert_msg(strstr(e.msg, "store-refused") == e.msg, "%s", e.msg);
	store_close(file);
}
END_TEST

Suite *
test_query(void)
{
	Suite *s = suite_create("query");
	TCase *t = tcase_create("query");

	tcase_add_checked_fixture(t, setup, teardown);
	add_table(t, refused, bad);
	add_table(t, allowed, good);
	tcase_add_test(t, views_call_no_more);
	add_table(t, schema_changes_meanwhile, changes);
	tcase_add_test(t, connection_is_read_only_meanwhile);
	tcase_add_test(t, statements_are_kept);
	tcase_add_test(t, a_damaged_store_is_an_error);
	tcase_add_test(t, statements_in_use_are_not);
	tcase_add_test(t, costs);
	tcase_add_test(t, second_statement_names_its_place);
	tcase_add_test(t, nul_is_refused);
	tcase_add_test(t, error_names_its_place);
	tcase_add_test(t, guard_ends_with_the_last_query);
	tcase_add_test(t, endless_ends);
	add_table(t, rows_end_at_the_limit, limits);
	add_table(t, failures_are_told, failing);
	tcase_add_test(t, parameters);
	tcase_add_test(t, columns);
	tcase_add_test(t, one_number);
	suite_add_tcase(s, t);
	return s;
}
