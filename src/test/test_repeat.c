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

static uint32_t
add(int64_t ts, uint64_t hash)
{
	struct err e = ERR_INIT;
	uint32_t nth;

	ck_assert_msg(repeat_add(&r, ts, hash, &nth, &e), "%s", e.msg);
	return nth;
}

START_TEST(occurrences_are_numbered)
{
	ck_assert_uint_eq(add(5, 77), 1);
	ck_assert_uint_eq(add(5, 77), 2);
	ck_assert_uint_eq(add(5, 77), 3);
}
END_TEST

START_TEST(time_and_hash_both_count)
{
	ck_assert_uint_eq(add(5, 700), 1);
	ck_assert_uint_eq(add(6, 700), 1);
	ck_assert_uint_eq(add(5, 701), 1);
	ck_assert_uint_eq(add(0, 0), 1);
	ck_assert_uint_eq(add(0, 0), 2);
	ck_assert_uint_eq(add(INT64_MIN, UINT64_MAX), 1);
}
END_TEST

START_TEST(clear_forgets)
{
	for (int i = 0; i < MANY; i++)
		add(i, 1);
	repeat_clear(&r);
	for (int i = 0; i < MANY; i++)
		ck_assert_uint_eq(add(i, 1), 1);
	repeat_clear(&r);
	repeat_clear(&r);
	ck_assert_uint_eq(add(1, 1), 1);
}
END_TEST

START_TEST(growth_keeps_counts)
{
	for (uint32_t k = 1; k <= 3; k++)
		for (uint64_t i = 0; i < MANY; i++)
			ck_assert_uint_eq(add((int64_t)i * 1000,
			    i * 2), k);
}
END_TEST

/* As one table that never forgets would count. `late` of 1000 lines come up to
 * `back` lines after their time; every third is a repeat of one before. */
static void
compare_with_whole(int lines, int late, int back)
{
	struct repeat whole;
	uint64_t seed = 7;

	repeat_init(&whole);
	whole.whole = true;
	for (int i = 0; i < lines; i++) {
		struct err e = ERR_INIT;
		uint32_t want;
		int at = i;

		seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
		if ((int)((seed >> 33) % 1000) < late)
			at -= (int)((seed >> 43) % (uint64_t)back);
		ck_assert(repeat_add(&whole, at / 3, seed >> 62, &want, &e));
		ck_assert_uint_eq(add(at / 3, seed >> 62), want);
	}
	repeat_release(&whole);
}

START_TEST(what_is_late_counts)
{
	compare_with_whole(120000, 0, 1);
	repeat_clear(&r);
	compare_with_whole(120000, 500, 100);
	ck_assert(!r.whole);
	repeat_clear(&r);
	compare_with_whole(120000, 1, 110000);
	ck_assert(r.whole);
	repeat_clear(&r);
	compare_with_whole(120000, 500, 120000);
}
END_TEST

Suite *
test_repeat(void)
{
	Suite *s = suite_create("repeat");
	TCase *t = tcase_create("repeat");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, occurrences_are_numbered);
	tcase_add_test(t, time_and_hash_both_count);
	tcase_add_test(t, clear_forgets);
	tcase_add_test(t, growth_keeps_counts);
	tcase_add_test(t, what_is_late_counts);
	suite_add_tcase(s, t);
	return s;
}
