/* SPDX-License-Identifier: MIT */
#include "record/secretmark.h"

#include "test/ck.h"

Suite *test_secretmark(void);

#define SECRET "<secret:0123456789abcdef>"
#define TOKEN "<token:0123456789ABCDEF>"

static const struct {
	const char *text;
	size_t length;
	bool is, has;
} marks[] = {
	{ SECRET, 25, true, true },
	{ TOKEN, 24, true, true },
	{ SECRET "x", 25, false, true },
	{ "x" SECRET, 0, false, true },
	{ "<<" TOKEN, 0, false, true },
	{ "<secret:0123456789abcdef", 0, false, false },
	{ "<secret:0123456789abcde>", 0, false, false },
	{ "<secret:0123456789abcdef0>", 0, false, false },
	{ "<secret:0123456789abcdeg>", 0, false, false },
	{ "<Secret:0123456789abcdef>", 0, false, false },
	{ "<token: 123456789abcdef>", 0, false, false },
	{ "<", 0, false, false },
	{ "", 0, false, false },
};

START_TEST(mark)
{
	sv text = sv_str(marks[_i].text);

	ck_assert_uint_eq(secretmark_length(text), marks[_i].length);
	ck_assert_int_eq(secretmark_is(text), marks[_i].is);
	ck_assert_int_eq(secretmark_has(text), marks[_i].has);
}
END_TEST

/* The colon of a mark is no sign of a key; any other is. */
START_TEST(colon)
{
	sv text = SV("a:" SECRET ":" TOKEN ":token:x");

	for (size_t i = 0; i < text.n; i++)
		ck_assert_int_eq(text.p[i] == ':' &&
		    secretmark_around(text, i), i == 9 || i == 34);
}
END_TEST

START_TEST(no_text)
{
	ck_assert_uint_eq(secretmark_length(SV_NULL), 0);
	ck_assert(!secretmark_is(SV_NULL) && !secretmark_has(SV_NULL));
	ck_assert(!secretmark_has(SV("<token:01234567\0" "9abcdef>")));
}
END_TEST

Suite *
test_secretmark(void)
{
	Suite *s = suite_create("secretmark");
	TCase *tc = tcase_create("marks");

	add_table(tc, mark, marks);
	tcase_add_test(tc, colon);
	tcase_add_test(tc, no_text);
	suite_add_tcase(s, tc);
	return s;
}
