/* SPDX-License-Identifier: MIT */
#include "detect/needles.h"

#include "test/ck.h"

Suite *test_needles(void);

static const struct {
	const char *literal;
	bool at_start, at_end;
} needle[] = {
	{ "he", false, false }, { "she", false, false }, { "hers", false, false },
	{ "HIS", false, false }, { "he", true, false }, { "rs", false, true },
	{ "his", true, true },
};

static const struct {
	const char *text, *found; /* of each needle: 1 or 0 */
} cases[] = {
	{ "", "0000000" },
	{ "ushers", "1110010" },
	{ "hershe", "1110100" },
	{ "his", "0001001" },
	{ "This is", "0001000" },
	{ "HERS", "1010110" },
	{ "xyz", "0000000" },
	{ "shshshe", "1100000" },
};

START_TEST(finds)
{
	struct needles *n = needles_open();
	uint64_t bits[1];
	bool any;

	for (size_t i = 0; i < countof(needle); i++)
		ck_assert_uint_eq(needles_add(n, sv_str(needle[i].literal),
		    needle[i].at_start, needle[i].at_end), i);
	ck_assert_uint_eq(needles_add(n, SV("his"), false, false), 3);
	ck_assert_uint_eq(needles_length(n, 2), 4);
	any = needles_find(n, sv_str(cases[_i].text), bits);
	for (size_t i = 0; i < countof(needle); i++)
		ck_assert_msg((bits[0] >> i & 1) ==
		    (cases[_i].found[i] == '1'), "'%s' in '%s'",
		    needle[i].literal, cases[_i].text);
	ck_assert(any == (bits[0] != 0));
	needles_close(n);
}
END_TEST

/* More than a word of bits, each found alone. */
START_TEST(many)
{
	struct needles *n = needles_open();
	uint64_t bits[4];
	char text[3] = "";

	for (int i = 0; i < 200; i++) {
		text[0] = (char)('a' + i / 20);
		text[1] = (char)('a' + i % 20);
		ck_assert_uint_eq(needles_add(n, sv_str(text), false, false),
		    (size_t)i);
	}
	for (size_t i = 0; i < 200; i++) {
		text[0] = (char)('a' + (int)i / 20);
		text[1] = (char)('a' + (int)i % 20);
		ck_assert(needles_find(n, sv_str(text), bits));
		for (size_t k = 0; k < 200; k++)
			ck_assert((bits[k / 64] >> (k % 64) & 1) == (i == k));
	}
	needles_close(n);
}
END_TEST

START_TEST(none)
{
	struct needles *n = needles_open();
	uint64_t bits[1] = { 7 };

	ck_assert(!needles_find(n, SV("anything"), bits));
	needles_close(n);
}
END_TEST

Suite *
test_needles(void)
{
	Suite *s = suite_create("needles");
	TCase *t = tcase_create("find");

	tcase_add_loop_test(t, finds, 0, countof(cases));
	tcase_add_test(t, many);
	tcase_add_test(t, none);
	suite_add_tcase(s, t);
	return s;
}
