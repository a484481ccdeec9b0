/* SPDX-License-Identifier: MIT */
#include "store/repeat.h"

#include "test/ck.h"

Suite *test_repeat(void);

enum { MANY = 20000 };

static struct repeat r;

static void
setup(void)
{
	repeat_init(&r);
}

static void
teardown(void)
{
	repeat_release(&r);
}

START_TEST(occurrences_are_numbered)
{
	ck_assert_uint_eq(repeat_add(&r, 5, 77), 1);
	ck_assert_uint_eq(repeat_add(&r, 5, 77), 2);
	ck_assert_uint_eq(repeat_add(&r, 5, 77), 3);
}
END_TEST

START_TEST(time_and_hash_both_count)
{
	ck_assert_uint_eq(repeat_add(&r, 5, 700), 1);
	ck_assert_uint_eq(repeat_add(&r, 6, 700), 1);
	ck_assert_uint_eq(repeat_add(&r, 5, 701), 1);
	ck_assert_uint_eq(repeat_add(&r, 0, 0), 1);
	ck_assert_uint_eq(repeat_add(&r, 0, 0), 2);
	ck_assert_uint_eq(repeat_add(&r, INT64_MIN, UINT64_MAX), 1);
}
END_TEST

START_TEST(clear_forgets)
{
	for (int i = 0; i < MANY; i++)
		repeat_add(&r, i, 1);
	repeat_clear(&r);
	for (int i = 0; i < MANY; i++)
		ck_assert_uint_eq(repeat_add(&r, i, 1), 1);
	repeat_clear(&r);
	repeat_clear(&r);
	ck_assert_uint_eq(repeat_add(&r, 1, 1), 1);
}
END_TEST

START_TEST(growth_keeps_counts)
{
	for (uint32_t k = 1; k <= 3; k++)
		for (uint64_t i = 0; i < MANY; i++)
			ck_assert_uint_eq(repeat_add(&r, (int64_t)i * 1000,
			    i * 2), k);
}
END_TEST

Suite *
test_repeat(void)
{
	Suite *s = suite_create("repeat");
	TCase *t = tcase_create("repeat");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, occurrences_are_numbered);
	tcase_add_test(t, time_and_hash_both_count);
	tcase_add_test(t, clear_forgets);
	tcase_add_test(t, growth_keeps_counts);
	suite_add_tcase(s, t);
	return s;
}
