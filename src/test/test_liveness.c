/* SPDX-License-Identifier: MIT */
#include "detect/liveness.h"

#include "base/utc.h"
#include "record/site.h"
#include "test/ck.h"
#include "test/loglines.h"

Suite *test_liveness(void);

static struct arena arena;
static struct store *st;
static struct buf b;

static void
setup(void)
{
	st = log_open();
	b = (struct buf)BUF_INIT;
}

static void
teardown(void)
{
	buf_release(&b);
	log_close(st);
	arena_release(&arena);
}

static struct liveness
load(const char *app)
{
	static const struct site no_site;
	struct err e = ERR_INIT;
	struct liveness l;

	ck_assert_msg(liveness_load(&arena, st, &no_site, NULL, sv_str(app),
	    &l, &e), "%s", e.msg);
	return l;
}

static void
silence(const struct span *s, int from, int to)
{
	ck_assert_int_eq(s->from, log_us(from));
	ck_assert_int_eq(s->to, log_us(to));
}

START_TEST(empty_store_is_silent)
{
	struct liveness l = load("api");

	ck_assert(l.beat == INT64_MAX);
	ck_assert(l.expected);
	ck_assert_uint_eq(l.nstill, 1);
	ck_assert_uint_eq(l.nquiet, 1);
}
END_TEST

/* Sixty seconds are none, sixty-one are; a router line is as good. */
START_TEST(silences_between_beats)
{
	struct liveness l;

	log_beats(&b, 0, 100, 20);
	log_beats(&b, 160, 300, 20);
	log_beats(&b, 361, 401, 20);
	log_request(&b, 450, 1);
	log_beats(&b, 500, 600, 20);
	log_drain(st, "api", 0, &b);
	l = load("api");
	ck_assert_int_eq(l.beat, log_us(0));
	ck_assert_uint_eq(l.nstill, 3);
	ck_assert_int_eq(l.still[0].to, log_us(0));
	silence(&l.still[1], 300, 361);
	ck_assert_int_eq(l.still[2].from, log_us(600));
	ck_assert_uint_eq(l.nquiet, 2);
}
END_TEST

/* What is no beat: lines of the app, samples of a database, what the app
 * itself prints. All are lines that end a silence of any. */
START_TEST(other_lines_are_no_beats)
{
	struct liveness l;

	log_line(&b, 0, "app[web.1]", "hello");
	log_line(&b, 900, "app[heroku-postgres]", "source=DATABASE "
	    "addon=postgresql-flat-1 sample#tables=5");
	log_line(&b, 1800, "app[web.1]", "source=web.1 sample#queue=1");
	log_line(&b, 2701, "heroku[web.1]", "State changed from up to down");
	log_drain(st, "api", 0, &b);
	l = load("api");
	ck_assert(l.beat == INT64_MAX);
	ck_assert_uint_eq(l.nstill, 1);
	ck_assert_uint_eq(l.nquiet, 3);
	silence(&l.quiet[1], 1800, 2701);
}
END_TEST

START_TEST(apps_are_apart)
{
	struct liveness l;

	log_beats(&b, 0, 600, 20);
	log_drain(st, "api", 0, &b);
	log_request(&b, 100, 1);
	log_request(&b, 400, 2);
	log_drain(st, "web", 0, &b);
	l = load("web");
	ck_assert(l.beat == INT64_MAX);
	ck_assert_uint_eq(l.nstill, 3);
	silence(&l.still[1], 100, 400);
	l = load("api");
	ck_assert_uint_eq(l.nstill, 2);
	l = load(NULL);
	ck_assert_uint_eq(l.nstill, 2);
}
END_TEST

/* --- site.yml ------------------------------------------------------------- */

static const struct {
	const char *text, *app;
	bool want;
} site[] = {
	{ "host: x\n", "api", true },
	{ "apps: [{name: api}]\n", "api", true },
	{ "apps: [{name: api, dynos: {}}]\n", "api", true },
	{ "apps: [{name: api, dynos: {web: {quantity: 1}, "
	    "worker: {quantity: 0}}}]\n", "api", true },
	{ "apps: [{name: api, dynos: {web: {quantity: 0}, "
	    "worker: {quantity: 0}}}]\n", "api", false },
	{ "apps: [{name: api, dynos: {web: {quantity: 0}}}]\n", "web", true },
	{ "apps: [{name: api, dynos: {web: {quantity: 0}}}]\n", NULL, false },
	{ "apps: [{name: api, dynos: {web: {quantity: 0}}}, {name: web}]\n",
	    NULL, true },
	{ "apps: [{name: api, dynos: {web: {size: Eco}}}]\n", "api", true },
};

START_TEST(expects_what_site_says)
{
	struct err e = ERR_INIT;
	struct site s;

	ck_assert_msg(site_read(&arena, SV("site.yml"),
	    sv_str(site[_i].text), &s, &e), "%s", e.msg);
	ck_assert_int_eq(liveness_expects(&s, sv_str(site[_i].app)),
	    site[_i].want);
}
END_TEST

/* --- gaps ----------------------------------------------------------------- */

#define S UTC_SECOND

static struct blind *gap;
static size_t ngaps;

static void
gaps(bool expected, int64_t beat)
{
	static struct span still[] = { { 100 * S, 161 * S },
		{ 400 * S, 2000 * S }, { 2500 * S, 4000 * S } };
	static struct span quiet[] = { { 400 * S, 1301 * S },
		{ 2500 * S, 3900 * S } };
	static const struct span piece[] = { { 0, 500 * S },
		{ 600 * S, 3000 * S } };
	const struct liveness l = { beat, expected, still, countof(still),
		quiet, countof(quiet) };

	ngaps = liveness_gaps(&arena, &l, piece, countof(piece), &gap);
}

static void
is_gap(size_t i, int from, int to, const char *why, bool unknown)
{
	ck_assert_uint_lt(i, ngaps);
	ck_assert_int_eq(gap[i].from, from * S);
	ck_assert_int_eq(gap[i].to, to * S);
	ck_sv(gap[i].why, sv_str(why));
	ck_assert_int_eq(gap[i].unknown, unknown);
}

START_TEST(gaps_of_beats)
{
	gaps(true, 300 * S);
	ck_assert_uint_eq(ngaps, 4);
	is_gap(0, 100, 161, "no heartbeat", false);
	is_gap(1, 400, 500, "no heartbeat", false);
	is_gap(2, 600, 2000, "no heartbeat", false);
	is_gap(3, 2500, 3000, "no heartbeat", false);
}
END_TEST

/* Only 100 s and 500 s of the silences lie inside the pieces, 701 s of one. */
START_TEST(without_beats_silences_of_a_quarter_count_as_seen)
{
	gaps(true, INT64_MAX);
	ck_assert_uint_eq(ngaps, 0);
	gaps(false, 300 * S);
	ck_assert_uint_eq(ngaps, 0);
}
END_TEST

/* The piece before the first sample is judged as if there were none. */
START_TEST(beats_are_expected_from_the_first_on)
{
	gaps(true, 700 * S);
	ck_assert_uint_eq(ngaps, 2);
	is_gap(0, 600, 2000, "no heartbeat", false);
	is_gap(1, 2500, 3000, "no heartbeat", false);
}
END_TEST

START_TEST(long_silence_is_unknown)
{
	struct span quiet[] = { { 400 * S, 1301 * S }, { 1500 * S, 2400 * S } };
	const struct span piece[] = { { 0, 3000 * S } };
	const struct liveness l = { INT64_MAX, true, NULL, 0, quiet, 2 };

	ngaps = liveness_gaps(&arena, &l, piece, 1, &gap);
	ck_assert_uint_eq(ngaps, 1);
	is_gap(0, 400, 1301, "silent, no heartbeats", true);
}
END_TEST

Suite *
test_liveness(void)
{
	Suite *s = suite_create("liveness");
	TCase *tc = tcase_create("liveness");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, empty_store_is_silent);
	tcase_add_test(tc, silences_between_beats);
	tcase_add_test(tc, other_lines_are_no_beats);
	tcase_add_test(tc, apps_are_apart);
	add_table(tc, expects_what_site_says, site);
	tcase_add_test(tc, gaps_of_beats);
	tcase_add_test(tc, without_beats_silences_of_a_quarter_count_as_seen);
	tcase_add_test(tc, beats_are_expected_from_the_first_on);
	tcase_add_test(tc, long_silence_is_unknown);
	suite_add_tcase(s, tc);
	return s;
}
