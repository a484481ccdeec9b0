/* SPDX-License-Identifier: MIT */
#include "detect/trialrun.h"

#include <unistd.h>

#include "detect/rule.h"
#include "parse/yaml.h"
#include "record/site.h"
#include "store/db.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_trialrun(void);

/* Requests of a client that is none of ours, from a parameter on. */
static const char rule[] =
    "-- id: T-1\n-- title: t\n-- level: low\n-- sources: heroku_router\n"
    "-- route: digest\n-- next_step: look\n-- params: many=3\n"
    "-- site: monitor_clients\n"
    "-- arm: main window=1h threshold=many metric='requests' key='client'\n"
    "SELECT 'main' AS arm, coalesce(token, client) AS key, ts, rec, hash, "
    "nth, n AS metric, n >= :many AS fire FROM (SELECT *, count(*) OVER "
    "(PARTITION BY client, token ORDER BY ts, hash, nth) AS n FROM requests "
    "WHERE ts <= :to AND client NOT IN "
    "(SELECT value FROM json_each(:monitor_clients)))\n";

static struct trial_base base;
static struct site site;
static struct catalog catalog;
static struct trial_doc doc;
static struct buf why;
static struct err err;

static void
setup(void)
{
	static const char facts[] = "host: a.example\n"
	    "secret_paths: ['/t/{token}']\nmonitor_clients: [192.0.2.99]\n";
	struct yaml *y;

	err = (struct err)ERR_INIT;
	stock_setup();
	stock_write("T-1.sql", SV(rule));
	ck_assert(yaml_parse(&stock_arena, SV("s"), SV(facts), &y, &err));
	ck_assert(site_read_tree(&stock_arena, SV("s"), y, &site, &err));
	ck_assert_msg(catalog_load(&stock_arena, stock_path("."), &site,
	    &catalog, &err), "%s", err.msg);
	base = (struct trial_base){ stock_path("."), y, &site, &catalog, NULL };
}

static void
teardown(void)
{
	buf_release(&why);
	stock_teardown();
}

/* Runs the case with these members; what differs is in `why`. */
static bool
run(const char *members)
{
	struct buf b = BUF_INIT;
	sv text;

	buf_printf(&b, "rule: T-1\ncases:\n- case: c\n  kind: other\n%s",
	    members);
	text = arena_sv(&stock_arena, buf_sv(&b));
	buf_release(&b);
	buf_clear(&why);
	ck_assert_msg(trialfile_read(&stock_arena, SV("f"), text, &doc, &err),
	    "%s", err.msg);
	return trialrun_case(&stock_arena, &base, &doc, &doc.c[0], &why, &err);
}

#define LOG(n) "  log: [{at: 1m, times: " n ", every: 1m, router: {}}]\n"

static const struct {
	const char *members, *why;
} cases[] = {
	{ LOG("3") "  expect: {result: FIRED, state: LIVE, coverage: [1, 1], "
	    "findings: [{arm: main, key: 192.0.2.10, metric: 3}]}\n", "" },
	{ LOG("2") "  expect: {result: CLEAR}\n", "" },
	{ "  form: pull\n" LOG("2") "  expect: {result: CLEAR, state: MANUAL, "
	    "coverage: [1, 1]}\n", "" },
	{ "  form: both\n" LOG("2") "  expect: {result: CLEAR, "
	    "coverage: [1, 1]}\n", "" },
	{ LOG("3") "  expect: {result: CLEAR}\n",
	    "expected CLEAR, got FIRED; got finding main 192.0.2.10 metric 3 "
	    "events 3 low" },
	/* the window ends at 1h, and its end belongs to it */
	{ "  log: [{at: 58m, times: 9, every: 1m, router: {}}]\n"
	    "  expect: {result: FIRED, findings: [{arm: main, metric: 3}]}\n",
	    "" },
	/* facts of the case replace those of the site */
	{ "  log: [{at: 1m, times: 3, every: 1m, router: {client: "
	    "192.0.2.99}}]\n  expect: {result: CLEAR}\n", "" },
	{ "  site: {monitor_clients: []}\n  log: [{at: 1m, times: 3, "
	    "every: 1m, router: {client: 192.0.2.99}}]\n"
	    "  expect: {result: FIRED, findings: [{arm: main}]}\n", "" },
	{ "  site: {thresholds: {T-1: {many: 4}}}\n" LOG("3")
	    "  expect: {result: CLEAR}\n", "" },
	{ "  site: {trusted_proxies: [192.0.2.0/24]}\n  log: [{at: 1m, "
	    "times: 3, every: 1m, router: {fwd: '198.51.100.1, "
	    "192.0.2.1'}}]\n  expect: {result: FIRED, findings: [{arm: main, "
	    "key: 198.51.100.1}]}\n", "" },
	/* and leave the others */
	{ "  site: {host: b.example}\n  log: [{at: 1m, times: 3, every: 1m, "
	    "router: {path: /t/abc}}]\n  expect: {result: FIRED, findings: "
	    "[{arm: main, key: '$token(/t/abc)'}]}\n", "" },
	{ "  cover: none\n  expect: {result: NOT_EVALUATED, "
	    "state: DORMANT}\n", "" },
	{ "  cover: [{from: 0s, to: 36m}]\n" LOG("2") "  expect: {result: "
	    "CLEAR_PARTIAL, coverage: [0.55, 0.65]}\n", "" },
	{ "  files: [{name: x.csv, header: 'a,a'}]\n" LOG("2")
	    "  expect: {result: CLEAR}\n",
	    "expected 0 rejected lines, got 1 (x.csv: csv-header: column 2 "
	    "repeats column 1)" },
	{ "  files: [{name: x.csv, header: 'a,a'}]\n" LOG("2")
	    "  expect: {result: CLEAR, rejected: 1}\n", "" },
	{ LOG("2") "  expect: {result: CLEAR, rejected: 1}\n",
	    "expected 1 rejected lines, got 0" },
};

START_TEST(judges)
{
	ck_assert_msg(run(cases[_i].members), "%s", err.msg);
	ck_sv(buf_sv(&why), sv_str(cases[_i].why));
}
END_TEST

static const struct {
	const char *members, *want;
} bad[] = {
	{ "  site: {hots: x}\n  expect: {result: CLEAR}\n",
	    "f:5:10: unknown key 'hots'" },
	{ "  site: {thresholds: {T-1: {few: 4}}}\n  expect: {result: CLEAR}\n",
	    "f:5:29: thresholds: rule 'T-1' has no parameter 'few'" },
	{ "  expect: {result: FIRED, findings: [{arm: main, "
	    "key: '$token(/x/abc)'}]}\n",
	    "f:5:38: '$token(/x/abc)' is in no path of secret_paths" },
};

START_TEST(refuses)
{
	ck_assert(!run(bad[_i].members));
	ck_assert_int_eq(err.status, ST_USAGE);
	ck_assert_msg(sv_has(sv_str(err.msg), sv_str(bad[_i].want)), "%s",
	    err.msg);
}
END_TEST

START_TEST(keeps_the_store)
{
	struct store *st;

	base.keep = stock_path("kept.db");
	ck_assert(run(LOG("2") "  expect: {result: CLEAR}\n"));
	st = store_open(stock_path("kept.db"), STORE_READ, &err);
	ck_assert_msg(st != NULL, "%s", err.msg);
	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM requests"), 2);
	store_close(st);
}
END_TEST

Suite *
test_trialrun(void)
{
	Suite *s = suite_create("trialrun");
	TCase *t = tcase_create("trialrun");

	tcase_add_checked_fixture(t, setup, teardown);
	add_table(t, judges, cases);
	add_table(t, refuses, bad);
	tcase_add_test(t, keeps_the_store);
	suite_add_tcase(s, t);
	return s;
}
