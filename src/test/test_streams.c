/* SPDX-License-Identifier: MIT */
/* Coverage of stores that were filled as a user fills them. */
#include "detect/streams.h"

#include "base/utc.h"
#include "record/site.h"
#include "store/db.h"
#include "test/ck.h"
#include "test/loglines.h"

Suite *test_streams(void);

static struct arena arena;
static struct store *st;
static struct buf b;
static struct site site;
static struct coverage c;

static void
setup(void)
{
	st = log_open();
	b = (struct buf)BUF_INIT;
	site = (struct site){ .loaded = false };
}

static void
teardown(void)
{
	buf_release(&b);
	log_close(st);
	arena_release(&arena);
}

/* Coverage of the streams of app number i (0: of all) in from..to. */
static void
cover(size_t i, unsigned mask, int from, int to)
{
	struct err e = ERR_INIT;
	struct streams all;
	struct stream s;

	ck_assert_msg(streams_load(&arena, st, &site, NULL, &all, &e), "%s", e.msg);
	ck_assert_uint_lt(i, all.n);
	s = streams_of(&arena, &all, i, mask);
	coverage_make(&arena, &s, (struct span){ log_us(from), log_us(to) },
	    &c);
}

static void
is_blind(size_t i, int from, int to, const char *why)
{
	ck_assert_uint_lt(i, c.nblind);
	ck_assert_int_eq(c.blind[i].from, log_us(from));
	ck_assert_int_eq(c.blind[i].to, log_us(to));
	ck_sv(c.blind[i].why, sv_str(why));
}

static void
is_share(double want)
{
	ck_assert_double_eq_tol(c.share, want, 1e-9);
}

START_TEST(nothing_is_seen_of_an_empty_store)
{
	cover(0, STREAM_ALL, 0, 100);
	is_share(0);
	is_blind(0, 0, 100, "no log input");
}
END_TEST

/* A gap of five minutes inside a drain whose dynos write samples. */
START_TEST(silence_in_a_drain_is_a_gap)
{
	log_beats(&b, 0, 1000, 20);
	log_line(&b, 1150, "app[web.1]", "not a heartbeat");
	log_beats(&b, 1300, 2000, 20);
	log_drain(st, "api", 0, &b);
	for (unsigned k = 0; k < STREAM_N; k++) {
		cover(0, 1U << k, 0, 2000);
		is_share(1700.0 / 2000);
		ck_assert_uint_eq(c.nblind, 1);
		is_blind(0, 1000, 1300, "no heartbeat");
		ck_assert_double_eq(c.unknown, 0);
	}
}
END_TEST

START_TEST(silence_in_a_pull_is_a_gap)
{
	log_beats(&b, 0, 1000, 20);
	log_beats(&b, 1100, 2000, 20);
	/* Taken two minutes after its last line. */
	log_pull(st, "api", 2120, &b);
	cover(0, STREAM_ROUTER, 0, 2120);
	ck_assert_uint_eq(c.nblind, 2);
	is_blind(0, 1000, 1100, "no heartbeat");
	is_blind(1, 2000, 2120, "no heartbeat");
}
END_TEST

/* The same without samples: a quarter of an hour is nothing, more is not
 * known. */
START_TEST(silence_without_samples)
{
	log_request(&b, 0, 1);
	log_request(&b, 900, 2);
	log_request(&b, 1900, 3);
	log_drain(st, "api", 0, &b);
	cover(0, STREAM_ROUTER, 0, 900);
	is_share(1);
	cover(0, STREAM_ROUTER, 0, 1900);
	is_share(900.0 / 1900);
	ck_assert_double_eq(c.unknown, 1000e6);
	is_blind(0, 900, 1900, "silent, no heartbeats");
	ck_assert(c.blind[0].unknown);
}
END_TEST

START_TEST(long_silence_in_a_pull)
{
	log_request(&b, 0, 1);
	log_request(&b, 1000, 2);
	log_pull(st, "api", 1010, &b);
	cover(0, STREAM_ROUTER, 0, 1010);
	is_share(10.0 / 1010);
	ck_assert_double_eq(c.unknown, 1000e6);
}
END_TEST

/* Where no dyno runs none is missed. */
START_TEST(no_dyno_no_heartbeat)
{
	static const char text[] =
	    "apps: [{name: api, dynos: {worker: {quantity: 0}}}]\n";
	struct err e = ERR_INIT;

	log_beats(&b, 0, 100, 20);
	log_request(&b, 600, 1);
	log_drain(st, "api", 0, &b);
	cover(0, STREAM_ALL, 0, 600);
	is_share(100.0 / 600);
	ck_assert(site_read(&arena, SV("site.yml"), sv_str(text), &site, &e));
	cover(0, STREAM_ALL, 0, 600);
	is_share(1);
}
END_TEST

START_TEST(hole_between_pulls)
{
	log_beats(&b, 0, 1000, 20);
	log_pull(st, "api", 1000, &b);
	log_beats(&b, 1500, 2000, 20);
	log_pull(st, "api", 2000, &b);
	cover(0, STREAM_ALL, 0, 2000);
	is_share(0.75);
	ck_assert_uint_eq(c.nblind, 1);
	is_blind(0, 1000, 1500, "hole between pulls");
	/* A drain that was there all the time closes it. */
	log_beats(&b, 0, 2000, 10);
	log_drain(st, "api", 0, &b);
	cover(0, STREAM_ALL, 0, 2000);
	is_share(1);
	ck_assert_uint_eq(c.nblind, 0);
}
END_TEST

/* Files of one drain lie close together; of pulls only equal lines prove it. */
START_TEST(parts_of_a_drain_are_one_feed)
{
	log_beats(&b, 7, 987, 20);
	log_drain(st, "api", 0, &b);
	log_beats(&b, 1007, 2000, 20);
	log_drain(st, "api", 1000, &b);
	log_beats(&b, 2100, 3000, 20);
	log_drain(st, "api", 2095, &b);
	cover(0, STREAM_ALL, 0, 1987);
	is_share(1);
	ck_assert_uint_eq(c.nblind, 0);
	cover(0, STREAM_ALL, 0, 3000);
	is_blind(0, 1987, 2095, "no log input");
}
END_TEST

START_TEST(pull_cut_at_its_head_vouches_from_there)
{
	for (int i = 0; i < 1500; i++)
		log_request(&b, 100 + i / 10, i);
	log_pull(st, "api", 260, &b);
	cover(0, STREAM_ROUTER, 0, 260);
	is_share(160.0 / 260);
	is_blind(0, 0, 100, "no log input");
}
END_TEST

#define L10 "Error L10 (output buffer overflow): 3 messages dropped since " \
	"2026-06-12T10:01:40+00:00."

/* Three of twelve lines of 100..200 s. */
static void
lossy_drain(void)
{
	log_beats(&b, 0, 100, 20);
	log_beats(&b, 120, 200, 20);
	for (int i = 0; i < 3; i++)
		log_request(&b, 130 + i, i);
	log_line(&b, 200, "heroku[logplex]", L10);
	log_beats(&b, 220, 1000, 20);
	log_drain(st, "api", 0, &b);
}

START_TEST(notice_lowers_the_share)
{
	lossy_drain();
	cover(0, STREAM_ROUTER, 0, 1000);
	is_share((900 + 100 * 9.0 / 12) / 1000);
	/* Had they all been the router's, half of its lines. */
	ck_assert_double_eq_tol(c.low, (900 + 100 * 0.5) / 1000, 1e-9);
	is_blind(0, 100, 200, "loss notice L10: 3 lost");
	ck_assert(c.noticed);
	ck_assert(!coverage_is_clean(&c, true));
}
END_TEST

/* Samples are among what was lost: told in numbers, not as a gap. */
START_TEST(notice_explains_a_silence)
{
	log_beats(&b, 0, 100, 20);
	log_line(&b, 120, "app[web.1]", "one that came through");
	log_line(&b, 200, "heroku[logplex]", "Error L10 (output buffer "
	    "overflow): 12 messages dropped since 2026-06-12T10:01:40+00:00.");
	log_beats(&b, 200, 1000, 20);
	log_drain(st, "api", 0, &b);
	cover(0, STREAM_APP, 0, 1000);
	/* Of 100..200 s the line and the samples at its ends. */
	is_share((900 + 100 * 3.0 / 15) / 1000);
	is_blind(0, 100, 200, "loss notice L10: 12 lost");
}
END_TEST

START_TEST(notice_does_not_explain_a_dead_drain)
{
	log_beats(&b, 0, 100, 20);
	log_line(&b, 200, "heroku[logplex]", L10);
	log_beats(&b, 200, 1000, 20);
	log_drain(st, "api", 0, &b);
	cover(0, STREAM_APP, 0, 1000);
	is_share(0.9);
	is_blind(0, 100, 200, "no heartbeat, loss notice L10: 3 lost");
}
END_TEST

START_TEST(pull_has_what_the_drain_lost)
{
	lossy_drain();
	log_beats(&b, 80, 240, 10);
	log_pull(st, "api", 240, &b);
	cover(0, STREAM_ROUTER, 0, 1000);
	is_share(1);
	ck_assert_uint_eq(c.nblind, 0);
	/* All was seen, but who reads the notice should be told. */
	ck_assert(!coverage_is_clean(&c, true));
}
END_TEST

START_TEST(notice_of_a_drain_in_a_pull)
{
	log_beats(&b, 0, 1000, 20);
	log_line(&b, 1000, "heroku[logplex]", L10);
	log_pull(st, "api", 1000, &b);
	cover(0, STREAM_ROUTER, 0, 1000);
	is_share(1);
	ck_assert_uint_eq(c.nblind, 0);
	ck_assert(!coverage_is_clean(&c, true));
}
END_TEST

START_TEST(dyno_notice_is_of_the_app_stream)
{
	log_beats(&b, 0, 1000, 20);
	log_line(&b, 150, "app[web.1]", "one");
	log_line(&b, 200, "app[log-shuttle]", "Error L13: 3 messages lost "
	    "since 2026-06-12T10:01:40+00:00.");
	log_pull(st, "api", 1000, &b);
	cover(0, STREAM_APP, 0, 1000);
	is_share((900 + 100 * 0.25) / 1000);
	cover(0, STREAM_ROUTER, 0, 1000);
	is_share(1);
	ck_assert(coverage_is_clean(&c, false));
}
END_TEST

START_TEST(invalid_pull_vouches_for_nothing)
{
	log_beats(&b, 0, 1000, 20);
	log_line(&b, 1000, "heroku[logplex]",
	    "Error L15 (tail buffer temporarily unavailable)");
	log_pull(st, "api", 1000, &b);
	log_beats(&b, 600, 2000, 20);
	log_pull(st, "api", 2000, &b);
	cover(0, STREAM_ROUTER, 0, 2000);
	is_share(1400.0 / 2000);
	is_blind(0, 0, 600, "the pull says that it has no lines");
}
END_TEST

/* All apps together: only when each was seen. */
START_TEST(every_app_has_to_be_seen)
{
	log_beats(&b, 0, 1000, 20);
	log_pull(st, "api", 1000, &b);
	log_beats(&b, 500, 1500, 20);
	log_line(&b, 700, "app[log-shuttle]", "Error L13: 3 messages lost "
	    "since 2026-06-12T10:10:00+00:00.");
	log_pull(st, "web", 1500, &b);
	cover(0, STREAM_ROUTER, 0, 1500);
	is_share(500.0 / 1500);
	cover(0, STREAM_APP, 0, 1500);
	is_share(400.0 / 1500);
	cover(1, STREAM_APP, 0, 1500);
	is_share(1000.0 / 1500);
	cover(2, STREAM_ROUTER, 0, 1500);
	is_share(1000.0 / 1500);
	/* One that is not ours does not count. */
	site.apps.item = arena_new(&arena, sv);
	site.apps.item[site.apps.n++] = SV("api");
	cover(0, STREAM_ROUTER, 0, 1500);
	is_share(1000.0 / 1500);
}
END_TEST

/* Rules look at the lines of all apps: what one lost, they did not see. An app
 * that is left out vouches for nothing. */
START_TEST(losses_of_other_apps_are_flaws)
{
	struct err e = ERR_INIT;
	struct streams s;

	log_beats(&b, 0, 1000, 20);
	log_pull(st, "api", 1000, &b);
	log_beats(&b, 0, 1000, 20);
	log_line(&b, 700, "app[log-shuttle]", "Error L13: 3 messages lost "
	    "since 2026-06-12T10:10:00+00:00.");
	log_pull(st, "web", 1000, &b);
	ck_assert(streams_load(&arena, st, &site, NULL, &s, &e));
	ck_assert_uint_eq(s.napps, 2);
	ck_assert_uint_eq(s.nothers + s.flaws.n, 0);
	site.apps.item = arena_new(&arena, sv);
	site.apps.item[site.apps.n++] = SV("api");
	ck_assert(streams_load(&arena, st, &site, NULL, &s, &e));
	ck_assert_uint_eq(s.napps, 1);
	ck_sv_lit(s.app[0], "api");
	ck_assert_uint_eq(s.nothers, 1);
	ck_sv_lit(s.other[0], "web");
	ck_assert_uint_eq(s.flaws.n, 1);
	ck_assert_uint_eq(s.flaws.v[0].streams, STREAM_APP);
	ck_sv_lit(s.flaws.v[0].what, "loss notice L13: 3 lost");
	/* Only others are here. */
	site.apps.item[0] = SV("ours");
	ck_assert(streams_load(&arena, st, &site, NULL, &s, &e));
	ck_assert_uint_eq(s.nothers, 2);
	cover(0, STREAM_ROUTER, 0, 1000);
	is_share(0);
}
END_TEST

static bool
is_in(const struct spans *s, int second)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].from <= log_us(second) &&
		    s->v[i].to >= log_us(second))
			return true;
	return false;
}

/* Feeds: pulls, then a drain in two files, then a pull again. */
START_TEST(forms_say_how_lines_came)
{
	struct err e = ERR_INIT;
	struct streams s;

	log_beats(&b, 0, 1000, 20);
	log_pull(st, "api", 1000, &b);
	log_beats(&b, 2000, 2980, 20);
	log_drain(st, "api", 2000, &b);
	log_beats(&b, 3000, 4000, 20);
	log_drain(st, "api", 3000, &b);
	log_beats(&b, 3500, 5000, 10);
	log_pull(st, "api", 5000, &b);
	ck_assert(streams_load(&arena, st, &site, NULL, &s, &e));
	ck_assert_uint_eq(s.any.n, 2);
	ck_assert_uint_eq(s.automated.n, 1);
	ck_assert(is_in(&s.any, 500) && !is_in(&s.automated, 500));
	ck_assert(is_in(&s.automated, 2990));
	ck_assert(!is_in(&s.any, 1500));
	ck_assert(is_in(&s.any, 4500) && !is_in(&s.drained, 4500));
}
END_TEST

Suite *
test_streams(void)
{
	Suite *s = suite_create("streams");
	TCase *tc = tcase_create("streams");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, nothing_is_seen_of_an_empty_store);
	tcase_add_test(tc, silence_in_a_drain_is_a_gap);
	tcase_add_test(tc, silence_in_a_pull_is_a_gap);
	tcase_add_test(tc, silence_without_samples);
	tcase_add_test(tc, long_silence_in_a_pull);
	tcase_add_test(tc, no_dyno_no_heartbeat);
	tcase_add_test(tc, hole_between_pulls);
	tcase_add_test(tc, parts_of_a_drain_are_one_feed);
	tcase_add_test(tc, pull_cut_at_its_head_vouches_from_there);
	tcase_add_test(tc, notice_lowers_the_share);
	tcase_add_test(tc, notice_explains_a_silence);
	tcase_add_test(tc, notice_does_not_explain_a_dead_drain);
	tcase_add_test(tc, pull_has_what_the_drain_lost);
	tcase_add_test(tc, notice_of_a_drain_in_a_pull);
	tcase_add_test(tc, dyno_notice_is_of_the_app_stream);
	tcase_add_test(tc, invalid_pull_vouches_for_nothing);
	tcase_add_test(tc, every_app_has_to_be_seen);
	tcase_add_test(tc, losses_of_other_apps_are_flaws);
	tcase_add_test(tc, forms_say_how_lines_came);
	suite_add_tcase(s, tc);
	return s;
}
