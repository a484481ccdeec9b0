/* SPDX-License-Identifier: MIT */
#include "detect/tally.h"

#include "base/utc.h"
#include "test/ck.h"

Suite *test_tally(void);

static void
add(struct tally *t, int64_t source, int64_t ts, enum tally_kind kind)
{
	tally_add(tally_at(t, source, ts), kind, ts);
}

START_TEST(minutes)
{
	struct tally *t = tally_open();
	const struct tally_minute *m;
	size_t n;

	add(t, 2, 3 * UTC_MINUTE + 5, TALLY_LINE);
	add(t, 1, 3 * UTC_MINUTE + 9, TALLY_LINE);
	add(t, 1, 3 * UTC_MINUTE + 7, TALLY_LINE);
	add(t, 1, 1 * UTC_MINUTE, TALLY_BEAT);
	m = tally_sorted(t, &n);
	ck_assert_uint_eq(n, 3);
	ck_assert(m[0].minute == 1 && m[0].first[TALLY_BEAT] == UTC_MINUTE);
	ck_assert(m[0].first[TALLY_LINE] > m[0].last[TALLY_LINE]);
	ck_assert(m[1].source == 1 && m[1].first[TALLY_LINE] ==
	    3 * UTC_MINUTE + 7 && m[1].last[TALLY_LINE] == 3 * UTC_MINUTE + 9);
	ck_assert(m[2].source == 2);
	add(t, 1, 1 * UTC_MINUTE + 1, TALLY_BEAT);
	m = tally_sorted(t, &n);
	ck_assert(n == 3 && m[0].last[TALLY_BEAT] == UTC_MINUTE + 1);
	tally_close(t);
}
END_TEST

START_TEST(many)
{
	struct tally *t = tally_open();
	const struct tally_minute *m;
	size_t n;

	for (int64_t i = 0; i < 5000; i++)
		add(t, i % 3, i * 7919 % 5000 * UTC_MINUTE, TALLY_LINE);
	m = tally_sorted(t, &n);
	ck_assert_uint_eq(n, 5000);
	for (size_t i = 0; i < n; i++)
		ck_assert_int_eq(m[i].minute, (int64_t)i);
	tally_close(t);
}
END_TEST

START_TEST(nothing_said)
{
	struct tally *t = tally_open();
	size_t n;

	ck_assert(tally_sorted(t, &n) != NULL && n == 0);
	add(t, 1, -5, TALLY_LINE);
	ck_assert(tally_sorted(t, &n) == NULL);
	tally_close(t);
}
END_TEST

Suite *
test_tally(void)
{
	Suite *s = suite_create("tally");
	TCase *t = tcase_create("minutes");

	tcase_add_test(t, minutes);
	tcase_add_test(t, many);
	tcase_add_test(t, nothing_said);
	suite_add_tcase(s, t);
	return s;
}
