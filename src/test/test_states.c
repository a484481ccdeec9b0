/* SPDX-License-Identifier: MIT */
#include "detect/states.h"

#include "base/jsonw.h"
#include "base/utc.h"
#include "test/ck.h"

Suite *test_states(void);

/* In a static initialiser. */
#define LIT(text) { (text), sizeof(text) - 1 }

static struct arena arena;
static struct source_fact fact[SRC_N];
static struct streams streams;
static struct span any[4], automated[4];
static sv router[] = { LIT("heroku_router") };
static sv signups[] = { LIT("waitlist_signups") };
static sv sentry[] = { LIT("sentry_events") };
static sv both[] = { LIT("heroku_router"), LIT("waitlist_signups") };
static sv chain[] = { LIT("audit_chain_key") };
static struct rule rule;
static struct states got;

/* Lines of 100..600 by hand, of 300..500 by a drain too, again from 800 on. */
static void
setup(void)
{
	for (int i = 0; i < SRC_N; i++)
		fact[i] = (struct source_fact){ SOURCE_ABSENT, 0, UTC_NONE,
			UTC_NONE,
			{ UTC_NONE, UTC_NONE, UTC_NONE, SV_NULL } };
	fact[SRC_HEROKU_ROUTER].status = SOURCE_MANUAL;
	fact[SRC_WAITLIST_SIGNUPS].status = SOURCE_MANUAL;
	fact[SRC_WAITLIST_SIGNUPS].dumps = (struct dumps){ 700, 700, 700,
		SV_NULL };
	any[0] = (struct span){ 100, 600 };
	any[1] = (struct span){ 800, 2000 };
	automated[0] = (struct span){ 300, 500 };
	streams.any = (struct spans){ any, 2 };
	streams.automated = (struct spans){ automated, 1 };
	streams.drained = (struct spans){ automated, 1 };
	rule = (struct rule){ .source = router, .nsources = 1 };
}

static void
teardown(void)
{
	arena_release(&arena);
}

static void
make(int64_t from, int64_t to)
{
	states_make(&arena, fact, &streams, &rule, (struct span){ from, to },
	    &got);
}

static void
is_state(size_t i, int64_t from, int64_t to, enum rule_state state,
    const char *reason)
{
	ck_assert_uint_lt(i, got.n);
	ck_assert_int_eq(got.v[i].from, from);
	ck_assert_int_eq(got.v[i].to, to);
	ck_assert_int_eq(got.v[i].state, state);
	ck_sv(got.v[i].reason, sv_str(reason));
}

START_TEST(feeds_make_states)
{
	make(0, 1000);
	ck_assert_uint_eq(got.n, 6);
	is_state(0, 0, 100, STATE_DORMANT, "missing: heroku_router");
	is_state(1, 100, 300, STATE_MANUAL, "by hand: heroku_router");
	is_state(2, 300, 500, STATE_LIVE, NULL);
	is_state(3, 500, 600, STATE_MANUAL, "by hand: heroku_router");
	is_state(4, 600, 800, STATE_DORMANT, "missing: heroku_router");
	is_state(5, 800, 1000, STATE_MANUAL, "by hand: heroku_router");
	ck_assert_int_eq(states_newest(&got, STATE_LIVE), STATE_MANUAL);
}
END_TEST

START_TEST(window_cuts_them)
{
	make(350, 450);
	ck_assert_uint_eq(got.n, 1);
	is_state(0, 350, 450, STATE_LIVE, NULL);
	make(650, 700);
	ck_assert_uint_eq(got.n, 1);
	ck_assert_int_eq(states_newest(&got, STATE_LIVE), STATE_LIVE);
	make(400, 650);
	ck_assert_uint_eq(got.n, 3);
	ck_assert_int_eq(states_newest(&got, STATE_LIVE), STATE_MANUAL);
	make(400, 400);
	ck_assert_uint_eq(got.n, 1);
	is_state(0, 400, 400, STATE_LIVE, NULL);
}
END_TEST

START_TEST(dump_is_there_until_it_was_taken)
{
	rule.source = signups;
	make(0, 1000);
	ck_assert_uint_eq(got.n, 2);
	is_state(0, 0, 700, STATE_MANUAL, "by hand: waitlist_signups");
	is_state(1, 700, 1000, STATE_DORMANT, "missing: waitlist_signups "
	    "(dump taken 1970-01-01T00:00:00.000700Z)");
	fact[SRC_WAITLIST_SIGNUPS].status = SOURCE_AUTOMATED;
	make(0, 700);
	ck_assert_uint_eq(got.n, 1);
	is_state(0, 0, 700, STATE_LIVE, NULL);
}
END_TEST

START_TEST(all_sources_are_needed)
{
	rule.source = both;
	rule.nsources = 2;
	make(0, 1000);
	ck_assert_uint_eq(got.n, 7);
	is_state(1, 100, 300, STATE_MANUAL,
	    "by hand: heroku_router, waitlist_signups");
	is_state(2, 300, 500, STATE_MANUAL, "by hand: waitlist_signups");
	is_state(4, 600, 700, STATE_DORMANT, "missing: heroku_router");
	is_state(5, 700, 800, STATE_DORMANT, "missing: heroku_router, "
	    "waitlist_signups (dump taken 1970-01-01T00:00:00.000700Z)");
}
END_TEST

START_TEST(fallback_degrades)
{
	rule.source = sentry;
	rule.fallback = router;
	rule.nfallbacks = 1;
	make(0, 1000);
	ck_assert_uint_eq(got.n, 4);
	is_state(0, 0, 100, STATE_DORMANT, "missing: sentry_events");
	is_state(1, 100, 600, STATE_DEGRADED, "missing: sentry_events");
	is_state(2, 600, 800, STATE_DORMANT, "missing: sentry_events");
	ck_assert_int_eq(states_newest(&got, STATE_DEGRADED), STATE_DEGRADED);
}
END_TEST

/* Spans of lines say nothing of a stream that has none. */
START_TEST(absent_source_is_never_there)
{
	fact[SRC_HEROKU_ROUTER].status = SOURCE_ABSENT;
	make(0, 1000);
	ck_assert_uint_eq(got.n, 1);
	is_state(0, 0, 1000, STATE_DORMANT, "missing: heroku_router");
	rule.source = chain;
	make(0, 1000);
	is_state(0, 0, 1000, STATE_DORMANT, "missing: audit_chain_key");
	/* A file is there or not. */
	fact[SRC_AUDIT_CHAIN_KEY].status = SOURCE_AUTOMATED;
	make(0, 1000);
	is_state(0, 0, 1000, STATE_LIVE, NULL);
}
END_TEST

START_TEST(written)
{
	struct buf b = BUF_INIT;
	struct jsonw w = JSONW_INIT(&b);

	make(350, 550);
	jsonw_open(&w, '{');
	states_write(&w, &got);
	jsonw_close(&w, '}');
	ck_sv_lit(buf_sv(&b), "{\"states\":["
	    "{\"from\":\"1970-01-01T00:00:00.000350Z\","
	    "\"to\":\"1970-01-01T00:00:00.000500Z\",\"state\":\"LIVE\","
	    "\"reason\":null},{\"from\":\"1970-01-01T00:00:00.000500Z\","
	    "\"to\":\"1970-01-01T00:00:00.000550Z\",\"state\":\"MANUAL\","
	    "\"reason\":\"by hand: heroku_router\"}],\"flips\":1,"
	    "\"last_flip\":\"1970-01-01T00:00:00.000500Z\"}");
	buf_clear(&b);
	w = (struct jsonw)JSONW_INIT(&b);
	states_one(&arena, (struct span){ 1, 2 }, STATE_DORMANT, SV("x"),
	    &got);
	jsonw_open(&w, '{');
	states_write(&w, &got);
	ck_assert(sv_has(buf_sv(&b), SV("\"flips\":0,\"last_flip\":null")));
	buf_release(&b);
}
END_TEST

Suite *
test_states(void)
{
	Suite *s = suite_create("states");
	TCase *tc = tcase_create("states");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, feeds_make_states);
	tcase_add_test(tc, window_cuts_them);
	tcase_add_test(tc, dump_is_there_until_it_was_taken);
	tcase_add_test(tc, all_sources_are_needed);
	tcase_add_test(tc, fallback_degrades);
	tcase_add_test(tc, absent_source_is_never_there);
	tcase_add_test(tc, written);
	suite_add_tcase(s, tc);
	return s;
}
