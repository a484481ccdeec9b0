/* SPDX-License-Identifier: MIT */
#include "detect/regex.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *test_regex(void);

#define V(lit) { (lit), sizeof(lit) - 1 }

static const struct {
	sv pattern, subject;
	unsigned flags;
	enum regex_result want;
} rows[] = {
	{ V("b"), V("abc"), 0, REGEX_MATCH },
	{ V("B"), V("abc"), 0, REGEX_NO_MATCH },
	{ V("B"), V("abc"), REGEX_NOCASE, REGEX_MATCH },
	{ V(""), V(""), 0, REGEX_MATCH },
	{ V("^$"), { NULL, 0 }, 0, REGEX_MATCH },
	{ V("a$"), V("a\n"), 0, REGEX_NO_MATCH },
	{ V("^b$"), V("a\nb\nc"), 0, REGEX_NO_MATCH },
	{ V("^b$"), V("a\nb\nc"), REGEX_MULTILINE, REGEX_MATCH },
	{ V("a.b"), V("a\nb"), 0, REGEX_NO_MATCH },
	{ V("a.b"), V("a\nb"), REGEX_DOTALL, REGEX_MATCH },
	{ V("cd"), V("ab\0cd"), 0, REGEX_MATCH },
	{ V("a\0b"), V("xa\0by"), 0, REGEX_MATCH },
	{ V("^.$"), V("\xff"), 0, REGEX_MATCH },
	{ V("^..$"), V("\xc3\xa9"), 0, REGEX_MATCH },
	{ V("(?i)x(?=y)"), V("aXy"), 0, REGEX_MATCH },
	/* the interpreter runs into the limit, JIT into its stack */
	{ V("^(a+)+$"), V("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"), 0,
	    REGEX_UNDECIDED },
};

START_TEST(matches)
{
	for (unsigned jit = 0; jit < 2; jit++) {
		struct err e = ERR_INIT;
		struct regex *r = regex_open(rows[_i].pattern, rows[_i].flags |
		    (jit ? 0 : (unsigned)REGEX_NO_JIT), &e);

		ck_assert_msg(r != NULL, "%s", e.msg);
		ck_assert_int_eq(regex_match(r, rows[_i].subject),
		    rows[_i].want);
		regex_close(r);
	}
}
END_TEST

static const struct {
	const char *pattern, *want;
} bad[] = {
	{ "a(", "pattern, byte 2: missing closing parenthesis" },
	{ "[z-a]", "pattern, byte 3: range out of order in character class" },
	{ "\\C", "pattern, byte 2: using \\C is disabled by the application" },
	{ "(*UTF)a", "pattern, byte 6: using UTF is disabled by the application" },
};

START_TEST(errors)
{
	struct err e = ERR_INIT;

	ck_assert_ptr_null(regex_open(sv_str(bad[_i].pattern), 0, &e));
	ck_assert_str_eq(e.msg, bad[_i].want);
	ck_assert_int_eq(e.status, ST_USAGE);
}
END_TEST

START_TEST(checks)
{
	struct err e = ERR_INIT;
	size_t at = 9;

	ck_assert(regex_check(SV("a+"), 0, &at, &e));
	ck_assert(!regex_check(SV("ab("), REGEX_NOCASE, &at, &e));
	ck_assert_uint_eq(at, 3);
	ck_assert_str_eq(e.msg,
	    "pattern, byte 3: missing closing parenthesis");
}
END_TEST

START_TEST(too_long)
{
	struct err e = ERR_INIT;
	static char p[REGEX_PATTERN_MAX + 1];

	memset(p, 'a', sizeof(p));
	ck_assert_ptr_null(regex_open(sv_of(p, sizeof(p)), 0, &e));
	regex_close(regex_open(sv_of(p, sizeof(p) - 1), 0, &(struct err)ERR_INIT));
	memset(p, '(', 60);
	memset(p + 60, ')', 60);
	ck_assert_ptr_null(regex_open(sv_of(p, 120), 0, &e));
}
END_TEST

/* A match at every place of a long subject is found, and only there. */
START_TEST(long_subjects)
{
	struct err e = ERR_INIT;
	struct regex *r = regex_open(SV("^x|(?<=y)z$|a*b"), 0, &e);
	size_t n = 70000;
	char *s = malloc(n);

	ck_assert_ptr_nonnull(s);
	memset(s, 'q', n);
	ck_assert_int_eq(regex_match(r, sv_of(s, n)), REGEX_NO_MATCH);
	for (size_t i = 0; i < n; i = i < 20 ? i + 1 : i + 251) {
		s[i] = 'b';
		ck_assert_int_eq(regex_match(r, sv_of(s, n)), REGEX_MATCH);
		s[i] = 'q';
	}
	s[n - 1] = 'z';
	ck_assert_int_eq(regex_match(r, sv_of(s, n)), REGEX_NO_MATCH);
	s[n - 2] = 'y';
	ck_assert_int_eq(regex_match(r, sv_of(s, n)), REGEX_MATCH);
	regex_close(r);
	free(s);
}
END_TEST

/* The match limit starts anew at every offset: the budget must end it. */
START_TEST(work_is_bounded)
{
	struct err e = ERR_INIT;
	struct regex *r = regex_open(SV("(a|b|ab)*[cz]"), 0, &e);
	size_t n = 1 << 16;
	char *s = malloc(n);

	ck_assert_ptr_nonnull(s);
	memset(s, 'a', n);
	ck_assert_int_eq(regex_match(r, sv_of(s, n)), REGEX_UNDECIDED);
	regex_close(r);
	free(s);
}
END_TEST

Suite *
test_regex(void)
{
	Suite *s = suite_create("regex");
	TCase *t = tcase_create("regex");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, matches, 0, (int)countof(rows));
	tcase_add_loop_test(t, errors, 0, (int)countof(bad));
	tcase_add_test(t, checks);
	tcase_add_test(t, too_long);
	tcase_add_test(t, long_subjects);
	tcase_add_test(t, work_is_bounded);
	suite_add_tcase(s, t);
	return s;
}
