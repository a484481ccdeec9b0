/* SPDX-License-Identifier: MIT */
#include "record/site.h"

#include "base/utc.h"
#include "test/ck.h"

Suite *test_site(void);

static struct arena arena;

static struct site
read_ok(const char *text)
{
	struct err e = ERR_INIT;
	struct site s;

	ck_assert_msg(site_read(&arena, SV("s"), sv_str(text), &s, &e), "%s",
	    e.msg);
	return s;
}

START_TEST(everything)
{
	struct site s = read_ok(
	    "apps: [{name: a, dynos: {web: {quantity: 1}}}, {name: b}]\n"
	    "host: api.raxx.example\n"
	    "trusted_proxies: [10.0.0.0/8, '2001:db8::/32']\n"
	    "preview_prefix: /p/\n"
	    "secret_paths: ['/p/{token}', '/q/{token}/x']\n"
	    "invalid_token_status: [401, 404]\n"
	    "nda_page_bytes: 8421\n"
	    "screen_catalogue: [s01, s02]\n"
	    "audited_routes: [{methods: [POST], prefix: /api/v1/}]\n"
	    "config_expected: {X: {https: true}}\n"
	    "monitor_tokens: []\n"
	    "thresholds: {DET-BETA-001: {fast: 8, slow: 1.5}, R: {x: 1}}\n"
	    "routes: {immediate: x, same-day: y}\n"
	    "sources: [{name: heroku_router, period: 1h, mode: manual},"
	    " {name: d, mode: automated}]\n"
	    "schedule: {daily: '07:00', hourly: {from: '13:00', to: '20:00',"
	    " first: 2026-06-12, last: 2026-06-18},"
	    " rebaseline: {after_covered_days: 7, or: drain_wired}}\n");
	const struct site_list *l;
	int64_t day;

	ck_assert(s.loaded);
	ck_assert_uint_eq(s.apps.n, 2);
	ck_sv_lit(s.apps.item[1], "b");
	ck_sv_lit(s.host, "api.raxx.example");
	ck_assert_uint_eq(s.ntrusted, 2);
	ck_assert_uint_eq(s.trusted[1].bits, 32);
	ck_sv_lit(s.preview_prefix, "/p/");
	ck_assert_uint_eq(s.secret_paths.n, 2);
	l = site_fact(&s, SV("invalid_token_status"));
	ck_assert(l && l->n == 2);
	ck_sv_lit(l->item[1], "404");
	l = site_fact(&s, SV("nda_page_bytes"));
	ck_assert(l && l->n == 1);
	ck_sv_lit(l->item[0], "8421");
	l = site_fact(&s, SV("monitor_tokens"));
	ck_assert(l && l->n == 0);
	ck_assert_ptr_null(site_fact(&s, SV("begin_paths")));
	ck_assert(site_is_fact(SV("begin_paths")));
	ck_assert(site_is_fact(SV("routes")) && !site_is_fact(SV("x")));
	ck_sv_lit(site_fact_json(&s, SV("invalid_token_status")), "[401,404]");
	ck_sv_lit(site_fact_json(&s, SV("nda_page_bytes")), "[8421]");
	ck_sv_lit(site_fact_json(&s, SV("preview_prefix")), "[\"/p/\"]");
	ck_assert(sv_starts(site_fact_json(&s, SV("apps")), SV("[{\"name\":")));
	ck_assert(sv_null(site_fact_json(&s, SV("begin_paths"))));
	ck_sv_lit(site_fact_json(&s, SV("service_accounts")), "[]");
	ck_sv_lit(site_fact_json(&s, SV("dyno_hours_budget")), "[]");
	ck_assert_uint_eq(s.nthresholds, 3);
	ck_sv_lit(s.threshold[1].rule, "DET-BETA-001");
	ck_sv_lit(s.threshold[1].name, "slow");
	ck_assert(s.threshold[1].value == 1.5);
	ck_assert_uint_eq(s.nroutes, 2);
	ck_sv_lit(s.route[1].name, "same-day");
	ck_assert_uint_eq(s.nsources, 2);
	ck_assert(s.source[0].period == UTC_HOUR && !s.source[0].automated);
	ck_assert(s.source[1].period == 0 && s.source[1].automated);
	ck_assert(s.schedule.set);
	ck_assert_int_eq(s.schedule.daily, 420);
	ck_assert_int_eq(s.schedule.hourly_to, 1200);
	ck_assert(utc_parse(SV("2026-06-18"), &day));
	ck_assert(s.schedule.hourly_last == day);
	ck_assert_int_eq(s.schedule.rebaseline_days, 7);
	ck_assert(s.schedule.rebaseline_on_drain);
}
END_TEST

START_TEST(nothing)
{
	struct site s = read_ok("# all by default\n");

	ck_assert(s.loaded && !s.schedule.set);
	ck_assert_uint_eq(s.secret_paths.n, 1);
	ck_assert_int_eq(s.schedule.daily, -1);
	s = read_ok("thresholds:\nhost:\n");
	ck_assert(s.nthresholds == 0 && sv_null(s.host));
	site_default(&arena, &s);
	ck_assert(!s.loaded && s.nfacts == 0);
}
END_TEST

static const struct {
	const char *in, *want;
} bad[] = {
	{ "hots: x\n", "s:1:1: unknown key 'hots'" },
	{ "host: [x]\n", "s:1:7: 'host' must be a text" },
	{ "begin_paths: [a, {b: c}]\n",
	    "s:1:18: 'begin_paths' must be a list of texts" },
	{ "invalid_token_status: [401, x]\n",
	    "s:1:29: 'invalid_token_status' must be a list of whole numbers" },
	{ "audit_chain: x\n", "s:1:14: 'audit_chain' must be a map" },
	{ "allow: {a: b}\n", "s:1:8: 'allow' must be a list of maps" },
	{ "trusted_proxies: [10.0.0.1/8]\n",
	    "s:1:18: '10.0.0.1/8' is no network" },
	{ "secret_paths: [/p/x]\n",
	    "s:1:16: '/p/x' is no path with a {token}" },
	{ "preview_prefix: p\n", "s:1:17: 'p' is no path" },
	{ "screen_catalogue: f.txt\n", "s:1:19: a file of screens is not "
	    "supported: write the list" },
	{ "apps: [{dynos: {}}]\n", "s:1:8: 'name' must be a text" },
	{ "apps: [{name: a, dyno: {}}]\n", "s:1:18: unknown key 'dyno'" },
	{ "sources: [{name: a, period: soon}]\n",
	    "s:1:29: 'soon' is no duration such as 1h" },
	{ "sources: [{name: a, mode: auto}]\n",
	    "s:1:27: 'mode' must be manual or automated" },
	{ "routes: {later: x}\n", "s:1:10: unknown key 'later'" },
	{ "thresholds: {R: 8}\n",
	    "s:1:17: thresholds of a rule must be a map" },
	{ "thresholds: {R: {a: many}}\n",
	    "s:1:21: a threshold must be a number" },
	{ "schedule: {daily: '7'}\n",
	    "s:1:19: 'daily' must be a time such as '07:00'" },
	{ "schedule: {daily: '24:00'}\n",
	    "s:1:19: 'daily' must be a time such as '07:00'" },
	{ "schedule: {hourly: {from: '13:00', to: '20:00', first: 2026-02-30, "
	    "last: 2026-06-18}}\n",
	    "s:1:56: 'first' must be a day such as 2026-06-12" },
	{ "schedule: {hourly: {from: '13:00', to: '12:00', first: 2026-06-12, "
	    "last: 2026-06-18}}\n",
	    "s:1:20: 'hourly' ends before it starts" },
	{ "schedule: {rebaseline: {or: x}}\n",
	    "s:1:24: 'after_covered_days' must be a number of days" },
	{ "- a\n", "s:1:1: a map of facts is expected" },
	{ "host: a\n---\nhost: b\n", "s:3:1: one document is expected" },
};

START_TEST(errors)
{
	struct err e = ERR_INIT;
	struct site s;

	ck_assert(!site_read(&arena, SV("s"), sv_str(bad[_i].in), &s, &e));
	ck_assert_str_eq(e.msg, bad[_i].want);
	ck_assert_int_eq(e.status, ST_USAGE);
}
END_TEST

static void
setup(void)
{
	arena_init(&arena);
}

static void
teardown(void)
{
	arena_release(&arena);
}

Suite *
test_site(void)
{
	Suite *s = suite_create("site");
	TCase *t = tcase_create("site");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, everything);
	tcase_add_test(t, nothing);
	add_table(t, errors, bad);
	suite_add_tcase(s, t);
	return s;
}
