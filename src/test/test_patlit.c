/* SPDX-License-Identifier: MIT */
#include "detect/patlit.h"

#include "test/ck.h"

Suite *test_patlit(void);

static const struct {
	const char *pattern, *literal; /* NULL: none that is sure */
} regexes[] = {
	{ "/wp-admin", "/wp-admin" }, { "(?i)/wp-(admin|login)\\.php$", "/wp-" },
	{ "^/a.*longer", "longer" }, { "ab+c", "ab" }, { "abc?d", "ab" },
	{ "abc{0,2}", "ab" }, { "abc*", "ab" }, { "a|b", NULL },
	{ "(a|b)", NULL }, { "\\d+", NULL }, { "\\.env", ".env" },
	{ "[abc]def", "def" }, { "[]x]def", "def" }, { "[^]x]def", "def" },
	{ "[[:alpha:]]+x", NULL }, { "\\Qa.b\\E", NULL }, { "(?x) a b", NULL },
	{ "(?=abc)abc", NULL }, { "(?:abc)def", "def" },
	{ "(?#abc)def", NULL }, { "ab\\x41cd", NULL }, { "ab\\1", NULL },
	{ "(*LIMIT_MATCH=1)ab", NULL }, { "(a(b)c)de", "de" },
	{ "(a\\)b)cd", "cd" }, { "([)])cd", "cd" }, { "a\xc3\xa4?b", "a" },
	{ "", NULL }, { "abc(", "abc" }, { "ab\\", NULL },
	{ "[^\\]]foo", "foo" }, { "[\\]]foo", "foo" }, { "[a\\]b]foo", "foo" },
	{ "[\\\\]q|xfoo|[k]longer", NULL }, { "[]|]foo", "foo" },
	{ "zz{a|x}bar", NULL }, { "zz{|bar", NULL }, { "ab{2}cde", "cde" },
	{ "ab{1, 2}cde", "cde" }, { "ab{", NULL },
};

START_TEST(of_regex)
{
	struct arena a = ARENA_INIT;
	sv literal;
	bool is = patlit_regex(&a, sv_str(regexes[_i].pattern), &literal);

	ck_assert_msg(is == (regexes[_i].literal != NULL), "%s",
	    regexes[_i].pattern);
	if (is)
		ck_assert_msg(sv_is(literal, regexes[_i].literal), "%s: %.*s",
		    regexes[_i].pattern, SV_ARG(literal));
	arena_release(&a);
}
END_TEST

static const struct {
	const char *pattern, *literal;
	bool at_start, at_end;
} wildcards[] = {
	{ "*abc*", "abc", false, false }, { "abc", "abc", true, true },
	{ "abc*", "abc", true, false }, { "*.php", ".php", false, true },
	{ "a*bcd?e", "bcd", false, false }, { "a\\*b", "a*b", true, true },
	{ "*a?bc", "bc", false, true }, { "ab?c", "ab", true, false },
	{ "*", NULL, false, false }, { "", NULL, false, false },
	{ "*a\\", "a\\", false, true },
};

START_TEST(of_wildcard)
{
	struct arena a = ARENA_INIT;
	bool at_start = false, at_end = false, is;
	sv literal;

	is = patlit_wildcard(&a, sv_str(wildcards[_i].pattern), &literal,
	    &at_start, &at_end);
	ck_assert_msg(is == (wildcards[_i].literal != NULL), "%s",
	    wildcards[_i].pattern);
	if (is) {
		ck_assert_msg(sv_is(literal, wildcards[_i].literal), "%s: %.*s",
		    wildcards[_i].pattern, SV_ARG(literal));
		ck_assert(at_start == wildcards[_i].at_start);
		ck_assert(at_end == wildcards[_i].at_end);
	}
	arena_release(&a);
}
END_TEST

Suite *
test_patlit(void)
{
	Suite *s = suite_create("patlit");
	TCase *t = tcase_create("literal");

	tcase_add_loop_test(t, of_regex, 0, countof(regexes));
	tcase_add_loop_test(t, of_wildcard, 0, countof(wildcards));
	suite_add_tcase(s, t);
	return s;
}
