/* SPDX-License-Identifier: MIT */
#include "detect/trial.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test/ck.h"
#include "test/stock.h"

Suite *test_trial(void);

static struct trial_options opt;
static struct trial_total total;
static struct buf out;
static struct err err;

/* Rule T-n: every request is a finding; T-9 is planned. */
static void
put_rule(int n, const char *more)
{
	struct buf b = BUF_INIT;
	char name[16];

	snprintf(name, sizeof(name), "T-%d.sql", n);
	buf_printf(&b, "-- id: T-%d\n-- title: t\n-- level: low\n"
	    "-- sources: heroku_router\n-- route: digest\n"
	    "-- next_step: look\n%s", n, more);
	stock_write(name, buf_sv(&b));
	buf_release(&b);
}

static void
put_active(int n)
{
	put_rule(n, "-- params: any=1\n-- arm: main window=1h threshold=any "
	    "metric='requests' key='client'\n"
	    "SELECT 'main' AS arm, client AS key, ts, rec, hash, nth, "
	    "1 AS metric, 1 >= :any AS fire FROM requests "
	    "WHERE ts BETWEEN :from AND :to\n");
}

static void
setup(void)
{
	stock_setup();
	ck_assert_int_eq(mkdir(stock_path("tests"), 0700), 0);
	opt = (struct trial_options){ .rules = stock_path(".") };
	err = (struct err)ERR_INIT;
	put_active(1);
}

static void
teardown(void)
{
	static const char *const names[] = { "T-1.yml", "T-2.yml", "T-3.yml",
		"T-1.sql" };

	for (size_t i = 0; i < countof(names); i++) {
		buf_clear(&out);
		buf_printf(&out, "tests/%s%c", names[i], '\0');
		unlink(stock_path(out.p));
	}
	buf_release(&out);
	stock_teardown();
}

#define EXEMPT "not_applicable: {positive: x, below: x, at: x, edge: x, " \
	"lookalike: x, missing: x, partial: x}\n"
#define PASSES "- {case: quiet, kind: other, expect: {result: CLEAR}, " \
	"log: [{at: 0s, app: x}, {at: -2h, router: {}}]}\n"
#define FAILS "- {case: loud, kind: other, expect: {result: CLEAR}, " \
	"log: [{at: 1s, router: {}}]}\n"

/* Runs all; the folder's name is cut out of what it says. */
static bool
run(void)
{
	sv folder = sv_str(stock_path("."));
	struct buf b = BUF_INIT;
	bool ok = trial_all(&stock_arena, &opt, &b, &total, &err);
	sv rest = buf_sv(&b);

	buf_clear(&out);
	while (rest.n) {
		size_t at = sv_find(rest, folder);

		buf_add(&out, sv_cut_n(&rest, at));
		if (rest.n) {
			buf_lit(&out, "DIR");
			rest = sv_skip(rest, folder.n);
		}
	}
	buf_release(&b);
	return ok;
}

START_TEST(tells_what_failed)
{
	stock_write("tests/T-1.yml",
	    SV("rule: T-1\n" EXEMPT "cases:\n" PASSES FAILS));
	ck_assert_msg(run(), "%s", err.msg);
	ck_sv_lit(buf_sv(&out),
	    "T-1: DIR/tests/T-1.yml:5: 'loud': expected CLEAR, got FIRED; "
	    "got finding main 192.0.2.10 metric 1 events 1 low\n"
	    "T-1: 2 cases, 1 failed\n"
	    "rules: 1 passed, 1 failed\n");
	ck_assert(total.passed == 1 && total.failed == 1);
}
END_TEST

START_TEST(tells_what_passed)
{
	opt.verbose = true;
	stock_write("tests/T-1.yml", SV("rule: T-1\n" EXEMPT "cases:\n" PASSES));
	ck_assert_msg(run(), "%s", err.msg);
	ck_sv_lit(buf_sv(&out),
	    "T-1: DIR/tests/T-1.yml:4: 'quiet': passed\n"
	    "T-1: 1 case, 0 failed\n"
	    "rules: 1 passed, 0 failed\n");
}
END_TEST

START_TEST(needs_tests_of_active_rules)
{
	put_active(2);
	put_active(3);
	put_rule(9, "-- status: planned\n-- reason: later\n");
	stock_write("tests/T-1.yml", SV("rule: T-1\n" EXEMPT "cases:\n" PASSES));
	stock_write("tests/T-3.yml", SV("rule: T-3\nnot_applicable: {at: x, "
	    "edge: x, lookalike: x, partial: x}\ncases:\n- {case: a, "
	    "kind: missing, cover: none, expect: {result: NOT_EVALUATED}}\n"));
	ck_assert_msg(run(), "%s", err.msg);
	ck_sv_lit(buf_sv(&out),
	    "T-1: 1 case, 0 failed\n"
	    "T-2: no tests: expected DIR/tests/T-2.yml\n"
	    "T-3: DIR/tests/T-3.yml: no case, nor a reason in not_applicable, "
	    "of kind positive, below\n"
	    "T-3: 1 case, 0 failed\n"
	    "rules: 2 passed, 2 failed\n");
}
END_TEST

START_TEST(runs_the_rules_that_are_named)
{
	const char *id[] = { "T-2" };

	opt.rule = id;
	opt.nrules = 1;
	put_active(2);
	stock_write("tests/T-1.yml", SV("rule: T-1\ncases:\n" FAILS));
	stock_write("tests/T-2.yml", SV("rule: T-2\n" EXEMPT "cases:\n" PASSES));
	ck_assert_msg(run(), "%s", err.msg);
	ck_sv_lit(buf_sv(&out),
	    "T-2: 1 case, 0 failed\nrules: 1 passed, 0 failed\n");
	id[0] = "T-4";
	ck_assert(!run());
	ck_assert(err.status == ST_USAGE);
	ck_assert(sv_starts(sv_str(err.msg), SV("no rule 'T-4' in ")));
}
END_TEST

START_TEST(runs_the_cases_that_are_named)
{
	opt.only = "qui";
	put_active(2);
	stock_write("tests/T-1.yml", SV("rule: T-1\ncases:\n" PASSES FAILS));
	ck_assert_msg(run(), "%s", err.msg);
	ck_sv_lit(buf_sv(&out),
	    "T-1: 1 case, 0 failed\nrules: 1 passed, 0 failed\n");
	opt.only = "zzz";
	ck_assert(!run());
	ck_assert_int_eq(err.status, ST_USAGE);
	ck_assert_str_eq(err.msg, "no case has 'zzz' in its name");
}
END_TEST

START_TEST(keeps_the_store_of_one_case)
{
	opt.keep = stock_path("kept.db");
	stock_write("tests/T-1.yml",
	    SV("rule: T-1\n" EXEMPT "cases:\n" PASSES FAILS));
	ck_assert(!run());
	ck_assert_int_eq(err.status, ST_USAGE);
	ck_assert_str_eq(err.msg, "--keep is for one case, and 2 are chosen: "
	    "name it with --case");
	err = (struct err)ERR_INIT;
	opt.only = "quiet";
	ck_assert_msg(run(), "%s", err.msg);
	ck_assert_int_eq(access(opt.keep, R_OK), 0);
	ck_assert(!run());
	ck_assert_int_eq(err.status, ST_FAIL);
	ck_assert(sv_starts(sv_str(err.msg), SV("output-exists: ")));
}
END_TEST

static const struct {
	const char *file, *text, *want;
} bad[] = {
	{ "tests/T-2.yml", "rule: T-2\ncases: []\n",
	    "/tests/T-2.yml: no rule has this name: expected ID.yml of a rule "
	    "in " },
	{ "tests/T-1.sql", "", "/tests/T-1.sql: no rule has this name: "
	    "expected ID.yml of a rule in " },
	{ "tests/T-1.yml", "rule: T-2\ncases: []\n", "/tests/T-1.yml: tests "
	    "of rule 'T-2': expected 'T-1', as the file is named" },
	{ "tests/T-1.yml", "rule: T-1\ncases: 1\n",
	    "/tests/T-1.yml:2:8: 'cases' must be a list" },
};

START_TEST(refuses)
{
	stock_write(bad[_i].file, sv_str(bad[_i].text));
	ck_assert(!run());
	ck_assert_int_eq(err.status, ST_USAGE);
	ck_assert_msg(sv_has(sv_str(err.msg), sv_str(bad[_i].want)), "%s",
	    err.msg);
}
END_TEST

START_TEST(reads_the_facts_of_a_site)
{
	opt.site = stock_path("site");
	stock_write("site", SV("trusted_proxies: [192.0.2.0/24]\n"));
	stock_write("tests/T-1.yml", SV("rule: T-1\n" EXEMPT "cases:\n"
	    "- {case: a, kind: other, log: [{at: 1s, router: {fwd: "
	    "'198.51.100.1, 192.0.2.1'}}], expect: {result: FIRED, findings: "
	    "[{arm: main, key: 198.51.100.1}]}}\n"));
	ck_assert_msg(run(), "%s", err.msg);
	ck_assert(total.passed == 1 && total.failed == 0);
	stock_write("site", SV("trusted: x\n"));
	ck_assert(!run());
	ck_assert(sv_ends(sv_str(err.msg),
	    SV("/site:1:1: unknown key 'trusted'")));
}
END_TEST

Suite *
test_trial(void)
{
	Suite *s = suite_create("trial");
	TCase *t = tcase_create("trial");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, tells_what_failed);
	tcase_add_test(t, tells_what_passed);
	tcase_add_test(t, needs_tests_of_active_rules);
	tcase_add_test(t, runs_the_rules_that_are_named);
	tcase_add_test(t, runs_the_cases_that_are_named);
	tcase_add_test(t, keeps_the_store_of_one_case);
	add_table(t, refuses, bad);
	tcase_add_test(t, reads_the_facts_of_a_site);
	suite_add_tcase(s, t);
	return s;
}
