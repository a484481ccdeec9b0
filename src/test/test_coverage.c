/* SPDX-License-Identifier: MIT */
#include "detect/coverage.h"

#include <math.h>

#include "base/utc.h"
#include "test/ck.h"

static struct arena arena;

static struct coverage
cover(struct stream s, int64_t from, int64_t to)
{
	struct coverage c;

	coverage_make(&arena, &s, (struct span){ from, to }, &c);
	return c;
}

START_TEST(unites_overlapping_and_adjacent)
{
	struct span s[] = { { 50, 60 }, { 0, 10 }, { 5, 20 }, { 21, 30 },
		{ 32, 40 }, { 55, 58 } };

	ck_assert_uint_eq(span_union(s, countof(s)), 3);
	ck_assert_int_eq(s[0].from, 0);
	ck_assert_int_eq(s[0].to, 30);
	ck_assert_int_eq(s[1].from, 32);
	ck_assert_int_eq(s[1].to, 40);
	ck_assert_int_eq(s[2].to, 60);
	ck_assert_uint_eq(span_union(s, 0), 0);
}
END_TEST

START_TEST(common_of_two)
{
	const struct span x[] = { { 0, 10 }, { 20, 30 } };
	const struct span y[] = { { 5, 25 }, { 30, 40 } };
	struct span *c;

	ck_assert_uint_eq(span_common(&arena, x, 2, y, 2, &c), 3);
	ck_assert_int_eq(c[0].from, 5);
	ck_assert_int_eq(c[0].to, 10);
	ck_assert_int_eq(c[1].from, 20);
	ck_assert_int_eq(c[1].to, 25);
	ck_assert_int_eq(c[2].from, 30);
	ck_assert_int_eq(c[2].to, 30);
}
END_TEST

START_TEST(minus_of_two)
{
	const struct span x[] = { { 0, 10 }, { 20, 30 }, { 40, 40 },
		{ 50, 50 }, { 60, 70 } };
	const struct span y[] = { { 0, 2 }, { 4, 6 }, { 25, 65 } };
	struct span *m;

	ck_assert_uint_eq(span_minus(&arena, x, 5, y, 3, &m), 4);
	ck_assert_int_eq(m[0].from, 2);
	ck_assert_int_eq(m[0].to, 4);
	ck_assert_int_eq(m[1].from, 6);
	ck_assert_int_eq(m[1].to, 10);
	ck_assert_int_eq(m[2].from, 20);
	ck_assert_int_eq(m[2].to, 25);
	ck_assert_int_eq(m[3].from, 65);
	ck_assert_int_eq(m[3].to, 70);
	/* A span without length is whole or gone. */
	ck_assert_uint_eq(span_minus(&arena, x + 2, 2, y, 2, &m), 2);
	ck_assert_uint_eq(span_minus(&arena, x, 5, NULL, 0, &m), 5);
}
END_TEST

START_TEST(share_and_blind_spans)
{
	struct span seen[] = { { 0, 40 }, { 60, 80 } };
	struct blind hole[] = { { 40, 60, SV("hole between pulls"), false } };
	struct stream s = { .seen = seen, .nseen = 2, .gap = hole,
		.ngaps = 1, .until = INT64_MAX };
	struct coverage c = cover(s, 0, 100);

	ck_assert_double_eq_tol(c.share, 0.6, 1e-12);
	ck_assert_uint_eq(c.nblind, 2);
	ck_assert_int_eq(c.blind[0].from, 40);
	ck_assert_int_eq(c.blind[0].to, 60);
	ck_sv_lit(c.blind[0].why, "hole between pulls");
	ck_assert_int_eq(c.blind[1].from, 80);
	ck_sv_lit(c.blind[1].why, "no log input");
	ck_assert_double_eq(cover(s, 10, 30).share, 1);
	ck_assert_uint_eq(cover(s, 10, 30).nblind, 0);
	ck_assert_double_eq(cover(s, 81, 99).share, 0);
	ck_assert_uint_eq(cover(s, 81, 99).nblind, 1);
}
END_TEST

START_TEST(window_of_one_instant)
{
	struct span seen[] = { { 10, 20 } };
	struct stream s = { .seen = seen, .nseen = 1, .until = INT64_MAX };

	ck_assert_double_eq(cover(s, 20, 20).share, 1);
	ck_assert_double_eq(cover(s, 21, 21).share, 0);
}
END_TEST

START_TEST(dump_is_blind_after_it_was_taken)
{
	struct span seen[] = { { -1000, 1000 } };
	struct stream s = { .seen = seen, .nseen = 1, .until = 75,
		.until_why = SV("dump") };
	struct coverage c = cover(s, 0, 100);

	ck_assert_double_eq_tol(c.share, 0.75, 1e-12);
	ck_assert_uint_eq(c.nblind, 1);
	ck_assert_int_eq(c.blind[0].from, 75);
	ck_sv_lit(c.blind[0].why, "dump");
	ck_assert_double_eq(cover(s, 76, 100).share, 0);
	ck_assert_int_eq(cover(s, 76, 100).blind[0].from, 76);
	ck_assert_double_eq(cover(s, 0, 75).share, 1);
	ck_assert_uint_eq(cover(s, 0, 75).nblind, 0);
}
END_TEST

START_TEST(losses_lower_the_share)
{
	struct span seen[] = { { 0, 100 } };
	struct lossy loss[] = { { 0, 20, 0.75, 0.5, SV("a") },
		{ 50, 60, 0, 0, SV("b") }, { 90, 300, 0.5, 0.5, SV("c") } };
	struct stream s = { .seen = seen, .nseen = 1, .lossy = loss,
		.nlossy = 3, .until = INT64_MAX };
	struct coverage c = cover(s, 0, 100);

	/* Gone: a quarter of 20, all of 10, half of 10. */
	ck_assert_double_eq_tol(c.share, 0.8, 1e-12);
	ck_assert_double_eq_tol(c.low, 0.75, 1e-12);
	ck_assert_double_eq_tol(c.seen, 100, 1e-12);
	ck_assert_uint_eq(c.nblind, 3);
	ck_sv_lit(c.blind[0].why, "a");
	ck_assert_int_eq(c.blind[2].to, 100);
	ck_assert(c.noticed);
	ck_assert(!cover(s, 21, 49).noticed);
}
END_TEST

/* Not counted twice: what was not seen cannot be lost too. */
START_TEST(losses_count_where_it_was_seen)
{
	struct span seen[] = { { 0, 40 }, { 60, 100 } };
	struct lossy loss[] = { { 30, 70, 0.5, 0.5, SV("a") } };
	struct stream s = { .seen = seen, .nseen = 2, .lossy = loss,
		.nlossy = 1, .until = INT64_MAX };
	struct coverage c = cover(s, 0, 100);

	ck_assert_double_eq_tol(c.share, 0.7, 1e-12);
	ck_assert_uint_eq(c.nblind, 3);
	ck_assert_int_eq(c.blind[0].from, 30);
	ck_assert_int_eq(c.blind[1].from, 40);
	ck_sv_lit(c.blind[1].why, "no log input");
	ck_assert_int_eq(c.blind[2].from, 60);
	ck_assert_int_eq(c.blind[2].to, 70);
}
END_TEST

/* A gap is cut where its reason changes. */
START_TEST(gaps_say_why)
{
	struct span seen[] = { { 0, 10 }, { 90, 100 } };
	struct blind gap[] = { { 10, 30, SV("a"), true },
		{ 20, 40, SV("b"), false }, { 60, 80, SV("c"), true } };
	struct stream s = { .seen = seen, .nseen = 2, .gap = gap, .ngaps = 3,
		.until = INT64_MAX };
	static const struct {
		int from, to;
		const char *why;
	} want[] = { { 10, 30, "a" }, { 30, 40, "b" },
		{ 40, 60, "no log input" }, { 60, 80, "c" },
		{ 80, 90, "no log input" } };
	struct coverage c = cover(s, 0, 100);

	ck_assert_uint_eq(c.nblind, countof(want));
	for (size_t i = 0; i < countof(want); i++) {
		ck_assert_int_eq(c.blind[i].from, want[i].from);
		ck_assert_int_eq(c.blind[i].to, want[i].to);
		ck_sv(c.blind[i].why, sv_str(want[i].why));
	}
	ck_assert_double_eq_tol(c.unknown, 40, 1e-12);
	ck_assert_double_eq_tol(cover(s, 25, 70).unknown, 15, 1e-12);
}
END_TEST

START_TEST(joined_streams_are_as_blind_as_both)
{
	struct span a[] = { { 0, 60 } }, b[] = { { 20, 100 } };
	struct blind ga[] = { { 60, 100, SV("a"), false } };
	struct blind gb[] = { { 0, 20, SV("b"), false } };
	struct lossy la[] = { { 30, 50, 0.5, 0.2, SV("x") } };
	struct lossy lb[] = { { 40, 60, 0.75, 0.1, SV("y") } };
	struct stream s = { .seen = a, .nseen = 1, .gap = ga, .ngaps = 1,
		.lossy = la, .nlossy = 1, .until = INT64_MAX };
	struct stream t = { .seen = b, .nseen = 1, .gap = gb, .ngaps = 1,
		.lossy = lb, .nlossy = 1, .until = 90 };
	struct coverage c;

	stream_join(&arena, &s, &t);
	ck_assert_int_eq(s.until, 90);
	ck_assert_uint_eq(s.nlossy, 3);
	ck_assert_int_eq(s.lossy[1].from, 40);
	ck_assert_int_eq(s.lossy[1].to, 50);
	ck_assert_double_eq_tol(s.lossy[1].share, 0.5, 1e-12);
	ck_assert_double_eq_tol(s.lossy[1].low, 0.1, 1e-12);
	ck_assert_double_eq_tol(s.lossy[2].share, 0.75, 1e-12);
	c = cover(s, 0, 80);
	/* 20..60, less half of 30..50 and a quarter of 50..60 */
	ck_assert_double_eq_tol(c.share, (40 - 10 - 2.5) / 80, 1e-12);
	ck_sv_lit(c.blind[0].why, "b");
	ck_sv_lit(c.blind[c.nblind - 1].why, "a");
}
END_TEST

/* What a window without a finding may be called. */
static const struct {
	int64_t seen_to; /* seconds of a window of 1000 */
	bool open_end, notice, want;
} clean[] = {
	{ 1000, false, false, true }, { 999, false, false, false },
	{ 999, true, false, true }, { 940, true, false, true },
	{ 939, true, false, false }, { 1000, false, true, false },
	{ 1000, true, true, false },
};

START_TEST(only_the_whole_window_is_clean)
{
	struct span seen[] = { { 0, clean[_i].seen_to * UTC_SECOND } };
	struct lossy loss[] = { { 10, 20, 1, 1, SV("x") } };
	struct stream s = { .seen = seen, .nseen = 1, .lossy = loss,
		.nlossy = clean[_i].notice, .until = INT64_MAX };
	struct coverage c = cover(s, 0, 1000 * UTC_SECOND);

	ck_assert_int_eq(coverage_is_clean(&c, clean[_i].open_end),
	    clean[_i].want);
}
END_TEST

START_TEST(a_hole_is_never_clean)
{
	struct span seen[] = { { 0, 10 }, { 11, 100 } };
	struct stream s = { .seen = seen, .nseen = 2, .until = INT64_MAX };
	struct coverage c = cover(s, 0, 100);

	ck_assert(!coverage_is_clean(&c, true));
	c = cover(s, 11, 100);
	ck_assert(coverage_is_clean(&c, false));
	c = cover(s, 200, 200);
	ck_assert(!coverage_is_clean(&c, true));
}
END_TEST

/* P(at least k of n) summed in the plain way. */
static double
chance(double p, unsigned n, unsigned k)
{
	double sum = 0, c = 1;

	for (unsigned i = 0; i <= n; i++) {
		if (i >= k)
			sum += c * pow(p, i) * pow(1 - p, n - i);
		c = c * (n - i) / (i + 1);
	}
	return sum;
}

/* detect probabilities of a threshold of 10, as published in the notes. */
static const struct {
	unsigned size;
	double share, chance;
} table[] = {
	{ 12, 0.5, 0.02 }, { 12, 0.8, 0.56 }, { 12, 0.95, 0.98 },
	{ 20, 0.5, 0.59 }, { 20, 0.8, 1.00 }, { 20, 0.95, 1.00 },
	{ 30, 0.5, 0.98 }, { 30, 0.8, 1.00 }, { 30, 0.95, 1.00 },
};

START_TEST(smallest_agrees_with_the_table)
{
	double p = table[_i].share;
	unsigned n = coverage_smallest(p, 10);

	ck_assert_double_eq_tol(chance(p, table[_i].size, 10),
	    table[_i].chance, 0.005);
	ck_assert_double_ge(chance(p, n, 10), 0.95);
	ck_assert_double_lt(chance(p, n - 1, 10), 0.95);
	ck_assert_int_eq(table[_i].size >= n, table[_i].chance >= 0.95);
}
END_TEST

START_TEST(smallest_at_the_edges)
{
	ck_assert_uint_eq(coverage_smallest(1, 10), 10);
	ck_assert_uint_eq(coverage_smallest(0, 10), 0);
	ck_assert_uint_eq(coverage_smallest(0.95, 1), 1);
	ck_assert_uint_eq(coverage_smallest(0.5, 1), 5);
	ck_assert_uint_eq(coverage_smallest(1e-9, 1), 0);
	/* p^k is far below the smallest double. */
	ck_assert_uint_ge(coverage_smallest(0.01, 500), 50000);
	ck_assert_uint_le(coverage_smallest(0.01, 500), 56000);
}
END_TEST

START_TEST(days)
{
	int64_t day = utc_days(2026, 6, 12) * UTC_DAY;
	struct span seen[] = { { day, day + 20 * UTC_HOUR } };
	struct stream s = { .seen = seen, .nseen = 1, .until = INT64_MAX };

	ck_assert_int_eq(day_start(day), day);
	ck_assert_int_eq(day_start(day + UTC_DAY - 1), day);
	ck_assert_int_eq(day_start(-1), -UTC_DAY);
	ck_assert_double_eq_tol(coverage_day(&arena, &s, day), 20.0 / 24, 1e-6);
	ck_assert_double_eq(coverage_day(&arena, &s, day + UTC_DAY), 0);
}
END_TEST

Suite *
test_coverage(void)
{
	Suite *s = suite_create("coverage");
	TCase *tc = tcase_create("coverage");

	tcase_add_test(tc, unites_overlapping_and_adjacent);
	tcase_add_test(tc, common_of_two);
	tcase_add_test(tc, minus_of_two);
	tcase_add_test(tc, share_and_blind_spans);
	tcase_add_test(tc, window_of_one_instant);
	tcase_add_test(tc, dump_is_blind_after_it_was_taken);
	tcase_add_test(tc, losses_lower_the_share);
	tcase_add_test(tc, losses_count_where_it_was_seen);
	tcase_add_test(tc, gaps_say_why);
	tcase_add_test(tc, joined_streams_are_as_blind_as_both);
	add_table(tc, only_the_whole_window_is_clean, clean);
	tcase_add_test(tc, a_hole_is_never_clean);
	add_table(tc, smallest_agrees_with_the_table, table);
	tcase_add_test(tc, smallest_at_the_edges);
	tcase_add_test(tc, days);
	suite_add_tcase(s, tc);
	return s;
}
