/* SPDX-License-Identifier: MIT */
#include "detect/notice.h"

#include "base/utc.h"
#include "store/db.h"
#include "test/ck.h"
#include "test/loglines.h"

Suite *test_notice(void);

static struct arena arena;
static struct lossy *piece;
static size_t npieces;

static void
teardown(void)
{
	arena_release(&arena);
}

/* --- what notices mean ---------------------------------------------------- */

static int64_t holder[] = { 1, 2, 3 };

static struct notice
notice(enum notice_scope scope, int64_t from, int64_t to, int64_t lost)
{
	return (struct notice){ .from = from, .to = to, .lost = lost,
		.got = { 30, 60, 10 }, .code = SV("L10"), .scope = scope,
		.holder = holder, .nholders = 1,
		.drained = scope == NOTICE_DRAIN };
}

static void
judge(struct notice *n, size_t nn, struct input *in, size_t nin, unsigned mask)
{
	const struct notices notices = { n, nn };
	const struct inputs inputs = { in, nin };

	npieces = notice_lossy(&arena, &notices, &inputs, mask, &piece);
}

static void
is_piece(size_t i, int64_t from, int64_t to, double share, double low)
{
	ck_assert_uint_lt(i, npieces);
	ck_assert_int_eq(piece[i].from, from);
	ck_assert_int_eq(piece[i].to, to);
	ck_assert_double_eq_tol(piece[i].share, share, 1e-12);
	ck_assert_double_eq_tol(piece[i].low, low, 1e-12);
}

/* 20 of 120 lines; if all were the router's, 20 of its 50. */
START_TEST(drain_loses_of_all_streams)
{
	struct notice n = notice(NOTICE_DRAIN, 10, 50, 20);
	struct input in[] = { { 1, 0, 100, true, true, false } };

	judge(&n, 1, in, 1, STREAM_ROUTER);
	ck_assert_uint_eq(npieces, 1);
	is_piece(0, 10, 50, 100.0 / 120, 30.0 / 50);
	ck_sv_lit(piece[0].why, "loss notice L10: 20 lost");
	judge(&n, 1, in, 1, STREAM_APP);
	is_piece(0, 10, 50, 100.0 / 120, 60.0 / 80);
	judge(&n, 1, in, 1, STREAM_ALL);
	is_piece(0, 10, 50, 100.0 / 120, 10.0 / 30);
}
END_TEST

/* What a pull of the same time has was not lost. */
START_TEST(pull_covers_what_a_drain_lost)
{
	struct notice n = notice(NOTICE_DRAIN, 10, 50, 20);
	struct input in[] = { { 1, 0, 100, true, true, false },
		{ 2, 20, 40, false, false, false } };

	judge(&n, 1, in, 2, STREAM_ROUTER);
	ck_assert_uint_eq(npieces, 3);
	is_piece(0, 10, 20, 100.0 / 120, 0.6);
	is_piece(1, 20, 40, 1, 1);
	ck_sv_lit(piece[1].why, "loss notice L10: another input has the lines");
	is_piece(2, 40, 50, 100.0 / 120, 0.6);
	in[1].invalid = true;
	judge(&n, 1, in, 2, STREAM_ROUTER);
	ck_assert_uint_eq(npieces, 1);
}
END_TEST

/* A second drain of that time did not get the notice; the next file of the
 * first was not there yet when it came. */
START_TEST(other_drains)
{
	struct notice n = notice(NOTICE_DRAIN, 10, 50, 20);
	struct input in[] = { { 9, 0, 30, true, true, false },
		{ 1, 30, 100, true, true, false } };
	struct input two[] = { { 1, 0, 100, true, true, false },
		{ 9, 0, 100, true, true, false } };

	judge(&n, 1, in, 2, STREAM_ROUTER);
	ck_assert_uint_eq(npieces, 1);
	is_piece(0, 10, 50, 100.0 / 120, 0.6);
	judge(&n, 1, two, 2, STREAM_ROUTER);
	is_piece(0, 10, 50, 1, 1);
	/* Only a pull told of it: it may be any. */
	n.drained = false;
	judge(&n, 1, two, 2, STREAM_ROUTER);
	is_piece(0, 10, 50, 100.0 / 120, 0.6);
}
END_TEST

START_TEST(tail_loses_in_one_input)
{
	struct notice n = notice(NOTICE_TAIL, 10, 50, 20);
	struct input in[] = { { 1, 0, 100, true, false, false },
		{ 2, 30, 100, true, true, false } };

	judge(&n, 1, in, 2, STREAM_PLATFORM);
	ck_assert_uint_eq(npieces, 2);
	is_piece(0, 10, 30, 100.0 / 120, 10.0 / 30);
	is_piece(1, 30, 50, 1, 1);
}
END_TEST

/* Lost before it reached Logplex: no input has it, and only app lines. */
START_TEST(dyno_loses_app_lines)
{
	struct notice n = notice(NOTICE_DYNO, 10, 50, 20);
	struct input in[] = { { 1, 0, 100, true, true, false },
		{ 2, 0, 100, false, false, false } };

	judge(&n, 1, in, 2, STREAM_ROUTER | STREAM_PLATFORM);
	ck_assert_uint_eq(npieces, 0);
	judge(&n, 1, in, 2, STREAM_ROUTER | STREAM_APP);
	is_piece(0, 10, 50, 60.0 / 80, 60.0 / 80);
}
END_TEST

START_TEST(losses_add_up)
{
	struct notice n[] = { notice(NOTICE_DRAIN, 10, 50, 20),
		notice(NOTICE_DYNO, 30, 60, 15), notice(NOTICE_DRAIN, 70, 80,
		-1) };
	struct input in[] = { { 1, 0, 75, true, true, false } };

	n[1].code = SV("L13");
	judge(n, 3, in, 1, STREAM_APP);
	ck_assert_uint_eq(npieces, 4);
	is_piece(1, 30, 50, 1 / (1 + 0.2 + 0.25), 1 / (1 + 20.0 / 60 + 0.25));
	ck_sv_lit(piece[1].why, "loss notice L10, L13: 35 lost");
	is_piece(3, 70, 75, 0, 0);
	ck_sv_lit(piece[3].why, "loss notice L10: unknown number lost");
	n[0].lost = n[1].lost = INT64_MAX;
	judge(n, 2, in, 1, STREAM_APP);
	ck_sv_lit(piece[1].why, "loss notice L10, L13: unknown number lost");
}
END_TEST

START_TEST(nothing_arrived)
{
	struct notice n = notice(NOTICE_DRAIN, 10, 50, 20);
	struct input in[] = { { 1, 0, 100, true, true, false } };

	memset(n.got, 0, sizeof(n.got));
	judge(&n, 1, in, 1, STREAM_ALL);
	is_piece(0, 10, 50, 0, 0);
	/* No input was there: nothing of it can be said. */
	judge(&n, 1, in, 0, STREAM_ALL);
	ck_assert_uint_eq(npieces, 0);
}
END_TEST

START_TEST(text_of_a_time)
{
	struct notice v[] = { notice(NOTICE_DRAIN, 10, 50, 20),
		notice(NOTICE_DRAIN, 40, 60, 1) };
	const struct notices n = { v, 2 };

	ck_sv_lit(notice_text(&arena, &n, (struct span){ 0, 11 }),
	    "loss notice L10: 20 lost");
	ck_sv_lit(notice_text(&arena, &n, (struct span){ 45, 70 }),
	    "loss notice L10: 21 lost");
	ck_assert(sv_null(notice_text(&arena, &n, (struct span){ 60, 70 })));
}
END_TEST

/* A silence of 100 s lacks ten lines of samples; minute-long rests are left. */
static const struct {
	int from, to; /* of the notice, seconds */
	int64_t lost;
	enum notice_scope scope;
	bool pull, want;
} silence[] = {
	{ 0, 100, 10, NOTICE_DRAIN, false, true },
	{ 0, 100, 9, NOTICE_DRAIN, false, false },
	{ 0, 100, -1, NOTICE_DRAIN, false, false },
	{ 0, 100, 10, NOTICE_DYNO, false, false },
	{ 0, 100, 10, NOTICE_DRAIN, true, false },
	{ 60, 100, 10, NOTICE_DRAIN, false, true },
	{ 61, 100, 10, NOTICE_DRAIN, false, false },
	{ 0, 40, 10, NOTICE_DRAIN, false, true },
	{ 0, 39, 10, NOTICE_DRAIN, false, false },
	{ 100, 200, 10, NOTICE_DRAIN, false, false },
};

START_TEST(explains_a_silence)
{
	struct notice v = notice(silence[_i].scope,
	    silence[_i].from * UTC_SECOND, silence[_i].to * UTC_SECOND,
	    silence[_i].lost);
	struct input in[] = { { 1, 0, UTC_HOUR, true, true, false },
		{ 2, 0, UTC_HOUR, false, false, false } };
	const struct notices n = { &v, 1 };
	const struct inputs inputs = { in, silence[_i].pull ? 2 : 1 };

	ck_assert_int_eq(notice_explains(&n, &inputs,
	    (struct span){ 0, 100 * UTC_SECOND }), silence[_i].want);
}
END_TEST

/* --- loading -------------------------------------------------------------- */

#define NOTICE "Error L10 (output buffer overflow): 6 messages dropped since " \
	"2026-06-12T10:01:40+00:00."

static struct notices
load(struct store *st, struct input *in, size_t nin)
{
	struct inputs inputs = { in, nin };
	struct err e = ERR_INIT;
	struct notices n;

	ck_assert_msg(notice_load(&arena, st, SV("api"), &inputs, &n, &e),
	    "%s", e.msg);
	return n;
}

static void
fill(struct buf *b)
{
	log_beats(b, 0, 600, 20);
	for (int i = 0; i < 4; i++)
		log_request(b, 110 + i, i);
	log_line(b, 120, "app[web.1]", "hello");
}

/* Received: what stands in the interval of the notice, in its scope. */
START_TEST(counts_what_arrived)
{
	struct input in[] = { { 1, log_us(0), log_us(600), true, true, false } };
	struct store *st = log_open();
	struct buf b = BUF_INIT;
	struct notices n;

	fill(&b);
	log_line(&b, 200, "heroku[logplex]", NOTICE);
	log_drain(st, "api", 0, &b);
	log_request(&b, 111, 50);
	log_drain(st, "other", 0, &b);
	n = load(st, in, 1);
	ck_assert_uint_eq(n.n, 1);
	ck_assert_int_eq(n.v[0].from, log_us(100));
	ck_assert_int_eq(n.v[0].to, log_us(200));
	ck_assert_int_eq(n.v[0].lost, 6);
	ck_assert_int_eq(n.v[0].got[0], 4);
	ck_assert_int_eq(n.v[0].got[1], 1);
	ck_assert_int_eq(n.v[0].got[2], 6);
	ck_assert(n.v[0].drained);
	ck_assert_int_eq(n.v[0].scope, NOTICE_DRAIN);
	buf_release(&b);
	log_close(st);
}
END_TEST

/* The drain lost what only the pull has; a line of both arrived. */
START_TEST(pulls_do_not_count_for_a_drain)
{
	struct input in[] = { { 1, log_us(0), log_us(600), true, true, false },
		{ 2, log_us(0), log_us(600), false, false, false } };
	struct store *st = log_open();
	struct buf b = BUF_INIT;
	struct notices n;

	log_request(&b, 110, 1);
	log_line(&b, 200, "heroku[logplex]", NOTICE);
	log_drain(st, "api", 0, &b);
	log_request(&b, 110, 1);
	log_request(&b, 111, 2);
	log_line(&b, 200, "heroku[logplex]", NOTICE);
	log_pull(st, "api", 600, &b);
	n = load(st, in, 2);
	ck_assert_uint_eq(n.n, 1);
	ck_assert_int_eq(n.v[0].got[0], 1);
	ck_assert_uint_eq(n.v[0].nholders, 2);
	buf_release(&b);
	log_close(st);
}
END_TEST

/* The text alone proves nothing: an app can print it. */
START_TEST(only_heroku_is_believed)
{
	struct input in[] = { { 1, log_us(0), log_us(600), true, true, false } };
	struct store *st = log_open();
	struct buf b = BUF_INIT;

	log_line(&b, 200, "app[web.1]", NOTICE);
	log_line(&b, 210, "app[logplex]", NOTICE);
	log_line(&b, 220, "heroku[router]", NOTICE);
	log_drain(st, "api", 0, &b);
	ck_assert_uint_eq(load(st, in, 1).n, 0);
	buf_release(&b);
	log_close(st);
}
END_TEST

static const struct {
	const char *origin, *text;
	enum notice_scope scope;
	int64_t lost;
	bool invalid;
} form[] = {
	{ "heroku[logplex]", "Error L11 (Tail buffer overflow) -> This tail "
	    "session dropped 3 messages since 2026-06-12T10:01:40+00:00",
	    NOTICE_TAIL, 3, false },
	{ "app[log-shuttle]", "Error L12: 222 messages dropped since "
	    "2026-06-12T10:01:40+00:00.", NOTICE_DYNO, 222, false },
	{ "app[log-shuttle]", "Error L13: 111 messages lost since "
	    "2026-06-12T10:01:40+00:00.", NOTICE_DYNO, 111, false },
	{ "heroku[logplex]", "Error L14 (certificate validation): refused",
	    NOTICE_DRAIN, -1, false },
	{ "heroku[logplex]", "Error L15 (tail buffer temporarily unavailable)",
	    NOTICE_TAIL, -1, true },
};

START_TEST(forms_of_notices)
{
	struct input in[] = { { 1, log_us(0), log_us(600), false, false,
		false } };
	struct store *st = log_open();
	struct buf b = BUF_INIT;
	struct notices n;

	log_request(&b, 0, 1);
	log_line(&b, 200, form[_i].origin, form[_i].text);
	log_pull(st, "api", 600, &b);
	n = load(st, in, 1);
	ck_assert_uint_eq(n.n, 1);
	ck_assert_int_eq(n.v[0].scope, form[_i].scope);
	ck_assert_int_eq(n.v[0].lost, form[_i].lost);
	ck_assert_int_eq(in[0].invalid, form[_i].invalid);
	/* Without a start it takes all of the input before it. */
	ck_assert_int_eq(n.v[0].from, form[_i].lost < 0 ? log_us(0)
	    : log_us(100));
	buf_release(&b);
	log_close(st);
}
END_TEST

Suite *
test_notice(void)
{
	Suite *s = suite_create("notice");
	TCase *tc = tcase_create("notice");

	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_add_test(tc, drain_loses_of_all_streams);
	tcase_add_test(tc, pull_covers_what_a_drain_lost);
	tcase_add_test(tc, other_drains);
	tcase_add_test(tc, tail_loses_in_one_input);
	tcase_add_test(tc, dyno_loses_app_lines);
	tcase_add_test(tc, losses_add_up);
	tcase_add_test(tc, nothing_arrived);
	tcase_add_test(tc, text_of_a_time);
	add_table(tc, explains_a_silence, silence);
	tcase_add_test(tc, counts_what_arrived);
	tcase_add_test(tc, pulls_do_not_count_for_a_drain);
	tcase_add_test(tc, only_heroku_is_believed);
	add_table(tc, forms_of_notices, form);
	suite_add_tcase(s, tc);
	return s;
}
