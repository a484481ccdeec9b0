/* SPDX-License-Identifier: MIT */
#include "detect/sqlfn.h"

#include <check.h>
#include <stdio.h>

#include "store/db.h"
#include "store/query.h"

Suite *test_sqlfn(void);

static struct store *st;

static const struct {
	const char *expr, *want; /* NULL: SQL NULL */
} rows[] = {
	{ "'abc' REGEXP 'b'", "1" },
	{ "'abc' REGEXP '(?i)B'", "1" },
	{ "'abc' REGEXP 'x'", "0" },
	{ "NULL REGEXP 'x'", NULL },
	{ "404 REGEXP '^4'", "1" },
	{ "CAST(x'6162006364' AS TEXT) REGEXP 'cd'", "1" },
	{ "x'6162006364' REGEXP 'b.c'", "1" },
	{ "wildcard('a*c', 'ABC')", "1" },
	{ "wildcard('a*c', 'abcd')", "0" },
	{ "wildcard('*b*', 'abc')", "1" },
	{ "wildcard('a?c', 'abc')", "1" },
	{ "wildcard('a?c', 'a' || char(233) || 'c')", "1" },
	{ "wildcard('a?c', 'ac')", "0" },
	{ "wildcard('a\\*c', 'a*c')", "1" },
	{ "wildcard('a\\*c', 'abc')", "0" },
	{ "wildcard('a\\\\*', 'a\\x')", "1" },
	{ "wildcard('a\\', 'a\\')", "1" },
	{ "wildcard('%_', 'ab')", "0" },
	{ "wildcard('[a]', '[A]')", "1" },
	{ "wildcard('*', '')", "1" },
	{ "wildcard('', '')", "1" },
	{ "wildcard('', 'a')", "0" },
	{ "wildcard('*ab*ab', 'xabab')", "1" },
	{ "wildcard('*ab*ab', 'xab')", "0" },
	{ "wildcard('*aab', 'aaab')", "1" },
	{ "wildcard('*cd*', CAST(x'6162006364' AS TEXT))", "1" },
	{ "wildcard('4*', 404)", "1" },
	{ "wildcard('a', NULL)", NULL },
	{ "wildcard_cased('a*c', 'ABC')", "0" },
	{ "wildcard_cased('A*C', 'ABC')", "1" },
	{ "number('10') > 9", "1" },
	{ "number('abc') > 9", NULL },
	{ "number('10x')", NULL },
	{ "number('1e1') = 10", "1" },
	{ "number(7)", "7" },
	{ "number(NULL)", NULL },
	{ "email_canonical('Ann.B+x@Gmail.com')", "annb@gmail.com" },
	{ "email_canonical('a.n.n@googlemail.com')", "ann@gmail.com" },
	{ "email_canonical(' Ann.B+x+y@Example.ORG ')", "ann.b@example.org" },
	{ "email_canonical('+x@example.org')", "+x@example.org" },
	{ "email_canonical('no mail+x')", "no mail+x" },
	{ "email_canonical(NULL)", NULL },
	{ "email_domain('A@b@Example.ORG')", "example.org" },
	{ "email_domain('none')", NULL },
	{ "email_domain(NULL)", NULL },
	{ "ip_key('198.51.100.7')", "198.51.100.7" },
	{ "ip_key('198.51.100.7:443')", "198.51.100.7" },
	{ "ip_key('198.51.100.7/32')", "198.51.100.7" },
	{ "ip_key('[2001:db8::1]:443')", "2001:db8::/64" },
	{ "ip_key('2001:db8:0:0::/64')", "2001:db8::/64" },
	{ "ip_key('::ffff:198.51.100.7')", "198.51.100.7" },
	{ "ip_key('unknown')", NULL },
	{ "ip_key(NULL)", NULL },
	{ "ip_text(3325256711)", "198.51.100.7" },
	{ "ip_text(x'20010db800000001')", "2001:db8:0:1::/64" },
	{ "ip_text(NULL)", NULL },
	{ "ip_in('198.51.100.7', '198.51.100.0/24')", "1" },
	{ "ip_in('198.51.101.7', '198.51.100.0/24')", "0" },
	{ "ip_in('x', '198.51.100.0/24')", NULL },
	{ "ip_in(3325256711, '198.51.100.0/24')", "1" },
	{ "ip_in(x'20010db800000001', '2001:db8::/32')", "1" },
	{ "ip_in('2001:db8:0:1::/64', '2001:db8:0:1::5')", "1" },
	{ "ip_in('2001:db8:0:1::6', '2001:db8:0:1::5')", "0" },
	{ "path_stem('/a?b')", "/a" },
	{ "path_stem('/a')", "/a" },
	{ "path_stem(NULL)", NULL },
	{ "path_query('/a?b?c')", "b?c" },
	{ "path_query('/a?')", "" },
	{ "path_query('/a')", NULL },
	{ "path_segment('/p/T/screens/s01/x?y', 'screens')", "s01" },
	{ "path_segment('/p/T/screens/s01?y', 'screens')", "s01" },
	{ "path_segment('/p/T/screens/', 'screens')", NULL },
	{ "path_segment('/p/T/screens', 'screens')", NULL },
	{ "path_segment('/p?/screens/s', 'screens')", NULL },
	{ "path_segment('/screens/screens', 'screens')", "screens" },
	{ "path_segment(NULL, 'screens')", NULL },
	{ "path_extension('/a.b/c.tar.gz?x.y')", "gz" },
	{ "path_extension('/a.b/c')", NULL },
	{ "code_severity('H12')", "critical" },
	{ "code_severity('H27')", "info" },
	{ "code_severity('L14')", "error" },
	{ "code_severity('history')", "warning" },
	{ "code_severity('h12')", NULL },
	{ "code_severity('H12' || char(0))", NULL },
	{ "code_severity(12)", NULL },
	{ "code_severity('')", NULL },
	{ "code_severity(NULL)", NULL },
	{ "code_meaning('R13')", "A one-off dyno started but its client could "
	    "not be attached." },
	{ "code_meaning('H77')", NULL },
	{ "code_meaning(NULL)", NULL },
	{ "(SELECT count_distinct(column1) FROM (VALUES (1),(1.0),('1'),(2),(NULL)))",
	    "3" },
	{ "(SELECT count_distinct(1) WHERE 0)", "0" },
	{ "(SELECT median(column1) FROM (VALUES (9),(1),(NULL),(2)))", "2.0" },
	{ "(SELECT median(column1) FROM (VALUES (9),(1),(2),(3)))", "2.5" },
	{ "(SELECT median(1) WHERE 0)", NULL },
};

START_TEST(values)
{
	struct err e = ERR_INIT;
	char sql[512];
	int n = snprintf(sql, sizeof(sql), "SELECT %s", rows[_i].expr);
	struct query *q = query_open(st, sv_of(sql, (size_t)n), NULL, &e);

	ck_assert_msg(q != NULL, "%s", e.msg);
	ck_assert_msg(query_next(q, &e) == QUERY_MORE, "%s", e.msg);
	if (!rows[_i].want) {
		ck_assert(query_is_null(q, 0));
	} else {
		sv got = query_text(q, 0);

		ck_assert_msg(!sv_null(got) && sv_is(got, rows[_i].want),
		    "%.*s", SV_ARG(got));
	}
	query_close(q);
}
END_TEST

static const struct {
	const char *expr;
	enum query_end want;
} stops[] = {
	{ "'a' REGEXP '('", QUERY_FAILED },
	{ "ip_in('198.51.100.7', 'x')", QUERY_FAILED },
	{ "ip_in('198.51.100.7', NULL)", QUERY_FAILED },
	{ "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab' REGEXP '^(a+)+$'",
	    QUERY_LIMIT },
};

START_TEST(failures)
{
	struct err e = ERR_INIT;
	char sql[512];
	int n = snprintf(sql, sizeof(sql), "SELECT %s", stops[_i].expr);
	struct query *q = query_open(st, sv_of(sql, (size_t)n), NULL, &e);

	ck_assert_msg(q != NULL, "%s", e.msg);
	ck_assert_int_eq(query_next(q, &e), stops[_i].want);
	query_close(q);
}
END_TEST

/* The sliding count equals the count of the window, at every row. */
START_TEST(window_equals_count)
{
	struct err e = ERR_INIT;
	static const char sql[] =
	    "WITH RECURSIVE s(i, x) AS (SELECT 1, 7 UNION ALL "
	    "  SELECT i + 1, (x * 75 + 74) % 65537 FROM s WHERE i < 400), "
	    "h(k, ts, v) AS (SELECT x % 3, i / 3, "
	    "  CASE x % 11 WHEN 0 THEN NULL ELSE x % 11 END FROM s) "
	    "SELECT count(*), total(n != ("
	    "  SELECT count(DISTINCT v) FROM h AS b WHERE b.k = a.k AND "
	    "  b.ts BETWEEN a.ts - 9 AND a.ts)) FROM (SELECT k, ts, "
	    "  count_distinct(v) OVER (PARTITION BY k ORDER BY ts "
	    "  RANGE BETWEEN 9 PRECEDING AND CURRENT ROW) AS n FROM h) AS a";
	struct query *q = query_open(st, SV(sql), NULL, &e);

	ck_assert_msg(q != NULL, "%s", e.msg);
	ck_assert_int_eq(query_next(q, &e), QUERY_MORE);
	ck_assert_int_eq(query_i64(q, 0), 400);
	ck_assert_int_eq(query_i64(q, 1), 0);
	query_close(q);
}
END_TEST

/* The same for the median, against sorting each window anew. */
START_TEST(window_equals_median)
{
	struct err e = ERR_INIT;
	static const char sql[] =
	    "WITH RECURSIVE s(i, x) AS (SELECT 1, 7 UNION ALL "
	    "  SELECT i + 1, (x * 75 + 74) % 65537 FROM s WHERE i < 400), "
	    "h(k, ts, v) AS (SELECT x % 3, i / 3, "
	    "  CASE x % 11 WHEN 0 THEN NULL ELSE x % 50 END FROM s) "
	    "SELECT count(*), total(m IS NOT (SELECT median(v) FROM h AS b "
	    "  WHERE b.k = a.k AND b.ts BETWEEN a.ts - 30 AND a.ts)), "
	    "  total(m IS NOT (SELECT avg(v) FROM (SELECT v, "
	    "  row_number() OVER (ORDER BY v) AS r, count(*) OVER () AS n "
	    "  FROM h AS b WHERE v IS NOT NULL AND b.k = a.k AND "
	    "  b.ts BETWEEN a.ts - 30 AND a.ts) WHERE r * 2 BETWEEN n AND n + 2))"
	    " FROM (SELECT k, ts, median(v) OVER (PARTITION BY k ORDER BY ts "
	    "  RANGE BETWEEN 30 PRECEDING AND CURRENT ROW) AS m FROM h) AS a";
	struct query *q = query_open(st, SV(sql), NULL, &e);

	ck_assert_msg(q != NULL, "%s", e.msg);
	ck_assert_int_eq(query_next(q, &e), QUERY_MORE);
	ck_assert_int_eq(query_i64(q, 0), 400);
	ck_assert_int_eq(query_i64(q, 1), 0);
	ck_assert_int_eq(query_i64(q, 2), 0);
	query_close(q);
}
END_TEST

static void
setup(void)
{
	struct err e = ERR_INIT;

	st = store_open(":memory:", STORE_MEMORY, &e);
	ck_assert_msg(st != NULL, "%s", e.msg);
	ck_assert_msg(sqlfn_register(st, &e), "%s", e.msg);
}

static void
teardown(void)
{
	store_close(st);
}

Suite *
test_sqlfn(void)
{
	Suite *s = suite_create("sqlfn");
	TCase *t = tcase_create("sqlfn");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, values, 0, (int)countof(rows));
	tcase_add_loop_test(t, failures, 0, (int)countof(stops));
	tcase_add_test(t, window_equals_count);
	tcase_add_test(t, window_equals_median);
	suite_add_tcase(s, t);
	return s;
}
