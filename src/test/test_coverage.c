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

START_TEST(share_and_blind_spans)
{
	struct span seen[] = { { 0, 40 }, { 60, 80 } };
	struct span hole[] = { { 40, 60 } };
	struct stream s = { .seen = seen, .nseen = 2, .hole = hole,
		.nholes = 1, .until = INT64_MAX };
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
	struct loss loss[] = { { 0, 20, 30, 10, SV("L10") },
		{ 50, 60, -1, 10, SV("L15") }, { 90, 300, 10, 10, SV("L11") } };
	struct stream s = { .seen = seen, .nseen = 1, .loss = loss,
		.nlosses = 3, .until = INT64_MAX };
	struct coverage c = cover(s, 0, 100);

	/* 20 * 3/4, 10 whole, 10 * 1/2 */
	ck_assert_double_eq_tol(c.share, 0.7, 1e-12);
	ck_assert_uint_eq(c.nblind, 3);
	ck_sv_lit(c.blind[0].why, "loss notice L10: 30 lost");
	ck_sv_lit(c.blind[1].why, "loss notice L15: unknown number lost");
	ck_assert_int_eq(c.blind[2].to, 100);
}
END_TEST

START_TEST(overlapping_losses_add_up)
{
	struct loss l[] = { { 10, 20, 5, 0, SV("L13") },
		{ 0, 15, 7, 0, SV("L10") }, { 20, 30, 1, 0, SV("L10") },
		{ 40, 50, 1, 0, SV("L10") }, { 45, 46, -1, 0, SV("L10") } };

	ck_assert_uint_eq(loss_merge(&arena, l, countof(l)), 3);
	ck_assert_int_eq(l[0].from, 0);
	ck_assert_int_eq(l[0].to, 20);
	ck_assert_int_eq(l[0].lost, 12);
	ck_sv_lit(l[0].code, "L10, L13");
	ck_assert_int_eq(l[1].lost, 1);
	ck_assert_int_eq(l[2].lost, -1);
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
	tcase_add_test(tc, share_and_blind_spans);
	tcase_add_test(tc, window_of_one_instant);
	tcase_add_test(tc, dump_is_blind_after_it_was_taken);
	tcase_add_test(tc, losses_lower_the_share);
	tcase_add_test(tc, overlapping_losses_add_up);
	add_table(tc, smallest_agrees_with_the_table, table);
	tcase_add_test(tc, smallest_at_the_edges);
	tcase_add_test(tc, days);
	suite_add_tcase(s, tc);
	return s;
}
