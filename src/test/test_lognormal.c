/* SPDX-License-Identifier: MIT */
#include "detect/lognormal.h"

#include <math.h>

#include "test/ck.h"

Suite *test_lognormal(void);

/* A lognormal of mu 0 and sigma 1, in closed form. */
static const struct lognormal unit = { 1.6487212707001282, 2.1611974158950877,
	0, 1 };

START_TEST(closed_form)
{
	ck_assert_double_eq_tol(lognormal_below(&unit, 1), 0.5, 1e-12);
	ck_assert_double_eq_tol(lognormal_quantile(&unit, 0.5), 1, 1e-9);
	ck_assert_double_eq_tol(lognormal_quantile(&unit, 0.99),
	    exp(2.3263478740408408), 1e-6);
	ck_assert_double_eq_tol(lognormal_below(&unit, 0), 0, 1e-12);
	ck_assert_double_eq_tol(lognormal_below(&unit, -1), 0, 1e-12);
}
END_TEST

/* 98 % take 1 ms and 2 % take 200 ms, and the same with 0.5 %. */
static const struct {
	double mean, sd, max, want;
} humps[] = {
	{ 4.98, 27.86, 0, 66.9 },
	{ 1.995, 14.036, 0, 28.1 },
	{ 4.98, 27.86, 50, 50 },
	{ 5, 0, 0, 5 },
	{ 0, 0, 0, 0 },
	{ 5, 0, 100, 5 },
};

START_TEST(two_humps)
{
	struct lognormal d = { humps[_i].mean, humps[_i].sd, humps[_i].max, 1 };

	ck_assert_double_eq_tol(lognormal_quantile(&d, 0.99), humps[_i].want,
	    0.1);
}
END_TEST

START_TEST(a_mix_of_one_is_it)
{
	struct lognormal twice[] = { unit, unit };
	double q = lognormal_quantile(&unit, 0.99);

	ck_assert_double_eq_tol(lognormal_mix(&unit, 1, 0.99), q, 1e-6);
	ck_assert_double_eq_tol(lognormal_mix(twice, 2, 0.99), q, 1e-6);
	twice[0].weight = 1000;
	ck_assert_double_eq_tol(lognormal_mix(twice, 2, 0.99), q, 1e-6);
}
END_TEST

START_TEST(rare_and_slow)
{
	/* 0.5 % of the calls take a second: the slowest hundredth is fast */
	struct lognormal d[] = { { 2, 0.1, 0, 9950 }, { 1000, 10, 0, 50 } };

	ck_assert_double_lt(lognormal_mix(d, 2, 0.99), 3);
	d[1].weight = 200;
	ck_assert_double_gt(lognormal_mix(d, 2, 0.99), 900);
	d[1].weight = 0;
	ck_assert_double_lt(lognormal_mix(d, 2, 0.99), 3);
}
END_TEST

START_TEST(the_share_is_met)
{
	struct lognormal d[] = { { 3, 5, 80, 10 }, { 40, 20, 300, 1 },
		{ 9, 0, 9, 4 } };
	double x = lognormal_mix(d, 3, 0.99), sum = 0;

	for (size_t i = 0; i < countof(d); i++)
		sum += d[i].weight * lognormal_below(&d[i], x);
	ck_assert_double_eq_tol(sum / 15, 0.99, 1e-9);
}
END_TEST

START_TEST(nothing)
{
	struct lognormal d = { 5, 1, 0, 0 };

	ck_assert_double_eq_tol(lognormal_mix(&d, 0, 0.99), 0, 1e-12);
	ck_assert_double_eq_tol(lognormal_mix(&d, 1, 0.99), 0, 1e-12);
}
END_TEST

Suite *
test_lognormal(void)
{
	Suite *s = suite_create("lognormal");
	TCase *t = tcase_create("lognormal");

	tcase_add_test(t, closed_form);
	add_table(t, two_humps, humps);
	tcase_add_test(t, a_mix_of_one_is_it);
	tcase_add_test(t, rare_and_slow);
	tcase_add_test(t, the_share_is_met);
	tcase_add_test(t, nothing);
	suite_add_tcase(s, t);
	return s;
}
