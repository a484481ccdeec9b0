/* SPDX-License-Identifier: MIT */
#include "base/err.h"

#include <errno.h>

#include "test/ck.h"

Suite *test_err(void);

START_TEST(says_what_and_returns_false)
{
	struct err e = ERR_INIT;

	ck_assert(!err_set(&e, ST_USAGE, "a.sql:%d: unknown level '%s'", 3,
	    "hihg"));
	ck_assert_int_eq(e.status, ST_USAGE);
	ck_assert_str_eq(e.msg, "a.sql:3: unknown level 'hihg'");
}
END_TEST

START_TEST(the_first_error_wins)
{
	struct err e = ERR_INIT;

	err_set(&e, ST_FAIL, "first");
	ck_assert(!err_set(&e, ST_USAGE, "second"));
	errno = EACCES;
	ck_assert(!err_sys(&e, ST_USAGE, "third"));
	ck_assert_int_eq(e.status, ST_FAIL);
	ck_assert_str_eq(e.msg, "first");
}
END_TEST

START_TEST(a_terminal_cannot_be_driven)
{
	struct err e = ERR_INIT;

	err_set(&e, ST_FAIL, "%s", "a\x1b[2J\n\x7f\xff~");
	ck_assert_str_eq(e.msg, "a\\x1b[2J\\x0a\\x7f\\xff~");
}
END_TEST

START_TEST(errno_is_told)
{
	struct err e = ERR_INIT;

	errno = ENOENT;
	ck_assert(!err_sys(&e, ST_FAIL, "x.log"));
	ck_assert_int_eq(e.status, ST_FAIL);
	ck_assert_str_eq(e.msg, "x.log: No such file or directory");
}
END_TEST

START_TEST(long_text_is_cut)
{
	char text[2000];
	struct err e = ERR_INIT;

	/* Escapes make it four times as long: still inside, still ended. */
	memset(text, _i ? '\x01' : 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	err_set(&e, ST_FAIL, "%s", text);
	ck_assert_uint_lt(strlen(e.msg), sizeof(e.msg));
	ck_assert_uint_gt(strlen(e.msg), sizeof(e.msg) - 10);
	ck_assert(sv_starts(sv_str(e.msg), _i ? SV("\\x01\\x01") : SV("xx")));
}
END_TEST

Suite *
test_err(void)
{
	Suite *s = suite_create("err");
	TCase *tc = tcase_create("messages");

	suite_add_tcase(s, tc);
	tcase_add_test(tc, says_what_and_returns_false);
	tcase_add_test(tc, the_first_error_wins);
	tcase_add_test(tc, a_terminal_cannot_be_driven);
	tcase_add_test(tc, errno_is_told);
	tcase_add_loop_test(tc, long_text_is_cut, 0, 2);
	return s;
}
