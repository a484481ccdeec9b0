/* SPDX-License-Identifier: MIT */
#include "base/sv.h"

#include "test/ck.h"

Suite *test_sv(void);

START_TEST(null_and_empty)
{
	ck_assert(sv_null(SV_NULL));
	ck_assert(!sv_null(SV("")));
	ck_assert(sv_eq(SV_NULL, SV("")));
	ck_assert(sv_null(sv_str(NULL)));
	ck_assert(sv_null(sv_skip(SV_NULL, 3)));
	ck_assert(!sv_null(sv_skip(SV("ab"), 3)));
	ck_assert_uint_eq(sv_skip(SV("ab"), 3).n, 0);
	ck_sv_lit(sv_take(SV("ab"), 9), "ab");
}
END_TEST

START_TEST(equality_sees_every_byte)
{
	ck_assert(sv_eq(SV("a\0b"), SV("a\0b")));
	ck_assert(!sv_eq(SV("a\0b"), SV("a\0c")));
	ck_assert(!sv_eq(SV("a"), SV("a\0")));
	ck_assert(sv_is(SV("abc"), "abc"));
	ck_assert(!sv_is(SV("abc\0"), "abc"));
}
END_TEST

static const struct {
	sv a, b;
	int want;
} order[] = {
	{ { "", 0 }, { "", 0 }, 0 },
	{ { NULL, 0 }, { "a", 1 }, -1 },
	{ { "a", 1 }, { "ab", 2 }, -1 },
	{ { "b", 1 }, { "ab", 2 }, 1 },
	{ { "\xff", 1 }, { "a", 1 }, 1 },
	{ { "a\0", 2 }, { "a", 1 }, 1 },
	{ { "abc", 3 }, { "abc", 3 }, 0 },
};

START_TEST(compare)
{
	int c = sv_cmp(order[_i].a, order[_i].b);

	ck_assert_int_eq((c > 0) - (c < 0), order[_i].want);
	c = sv_cmp(order[_i].b, order[_i].a);
	ck_assert_int_eq((c > 0) - (c < 0), -order[_i].want);
}
END_TEST

START_TEST(case_folding_is_ascii_only)
{
	ck_assert(sv_eq_nocase(SV("HeRoku[0]"), SV("heroku[0]")));
	ck_assert(!sv_eq_nocase(SV("a["), SV("a{")));
	ck_assert(!sv_eq_nocase(SV("\xc4"), SV("\xe4")));
	ck_assert(!sv_eq_nocase(SV("ab"), SV("abc")));
	ck_assert(sv_starts_nocase(SV("Bearer x"), SV("bearer ")));
	ck_assert(!sv_starts_nocase(SV("Bear"), SV("bearer")));
}
END_TEST

START_TEST(starts_ends)
{
	ck_assert(sv_starts(SV("abc"), SV("ab")));
	ck_assert(sv_starts(SV("abc"), SV_NULL));
	ck_assert(!sv_starts(SV("a"), SV("ab")));
	ck_assert(!sv_starts(SV("abc"), SV("b")));
	ck_assert(sv_ends(SV("abc"), SV("bc")));
	ck_assert(!sv_ends(SV("abc"), SV("ab")));
	ck_assert(!sv_ends(SV("c"), SV("bc")));
	ck_assert(sv_ends(SV_NULL, SV("")));
}
END_TEST

static const struct {
	const char *hay, *needle;
	size_t first, last;
} finds[] = {
	{ "abcabc", "abc", 0, 3 },
	{ "abcabc", "c", 2, 5 },
	{ "aaab", "aab", 1, 1 },
	{ "aaaa", "aa", 0, 2 },
	{ "abc", "abcd", 3, 3 },
	{ "abc", "x", 3, 3 },
	{ "", "x", 0, 0 },
	{ "ab", "bc", 2, 2 },
};

START_TEST(find)
{
	sv hay = sv_str(finds[_i].hay), needle = sv_str(finds[_i].needle);

	ck_assert_uint_eq(sv_find(hay, needle), finds[_i].first);
	ck_assert_uint_eq(sv_rfind(hay, needle), finds[_i].last);
	ck_assert(sv_has(hay, needle) == (finds[_i].first < hay.n));
}
END_TEST

START_TEST(counts)
{
	ck_assert_uint_eq(sv_count_byte(SV("a\0b\0"), '\0'), 2);
	ck_assert_uint_eq(sv_count_byte(SV("\xff"), '\xff'), 1);
	ck_assert_uint_eq(sv_count_byte(SV_NULL, 'x'), 0);
	ck_assert_uint_eq(sv_count_lines(SV_NULL), 0);
	ck_assert_uint_eq(sv_count_lines(SV("a")), 1);
	ck_assert_uint_eq(sv_count_lines(SV("a\n")), 1);
	ck_assert_uint_eq(sv_count_lines(SV("\n\nb")), 3);
}
END_TEST

START_TEST(find_byte)
{
	ck_assert_uint_eq(sv_find_byte(SV("a\0b"), 'b'), 2);
	ck_assert_uint_eq(sv_find_byte(SV("a\0b"), '\0'), 1);
	ck_assert_uint_eq(sv_find_byte(SV("ab\xff"), '\xff'), 2);
	ck_assert_uint_eq(sv_find_byte(SV("abc"), 'x'), 3);
	ck_assert_uint_eq(sv_find_byte(SV_NULL, 'x'), 0);
	ck_assert(sv_has(SV("abc"), SV("")));
}
END_TEST

START_TEST(cut_visits_each_part)
{
	static const char *const want[] = { "a", "", "b", "" };
	sv rest = SV("a,,b,");
	size_t n = 0;

	while (!sv_null(rest)) {
		sv part = sv_cut(&rest, ',');

		ck_assert_uint_lt(n, countof(want));
		ck_sv(part, sv_str(want[n++]));
	}
	ck_assert_uint_eq(n, countof(want));
}
END_TEST

START_TEST(cut_n_and_skip_lit)
{
	sv r = SV("heroku[router]");

	ck_sv_lit(sv_cut_n(&r, 6), "heroku");
	ck_assert(!sv_skip_lit(&r, SV("(")));
	ck_sv_lit(r, "[router]");
	ck_assert(sv_skip_lit(&r, SV("[")));
	ck_sv_lit(sv_cut_n(&r, 99), "router]");
	ck_assert(!sv_null(r) && r.n == 0);
}
END_TEST

START_TEST(trim_and_words)
{
	sv r = SV("  one\t two\v\r\n");

	ck_sv_lit(sv_trim(SV(" \t a b \r\n")), "a b");
	ck_sv_lit(sv_trim_left(SV(" a ")), "a ");
	ck_sv_lit(sv_trim_right(SV(" a ")), " a");
	ck_sv_lit(sv_trim(SV(" \n ")), "");
	ck_sv_lit(sv_trim(SV("\xa0x\xa0")), "\xa0x\xa0");
	ck_sv_lit(sv_trim(SV("\0 ")), "\0");
	ck_sv_lit(sv_word(&r), "one");
	ck_sv_lit(sv_word(&r), "two");
	ck_sv_lit(sv_word(&r), "");
	ck_assert_uint_eq(r.n, 0);
}
END_TEST

static const struct {
	sv text;
	bool ok;
	int64_t want;
} ints[] = {
	{ { "0", 1 }, true, 0 },
	{ { "-0", 2 }, true, 0 },
	{ { "007", 3 }, true, 7 },
	{ { "9223372036854775807", 19 }, true, INT64_MAX },
	{ { "9223372036854775808", 19 }, false, 0 },
	{ { "-9223372036854775808", 20 }, true, INT64_MIN },
	{ { "-9223372036854775809", 20 }, false, 0 },
	{ { "18446744073709551616", 20 }, false, 0 },
	{ { "99999999999999999999999", 23 }, false, 0 },
	{ { "", 0 }, false, 0 },
	{ { NULL, 0 }, false, 0 },
	{ { "-", 1 }, false, 0 },
	{ { "--1", 3 }, false, 0 },
	{ { "+1", 2 }, false, 0 },
	{ { " 1", 2 }, false, 0 },
	{ { "1 ", 2 }, false, 0 },
	{ { "1\0", 2 }, false, 0 },
	{ { "1.0", 3 }, false, 0 },
	{ { "0x10", 4 }, false, 0 },
	{ { "\xb2", 1 }, false, 0 },
};

START_TEST(to_i64)
{
	int64_t got = 4711;

	ck_assert(sv_to_i64(ints[_i].text, &got) == ints[_i].ok);
	ck_assert_int_eq(got, ints[_i].ok ? ints[_i].want : 4711);
}
END_TEST

START_TEST(to_u64)
{
	uint64_t got = 4711;

	ck_assert(!sv_to_u64(SV("18446744073709551616"), &got));
	ck_assert(!sv_to_u64(SV("18446744073709551620"), &got));
	ck_assert(!sv_to_u64(SV("-1"), &got));
	ck_assert_uint_eq(got, 4711);
	ck_assert(sv_to_u64(SV("18446744073709551615"), &got));
	ck_assert(got == UINT64_MAX);
}
END_TEST

static const struct {
	const char *text;
	bool ok;
	double want;
} reals[] = {
	{ "0.05", true, 0.05 },
	{ "-3", true, -3 },
	{ "1e-3", true, 0.001 },
	{ "1E+2", true, 100 },
	{ ".5", true, 0.5 },
	{ "5.", true, 5 },
	{ "1e308", true, 1e308 },
	{ "1e309", false, 0 },
	{ "", false, 0 },
	{ ".", false, 0 },
	{ "-", false, 0 },
	{ "1e", false, 0 },
	{ "1e+", false, 0 },
	{ "0x1p3", false, 0 },
	{ "inf", false, 0 },
	{ "nan", false, 0 },
	{ " 1", false, 0 },
	{ "1,5", false, 0 },
	{ "1.2.3", false, 0 },
};

START_TEST(to_double)
{
	double got = 47.11;

	ck_assert(sv_to_double(sv_str(reals[_i].text), &got) == reals[_i].ok);
	ck_assert_double_eq(got, reals[_i].ok ? reals[_i].want : 47.11);
}
END_TEST

static const struct {
	const char *text;
	bool hex, uuid;
} digits[] = {
	{ "", false, false },
	{ "0", true, false },
	{ "09afAF", true, false },
	{ "0g", false, false },
	{ "\\x09", false, false },
	{ "00112233-4455-6677-8899-aabbccddeeff", false, true },
	{ "00112233-4455-6677-8899-AABBccddeeff", false, true },
	{ "00112233-4455-6677-8899-aabbccddeef", false, false },
	{ "00112233-4455-6677-8899-aabbccddeeff0", false, false },
	{ "001122334-455-6677-8899-aabbccddeeff", false, false },
	{ "00112233-4455-6677-8899-aabbccddeegf", false, false },
	{ "00112233-4455-6677-8899", false, false },
	{ "00112233445566778899aabbccddeeff", true, false },
};

START_TEST(hexadecimal)
{
	ck_assert(sv_is_hex(sv_str(digits[_i].text)) == digits[_i].hex);
	ck_assert(sv_is_uuid(sv_str(digits[_i].text)) == digits[_i].uuid);
}
END_TEST

Suite *
test_sv(void)
{
	Suite *s = suite_create("sv");
	TCase *tc = tcase_create("views");

	suite_add_tcase(s, tc);
	tcase_add_test(tc, null_and_empty);
	tcase_add_test(tc, equality_sees_every_byte);
	add_table(tc, compare, order);
	tcase_add_test(tc, case_folding_is_ascii_only);
	tcase_add_test(tc, starts_ends);
	add_table(tc, find, finds);
	tcase_add_test(tc, find_byte);
	tcase_add_test(tc, counts);
	tcase_add_test(tc, cut_visits_each_part);
	tcase_add_test(tc, cut_n_and_skip_lit);
	tcase_add_test(tc, trim_and_words);
	add_table(tc, to_i64, ints);
	tcase_add_test(tc, to_u64);
	add_table(tc, to_double, reals);
	add_table(tc, hexadecimal, digits);
	return s;
}
