/* SPDX-License-Identifier: MIT */
#include "detect/crosscheck.h"

#include <math.h>
#include <stdio.h>

#include "base/jsonw.h"
#include "base/utc.h"
#include "store/db.h"
#include "store/subset.h"
#include "test/ck.h"
#include "test/loglines.h"

Suite *test_crosscheck(void);

static struct store *st;
static struct buf b;
static struct crosscheck c;
/* All of 1000 s was seen, and a loss of a tenth is claimed. */
static struct coverage claim = { .covered = 900, .seen = 1000 };

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
}

static void
app_line(int second, int id)
{
	char text[120];

	snprintf(text, sizeof(text), "{\"evt\":\"x\",\"rid\":"
	    "\"00000000-0000-4000-8000-%012d\"}", id);
	log_line(&b, second, "app[web.1]", text);
}

/* A router line of any kind. */
static void
router_line(int second, int id, const char *path, const char *code,
    const char *dyno)
{
	char text[300];

	snprintf(text, sizeof(text), "at=%s method=GET path=\"%s\" "
	    "host=api.example request_id=00000000-0000-4000-8000-%012d "
	    "fwd=\"192.0.2.1\" dyno=%s connect=0ms service=4ms status=503 "
	    "bytes=2 protocol=https", code[0] ? code : "info", path, id, dyno);
	log_line(&b, second, "heroku[router]", text);
}

static void
check(int64_t lines)
{
	const struct span w = { log_us(0), log_us(40000) };
	struct err e = ERR_INIT;

	if (b.n)
		log_drain(st, "api", 0, &b);
	ck_assert_msg(crosscheck_load(st, w, lines, &claim, &claim, &c, &e),
	    "%s", e.msg);
}

START_TEST(nothing_is_known_without_ids)
{
	struct jsonw w = JSONW_INIT(&b);

	log_request(&b, 1, 1);
	log_line(&b, 1, "app[web.1]", "no id");
	check(1);
	ck_assert(!c.known);
	jsonw_open(&w, '{');
	crosscheck_write(&w, &c);
	ck_sv_lit(buf_sv(&b), "{\"cross_check\":null");
}
END_TEST

/* Of 40 requests the router's lines of 8 and the app's of 4 are missing. */
START_TEST(capture_and_recapture)
{
	for (int i = 0; i < 40; i++) {
		if (i % 5)
			log_request(&b, i, i);
		if (i % 10 != 1)
			app_line(i, i);
	}
	check(40);
	ck_assert(c.known);
	ck_assert_int_eq(c.every, 1);
	ck_assert_int_eq(c.n_router, 32);
	ck_assert_int_eq(c.n_app, 36);
	ck_assert_int_eq(c.matched, 28);
	ck_assert_double_eq_tol(c.router.estimate, 28.0 / 36, 1e-12);
	ck_assert_double_eq_tol(c.app.estimate, 28.0 / 32, 1e-12);
	ck_assert_double_eq_tol(c.router.claimed, 0.9, 1e-12);
	ck_assert(c.router.flagged);
	ck_assert(!c.app.flagged);
}
END_TEST

/* An app that counts an event twice has not seen two requests. */
START_TEST(ids_count_once)
{
	log_request(&b, 1, 1);
	app_line(1, 1);
	app_line(2, 1);
	check(1);
	ck_assert_int_eq(c.n_app, 1);
	ck_assert_int_eq(c.matched, 1);
	ck_assert(!c.router.flagged);
}
END_TEST

/* A store that somebody edited: nothing is as large as they are. */
START_TEST(ids_of_shapes_are_any_number)
{
	struct err e = ERR_INIT;

	log_request(&b, 1, 1);
	app_line(1, 1);
	check(1);
	buf_clear(&b);
	ck_assert(subset_change(st, "INSERT INTO main.shape(id, flags) VALUES "
	    "(-9223372036854775807, 0), (9223372036854775807, 0)", &e));
	check(1);
	ck_assert_int_eq(c.n_router, 1);
	ck_assert_int_eq(c.matched, 1);
	/* a shape that is not there says nothing, so not of a dyno either */
	ck_assert(subset_change(st, "UPDATE main.request_row SET shape = 77",
	    &e));
	check(1);
	ck_assert_int_eq(c.n_router, 0);
}
END_TEST

START_TEST(what_reached_no_dyno_is_left_out)
{
	router_line(1, 1, "/api/v1/me", "error code=H10 desc=\"App crashed\"",
	    "");
	router_line(2, 2, "/api/v1/me", "error code=H12 desc=\"Request "
	    "timeout\"", "web.1");
	router_line(3, 3, "/api/v1/me", "", "web.1");
	app_line(2, 2);
	app_line(3, 3);
	check(3);
	ck_assert_int_eq(c.n_router, 1);
	ck_assert_int_eq(c.n_app, 1);
	ck_assert_int_eq(c.matched, 1);
}
END_TEST

/* The app does not log its health checks: that is no loss. */
START_TEST(routes_that_the_app_does_not_log)
{
	for (int i = 0; i < 100; i++)
		router_line(i, i, "/healthz", "", "web.1");
	for (int i = 100; i < 140; i++) {
		router_line(i, i, i % 2 ? "/api/beta/a/b?x=/" :
		    "/api/beta/c/d", "", "web.1");
		app_line(i, i);
	}
	check(140);
	ck_assert_int_eq(c.n_router, 140);
	ck_assert_int_eq(c.n_expected, 40);
	ck_assert_int_eq(c.n_found, 40);
	ck_assert_double_eq(c.app.estimate, 1);
	ck_assert(!c.app.flagged);
}
END_TEST

static const struct {
	int names;   /* one id of so many */
	int until;   /* of 200 requests; then none */
	int64_t expected;
	bool flagged;
} habits[] = {
	{ 1, 200, 200, false }, { 1, 100, 200, true }, { 1, 40, 200, true },
	{ 3, 200, 0, false }, { 3, 100, 0, false }, { 2, 200, 0, false },
	{ 1, 20, 0, false }, /* too few to say */
};

/* What the app names now and then only is not missing otherwise; what it always
 * named is, when it ends. */
START_TEST(habits_of_the_app)
{
	for (int i = 0; i < 200; i++) {
		router_line(i, i, "/api/v1/items", "", "web.1");
		if (i < habits[_i].until && i % habits[_i].names == 0)
			app_line(i, i);
	}
	check(200);
	ck_assert_int_eq(c.n_expected, habits[_i].expected);
	ck_assert_int_eq(c.app.flagged, habits[_i].flagged);
}
END_TEST

static const struct {
	int64_t found, of;
	bool flagged;
} judged[] = {
	{ 24, 30, false }, { 23, 30, true }, { 22, 29, false },
	{ 0, 30, true }, { 0, 0, false }, { 81, 100, false },
	{ 79, 100, true },
};

START_TEST(flagged_by_more_than_ten_points)
{
	c = (struct crosscheck){ .known = true, .n_app = judged[_i].of,
		.matched = judged[_i].found };
	crosscheck_judge(&c, &claim, &claim);
	ck_assert_int_eq(c.router.flagged, judged[_i].flagged);
	ck_assert(isnan(c.app.estimate));
	ck_assert(!c.app.flagged);
}
END_TEST

/* Many lines: some blocks of ten minutes, the same on both sides. */
START_TEST(sampled)
{
	for (int i = 0; i < 4000; i++) {
		log_request(&b, i * 10, i);
		app_line(i * 10, i);
	}
	check(3 * (int64_t)CROSSCHECK_SAMPLE);
	ck_assert_int_eq(c.every, 4);
	ck_assert_int_gt(c.n_router, 800);
	ck_assert_int_lt(c.n_router, 1200);
	ck_assert_int_eq(c.n_app, c.n_router);
	ck_assert_int_eq(c.matched, c.n_router);
}
END_TEST

START_TEST(written)
{
	struct jsonw w = JSONW_INIT(&b);

	c = (struct crosscheck){ .known = true, .every = 1, .n_app = 40,
		.matched = 30, .n_router = 35 };
	crosscheck_judge(&c, &claim, &claim);
	jsonw_open(&w, '{');
	crosscheck_write(&w, &c);
	ck_sv_lit(buf_sv(&b), "{\"cross_check\":{\"every\":1,\"n_router\":35,"
	    "\"n_app\":40,\"matched\":30,\"n_expected\":0,\"n_found\":0,"
	    "\"router\":{\"estimate\":0.75,\"claimed\":0.9,\"flagged\":true},"
	    "\"app\":{\"estimate\":null,\"claimed\":0.9,\"flagged\":false}}");
}
END_TEST

Suite *
test_crosscheck(void)
{
	Suite *s = suite_create("crosscheck");
	TCase *tc = tcase_create("crosscheck");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, nothing_is_known_without_ids);
	tcase_add_test(tc, capture_and_recapture);
	tcase_add_test(tc, ids_count_once);
	tcase_add_test(tc, ids_of_shapes_are_any_number);
	tcase_add_test(tc, what_reached_no_dyno_is_left_out);
	tcase_add_test(tc, routes_that_the_app_does_not_log);
	tcase_add_loop_test(tc, habits_of_the_app, 0, countof(habits));
	add_table(tc, flagged_by_more_than_ten_points, judged);
	tcase_add_test(tc, sampled);
	tcase_add_test(tc, written);
	suite_add_tcase(s, tc);
	return s;
}
