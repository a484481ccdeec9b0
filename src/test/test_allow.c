/* SPDX-License-Identifier: MIT */
#include "detect/allow.h"

#include "store/db.h"
#include "test/ck.h"
#include "test/stock.h"
#include "test/ruling.h"

Suite *test_allow(void);

/* Everything fires; by client and by path. */
static const char rule[] =
    "-- id: T-1\n-- title: test\n-- description: test\n-- level: high\n"
    "-- sources: heroku_router\n-- author: a\n-- license: MIT\n"
    "-- arm: who window=10m metric='requests' key='client'\n"
    "-- arm: what window=10m metric='requests' key='path'\n"
    "SELECT 'who' AS arm, client AS key, ts, rec, hash, nth, 1 AS metric, "
    "1 AS fire FROM requests WHERE ts BETWEEN :from AND :to UNION ALL "
    "SELECT 'what', path, ts, rec, hash, nth, 1, 1 FROM requests "
    "WHERE ts BETWEEN :from AND :to\n";

#define WHO "owner: ops, reason: why, expires: 2026-07-01"
#define ENTRY(what) "allow: [{rule: T-1, " what ", " WHO "}]\n"

static const char *const times[] = { "13:05:00", "13:06:00", "13:07:00" };

static void
setup(void)
{
	ruling_setup();
	ruling_rule(rule);
}

static const struct {
	const char *site;
	const char *hid;   /* by the entry */
	const char *state;
	int open;          /* findings */
} entries[] = {
	{ ENTRY("key: 192.0.2.7"), "1", "\"active\"", 3 },
	{ ENTRY("arm: who"), "2", "\"active\"", 2 },
	{ ENTRY("arm: what"), "2", "\"active\"", 2 },
	{ ENTRY("arm: what, key: 192.0.2.7"), "0", "\"unused\"", 4 },
	{ ENTRY("arm: who, client: 192.0.2.7"), "1", "\"active\"", 3 },
	{ ENTRY("client: 192.0.2.0/29"), "2", "\"active\"", 2 },
	{ ENTRY("client: 192.0.2.8"), "0", "\"unused\"", 4 },
	{ ENTRY("client: 198.51.100.0/24"), "1", "\"active\"", 3 },
	{ ENTRY("client: 192.0.2.0/24, key: /a"), "1", "\"active\"", 3 },
	{ "allow: [{rule: '*', key: /b, " WHO "}]", "1", "\"active\"", 3 },
	{ "allow: [{rule: T-1, key: /b, owner: o, reason: r, expires: "
	    "'2026-06-12T13:07:01Z'}]", "1", "\"active\"", 3 },
	/* the newest event is what now is */
	{ "allow: [{rule: T-1, key: /b, owner: o, reason: r, expires: "
	    "2026-06-12}]", "0", "\"expired\"", 4 },
	/* no line tells the user agent */
	{ ENTRY("client: 192.0.2.7, user_agent: curl"), "0", "\"unused\"", 4 },
};

/* /a was asked for by one client alone, /b by two. */
START_TEST(what_an_entry_covers)
{
	sv out;

	ruling_requests("192.0.2.7", "/a", times, 3);
	ruling_requests("192.0.2.7", "/b", times, 2);
	ruling_requests("198.51.100.9", "/b", times + 2, 1);
	ruling_site(entries[_i].site);
	out = ruling_run("13:00", "14:00", NULL);
	ck_assert_int_eq((int)ruling_sum.findings, entries[_i].open);
	ck_sv(ruling_member(ruling_line(out, "allow", 0), "hid"),
	    sv_str(entries[_i].hid));
	ck_sv(ruling_member(ruling_line(out, "allow", 0), "state"),
	    sv_str(entries[_i].state));
	ck_sv_lit(ruling_member(ruling_line(out, "verdict", 0), "findings"), "4");
	ck_sv(ruling_member(ruling_line(out, "verdict", 0), "suppressed"),
	    sv_str(entries[_i].hid));
	ck_assert(!sv_null(ruling_line(out, "finding", 3)));
}
END_TEST

START_TEST(two_entries_of_one_finding)
{
	sv out, by;

	ruling_requests("192.0.2.7", "/a", times, 3);
	ruling_site("allow: [{rule: T-1, key: x, " WHO "},\n"
	    "{rule: T-1, key: /a, " WHO "},\n{rule: '*', key: /a, " WHO "}]");
	out = ruling_run("13:00", "14:00", NULL);
	ck_sv_lit(ruling_member(ruling_line(out, "allow", 0), "hid"), "0");
	ck_sv_lit(ruling_member(ruling_line(out, "allow", 1), "hid"), "1");
	ck_sv_lit(ruling_member(ruling_line(out, "allow", 2), "hid"), "1");
	ck_sv_lit(ruling_member(ruling_line(out, "allow", 2), "line"), "3");
	by = ruling_member(ruling_line(out, "status", 0), "suppressed");
	ck_sv_lit(by, "{\"entry\":2,\"owner\":\"ops\",\"reason\":\"why\","
	    "\"expires\":\"2026-07-01T00:00:00.000000Z\"}");
	ck_sv_lit(ruling_member(ruling_line(out, "status", 1), "suppressed"),
	    "null");
}
END_TEST

/* Nothing is left that would raise an alert. */
START_TEST(all_suppressed)
{
	sv out, verdict;

	ruling_requests("192.0.2.7", "/a", times, 3);
	ruling_site(ENTRY("client: 192.0.2.7"));
	out = ruling_run("13:00", "13:07:00", NULL);
	verdict = ruling_line(out, "verdict", 0);
	ck_assert_uint_eq(ruling_sum.findings, 0);
	ck_assert_int_eq(ruling_sum.level_max, -1);
	ck_sv_lit(ruling_member(verdict, "result"), "\"FIRED\"");
	ck_assert(sv_starts(ruling_member(verdict, "reason"),
	    SV("\"all findings are on the allow list")));
	ck_sv_lit(ruling_member(verdict, "findings"), "2");
	ck_sv_lit(ruling_member(verdict, "suppressed"), "2");
}
END_TEST

#define LINE "2026-06-12T13:05:00.000500+00:00 "
#define ROUTER(client) LINE "heroku[router]: at=info method=GET path=\"/a\" " \
	"host=h request_id=r-1 fwd=\"" client "\" dyno=web.1 connect=0ms " \
	"service=4ms status=404 bytes=9 protocol=https\n"
#define EVENT(ip, agent) LINE "app[web.1]: {\"evt\":\"session.created\"," \
	"\"rid\":\"r-1\",\"ip\":\"" ip "\",\"ua\":\"" agent "\"}\n"

static const struct {
	const char *log, *site;
	bool hidden;
} senders[] = {
	{ ROUTER("192.0.2.7") EVENT("192.0.2.7", "probe/2.1"),
	    ENTRY("client: 192.0.2.7, user_agent: probe"), true },
	{ ROUTER("192.0.2.7") EVENT("192.0.2.7", "curl"),
	    ENTRY("client: 192.0.2.7, user_agent: probe"), false },
	{ ROUTER("203.0.113.1") EVENT("203.0.113.1", "probe/2.1"),
	    ENTRY("client: 192.0.2.7, user_agent: probe"), false },
	/* two that say other things under one request id */
	{ ROUTER("192.0.2.7") EVENT("192.0.2.7", "probe/2.1")
	    EVENT("192.0.2.7", "curl"),
	    ENTRY("client: 192.0.2.7, user_agent: probe"), false },
};

START_TEST(user_agent_of_the_request)
{
	sv out;

	stock_load(ruling_store, "api.heroku-logs.20260612T140000Z.log",
	    sv_str(senders[_i].log));
	ruling_site(senders[_i].site);
	out = ruling_run("13:00", "14:00", NULL);
	ck_assert_uint_eq(ruling_sum.findings, senders[_i].hidden ? 0 : 2);
	ck_assert(!sv_null(ruling_line(out, "finding", 1)));
}
END_TEST

/* By what the app says: the finding's key is no address. */
static const char of_app[] =
    "-- id: T-1\n-- title: test\n-- description: test\n-- level: high\n"
    "-- sources: heroku_app\n-- author: a\n-- license: MIT\n"
    "-- arm: main window=10m metric='events' key='event'\n"
    "SELECT 'main' AS arm, event AS key, ts, rec, hash, nth, 1 AS metric, "
    "1 AS fire FROM app_events WHERE event IS NOT NULL "
    "AND ts BETWEEN :from AND :to\n";

static const struct {
	const char *log;
	bool hidden;
} apps[] = {
	{ EVENT("192.0.2.7", "x"), true },
	{ EVENT("192.0.2.8", "x"), false },
	/* the router knows better than a header that the app believed */
	{ ROUTER("203.0.113.1") EVENT("192.0.2.7", "x"), false },
	{ ROUTER("192.0.2.7") EVENT("203.0.113.1", "x"), true },
	/* a request id that two clients used */
	{ ROUTER("192.0.2.7") ROUTER("203.0.113.1") EVENT("192.0.2.7", "x"),
	    false },
};

START_TEST(client_of_a_record)
{
	ruling_rule(of_app);
	stock_load(ruling_store, "api.heroku-logs.20260612T140000Z.log",
	    sv_str(apps[_i].log));
	ruling_site(ENTRY("client: 192.0.2.7"));
	ruling_run("13:00", "14:00", NULL);
	ck_assert_uint_eq(ruling_sum.findings, apps[_i].hidden ? 0 : 1);
}
END_TEST

START_TEST(fits_the_catalog)
{
	ck_assert_str_eq(ruling_site_error(
	    "host: x\nallow: [{rule: T-2, key: k, " WHO "}]"),
	    "s:2:9: allow: the catalog has no rule 'T-2'");
	ck_assert_str_eq(ruling_site_error(
	    "allow:\n  - {rule: T-1, arm: fast, " WHO "}"),
	    "s:2:5: allow: rule 'T-1' has no arm 'fast'");
	ruling_site("allow: [{rule: '*', arm: fast, key: k, " WHO "}]");
	ruling_site("allow: [{rule: T-2, arm: fast, key: k, " WHO "}]");
}
END_TEST

Suite *
test_allow(void)
{
	Suite *s = suite_create("allow");
	TCase *t = tcase_create("allow");

	tcase_add_checked_fixture(t, setup, ruling_teardown);
	add_table(t, what_an_entry_covers, entries);
	tcase_add_test(t, two_entries_of_one_finding);
	tcase_add_test(t, all_suppressed);
	add_table(t, user_agent_of_the_request, senders);
	add_table(t, client_of_a_record, apps);
	tcase_add_test(t, fits_the_catalog);
	suite_add_tcase(s, t);
	return s;
}
