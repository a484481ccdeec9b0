/* SPDX-License-Identifier: MIT */
#include "detect/spans.h"

#include "base/attr.h"
#include "test/ck.h"

Suite *test_spans(void);

static const struct {
	int64_t start[6];
	size_t n;
	int64_t length;
	const char *want;
} cases[] = {
	{ { 0 }, 0, 5, "[]" },
	{ { 7 }, 1, 5, "[[7,12]]" },
	{ { 20, 7 }, 2, 5, "[[7,12],[20,25]]" },
	{ { 12, 7 }, 2, 5, "[[7,17]]" },
	{ { 13, 7 }, 2, 5, "[[7,12],[13,18]]" },
	{ { 7, 7, 9, 30, 31, 40 }, 6, 5, "[[7,14],[30,36],[40,45]]" },
	{ { 3, 3, 1 }, 3, 0, "[[1,1],[3,3]]" },
	{ { 3, 1 }, 2, -4, "[[1,1],[3,3]]" },
	{ { -5, INT64_MAX - 1 }, 2, 10, "[[-5,5],[9223372036854775806,"
	    "9223372036854775807]]" },
};

START_TEST(merges)
{
	struct buf b = BUF_INIT;
	int64_t start[6];

	memcpy(start, cases[_i].start, sizeof(start));
	spans_merge(start, cases[_i].n, cases[_i].length, &b);
	ck_sv(buf_sv(&b), sv_str(cases[_i].want));
	buf_release(&b);
}
END_TEST

Suite *
test_spans(void)
{
	Suite *s = suite_create("spans");
	TCase *t = tcase_create("spans");

	tcase_add_loop_test(t, merges, 0, countof(cases));
	suite_add_tcase(s, t);
	return s;
}
