/* SPDX-License-Identifier: MIT */
#include "store/plan.h"

#include "base/buf.h"
#include "store/db.h"
#include "store/query.h"
#include "store/shadow.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_plan(void);

static struct store *st;

static void
setup(void)
{
	stock_setup();
	st = stock_memory();
	ck_assert(shadow_install(st, &(struct err)ERR_INIT));
}

static void
teardown(void)
{
	store_close(st);
	stock_teardown();
}

static const struct {
	const char *sql, *want;
} rows[] = {
	{ "SELECT rec FROM requests", "request" },
	{ "SELECT rec FROM requests WHERE status = 200", "request" },
	{ "SELECT rec FROM requests WHERE ts BETWEEN :from AND :to", "" },
	{ "SELECT rec FROM requests WHERE ts <= :to", "" },
	{ "SELECT rec FROM requests WHERE ts >= :from ORDER BY ts DESC", "" },
	{ "SELECT id FROM request ORDER BY ts DESC", "request" },
	{ "SELECT ts FROM request", "request" },
	{ "SELECT count(*) FROM access", "access" },
	{ "SELECT min(ts) FROM request", "" },
	{ "SELECT max(ts) FROM request", "" },
	{ "SELECT (SELECT max(ts) FROM app), (SELECT min(ts) FROM loss)", "" },
	{ "SELECT max(ts), min(ts) FROM request", "request" },
	{ "SELECT rec FROM waitlist_signups WHERE ts <= :to",
	    "dump_waitlist_signups" },
	{ "SELECT a.rec FROM requests AS a JOIN app_events AS b ON a.ts = b.ts "
	    "WHERE a.ts > :from", "" },
	{ "SELECT a.rec FROM requests AS a, app_events AS b "
	    "WHERE a.status = b.known", "app request" },
	{ "WITH x AS MATERIALIZED (SELECT * FROM requests WHERE ts < :to) "
	    "SELECT * FROM x WHERE NOT EXISTS (SELECT 1 FROM metrics AS m "
	    "WHERE m.name = x.method)", "metric" },
	{ "SELECT rec FROM requests WHERE ts > 5 UNION ALL "
	    "SELECT rec FROM losses", "loss" },
	{ "SELECT s FROM str", "" },
	{ "SELECT value FROM json_each('[]')", "" },
	{ "SELECT rec FROM requests LIMIT 1", "request" },
	{ "SELECT 1 FROM parts WHERE ts = 1 OR ts = 2", "" },
};

START_TEST(scans)
{
	struct plan_names v;
	struct err e = ERR_INIT;
	struct buf b = BUF_INIT;

	ck_assert_msg(plan_scans(&stock_arena, st, sv_str(rows[_i].sql), &v,
	    &e), "%s", e.msg);
	for (size_t i = 0; i < v.n; i++)
		buf_printf(&b, "%s%.*s", i ? " " : "", SV_ARG(v.name[i]));
	ck_sv(buf_sv(&b), sv_str(rows[_i].want));
	buf_release(&b);
}
END_TEST

START_TEST(what_does_not_compile)
{
	struct plan_names v;
	struct err e = ERR_INIT;

	ck_assert(!plan_scans(&stock_arena, st, SV("SELECT nope"), &v, &e));
	ck_assert(sv_has(sv_str(e.msg), SV("nope")));
}
END_TEST

START_TEST(schema)
{
	struct plan_names v;
	struct err e = ERR_INIT;

	plan_event_tables(&stock_arena, &v);
	ck_assert_uint_eq(v.n, 12);
	ck_sv_lit(v.name[0], "access");
	ck_sv_lit(v.name[11], "request");
	ck_assert(plan_views(&stock_arena, st, SV("request"), &v, &e));
	ck_assert_uint_eq(v.n, 1);
	ck_sv_lit(v.name[0], "requests");
	ck_assert(plan_views(&stock_arena, st, SV("dump_row"), &v, &e));
	ck_assert_uint_gt(v.n, 4);
	ck_assert(plan_views(&stock_arena, st, SV("nope"), &v, &e));
	ck_assert_uint_eq(v.n, 0);
}
END_TEST

Suite *
test_plan(void)
{
	Suite *s = suite_create("plan");
	TCase *t = tcase_create("plan");

	tcase_add_checked_fixture(t, setup, teardown);
	add_table(t, scans, rows);
	tcase_add_test(t, what_does_not_compile);
	tcase_add_test(t, schema);
	suite_add_tcase(s, t);
	return s;
}
