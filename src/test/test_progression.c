/* SPDX-License-Identifier: MIT */
#include "detect/progression.h"

#include "test/ck.h"

Suite *test_progression(void);

static const struct {
	size_t n;
	double v[8];
	size_t want;
} rows[] = {
	{ 0, { 0 }, 0 },
	{ 1, { 5 }, 1 },
	{ 3, { 5, 5, 5 }, 1 },
	{ 2, { 5, 9 }, 2 },
	{ 4, { 1, 2, 3, 4 }, 4 },
	{ 5, { 1, 2, 2, 3, 4 }, 4 },
	{ 4, { 10, 20, 30, 40 }, 4 },
	{ 4, { 1, 2, 4, 8 }, 2 },
	{ 6, { 1, 2, 4, 6, 8, 9 }, 4 },
	{ 7, { 1, 1, 3, 5, 6, 7, 8 }, 4 },
	{ 5, { 1987, 1990, 1991, 1993, 1999 }, 2 },
};

START_TEST(longest)
{
	ck_assert_uint_eq(progression_longest(rows[_i].v, rows[_i].n),
	    rows[_i].want);
}
END_TEST

Suite *
test_progression(void)
{
	Suite *s = suite_create("progression");
	TCase *t = tcase_create("progression");

	add_table(t, longest, rows);
	suite_add_tcase(s, t);
	return s;
}
