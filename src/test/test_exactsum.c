/* SPDX-License-Identifier: MIT */
#include "base/exactsum.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "test/ck.h"

Suite *test_exactsum(void);

enum { CASES = 200, VALUES = 60 };

static uint64_t
rnd(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s;
}

/* Any exponent, both signs. */
static double
any(uint64_t *s)
{
	double m = (double)(rnd(s) >> 11);

	return ldexp(rnd(s) % 2 ? m : -m, (int)(rnd(s) % 300) - 200);
}

/* Sums of the same values, one with others that came and went. */
START_TEST(history_leaves_no_trace)
{
	uint64_t s = (uint64_t)_i * 2654435761u + 1;
	struct exactsum a = { 0 }, b = { 0 };
	double v[VALUES];

	for (int i = 0; i < VALUES; i++)
		v[i] = any(&s);
	for (int i = 0; i < VALUES; i++)
		exactsum_add(&a, v[i]);
	for (int i = 0; i < VALUES / 2; i++)
		exactsum_sub(&a, v[i]);
	for (int i = VALUES - 1; i >= VALUES / 2; i--)
		exactsum_add(&b, v[i]);
	ck_assert(exactsum_value(&a) == exactsum_value(&b));
	for (int i = VALUES / 2; i < VALUES; i++)
		exactsum_sub(&a, v[i]);
	ck_assert(exactsum_value(&a) == 0);
}
END_TEST

START_TEST(whole_numbers)
{
	uint64_t s = (uint64_t)_i * 40503u + 7;
	struct exactsum a = { 0 };
	int64_t want = 0;

	for (int i = 0; i < VALUES; i++) {
		int64_t n = (int64_t)(rnd(&s) % 2000000000) - 1000000000;

		want += n;
		exactsum_add(&a, (double)n);
		ck_assert(exactsum_value(&a) == (double)want);
	}
}
END_TEST

static const struct {
	double v[4];
	double want;
} sums[] = {
	{ { 0, 0, 0, 0 }, 0 },
	{ { 1e300, 1, -1e300, 0 }, 1 },
	{ { 0.1, 0.2, 0.3, 0 }, 0.6 },
	{ { -0.25, -0.5, 0, 0 }, -0.75 },
	{ { DBL_TRUE_MIN, 0, 0, 0 }, DBL_TRUE_MIN },
	{ { DBL_TRUE_MIN, DBL_MAX, -DBL_MAX, 0 }, DBL_TRUE_MIN },
	{ { DBL_MAX, -DBL_MAX / 2, 0, 0 }, DBL_MAX / 2 },
	{ { -DBL_MAX, 0, 0, 0 }, -DBL_MAX },
	{ { DBL_MAX, DBL_MAX, 0, 0 }, DBL_MAX },
	{ { -DBL_MAX, -DBL_MAX, -1, 0 }, -DBL_MAX },
	{ { 9007199254740993.0, 1, 0, 0 }, 9007199254740993.0 },
	{ { 4294967296.0, -1, 0, 0 }, 4294967295.0 },
};

START_TEST(known)
{
	struct exactsum a = { 0 };

	for (int i = 0; i < 4; i++)
		exactsum_add(&a, sums[_i].v[i]);
	ck_assert_msg(fabs(exactsum_value(&a) - sums[_i].want) <=
	    fabs(sums[_i].want) * DBL_EPSILON, "%.17g",
	    exactsum_value(&a));
	ck_assert(exactsum_value(&a) == exactsum_value(&a));
}
END_TEST

Suite *
test_exactsum(void)
{
	Suite *s = suite_create("exactsum");
	TCase *t = tcase_create("exactsum");

	tcase_add_loop_test(t, history_leaves_no_trace, 0, CASES);
	tcase_add_loop_test(t, whole_numbers, 0, CASES);
	add_table(t, known, sums);
	suite_add_tcase(s, t);
	return s;
}
