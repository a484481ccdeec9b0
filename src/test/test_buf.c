/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <stdio.h>

#include "test/ck.h"

Suite *test_buf(void);

START_TEST(empty)
{
	struct buf b = BUF_INIT;

	ck_assert(!sv_null(buf_sv(&b)));
	ck_assert_uint_eq(buf_sv(&b).n, 0);
	buf_add(&b, SV_NULL);
	buf_lit(&b, "");
	ck_assert_uint_eq(b.n, 0);
	buf_release(&b);
	buf_release(&b);
	ck_assert_ptr_null(b.p);
}
END_TEST

START_TEST(bytes_survive_growth)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < 100000; i++)
		buf_byte(&b, (char)(i % 256));
	buf_mem(&b, "\0end", 4);
	ck_assert_uint_eq(b.n, 100004);
	for (int i = 0; i < 100000; i++)
		ck_assert_int_eq(b.p[i], (char)(i % 256));
	ck_sv_lit(sv_skip(buf_sv(&b), 100000), "\0end");
	buf_release(&b);
}
END_TEST

START_TEST(clear_keeps_the_memory)
{
	struct buf b = BUF_INIT;
	size_t cap;

	buf_str(&b, "hello");
	cap = b.cap;
	buf_clear(&b);
	ck_assert_uint_eq(b.n, 0);
	ck_assert_uint_eq(b.cap, cap);
	buf_str(&b, "you");
	ck_sv_lit(buf_sv(&b), "you");
	buf_release(&b);
}
END_TEST

START_TEST(reserve)
{
	struct buf b = BUF_INIT;
	char *p;

	buf_str(&b, "ab");
	p = buf_reserve(&b, 10000);
	memset(p, 'x', 10000);
	ck_assert_uint_eq(b.n, 2);
	b.n += 3;
	ck_sv_lit(buf_sv(&b), "abxxx");
	buf_release(&b);
}
END_TEST

START_TEST(numbers)
{
	struct buf b = BUF_INIT;

	buf_u64(&b, 0);
	buf_byte(&b, ' ');
	buf_u64(&b, UINT64_MAX);
	buf_byte(&b, ' ');
	buf_i64(&b, INT64_MIN);
	buf_byte(&b, ' ');
	buf_i64(&b, INT64_MAX);
	buf_byte(&b, ' ');
	buf_i64(&b, -10);
	ck_sv_lit(buf_sv(&b), "0 18446744073709551615 -9223372036854775808 "
	    "9223372036854775807 -10");
	buf_release(&b);
}
END_TEST

START_TEST(numbers_of_each_length)
{
	struct buf b = BUF_INIT;
	char want[32];
	uint64_t n = 1;

	for (int digits = 1; digits <= 20; digits++, n *= 10)
		for (int less = 0; less < 2; less++) {
			buf_clear(&b);
			buf_u64(&b, n - (uint64_t)less);
			snprintf(want, sizeof(want), "%llu",
			    (unsigned long long)n - (unsigned)less);
			ck_sv(buf_sv(&b), sv_str(want));
		}
	buf_release(&b);
}
END_TEST

START_TEST(hex)
{
	struct buf b = BUF_INIT;

	buf_hex(&b, "\x00\xff\x1a", 3);
	buf_byte(&b, ' ');
	buf_hex64(&b, UINT64_C(0x0123456789abcdef));
	ck_sv_lit(buf_sv(&b), "00ff1a 0123456789abcdef");
	buf_release(&b);
}
END_TEST

START_TEST(printf_grows)
{
	struct buf b = BUF_INIT;

	buf_lit(&b, "<");
	buf_printf(&b, "%s=%d", "n", 7);
	buf_printf(&b, "%*s", 1000, "x");
	buf_printf(&b, "%s", "");
	ck_assert_uint_eq(b.n, 1004);
	ck_assert(sv_starts(buf_sv(&b), SV("<n=7  ")));
	ck_assert(sv_ends(buf_sv(&b), SV(" x")));
	buf_release(&b);
}
END_TEST

START_TEST(too_large_ends_the_program)
{
	struct buf b = BUF_INIT;

	buf_byte(&b, 'x');
	buf_grow(&b, SIZE_MAX / 2);
}
END_TEST

Suite *
test_buf(void)
{
	Suite *s = suite_create("buf");
	TCase *tc = tcase_create("bytes");

	suite_add_tcase(s, tc);
	tcase_add_test(tc, empty);
	tcase_add_test(tc, bytes_survive_growth);
	tcase_add_test(tc, clear_keeps_the_memory);
	tcase_add_test(tc, reserve);
	tcase_add_test(tc, numbers);
	tcase_add_test(tc, numbers_of_each_length);
	tcase_add_test(tc, hex);
	tcase_add_test(tc, printf_grows);
	tcase_add_exit_test(tc, too_large_ends_the_program, 3);
	return s;
}
