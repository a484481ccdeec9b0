/* SPDX-License-Identifier: MIT */
#include "detect/spans.h"

#include "base/attr.h"
#include "test/ck.h"

Suite *test_spans(void);

static const struct {
	struct spans_one v[5];
	size_t n;
	const char *want;
} cases[] = {
	{ { { 0 } }, 0, "[]" },
	{ { { 7, 12, 1, -5, 2 } }, 1, "[[7,12,1,-5,2]]" },
	{ { { 20, 25, 1, 0, 1 }, { 7, 12, 2, 0, 1 } }, 2,
	    "[[7,12,2,0,1],[20,25,1,0,1]]" },
	{ { { 12, 17, 1, 0, 1 }, { 7, 12, 2, 0, 1 } }, 2, "[[7,17,2,0,1]]" },
	{ { { 13, 17, 1, 0, 1 }, { 7, 12, 2, 0, 1 } }, 2,
	    "[[7,12,2,0,1],[13,17,1,0,1]]" },
	/* one that goes on behind another that is later */
	{ { { 1, 90, 1, 0, 1 }, { 2, 3, 2, 0, 1 }, { 80, 99, 3, 0, 1 } }, 3,
	    "[[1,99,1,0,1]]" },
	/* of equal ones the first by hash, then by nth */
	{ { { 1, 2, 1, 9, 1 }, { 1, 2, 2, -9, 2 }, { 1, 2, 3, -9, 1 } }, 3,
	    "[[1,2,3,-9,1]]" },
	{ { { 5, 3, 1, 0, 1 }, { 4, 4, 2, 0, 1 } }, 2,
	    "[[4,4,2,0,1],[5,5,1,0,1]]" },
	{ { { INT64_MAX, INT64_MAX, 1, INT64_MIN, 1 } }, 1,
	    "[[9223372036854775807,9223372036854775807,1,"
	    "-9223372036854775808,1]]" },
};

START_TEST(joins)
{
	struct spans_one v[5];
	struct buf b = BUF_INIT;

	memcpy(v, cases[_i].v, sizeof(v));
	spans_join(v, cases[_i].n, &b);
	ck_sv(buf_sv(&b), sv_str(cases[_i].want));
	buf_release(&b);
}
END_TEST

Suite *
test_spans(void)
{
	Suite *s = suite_create("spans");
	TCase *t = tcase_create("spans");

	tcase_add_loop_test(t, joins, 0, countof(cases));
	suite_add_tcase(s, t);
	return s;
}
