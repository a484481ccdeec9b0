/* SPDX-License-Identifier: MIT */
#include "base/swar.h"

#include <stdio.h>

#include "test/ck.h"

Suite *test_swar(void);

START_TEST(loads_the_first_byte_lowest)
{
	ck_assert_uint_eq(swar_load("\1\2\3\4\5\6\7\xff"),
	    UINT64_C(0xff07060504030201));
}
END_TEST

/* Nothing before and behind them. */
START_TEST(loads_few)
{
	const char text[] = "\xff\1\2\3\4\5\6\7\xff";

	for (size_t n = 0; n < 8; n++)
		ck_assert_uint_eq(swar_load_few(text + 1, n),
		    UINT64_C(0x07060504030201) &
		    ((UINT64_C(1) << 8 * n) - 1));
}
END_TEST

START_TEST(turns)
{
	ck_assert_uint_eq(swar_turn(UINT64_C(0x0102030405060708)),
	    UINT64_C(0x0807060504030201));
}
END_TEST

/* Every mark of a byte next to its neighbours in value is its own. */
START_TEST(marks_each)
{
	for (unsigned c = 0; c < 256; c++)
		for (unsigned i = 0; i < 8; i++) {
			char text[8];
			uint64_t want = UINT64_C(0x80) << 8 * i, marks;

			memset(text, (int)(c ^ 1), sizeof(text));
			text[i] = (char)c;
			marks = swar_each(swar_load(text), (unsigned char)c);
			ck_assert_uint_eq(marks, want);
			ck_assert_uint_eq(swar_first(marks), i);
			ck_assert_uint_eq(swar_last(marks), i);
		}
}
END_TEST

START_TEST(first_and_last_of_several)
{
	uint64_t marks = swar_each(swar_load("a,b,,c,d"), ',');

	ck_assert_uint_eq(swar_first(marks), 1);
	ck_assert_uint_eq(swar_last(marks), 6);
	ck_assert_uint_eq(swar_low_bit(UINT64_C(1) << 63), 63);
	ck_assert_uint_eq(swar_low_bit(12), 2);
}
END_TEST

START_TEST(stores_what_it_loads)
{
	char text[8];

	swar_store(text, swar_load("\1\2\3\4\5\6\7\xff"));
	ck_assert_mem_eq(text, "\1\2\3\4\5\6\7\xff", 8);
}
END_TEST

START_TEST(hex_both_ways)
{
	static const uint32_t numbers[] = { 0, 0x01234567, 0x89abcdef, 0x9a9a0f0f,
		UINT32_MAX };
	char text[8], want[9];
	uint32_t back;

	for (size_t i = 0; i < countof(numbers); i++) {
		swar_store(text, swar_hex_digits(numbers[i]));
		snprintf(want, sizeof(want), "%08x", (unsigned)numbers[i]);
		ck_assert_mem_eq(text, want, sizeof(text));
		ck_assert(swar_hex(text, &back) && back == numbers[i]);
	}
}
END_TEST

/* Any byte at any place: only digits and small letters are taken. */
START_TEST(hex_takes_nothing_else)
{
	for (unsigned c = 0; c < 256; c++)
		for (size_t i = 0; i < 8; i++) {
			char text[] = "0f9a1b2c";
			uint32_t n;

			text[i] = (char)c;
			ck_assert_int_eq(swar_hex(text, &n), (c >= '0' &&
			    c <= '9') || (c >= 'a' && c <= 'f'));
		}
}
END_TEST

/* All numbers of four digits, in front and behind. */
START_TEST(decimal_digits)
{
	for (uint32_t i = 0; i < 10000; i++)
		for (int behind = 0; behind < 2; behind++) {
			uint32_t v = behind ? i : i * 10000 + 9999 - i;
			char text[8], want[12];

			swar_store(text, swar_decimal(v) + SWAR_ONES * '0');
			snprintf(want, sizeof(want), "%08u", (unsigned)v);
			ck_assert_mem_eq(text, want, sizeof(text));
		}
}
END_TEST

Suite *
test_swar(void)
{
	Suite *s = suite_create("swar");
	TCase *tc = tcase_create("swar");

	tcase_add_test(tc, loads_the_first_byte_lowest);
	tcase_add_test(tc, loads_few);
	tcase_add_test(tc, turns);
	tcase_add_test(tc, marks_each);
	tcase_add_test(tc, first_and_last_of_several);
	tcase_add_test(tc, stores_what_it_loads);
	tcase_add_test(tc, hex_both_ways);
	tcase_add_test(tc, hex_takes_nothing_else);
	tcase_add_test(tc, decimal_digits);
	suite_add_tcase(s, tc);
	return s;
}
