/* SPDX-License-Identifier: MIT */
#include "detect/sqlfn.h"

#include <check.h>
#include <stdio.h>

#include "detect/chainkey.h"
#include "record/sitechain.h"
#include "store/db.h"
#include "store/query.h"
#include "test/ck.h"
#include "test/stock.h"

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
	{ "wildcard('x' || char(10) || '*B', 'ab')", "1" },
	{ "wildcard('x' || char(10) || 'y', 'xy')", "0" },
	{ "wildcard(NULL, 'a')", NULL },
	{ "text_is('aB', 'Ab')", "1" },
	{ "text_is('abc', 'ab')", "0" },
	{ "text_is('ab', 'abc')", "0" },
	{ "text_is('', '')", "1" },
	{ "text_is('a', '')", "0" },
	{ "text_is(NULL, 'a')", NULL },
	{ "text_is('a', NULL)", NULL },
	{ "text_is('a*', 'ab')", "0" },
	{ "text_is_cased('aB', 'ab')", "0" },
	{ "text_starts('ABc', 'ab')", "1" },
	{ "text_starts('abc', 'bc')", "0" },
	{ "text_starts('a', 'abc')", "0" },
	{ "text_starts_cased('ABc', 'ab')", "0" },
	{ "text_ends('abC', 'Bc')", "1" },
	{ "text_ends('abc', 'ab')", "0" },
	{ "text_ends('c', 'abc')", "0" },
	{ "text_ends('abc', '')", "1" },
	{ "text_ends_cased('abC', 'bC')", "1" },
	{ "text_contains('abcd', 'BC')", "1" },
	{ "text_contains('abcd', 'bd')", "0" },
	{ "text_contains(404, 40)", "1" },
	{ "text_contains_cased('abcd', 'BC')", "0" },
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
	{ "email_local('Ann+x@Example.ORG')", "ann" },
	{ "email_local(NULL)", NULL },
	{ "email_kind('a@Gmail.com')", "free" },
	{ "email_kind('a@b.mailinator.com')", "disposable" },
	{ "email_kind('a@example.org')", NULL },
	{ "email_kind('gmail.com')", NULL },
	{ "email_kind(NULL)", NULL },
	{ "email_kinds_date() GLOB '20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]'",
	    "1" },
	{ "email_is_mixed('p' || char(0x430) || 'y@example.org')", "1" },
	{ "email_is_mixed('pay@example.org')", "0" },
	{ "email_is_mixed(NULL)", NULL },
	{ "local_shape('ann.b12')", "a3.a102" },
	{ "local_shape(NULL)", NULL },
	{ "local_stem('ann12')", "ann" },
	{ "local_stem('ann')", NULL },
	{ "local_stem(NULL)", NULL },
	{ "local_number('ann012')", "12" },
	{ "local_number('12')", NULL },
	{ "local_is_numeric('12')", "1" },
	{ "local_is_numeric('a12')", "0" },
	{ "local_is_numeric(NULL)", NULL },
	{ "(SELECT bigram_score(bigram_model(column1), 'annabanna') > 0 FROM "
	    "(VALUES ('annabell'), ('hannabella'), (NULL), ('x')))", "1" },
	{ "(SELECT bigram_score(bigram_model(column1), 'bnlhbnlh') < 0 FROM "
	    "(VALUES ('annabell'), ('hannabella')))", "1" },
	{ "(SELECT bigram_score(bigram_model(column1), 'qzxwvkjg') FROM "
	    "(VALUES ('annabell'), ('hannabella')))", "0.0" },
	{ "bigram_score('no model', 'annabanna')", NULL },
	{ "bigram_score(NULL, 'annabanna')", NULL },
	{ "edit_distance('kitten', 'sitting', 4)", "3" },
	{ "edit_distance('kitten', 'sitting', 2)", "3" },
	{ "edit_distance('a', 'b', -1)", "1" },
	{ "edit_distance(NULL, 'b', 1)", NULL },
	{ "ua_family('curl/8.5')", "curl" },
	{ "ua_family('-')", NULL },
	{ "ua_family(NULL)", NULL },
	{ "email_domain(NULL)", NULL },
	{ "ip_key('198.51.100.7')", "198.51.100.7" },
	{ "ip_key('198.51.100.7:443')", "198.51.100.7" },
	{ "ip_key('198.51.100.7/32')", "198.51.100.7" },
	{ "ip_key('[2001:db8::1]:443')", "2001:db8::/64" },
	{ "ip_key('2001:db8:0:0::/64')", "2001:db8::/64" },
	{ "ip_key('::ffff:198.51.100.7')", "198.51.100.7" },
	{ "ip_key('unknown')", NULL },
	{ "ip_key(NULL)", NULL },
	{ "ip_rollup('198.51.100.7')", "198.51.100.0/24" },
	{ "ip_rollup('2001:db8:1:2::3')", "2001:db8:1::/48" },
	{ "ip_rollup('2001:db8:1:2::/64')", "2001:db8:1::/48" },
	{ "ip_rollup('unknown')", NULL },
	{ "ip_rollup(NULL)", NULL },
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
	{ "path_plain('/p/./T//screens%2fs01/?y')", "/p/T/screens/s01" },
	{ "path_plain('')", "/" },
	{ "path_plain(NULL)", NULL },
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
	{ "round(ln(exp(2)), 9)", "2.0" },
	{ "ln(0)", NULL },
	{ "ln(-1)", NULL },
	{ "ln(NULL)", NULL },
	{ "exp(1000)", NULL },
	{ "sqrt(16)", "4.0" },
	{ "sqrt(-1)", NULL },
	{ "pow(2, 10)", "1024.0" },
	{ "pow(2, NULL)", NULL },
	{ "round(lognormal_quantile(0.99, 4.98, 27.86, NULL), 0)", "67.0" },
	{ "lognormal_quantile(0.99, 4.98, 27.86, 50)", "50.0" },
	{ "lognormal_quantile(1, 5, 1, 0)", NULL },
	{ "lognormal_quantile(0.99, NULL, 1, 0)", NULL },
	{ "lognormal_quantile(0.99, 5, NULL, 0)", NULL },
	{ "(SELECT round(lognormal_mix(0.99, column1, column2, 1, NULL), 0) "
	    "FROM (VALUES (98, 2), (2, 1000), (NULL, 5)))", "1000.0" },
	{ "(SELECT lognormal_mix(0.99, 1, 1, 1, 1) WHERE 0)", NULL },
	{ "audit_keyring()", "null" },
	{ "audit_mac('k1', NULL, 1, 0, 'a', 'b', 'c')", NULL },
	{ "(SELECT progression(column1) FROM (VALUES (9),(3),(6),(1),(6)))",
	    "3" },
	{ "(SELECT progression(1) WHERE 0)", NULL },
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
	if (stops[_i].want == QUERY_LIMIT)
		ck_assert_str_eq(query_limit_hit(q), "a pattern");
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

#define FIRST "67bdca0bdabde6f3e52bfd011c9d045f840a5857f2f24ff44bd5c49a10fa3bc7"
#define SECOND \
	"fc148743b4106a1852c45379f2d03d51469a92601ad88f503b0bd3d1d9581c73"

/* Rows 1 and 2 of the test vectors in test_auditmac.c. */
static const struct {
	const char *expr, *want;
} macs[] = {
	{ "audit_mac('k1', NULL, 1, 1781247600000000, 'user:1', 'login', NULL)",
	    FIRST },
	{ "audit_mac('k1', '', 1, 1781247600000000, 'user:1', 'login', NULL)",
	    FIRST },
	{ "audit_mac('k1', upper('" FIRST "'), 2, 1781247601500000, 'user:1', "
	    "'note.update', '')", SECOND },
	{ "audit_mac('k1', 'x', 1, 0, 'user:1', 'login', NULL)", NULL },
	{ "audit_mac('k1', NULL, NULL, 0, 'user:1', 'login', NULL)", NULL },
	{ "audit_mac('k1', NULL, 1, NULL, 'user:1', 'login', NULL)", NULL },
	{ "audit_mac('k2', NULL, 1, 0, 'user:1', 'login', NULL)", NULL },
	{ "audit_mac(NULL, NULL, 1, 0, 'user:1', 'login', NULL)", NULL },
	{ "audit_keyring() ->> '$.keys.k1.fault'", NULL },
	{ "audit_keyring() ->> '$.format'", "raxx-audit-v1" },
};

static void
give_key(void)
{
	struct site_chain_key key = { SV("k1"), SV_NULL };
	struct site_chain chain = { SV("raxx-audit-v1"), &key, 1 };
	struct err e = ERR_INIT;

	stock_write("k1.hex", SV("000102030405060708090a0b0c0d0e0f"
	    "101112131415161718191a1b1c1d1e1f\n"));
	key.file = sv_str(stock_path("k1.hex"));
	ck_assert(sqlfn_set_keys(st, chainkey_open(&chain), &e));
}

START_TEST(chained)
{
	struct err e = ERR_INIT;
	char sql[512];
	struct query *q;
	int n = snprintf(sql, sizeof(sql), "SELECT %s", macs[_i].expr);

	stock_setup();
	give_key();
	q = query_open(st, sv_of(sql, (size_t)n), NULL, &e);
	ck_assert_msg(q != NULL, "%s", e.msg);
	ck_assert_msg(query_next(q, &e) == QUERY_MORE, "%s", e.msg);
	ck_assert_int_eq(query_is_null(q, 0), !macs[_i].want);
	if (macs[_i].want)
		ck_sv(query_text(q, 0), sv_str(macs[_i].want));
	query_close(q);
	stock_teardown();
}
END_TEST

/* Numbers that leave the window leave the progression. */
START_TEST(window_equals_progression)
{
	struct err e = ERR_INIT;
	static const char sql[] =
	    "WITH RECURSIVE s(i, x) AS (SELECT 1, 7 UNION ALL "
	    "  SELECT i + 1, (x * 75 + 74) % 65537 FROM s WHERE i < 400), "
	    "h(ts, v) AS (SELECT i / 3, x % 40 FROM s) "
	    "SELECT count(*), total(n != (SELECT progression(v) FROM h AS b "
	    "  WHERE b.ts BETWEEN a.ts - 9 AND a.ts)), max(n) > min(n) "
	    "FROM (SELECT ts, progression(v) OVER (ORDER BY ts "
	    "  RANGE BETWEEN 9 PRECEDING AND CURRENT ROW) AS n FROM h) AS a";
	struct query *q = query_open(st, SV(sql), NULL, &e);

	ck_assert_msg(q != NULL, "%s", e.msg);
	ck_assert_int_eq(query_next(q, &e), QUERY_MORE);
	ck_assert_int_eq(query_i64(q, 0), 400);
	ck_assert_int_eq(query_i64(q, 1), 0);
	ck_assert_int_eq(query_i64(q, 2), 1);
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

START_TEST(spans)
{
	ck_sv(stock_text(st, "SELECT join_spans(column1, column1 + 5, column1, "
	    "-1, 2) FROM (VALUES (20), (NULL), (12), (7))"),
	    SV("[[7,17,7,-1,2],[20,25,20,-1,2]]"));
	ck_assert_int_eq(stock_number(st, "SELECT join_spans(1, 1, 1, 1, 1) "
	    "IS NULL FROM str WHERE 0"), 1);
}
END_TEST

Suite *
test_sqlfn(void)
{
	Suite *s = suite_create("sqlfn");
	TCase *t = tcase_create("sqlfn");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, values, 0, (int)countof(rows));
	tcase_add_loop_test(t, failures, 0, (int)countof(stops));
	add_table(t, chained, macs);
	tcase_add_test(t, spans);
	tcase_add_test(t, window_equals_count);
	tcase_add_test(t, window_equals_median);
	tcase_add_test(t, window_equals_progression);
	suite_add_tcase(s, t);
	return s;
}
