/* SPDX-License-Identifier: MIT */
#include "record/minutes.h"

#include "base/utc.h"
#include "test/ck.h"

Suite *test_minutes(void);

static struct minutes m;
static struct arena a;
static const struct span *span;

static void
setup(void)
{
	minutes_init(&m);
}

static void
teardown(void)
{
	minutes_release(&m);
	arena_release(&a);
}

#define SILENCE (15 * UTC_MINUTE)

/* Times in seconds, up to the first negative; spans as "start-stop". */
static const struct {
	int64_t at[8];
	const char *want;
} cases[] = {
	{ { -1 }, "" },
	{ { 0, -1 }, "0-0 " },
	{ { 61, 62, 59, -1 }, "59-62 " },
	{ { 30, 30 + 900, -1 }, "30-930 " },
	{ { 30, 960, -1 }, "30-960 " },
	{ { 30, 1020, -1 }, "30-60 1020-1020 " },
	{ { 1020, 30, -1 }, "30-60 1020-1020 " },
	{ { 5000, 10, 5010, 70, 2000, -1 }, "10-120 1980-2040 4980-5010 " },
	{ { 5010, 70, 2000, 10, 10, 10, 5000, -1 },
	    "10-120 1980-2040 4980-5010 " },
};

static void
show(struct buf *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_printf(b, "%lld-%lld ", (long long)(span[i].start / UTC_SECOND),
		    (long long)(span[i].stop / UTC_SECOND));
}

START_TEST(spans)
{
	struct buf got = BUF_INIT;
	uint64_t lines = 0;
	size_t n;

	for (; cases[_i].at[lines] >= 0; lines++)
		minutes_add(&m, cases[_i].at[lines] * UTC_SECOND);
	n = minutes_spans(&m, SILENCE, &a, &span);
	show(&got, n);
	ck_sv(buf_sv(&got), sv_str(cases[_i].want));
	ck_assert(n == 0 || span[0].lines == lines);
	buf_release(&got);
}
END_TEST

START_TEST(whole)
{
	ck_assert_uint_eq(minutes_whole(&m, &a, &span), 0);
	minutes_add(&m, 7 * UTC_DAY);
	minutes_add(&m, -UTC_DAY - 1);
	minutes_add(&m, 3);
	ck_assert_uint_eq(minutes_whole(&m, &a, &span), 1);
	ck_assert(span->start == -UTC_DAY - 1 && span->stop == 7 * UTC_DAY);
	ck_assert(span->lines == 3 && !span->head_cut);
}
END_TEST

START_TEST(before_1970)
{
	minutes_add(&m, -1);
	minutes_add(&m, 0);
	minutes_add(&m, -40 * UTC_MINUTE);
	ck_assert_uint_eq(minutes_spans(&m, SILENCE, &a, &span), 2);
	ck_assert(span[0].stop == -39 * UTC_MINUTE);
	ck_assert(span[1].start == -UTC_MINUTE && span[1].stop == 0);
}
END_TEST

/* Lines of two feeds that alternate do not need a place each. */
START_TEST(memory_is_bounded)
{
	for (int64_t i = 0; i < 2000000; i++)
		minutes_add(&m, (i % 2 ? i / 1000 : i / 1000 + 500) * UTC_MINUTE);
	ck_assert_uint_lt(m.seen.n, 2000000);
	ck_assert_uint_eq(minutes_spans(&m, SILENCE, &a, &span), 1);
	ck_assert_uint_eq(span->lines, 2000000);
	ck_assert(span->start == 0 && span->stop == 2499 * UTC_MINUTE);
}
END_TEST

Suite *
test_minutes(void)
{
	Suite *s = suite_create("minutes");
	TCase *tc = tcase_create("minutes");

	tcase_add_checked_fixture(tc, setup, teardown);
	add_table(tc, spans, cases);
	tcase_add_test(tc, whole);
	tcase_add_test(tc, before_1970);
	tcase_add_test(tc, memory_is_bounded);
	suite_add_tcase(s, tc);
	return s;
}
