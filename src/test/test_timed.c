/* SPDX-License-Identifier: MIT */
/* What stands before a table gives the rows that the table gives. */
#include "store/timed.h"

#include "base/buf.h"
#include "store/db.h"
#include "store/query.h"
#include "store/shadow.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_timed(void);

enum { ROWS = 3000 };

/* Times that jump back and forth, with holes between ids, of two inputs; a few
 * rows of another table beside them. */
static const char fill[] =
    "INSERT INTO source (id, digest, name, format, form, arrived, bytes, read, "
    "stored, duplicates, rejected, blank, first) VALUES (1, x'01', 'a', 'x', "
    "'pull', 5, 0, 0, 0, 0, 0, 0, 0), (2, x'02', 'b', 'x', 'pull', 15, "
    "0, 0, 0, 0, 0, 0, 0);"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
    "WHERE i < 3000) INSERT INTO access (id, ts, source, line, byte, hash, nth, "
    "origin, status, path, request_id) SELECT i * 3 + i / 700 * 500, "
    "1000 + i * 10 + i * 7919 % 4000 * (i % 5 = 0) - i * 31 % 90, 1 + i % 2, "
    "i, i, i, 1, 1, iif(i % 7, i % 600, NULL), 'p' || i, CASE i % 11 "
    "WHEN 0 THEN NULL WHEN 1 THEN 'text-' || i % 40 WHEN 2 THEN i % 50 || '' "
    "ELSE CAST(printf('%016d', i % 900) AS BLOB) END FROM n;"
    "INSERT INTO loss (id, ts, source, line, byte, hash, nth, origin, code, "
    "scope, message) SELECT id + 1, ts + 2, source, 1, 1, 1, 1, 1, 1, 1, 'x' "
    "FROM access WHERE line > 2990;";

static const char stretches[] =
    "DELETE FROM stretch; INSERT INTO stretch SELECT id & -64, 0, min(ts), "
    "max(ts) FROM (SELECT id, ts FROM access UNION ALL SELECT id, ts FROM loss) "
    "GROUP BY 1";

static struct store *st;

static void
setup(void)
{
	struct err e = ERR_INIT;

	stock_setup();
	st = stock_memory();
	stock_sql(st, fill);
	stock_sql(st, stretches);
	ck_assert_msg(shadow_install(st, &e), "%s", e.msg);
	ck_assert_int_eq(stock_number(st, "SELECT type = 'table' FROM "
	    "temp.sqlite_schema WHERE name = 'access'"), 1);
}

static void
teardown(void)
{
	store_close(st);
	stock_teardown();
}

/* What a SELECT gives whose @ is before the name of the table. */
static sv
answer(const char *select, const char *where)
{
	sv rest = sv_str(select), first = sv_cut(&rest, '@');
	struct buf b = BUF_INIT;
	sv out;

	buf_printf(&b, "%.*s%s%.*s%c", SV_ARG(first), where, SV_ARG(rest), '\0');
	out = stock_text(st, b.p);
	buf_release(&b);
	return out;
}

static void
ck_same(const char *select)
{
	ck_sv(answer(select, ""), answer(select, "main."));
}

#define ALL "SELECT count(*) || ':' || coalesce(group_concat(id || ' ' || ts || " \
	"' ' || coalesce(status, '-') || path), '') FROM (SELECT * FROM " \
	"@access WHERE "
#define BY_ID " ORDER BY id)"

static const char *const conditions[] = {
	"ts BETWEEN 5000 AND 6000", "ts > 5000 AND ts < 6000",
	"ts >= 5000 AND ts <= 5000", "ts = 5010", "ts IS 5010", "ts IS NULL",
	"ts BETWEEN 6000 AND 5000", "ts < 1100", "ts > 30900", "ts >= 35000",
	"ts >= 0", "ts <= 99999", "ts > -9223372036854775808",
	"ts < 9223372036854775807", "ts <= 9223372036854775807",
	"ts BETWEEN -9223372036854775808 AND 9223372036854775807",
	"ts >= NULL", "ts BETWEEN NULL AND 6000", "ts BETWEEN 5000 AND NULL",
	"ts = NULL", "ts > 5000.5 AND ts < 5020.5", "ts >= 5010.0", "ts = 5010.0",
	"ts = 5010.5", "ts > 1e300", "ts < 1e300", "ts > -1e300", "ts < -1e300",
	"ts > '5000' AND ts < ' 5100 '", "ts = '5010'", "ts = '5010.0'",
	"ts = 'x'", "ts > 'x'", "ts < 'x'", "ts < x'00'", "ts >= x'00'",
	"ts > 5000 AND ts > 5500 AND ts < 6000 AND ts < 5800",
	"ts IN (5010, 5020, 7777, NULL)", "ts = 5010 OR ts = 5020",
	"ts < 1100 OR ts BETWEEN 8000 AND 8100", "NOT ts < 30000",
	"id = 300", "id = 301", "id IS 300", "id = NULL", "id = '300'",
	"id = 300.0", "id = 300.5", "id = 'x'", "id IN (3, 6, 7, 300)",
	"id BETWEEN 300 AND 330", "id > 300 AND id <= 330", "id < 10",
	"id >= 9000", "id > 9e99", "id > 'x'", "id < 'x'", "id > NULL",
	"rowid = 300", "rowid BETWEEN 300 AND 330", "rowid > 9000",
	"id = 300 AND ts > 5000", "id = 300 AND ts < 5000",
	"id BETWEEN 300 AND 900 AND ts BETWEEN 1500 AND 2500",
	"status = 1", "status IS NULL AND ts < 3000", "path = 'p77'", "1",
	"source = 1 AND ts BETWEEN 2000 AND 3000", "ts + 0 < 2000",
	"request_id = CAST('0000000000000007' AS BLOB)",
	"request_id = '0000000000000007'", "request_id = 'text-7'",
	"request_id = 'TEXT-7' COLLATE NOCASE", "request_id = 'text-7' AND ts > 900",
	"request_id = 'text-7' AND ts BETWEEN 2000 AND 9000 AND id > 70",
	"request_id = 'text-7' AND ts = 4480", "request_id = NULL",
	"request_id IS NULL", "request_id IS 'text-7'", "request_id = 7",
	"request_id = 7.0", "request_id = id", "request_id = 'x'",
	"request_id IN ('text-1', 'text-2', 'text-3', 'text-4', 'text-5', NULL)",
	"request_id = 'text-7' OR request_id = 'text-8'",
	"ts BETWEEN 5000 AND 5100 AND EXISTS (SELECT 1 FROM loss WHERE "
	"loss.ts > access.ts)",
};

START_TEST(same_rows)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, ALL "%s" BY_ID "%c", conditions[_i], '\0');
	ck_same(b.p);
	buf_release(&b);
}
END_TEST

static const char *const statements[] = {
	"SELECT group_concat(ts) FROM (SELECT ts FROM @access ORDER BY ts)",
	"SELECT group_concat(ts) FROM (SELECT ts FROM @access ORDER BY ts DESC)",
	"SELECT group_concat(id) FROM (SELECT id, ts FROM @access "
	"WHERE ts > 9000 ORDER BY ts DESC, id LIMIT 40)",
	"SELECT min(ts) FROM @access", "SELECT max(ts) FROM @access",
	"SELECT min(ts) FROM @loss", "SELECT max(ts) FROM @loss",
	"SELECT group_concat(ts) FROM (SELECT ts FROM @loss ORDER BY ts)",
	"SELECT group_concat(ts) FROM (SELECT ts FROM @loss ORDER BY ts DESC)",
	"SELECT min(ts) FROM @app", "SELECT count(*) FROM @app",
	"SELECT max(ts) FROM @access WHERE ts < 7000",
	"SELECT min(ts) || max(ts) FROM @access",
	"SELECT group_concat(n) FROM (SELECT count(*) AS n FROM @access "
	"GROUP BY ts / 1000)",
	"SELECT group_concat(ts) FROM (SELECT DISTINCT ts FROM @access "
	"ORDER BY 1)",
	"SELECT count(*) FROM @access", "SELECT sum(rowid) FROM @access",
	"SELECT count(*) || ' ' || sum(rowid) FROM @loss",
	"SELECT count(*) || ' ' || sum(a.id) FROM json_each('[1000, 5000, 5050, "
	"40000, null, \"7000\", 8000.5]') AS j CROSS JOIN @access AS a "
	"ON a.ts BETWEEN j.value AND j.value + 100",
	"SELECT group_concat(a.id || ' ' || coalesce(b.id, '-')) FROM loss AS a "
	"LEFT JOIN @access AS b ON b.ts = a.ts - 2 ORDER BY 1",
	"SELECT count(*) FROM main.access AS a CROSS JOIN @access AS b "
	"ON b.id = a.id + 3",
	"SELECT count(*) FROM main.loss AS a, @access AS b",
	"SELECT count(*) || ' ' || total(a.id * b.id) FROM main.access AS a "
	"CROSS JOIN @access AS b ON b.request_id = a.request_id",
	"SELECT count(*) || ' ' || total(a.id * b.id) FROM main.access AS a "
	"CROSS JOIN @access AS b ON b.request_id = a.request_id "
	"WHERE b.ts > 2000 AND b.ts <= 20000",
	"SELECT count(*) || ' ' || total(a.id * b.id) FROM main.access AS a "
	"CROSS JOIN @access AS b ON b.request_id = a.request_id "
	"AND b.ts BETWEEN a.ts - 900 AND a.ts",
	"SELECT count(*) || ' ' || total(b.id) FROM main.access AS a "
	"LEFT JOIN @access AS b ON b.request_id = a.request_id AND b.ts > a.ts",
	"SELECT group_concat(j.value || ':' || a.id) FROM json_each('[\"text-1\", "
	"7, \"7\", null, 8.0, \"text-2\", \"text-3\", \"x\", \"9\"]') AS j "
	"CROSS JOIN @access AS a ON a.request_id = j.value",
	"SELECT count(*) || ' ' || total(b.id) FROM main.access AS a CROSS JOIN "
	"@access AS b ON b.request_id = a.status WHERE a.id < 900",
	"SELECT total((SELECT count(*) FROM @access AS b WHERE b.ts > a.ts AND "
	"b.ts <= a.ts + 50)) FROM main.access AS a WHERE a.line % 50 = 0",
};

START_TEST(same_answers)
{
	ck_same(statements[_i]);
}
END_TEST

/* Rows and ranges as chance has them. */
START_TEST(any_range)
{
	struct buf b = BUF_INIT;

	stock_sql(st, "DELETE FROM main.access; WITH RECURSIVE n(i, x) AS (SELECT "
	    "1, 12345 UNION ALL SELECT i + 1, (x * 1103515245 + 12345) & "
	    "2147483647 FROM n WHERE i < 3000) INSERT INTO main.access (id, ts, "
	    "source, line, byte, hash, nth, origin, path) SELECT i * 2 + (x >> 9 "
	    "& 1), i * 4 + iif(x >> 8 & 31, x >> 16 & 15, x >> 12 & 8191), 1, i, "
	    "i, i, 1, 1, 'p' FROM n");
	stock_sql(st, stretches);
	for (unsigned i = 0, x = 7; i < 400; i++) {
		unsigned from, width;

		x = x * 1664525 + 1013904223;
		from = (x >> 8) % 21000;
		x = x * 1664525 + 1013904223;
		width = 1U << (x >> 9) % 13;
		buf_clear(&b);
		buf_printf(&b, "SELECT count(*) || ' ' || total(id * (ts + 1)) || "
		    "' ' || total(id) FROM @access WHERE ts %s %u AND ts %s %u%c",
		    x >> 30 & 1 ? ">" : ">=", from, x >> 29 & 1 ? "<" : "<=",
		    from + width, '\0');
		ck_same(b.p);
	}
	buf_release(&b);
}
END_TEST

/* A store that has no stretches has rows of any time. */
START_TEST(no_stretches)
{
	stock_sql(st, "DELETE FROM stretch");
	ck_same(ALL "ts BETWEEN 5000 AND 6000" BY_ID);
	ck_same("SELECT max(ts) FROM @access");
}
END_TEST

/* What is written later is seen, by this connection and by another. */
START_TEST(changes)
{
	static const char add[] = "INSERT INTO main.access (id, ts, source, line, "
	    "byte, hash, nth, origin) VALUES (90000, 90000, 1, 1, 1, 1, 1, 1); "
	    "INSERT INTO stretch VALUES (89984, 0, 90000, 90000)";
	static const char count[] = "SELECT count(*) FROM access "
	    "WHERE ts BETWEEN 89000 AND 91000";
	struct err e = ERR_INIT;
	struct store *other;

	ck_assert_int_eq(stock_number(st, count), 0);
	stock_sql(st, add);
	ck_assert_int_eq(stock_number(st, count), 1);
	store_close(store_open(stock_path("s.db"), STORE_WRITE, &e));
	stock_change("s.db", fill);
	stock_change("s.db", stretches);
	other = store_open(stock_path("s.db"), STORE_READ, &e);
	ck_assert(shadow_install(other, &e));
	ck_assert_int_eq(stock_number(other, count), 0);
	stock_change("s.db", add);
	ck_assert_int_eq(stock_number(other, count), 1);
	store_close(other);
}
END_TEST

START_TEST(as_of)
{
	struct err e = ERR_INIT;
	struct store *old;

	store_close(store_open(stock_path("s.db"), STORE_WRITE, &e));
	stock_change("s.db", fill);
	stock_change("s.db", stretches);
	old = store_open(stock_path("s.db"), STORE_READ, &e);
	ck_assert_msg(store_as_of(old, 10, &e), "%s", e.msg);
	ck_assert_msg(shadow_install(old, &e), "%s", e.msg);
	ck_assert_int_eq(stock_number(old, "SELECT count(*) FROM access"),
	    ROWS / 2);
	ck_assert_int_eq(stock_number(old, "SELECT (SELECT count(*) FROM "
	    "access_lines WHERE ts BETWEEN 5000 AND 6000) = (SELECT count(*) "
	    "FROM main.access WHERE ts BETWEEN 5000 AND 6000 AND source = 1)"),
	    1);
	ck_assert_int_eq(stock_number(old, "SELECT (SELECT max(ts) FROM access) "
	    "= (SELECT max(ts) FROM main.access WHERE source = 1)"), 1);
	store_close(old);
}
END_TEST

/* Rows of full scans are counted as SQLite counts them, and the time is up
 * inside of the inner statement too. */
START_TEST(cost_and_limit)
{
	struct err e = ERR_INIT;
	struct query_cost a = { 0 }, b = { 0 };
	struct query *q = query_open(st, SV("SELECT total(status) FROM access"),
	    NULL, &e);

	ck_assert(query_next(q, &e) == QUERY_MORE);
	query_cost(q, &a);
	query_close(q);
	ck_assert_uint_eq(a.scanned, ROWS - 1);
	q = query_open(st, SV("SELECT total(status) FROM access WHERE ts > 0"),
	    NULL, &e);
	ck_assert(query_next(q, &e) == QUERY_MORE);
	query_cost(q, &b);
	query_close(q);
	ck_assert_uint_eq(b.scanned, 0);
	q = query_open(st, SV("SELECT count(*) FROM access AS a, access AS b, "
	    "access AS c WHERE a.status + b.status + c.status < 0"), NULL, &e);
	query_limit(q, 0.05, 0);
	ck_assert(query_next(q, &e) == QUERY_LIMIT);
	ck_assert_str_eq(query_limit_hit(q), "time");
	query_close(q);
}
END_TEST

/* Nothing can be written through them. */
START_TEST(read_only)
{
	struct err e = ERR_INIT;

	ck_assert(!query_open(st, SV("DELETE FROM access"), NULL, &e));
	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM main.access"),
	    ROWS);
}
END_TEST

Suite *
test_timed(void)
{
	Suite *s = suite_create("timed");
	TCase *t = tcase_create("timed");

	tcase_add_checked_fixture(t, setup, teardown);
	add_table(t, same_rows, conditions);
	add_table(t, same_answers, statements);
	tcase_add_test(t, any_range);
	tcase_add_test(t, no_stretches);
	tcase_add_test(t, changes);
	tcase_add_test(t, as_of);
	tcase_add_test(t, cost_and_limit);
	tcase_add_test(t, read_only);
	suite_add_tcase(s, t);
	return s;
}
