/* SPDX-License-Identifier: MIT */
/* What a whole run claims of stores that were filled as a user fills them. */
#include "detect/seen.h"

#include "base/utc.h"
#include "detect/eval.h"
#include "parse/json.h"
#include "record/site.h"
#include "store/db.h"
#include "test/ck.h"
#include "test/loglines.h"

Suite *test_seen(void);

/* In a static initialiser. */
#define LIT(text) { (text), sizeof(text) - 1 }

static struct store *st;
static struct buf b, out;
static struct site site;

static sv router[] = { LIT("heroku_router") };
static sv apps[] = { LIT("heroku_app") };
static sv sentry[] = { LIT("sentry_events") };
static struct param param[] = { { LIT("fast"), 3, 3, "rule" } };

/* Matches nothing, but would count. */
static struct arm arm = { .name = LIT("fast"), .kind = ARM_EVENT_COUNT,
	.window = 10 * UTC_MINUTE, .on = ARM_ON_ANY,
	.cond = { { CMP_GTE, 0 } }, .ncond = 1, .metric = LIT("requests"),
	.key_name = LIT("client"), .nsteps = 1, .level = -1,
	.sql = LIT("SELECT rec, ts, hash, nth, client AS key, 1 AS val, "
	    "0 AS step FROM requests WHERE status = 999 AND ts BETWEEN :from "
	    "AND :to") };
static struct rule rule;

static void
setup(void)
{
	st = log_open();
	b = out = (struct buf)BUF_INIT;
	site = (struct site){ .loaded = false };
	rule = (struct rule){ .id = SV("T-1"), .title = SV("test"),
		.level = LEVEL_MEDIUM, .route = SV("digest"), .source = router,
		.nsources = 1, .param = param, .nparams = 1, .arm = &arm,
		.narms = 1 };
}

static void
teardown(void)
{
	buf_release(&b);
	buf_release(&out);
	log_close(st);
}

/* Evaluates the seconds; a negative end is left to the program. */
static void
run(int from, int to)
{
	struct run_options opt = { .from = log_us(from),
		.to = to < 0 ? UTC_NONE : log_us(to), .now = UTC_NONE };
	struct rule *list[] = { &rule };
	struct catalog c = { list, 1, SV("c0ffee") };
	struct run_summary sum;
	struct err e = ERR_INIT;

	buf_clear(&out);
	ck_assert_msg(run_eval(st, &c, &site, &opt, NULL, &out, &sum, &e), "%s",
	    e.msg);
}

/* Member of the n-th line. */
static struct json_value
member(int n, const char *name)
{
	struct json_value obj, v;
	sv rest = buf_sv(&out), line = sv_cut(&rest, '\n');

	while (n-- > 0)
		line = sv_cut(&rest, '\n');
	ck_assert(json_parse(line, &obj));
	ck_assert_msg(json_find(&obj, sv_str(name), &v), "no %s", name);
	return v;
}

static void
is_result(const char *result, const char *reason)
{
	struct json_value v = member(1, "result"), why = member(1, "reason");

	ck_assert_msg(sv_is(sv_of(v.raw.p + 1, v.raw.n - 2), result),
	    "got %.*s, want %s", SV_ARG(v.raw), result);
	ck_assert_msg(sv_has(why.raw, sv_str(reason)), "got %.*s, want %s",
	    SV_ARG(why.raw), reason);
}

static void
busy(int from, int to)
{
	log_beats(&b, from, to, 20);
	log_line(&b, from, "app[web.1]", "hello");
	log_request(&b, from, from);
}

START_TEST(all_of_the_window_is_clear)
{
	busy(0, 10000);
	log_drain(st, "api", 0, &b);
	run(0, 10000);
	is_result("CLEAR", "null");
	run(100, 9000);
	is_result("CLEAR", "null");
	run(100, 10001);
	is_result("CLEAR_PARTIAL", "99.9 % of the window was observed");
}
END_TEST

#define NOTICE(code, lost) "Error " code " (x): " lost " messages dropped " \
	"since 2026-06-12T10:01:40+00:00."

static void
lose_a_line(void)
{
	busy(0, 10000);
	log_line(&b, 110, "heroku[logplex]", NOTICE("L10", "1"));
	log_drain(st, "api", 0, &b);
}

/* 99.9 % and more is not all. */
START_TEST(a_notice_is_never_clear)
{
	lose_a_line();
	run(0, 10000);
	is_result("CLEAR_PARTIAL", "99.9 % of the window was observed");
	run(111, 10000);
	is_result("CLEAR", "null");
	/* A pull has what the drain lost. */
	log_close(st);
	st = log_open();
	lose_a_line();
	log_beats(&b, 0, 1000, 10);
	log_pull(st, "api", 1000, &b);
	run(0, 10000);
	is_result("CLEAR_PARTIAL", "another input has");
}
END_TEST

START_TEST(a_notice_of_another_stream)
{
	busy(0, 10000);
	log_line(&b, 110, "app[log-shuttle]", NOTICE("L13", "1"));
	log_drain(st, "api", 0, &b);
	run(0, 10000);
	is_result("CLEAR", "null");
	rule.source = apps;
	run(0, 10000);
	is_result("CLEAR_PARTIAL", "of the window was observed");
}
END_TEST

START_TEST(a_hole_is_never_clear)
{
	busy(0, 10000);
	log_pull(st, "api", 10000, &b);
	busy(10001, 20001);
	log_pull(st, "api", 20001, &b);
	run(0, 20000);
	is_result("CLEAR_PARTIAL", "99.9 % of the window was observed");
}
END_TEST

START_TEST(a_missing_source_is_never_clear)
{
	busy(0, 10000);
	log_drain(st, "api", 0, &b);
	rule.source = sentry;
	rule.fallback = router;
	rule.nfallbacks = 1;
	run(0, 10000);
	is_result("CLEAR_PARTIAL", "missing: sentry_events");
}
END_TEST

/* Another app's log reaches a bit further: that is the end of this one. */
static const struct {
	int last;
	const char *want, *why, *named;
} tail[] = {
	{ 10060, "CLEAR", "null", "99.4 %" },
	{ 10061, "CLEAR_PARTIAL", "99.3 %", "99.3 %" },
};

START_TEST(end_that_nobody_named)
{
	busy(0, 10000);
	log_drain(st, "api", 0, &b);
	log_beats(&b, 0, tail[_i].last, 1);
	log_drain(st, "web", 0, &b);
	run(0, -1);
	is_result(tail[_i].want, tail[_i].why);
	run(0, tail[_i].last);
	is_result("CLEAR_PARTIAL", tail[_i].named);
}
END_TEST

/* The last minutes of a window of hours by hand, before them by a drain. */
START_TEST(state_is_that_of_the_window)
{
	busy(0, 2000);
	log_drain(st, "api", 0, &b);
	busy(3000, 4000);
	log_pull(st, "api", 4000, &b);
	run(0, 4000);
	ck_sv_lit(member(1, "state").raw, "\"MANUAL\"");
	ck_sv_lit(member(1, "flips").raw, "2");
	ck_sv_lit(member(1, "last_flip").raw, "\"2026-06-12T10:50:00.000000Z\"");
	run(0, 2500);
	ck_sv_lit(member(1, "state").raw, "\"LIVE\"");
	ck_sv_lit(member(1, "flips").raw, "1");
	/* In a night without pulls it is as it always was. */
	run(2100, 2200);
	ck_sv_lit(member(1, "state").raw, "\"LIVE\"");
	ck_sv_lit(member(1, "result").raw, "\"NOT_EVALUATED\"");
	/* Not what site.yml says, but how the lines came. */
	site.source = &(struct site_source){ SV("heroku_router"), 0, true };
	site.nsources = 1;
	run(0, 4000);
	ck_sv_lit(member(1, "state").raw, "\"MANUAL\"");
}
END_TEST

START_TEST(run_tells_streams_and_dumps)
{
	static const char *const want[] = { "router", "app", "platform",
		"router", "app", "platform", "router", "app", "platform" };
	struct json_value list, item, name;
	size_t n = 0;
	sv it;

	busy(0, 1000);
	log_drain(st, "api", 0, &b);
	run(0, 1000);
	list = member(0, "coverage");
	for (it = json_begin(&list); json_item(&it, &item); n++) {
		ck_assert(json_find(&item, SV("stream"), &name));
		ck_assert(sv_has(name.raw, sv_str(want[n % 3])));
	}
	ck_assert_uint_eq(n, 3);
	busy(0, 500);
	log_drain(st, "web", 0, &b);
	run(0, 1000);
	list = member(0, "coverage");
	n = 0;
	for (it = json_begin(&list); json_item(&it, &item); n++) {
		ck_assert(json_find(&item, SV("app"), &name));
		ck_sv(name.raw, n < 3 ? SV("null") : n < 6 ? SV("\"api\"")
		    : SV("\"web\""));
	}
	ck_assert_uint_eq(n, countof(want));
}
END_TEST

Suite *
test_seen(void)
{
	Suite *s = suite_create("seen");
	TCase *tc = tcase_create("seen");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, all_of_the_window_is_clear);
	tcase_add_test(tc, a_notice_is_never_clear);
	tcase_add_test(tc, a_notice_of_another_stream);
	tcase_add_test(tc, a_hole_is_never_clear);
	tcase_add_test(tc, a_missing_source_is_never_clear);
	add_table(tc, end_that_nobody_named, tail);
	tcase_add_test(tc, state_is_that_of_the_window);
	tcase_add_test(tc, run_tells_streams_and_dumps);
	suite_add_tcase(s, tc);
	return s;
}
