/* SPDX-License-Identifier: MIT */
#include "detect/sqlstage.h"

#include "base/buf.h"
#include "detect/hits.h"
#include "detect/sqlfn.h"
#include "record/site.h"
#include "store/db.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_sqlstage(void);

static struct site site;
static struct hits_env env;

/* Requests at 1 s to 6 s: status 200, 404, 404, 500, 404, 200. */
static void
setup(void)
{
	struct err e = ERR_INIT;

	stock_setup();
	site_default(&stock_arena, &site);
	env = (struct hits_env){ .st = stock_memory(), .site = &site,
		.seconds = 5, .seen = SV("[]"), .dumps = SV("{}") };
	ck_assert(sqlfn_register(env.st, &e));
	stock_sql(env.st, "INSERT INTO source(id, digest, name, format, form,"
	    " arrived, bytes, read, stored, duplicates, rejected, blank, first)"
	    " VALUES (1, x'00', 'a.log', 'heroku-text', 'pull', 0, 0, 0, 0, 0,"
	    " 0, 0, 0);"
	    "INSERT INTO main.request_row(ts, source, line, byte, hash, nth, status,"
	    " flags) VALUES (1, 1, 1, 0, 1, 1, 200, 0), (2, 1, 2, 0, 2, 1, 404,"
	    " 0), (3, 1, 3, 0, 3, 1, 404, 0), (4, 1, 4, 0, 4, 1, 500, 0),"
	    " (5, 1, 5, 0, 5, 1, 404, 0), (6, 1, 6, 0, 6, 1, 200, 0);");
}

static void
teardown(void)
{
	store_close(env.st);
	stock_teardown();
}

static void
put(struct buf *b, int64_t n)
{
	if (n == STAGE_UNKNOWN)
		buf_byte(b, '?');
	else
		buf_i64(b, n);
}

/* "of: what in>out; " for every step, then "! what" for every way that ended,
 * with its arm. */
static sv
stages(const char *sql, bool counted)
{
	static struct arm arm[] = { { .name = { "one", 3 } },
		{ .name = { "two", 3 } } };
	static struct param param[] = { { { "n", 1 }, 2, 2, "rule" } };
	const struct rule r = { .sql = sv_str(sql), .arm = arm, .narms = 2,
		.param = param, .nparams = 1 };
	struct stages l = { .a = &stock_arena };
	struct buf b = BUF_INIT;
	sv text;

	sqlstage_take(&l, counted ? &env : NULL, &r, 2, 5);
	for (size_t i = 0; i < l.n; i++) {
		if (l.v[i].of.n)
			buf_printf(&b, "%.*s: ", SV_ARG(l.v[i].of));
		buf_printf(&b, "%.*s ", SV_ARG(l.v[i].what));
		put(&b, l.v[i].in);
		buf_byte(&b, '>');
		put(&b, l.v[i].out);
		if (l.v[i].why.n)
			buf_printf(&b, " (%.*s)", SV_ARG(l.v[i].why));
		buf_lit(&b, "; ");
	}
	for (size_t k = 0; counted && k < l.nways; k++)
		if (l.way[k].zero != SIZE_MAX)
			buf_printf(&b, "! %.*s%s%.*s; ",
			    SV_ARG(l.way[k].name), l.way[k].name.n ? " " : "",
			    SV_ARG(l.v[l.way[k].zero].what));
	text = arena_sv(&stock_arena, buf_sv(&b));
	buf_release(&b);
	return text;
}

static const struct {
	const char *sql, *want;
} rows[] = {
	/* terms one after the other */
	{ "SELECT 1 FROM requests WHERE ts BETWEEN :from AND :to "
	    "AND status = 404 AND ts < 3",
	    "result: FROM requests ?>6; ts BETWEEN :from AND :to 6>4; "
	    "status = 404 4>3; ts < 3 3>1; " },
	{ "SELECT 1 FROM requests WHERE status = 404 AND status IN (401, 403) "
	    "AND ts > 1", "result: FROM requests ?>6; status = 404 6>3; "
	    "status IN (401, 403) 3>0; ts > 1 0>0; ! status IN (401, 403)"
	    "; " },
	{ "SELECT 1 FROM requests WHERE status = 404 OR ts = 1",
	    "result: FROM requests ?>6; status = 404 OR ts = 1 6>4; " },
	{ "SELECT 1 FROM requests", "result: FROM requests ?>6; " },
	{ "SELECT 1", "result: no table ?>1; " },
	{ "VALUES (1)", "result: VALUES (1) ?>?; " },
	/* NULL is not true */
	{ "SELECT 1 FROM requests WHERE NOT code = 'H12' AND ts > 0",
	    "result: FROM requests ?>6; NOT code = 'H12' 6>0; ts > 0 0>0; "
	    "! NOT code = 'H12'; " },
	/* tables of a WITH */
	{ "WITH a AS (SELECT * FROM requests WHERE status > 400), "
	    "b AS (SELECT ts FROM a WHERE ts > :n) SELECT 1 FROM b",
	    "a: FROM requests ?>6; status > 400 6>4; b: FROM a ?>4; "
	    "ts > :n 4>3; result: FROM b ?>3; " },
	{ "WITH a AS (SELECT status, count(*) AS c FROM requests "
	    "WHERE ts > 1 GROUP BY status HAVING c > 1 AND max(ts) < 5) "
	    "SELECT 1 FROM a", "a: FROM requests ?>6; ts > 1 6>5; "
	    "GROUP BY status 5>3; HAVING c > 1 3>1; HAVING max(ts) < 5 1>0; "
	    "result: FROM a ?>0; ! HAVING max(ts) < 5; " },
	{ "WITH a AS (SELECT DISTINCT status FROM requests) SELECT 1 FROM a",
	    "a: FROM requests ?>6; rows ?>3; result: FROM a ?>3; " },
	{ "WITH a AS (SELECT max(ts) FROM requests WHERE ts < 0) "
	    "SELECT 1 FROM a", "a: FROM requests ?>6; ts < 0 6>0; rows ?>1; "
	    "result: FROM a ?>1; " },
	{ "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
	    "WHERE i < 9) SELECT 1 FROM n WHERE i > 4",
	    "n: rows ?>9; result: FROM n ?>9; i > 4 9>5; " },
	/* of a union one part may be empty */
	{ "WITH a AS (SELECT ts FROM requests WHERE status = 1 UNION ALL "
	    "SELECT ts FROM requests WHERE status = 500) SELECT 1 FROM a",
	    "a: FROM requests ?>6; status = 1 6>0; FROM requests ?>6; "
	    "status = 500 6>1; result: FROM a ?>1; " },
	/* what the result can do without is not the reason */
	{ "WITH a AS (SELECT ts FROM requests WHERE status = 1), "
	    "b AS (SELECT ts FROM requests WHERE status = 2) "
	    "SELECT 1 FROM requests AS r LEFT JOIN a ON a.ts = r.ts "
	    "WHERE r.ts NOT IN (SELECT ts FROM a) AND EXISTS "
	    "(SELECT 1 FROM b)", "a: FROM requests ?>6; status = 1 6>0; "
	    "b: FROM requests ?>6; status = 2 6>0; "
	    "result: FROM requests AS r LEFT JOIN a ON a.ts = r.ts ?>6; "
	    "r.ts NOT IN (SELECT ts FROM a) 6>6; "
	    "EXISTS (SELECT 1 FROM b) 6>0; ! EXISTS (SELECT 1 FROM b); " },
	/* each arm has its own way */
	{ "WITH a AS (SELECT ts FROM requests WHERE status = 1), "
	    "b AS (SELECT ts FROM (SELECT * FROM a) AS x) "
	    "SELECT 'one' AS arm FROM b UNION ALL SELECT 'two' FROM requests "
	    "UNION ALL SELECT 'two' FROM requests WHERE status = 3",
	    "a: FROM requests ?>6; status = 1 6>0; "
	    "b: FROM (SELECT * FROM a) AS x ?>0; result one: FROM b ?>0; "
	    "result two: FROM requests ?>6; result two: FROM requests ?>6; "
	    "status = 3 6>0; ! one status = 1; ! two status = 3; " },
	/* a name of the list in WHERE */
	{ "WITH a AS (SELECT status / 100 AS s FROM requests "
	    "WHERE ts > 1 AND s = 4) SELECT 1 FROM a",
	    "a: FROM requests ?>6; ts > 1 6>5; s = 4 5>3; "
	    "result: FROM a ?>3; " },
	/* comments and quotes */
	{ "WITH \"a b\" AS (SELECT ts FROM requests -- AND\n"
	    "WHERE ts > 1 -- first\n AND 'x AND y' <> '' /* AND */) "
	    "SELECT 1 FROM \"a b\"", "a b: FROM requests ?>6; ts > 1 6>5; "
	    "'x AND y' <> '' 5>5; result: FROM \"a b\" ?>5; " },
};

START_TEST(counted)
{
	ck_sv(stages(rows[_i].sql, true), sv_str(rows[_i].want));
}
END_TEST

START_TEST(not_counted)
{
	ck_sv_lit(stages(rows[0].sql, false),
	    "result: FROM requests ?>?; ts BETWEEN :from AND :to ?>?; "
	    "status = 404 ?>?; ts < 3 ?>?; ");
}
END_TEST

START_TEST(limit)
{
	sv text;

	env.seconds = 0.05;
	text = stages("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
	    "FROM n) SELECT 1 FROM n WHERE i < 0", true);
	ck_sv_lit(text, "n: rows ?>? (a limit was hit); "
	    "result: FROM n ?>? (a limit was hit); i < 0 ?>?; ");
}
END_TEST

START_TEST(missing_fact)
{
	static sv fact[] = { { "screen_catalogue", 16 } };
	static struct arm arm = { .name = { "one", 3 } };
	const struct rule r = { .sql = SV("SELECT 1 FROM requests WHERE status "
	    "IN (SELECT value FROM json_each(:screen_catalogue))"),
		.arm = &arm, .narms = 1, .site_fact = fact, .nsite_facts = 1 };
	struct stages l = { .a = &stock_arena };

	sqlstage_take(&l, &env, &r, 2, 5);
	ck_assert_int_eq(l.v[0].out, STAGE_UNKNOWN);
	ck_sv_lit(l.v[0].why, "site.yml does not say screen_catalogue");
}
END_TEST

Suite *
test_sqlstage(void)
{
	Suite *s = suite_create("sqlstage");
	TCase *t = tcase_create("sqlstage");

	tcase_add_checked_fixture(t, setup, teardown);
	add_table(t, counted, rows);
	tcase_add_test(t, not_counted);
	tcase_add_test(t, limit);
	tcase_add_test(t, missing_fact);
	suite_add_tcase(s, t);
	return s;
}
