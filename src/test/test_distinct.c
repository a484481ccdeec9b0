/* SPDX-License-Identifier: MIT */
#include "detect/distinct.h"

#include <stdio.h>

#include "test/ck.h"

Suite *test_distinct(void);

START_TEST(counts)
{
	struct distinct d = DISTINCT_INIT;

	distinct_add(&d, '3', SV("a"));
	distinct_add(&d, '3', SV("a"));
	distinct_add(&d, '3', SV(""));
	distinct_add(&d, '4', SV("a"));
	distinct_add(&d, '3', SV("a\0b"));
	ck_assert_uint_eq(d.n, 4);
	distinct_drop(&d, '3', SV("a"));
	ck_assert_uint_eq(d.n, 4);
	distinct_drop(&d, '3', SV("a"));
	distinct_drop(&d, '3', SV(""));
	ck_assert_uint_eq(d.n, 2);
	distinct_release(&d);
}
END_TEST

START_TEST(dropping_what_is_not_there)
{
	struct distinct d = DISTINCT_INIT;

	distinct_drop(&d, '3', SV("a"));
	distinct_add(&d, '3', SV("a"));
	distinct_drop(&d, '3', SV("b"));
	distinct_drop(&d, '4', SV("a"));
	ck_assert_uint_eq(d.n, 1);
	distinct_drop(&d, '3', SV("a"));
	distinct_drop(&d, '3', SV("a"));
	ck_assert_uint_eq(d.n, 0);
	distinct_add(&d, '3', SV("a"));
	ck_assert_uint_eq(d.n, 1);
	distinct_release(&d);
}
END_TEST

enum { WINDOW = 100, VALUES = 100000, KEPT = 64 * 1024 };

static sv
value(char text[32], int i)
{
	return sv_of(text, (size_t)snprintf(text, 32, "value %d", i / 3));
}

/* Each value three times; what has left takes no memory for long. */
START_TEST(slides)
{
	struct distinct d = DISTINCT_INIT;
	char text[32];

	for (int i = 0; i < VALUES; i++) {
		distinct_add(&d, '3', value(text, i));
		if (i >= WINDOW)
			distinct_drop(&d, '3', value(text, i - WINDOW));
		if (i >= WINDOW)
			ck_assert_uint_eq(d.n, (size_t)(i / 3 -
			    (i - WINDOW + 1) / 3 + 1));
	}
	ck_assert_uint_lt(d.slots.cap + d.keys.cap, KEPT);
	distinct_release(&d);
}
END_TEST

Suite *
test_distinct(void)
{
	Suite *s = suite_create("distinct");
	TCase *t = tcase_create("distinct");

	tcase_add_test(t, counts);
	tcase_add_test(t, dropping_what_is_not_there);
	tcase_add_test(t, slides);
	suite_add_tcase(s, t);
	return s;
}
