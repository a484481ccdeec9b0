/* SPDX-License-Identifier: MIT */
#include "detect/members.h"

#include "base/utc.h"
#include "record/site.h"
#include "store/db.h"
#include "test/ck.h"
#include "test/stock.h"
#include "test/ruling.h"

Suite *test_members(void);

/* Each record shows in two hits. */
static const char twice[] =
    "-- id: T-1\n-- title: t\n-- description: t\n-- level: high\n"
    "-- sources: heroku_router\n-- author: a\n-- license: MIT\n"
    "-- arm: a window=10m metric='n' key='client'\n"
    "-- arm: b window=10m metric='n' key='client'\n"
    "SELECT column1 AS arm, client AS key, ts, rec, hash, nth, 1 AS metric, "
    "1 AS fire FROM requests, (VALUES ('a'), ('a'), ('b')) "
    "WHERE ts BETWEEN :from AND :to\n";

/* What comes behind a record decides. */
static const char quiet[] =
    "-- id: T-1\n-- title: t\n-- description: t\n-- level: high\n"
    "-- sources: heroku_router\n-- author: a\n-- license: MIT\n"
    "-- arm: a window=10m metric='n' key='client'\n"
    "SELECT 'a' AS arm, client AS key, ts, rec, hash, nth, 1 AS metric, "
    "1 AS fire FROM requests WHERE ts BETWEEN :from AND :to "
    "AND :to - ts > 600000000\n";

/* Of an hour later than the record. */
static const char shifted[] =
    "-- id: T-1\n-- title: t\n-- description: t\n-- level: high\n"
    "-- sources: heroku_router\n-- author: a\n-- license: MIT\n"
    "-- arm: a window=10m metric='n' key='client'\n"
    "SELECT 'a' AS arm, client AS key, ts + 3600000000 AS ts, rec, hash, nth, "
    "1 AS metric, 1 AS fire FROM requests "
    "WHERE ts BETWEEN :from - 3600000000 AND :to - 3600000000\n";

static const char broken[] =
    "-- id: T-1\n-- title: t\n-- description: t\n-- level: high\n"
    "-- sources: heroku_router\n-- author: a\n-- license: MIT\n"
    "-- arm: a window=10m metric='n' key='client'\n"
    "SELECT 'a' AS arm, client AS key, ts, rec, hash, nth, 1 AS metric, "
    "abs(-9223372036854775807 - 1) AS fire FROM requests "
    "WHERE ts BETWEEN :from AND :to\n";

static const char *const times[] = { "13:01:00", "13:02:00", "13:03:00",
	"13:04:00" };

static int behind; /* so many minutes more does the rule look at */

static struct members
load(const char *text, const char *key, int from, int to)
{
	static const struct site site;
	struct rule_file f = { SV("r.sql"), sv_str(text) };
	struct members_of of = { .key = sv_str(key) };
	struct err e = ERR_INIT;
	struct rule **rules = NULL;
	struct hits_env env;
	struct members m;
	size_t n = 0;
	int64_t hour;

	ck_assert_msg(rule_load(&stock_arena, f, true, &rules, &n, &e), "%s",
	    e.msg);
	ck_assert(utc_parse(SV("2026-06-12T13:00Z"), &hour));
	of.rule = rules[0];
	of.arm = &rules[0]->arm[0];
	of.first = hour + from * UTC_MINUTE;
	of.last = hour + to * UTC_MINUTE + UTC_SECOND;
	of.from = of.first;
	of.to = of.last + behind * UTC_MINUTE;
	env = (struct hits_env){ .st = ruling_store, .site = &site,
		.seconds = 10 };
	members_load(&stock_arena, &env, &of, &m);
	return m;
}

START_TEST(each_record_once)
{
	struct members m;

	ruling_requests("192.0.2.7", "/a", times, 4);
	ruling_requests("192.0.2.8", "/a", times, 4);
	m = load(twice, "192.0.2.7", 2, 3);
	ck_assert_int_eq(m.end, HITS_DONE);
	ck_assert_uint_eq(m.n, 2);
	ck_assert_int_lt(m.v[0].ts, m.v[1].ts);
	ck_assert_uint_eq(load(twice, "192.0.2.7", 0, 9).n, 4);
	ck_assert_uint_eq(load(twice, "192.0.2.9", 0, 9).n, 0);
}
END_TEST

START_TEST(looks_behind_the_finding)
{
	ruling_requests("192.0.2.7", "/a", times, 4);
	behind = 0;
	ck_assert_uint_eq(load(quiet, "192.0.2.7", 0, 4).n, 0);
	behind = 30;
	ck_assert_uint_eq(load(quiet, "192.0.2.7", 0, 4).n, 4);
	ck_assert_uint_eq(load(quiet, "192.0.2.7", 2, 3).n, 2);
	behind = 0;
}
END_TEST

START_TEST(evidence_has_the_record_s_own_time)
{
	sv out, line;

	ruling_requests("192.0.2.7", "/a", times, 1);
	ruling_rule(shifted);
	out = ruling_run("14:00", "15:00", NULL);
	line = ruling_line(out, "finding", 0);
	ck_sv_lit(ruling_member(line, "first"),
	    "\"2026-06-12T14:01:00.000001Z\"");
	ck_sv_lit(ruling_member(ruling_line(out, "evidence", 0), "ts"),
	    "\"2026-06-12T13:01:00.000001Z\"");
}
END_TEST

START_TEST(says_why_not)
{
	struct members m;

	ruling_requests("192.0.2.7", "/a", times, 4);
	m = load(broken, "192.0.2.7", 0, 9);
	ck_assert_int_eq(m.end, HITS_FAILED);
	ck_assert_uint_eq(m.n, 0);
	ck_assert(sv_has(m.why, SV("overflow")));
}
END_TEST

Suite *
test_members(void)
{
	Suite *s = suite_create("members");
	TCase *t = tcase_create("members");

	tcase_add_checked_fixture(t, ruling_setup, ruling_teardown);
	tcase_add_test(t, each_record_once);
	tcase_add_test(t, looks_behind_the_finding);
	tcase_add_test(t, evidence_has_the_record_s_own_time);
	tcase_add_test(t, says_why_not);
	suite_add_tcase(s, t);
	return s;
}
