/* SPDX-License-Identifier: MIT */
#include "detect/status.h"

#include <stdio.h>

#include "store/db.h"
#include "store/runlog.h"
#include "test/ck.h"
#include "test/stock.h"
#include "test/ruling.h"

Suite *test_status(void);

static const char rule[] =
    "-- id: T-1\n-- title: test\n-- description: test\n-- level: high\n"
    "-- sources: heroku_router\n-- author: a\n-- license: MIT\n"
    "-- params: least=1\n"
    "-- arm: main window=10m threshold=least metric='requests' key='client'\n"
    "SELECT 'main' AS arm, client AS key, ts, rec, hash, nth, 1 AS metric, "
    "path <> '/quiet' AS fire FROM requests WHERE :least AND "
    "ts BETWEEN :from AND :to\n";

/* The same rule, but it finds nothing. */
static const char blunt[] =
    "-- id: T-1\n-- title: test\n-- description: test\n-- level: high\n"
    "-- sources: heroku_router\n-- author: a\n-- license: MIT\n"
    "-- params: least=1\n"
    "-- arm: main window=10m threshold=least metric='requests' key='client'\n"
    "SELECT 'main' AS arm, client AS key, ts, rec, hash, nth, 1 AS metric, "
    "0 AS fire FROM requests WHERE :least AND ts BETWEEN :from AND :to\n";

static void
setup(void)
{
	ruling_setup();
	ruling_rule(rule);
}

/* Lines of another client, every ten minutes from 12:00 to 18:00: the logs
 * vouch for all of that time. */
static void
quiet(void)
{
	static char text[37][9];
	static const char *time[37];

	for (int i = 0; i < 37; i++) {
		snprintf(text[i], sizeof(text[i]), "%02d:%02d:00", 12 + i / 6,
		    i % 6 * 10);
		time[i] = text[i];
	}
	ruling_requests("203.0.113.250", "/quiet", time, 37);
}

static const char *const burst[] = { "13:05:00", "13:20:00" };

START_TEST(no_run_before)
{
	sv out, line;

	ruling_requests("192.0.2.7", "/a", burst, 2);
	out = ruling_run("13:00", "14:00", NULL);
	line = ruling_line(out, "status", 0);
	ck_sv(ruling_member(line, "finding"),
	    ruling_member(ruling_line(out, "finding", 0), "id"));
	ck_sv_lit(ruling_member(line, "status"), "null");
	ck_sv_lit(ruling_member(line, "since"), "null");
	ck_sv_lit(ruling_member(line, "repeats"), "0");
	ck_sv_lit(ruling_member(line, "suppressed"), "null");
	ck_sv_lit(ruling_member(line, "route_to"), "null");
	ck_sv(ruling_member(line, "incident"), ruling_member(line, "finding"));
}
END_TEST

START_TEST(new_then_ongoing_then_resolved)
{
	static const char *const more[] = { "14:10:00" };
	struct err e = ERR_INIT;
	sv first, second, line;

	quiet();
	ruling_requests("192.0.2.7", "/a", burst, 2);
	first = ruling_run("13:00", "14:00", NULL);
	ck_assert(runlog_add(ruling_store, first, &e));
	ruling_requests("192.0.2.9", "/a", more, 1);
	second = ruling_run("13:00", "14:15", NULL);
	ck_sv_lit(ruling_member(ruling_line(second, "status", 0), "status"),
	    "\"ongoing\"");
	ck_sv_lit(ruling_member(ruling_line(second, "status", 1), "status"),
	    "\"new\"");
	ck_assert(sv_null(ruling_line(second, "resolved", 0)));
	/* the finding line is the one of the first run */
	ck_sv(ruling_line(second, "finding", 0), ruling_line(first, "finding",
	    0));
	second = ruling_run("15:00", "16:00", NULL);
	line = ruling_line(second, "resolved", 0);
	ck_sv(ruling_member(line, "id"), ruling_member(ruling_line(first,
	    "finding", 0), "id"));
	ck_sv_lit(ruling_member(line, "key"), "\"192.0.2.7\"");
	ck_sv_lit(ruling_member(line, "last"),
	    "\"2026-06-12T13:20:00.000002Z\"");
	ck_sv_lit(ruling_member(line, "status"), "\"resolved\"");
	ck_sv_lit(ruling_member(line, "why"), "\"ended\"");
	ck_assert(sv_null(ruling_line(second, "unresolved", 0)));
}
END_TEST

/* A fact about the deployment, and rows of dumps, have nothing to do with how
 * much of the log was seen. */
static const struct {
	const char *kind, *from, *share;
} told[] = {
	{ "", "requests", "0" },
	{ "-- kind: posture\n", "requests", "null" },
	{ "", "waitlist_signups", "null" },
	{ "-- kind: posture\n", "waitlist_signups", "null" },
};

START_TEST(coverage_is_that_of_what_shows_it)
{
	static const char *const once[] = { "13:05:00" };
	char text[800];

	ruling_requests("192.0.2.7", "/a", once, 1);
	stock_load(ruling_store, "waitlist_signups_20260612T200000Z.csv", SV(
	    "id,created_at,email,origin\n"
	    "1,2026-06-12T13:05:00Z,a@b.example,x\n"));
	snprintf(text, sizeof(text), "-- id: T-1\n-- title: test\n"
	    "-- description: test\n-- level: high\n%s"
	    "-- sources: heroku_router, waitlist_signups\n-- author: a\n"
	    "-- license: MIT\n-- params: least=1\n"
	    "-- arm: main window=10m threshold=least metric='m' key='k'\n"
	    "SELECT 'main' AS arm, 'k' AS key, ts, rec, hash, nth, 1 AS metric, "
	    "1 AS fire FROM %s WHERE :least AND ts BETWEEN :from AND :to\n",
	    told[_i].kind, told[_i].from);
	ruling_rule(text);
	ck_sv(ruling_member(ruling_line(ruling_run("13:00", "14:00", NULL),
	    "status", 0), "coverage"), sv_str(told[_i].share));
}
END_TEST

/* What is gone is resolved only where it could have been seen. */
static const struct {
	const char *from, *to, *type, *why;
} gone[] = {
	{ "13:30", "14:20", "unresolved", "\"it may still go on\"" },
	{ "13:30", "14:21", "resolved", "\"ended\"" },
	{ "17:00", "23:00", "unresolved", "\"the rule could not run now\"" },
	{ "15:00", "18:30", "unresolved",
	    "\"too little of the window was seen\"" },
};

START_TEST(what_is_gone)
{
	struct run_before before = { SV("f"), SV_NULL };
	sv out, line;

	quiet();
	ruling_requests("192.0.2.7", "/a", burst, 2);
	before.ndjson = ruling_run("13:00", "13:29", NULL);
	out = ruling_run(gone[_i].from, gone[_i].to, &before);
	line = ruling_line(out, gone[_i].type, 0);
	ck_assert_msg(!sv_null(line), "%.*s", SV_ARG(out));
	ck_sv(ruling_member(line, "why"), sv_str(gone[_i].why));
	ck_assert(sv_null(ruling_line(out, sv_is(SV("resolved"), gone[_i].type)
	    ? "unresolved" : "resolved", 0)));
}
END_TEST

START_TEST(found_no_more)
{
	struct run_before before = { SV("f"), SV_NULL };
	sv line;

	quiet();
	ruling_requests("192.0.2.7", "/a", burst, 2);
	before.ndjson = ruling_run("13:00", "13:29", NULL);
	ruling_rule(blunt);
	line = ruling_line(ruling_run("13:00", "15:00", &before), "resolved", 0);
	ck_sv_lit(ruling_member(line, "why"), "\"withdrawn\"");
}
END_TEST

START_TEST(rule_or_arm_is_gone)
{
	struct run_before before = { SV("f"), SV(
	    "{\"type\":\"run\",\"window\":{\"from\":\"2026-06-12T12:00:00Z\","
	    "\"to\":\"2026-06-12T13:00:00Z\"},\"now\":null}\n"
	    "{\"type\":\"finding\",\"id\":\"a\",\"rule\":\"T-0\",\"arm\":"
	    "\"main\",\"key\":\"k\",\"first\":\"2026-06-12T12:00:00Z\","
	    "\"last\":\"2026-06-12T12:00:00Z\"}\n"
	    "{\"type\":\"finding\",\"id\":\"b\",\"rule\":\"T-1\",\"arm\":"
	    "\"slow\",\"key\":\"k\",\"first\":\"2026-06-12T12:00:00Z\","
	    "\"last\":\"2026-06-12T12:00:00Z\"}\n") };
	sv out;

	quiet();
	out = ruling_run("14:00", "15:00", &before);
	ck_sv_lit(ruling_member(ruling_line(out, "unresolved", 0), "why"),
	    "\"the rule is not in the catalog now\"");
	ck_sv_lit(ruling_member(ruling_line(out, "unresolved", 1), "why"),
	    "\"the rule has no such arm now\"");
	ck_assert(sv_null(ruling_line(out, "resolved", 0)));
}
END_TEST

/* A record that arrives late begins the finding anew, under another name. */
START_TEST(late_beginning_is_no_new_finding)
{
	static const char *const late[] = { "13:01:00" };
	struct run_before before = { SV("f"), SV_NULL };
	sv out;

	quiet();
	ruling_requests("192.0.2.7", "/a", burst, 2);
	before.ndjson = ruling_run("13:00", "13:30", NULL);
	ruling_requests("192.0.2.7", "/a", late, 1);
	out = ruling_run("13:00", "16:00", &before);
	ck_assert(!sv_eq(ruling_member(ruling_line(out, "finding", 0), "id"),
	    ruling_member(ruling_line(before.ndjson, "finding", 0), "id")));
	ck_sv_lit(ruling_member(ruling_line(out, "status", 0), "status"),
	    "\"ongoing\"");
	ck_assert(sv_null(ruling_line(out, "resolved", 0)));
}
END_TEST

START_TEST(coverage_of_the_finding)
{
	static const char *const two[] = { "13:05:00", "13:45:00" };
	static const char *const alive[] = { "13:05:00", "13:15:00",
		"13:25:00", "13:35:00", "13:45:00" };
	sv out;

	/* from 12:55, where the window of the first begins, to 13:45; the logs
	 * begin at 13:05 */
	ruling_requests("203.0.113.250", "/quiet", alive, 5);
	ruling_requests("192.0.2.7", "/a", two, 2);
	out = ruling_run("13:00", "14:00", NULL);
	ck_sv_lit(ruling_member(ruling_line(out, "status", 0), "coverage"),
	    "0.8");
	quiet();
	out = ruling_run("13:00", "14:00", NULL);
	ck_sv_lit(ruling_member(ruling_line(out, "status", 0), "coverage"), "1");
}
END_TEST

START_TEST(where_it_goes)
{
	sv out;

	ruling_requests("192.0.2.7", "/a", burst, 1);
	ruling_site("routes: {immediate: oncall, same-day: ops}\n");
	out = ruling_run("13:00", "14:00", NULL);
	ck_sv_lit(ruling_member(ruling_line(out, "status", 0), "route_to"),
	    "\"ops\"");
}
END_TEST

Suite *
test_status(void)
{
	Suite *s = suite_create("status");
	TCase *t = tcase_create("status");

	tcase_add_checked_fixture(t, setup, ruling_teardown);
	tcase_add_test(t, no_run_before);
	tcase_add_test(t, new_then_ongoing_then_resolved);
	add_table(t, coverage_is_that_of_what_shows_it, told);
	add_table(t, what_is_gone, gone);
	tcase_add_test(t, found_no_more);
	tcase_add_test(t, rule_or_arm_is_gone);
	tcase_add_test(t, late_beginning_is_no_new_finding);
	tcase_add_test(t, coverage_of_the_finding);
	tcase_add_test(t, where_it_goes);
	suite_add_tcase(s, t);
	return s;
}
