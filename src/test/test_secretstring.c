/* SPDX-License-Identifier: MIT */
#include "record/secretstring.h"

#include "test/ck.h"

Suite *test_secretstring(void);

/* The inside of the string that text[at] opens behind so many backslashes. */
static const struct {
	const char *text;
	size_t at, slashes;
	const char *want;
} strings[] = {
	{ "\"ab\" c", 0, 0, "ab" },
	{ "'it is', 'b'", 0, 0, "it is" },
	{ "\"a\\\"b\" c", 0, 0, "a\\\"b" },
	{ "\"a\\\\\" \"c\"", 0, 0, "a\\\\" },
	{ "\\\"a'b\\\" c", 1, 1, "a'b" },
	{ "\\\"a\\\\\\\"b\\\" c", 1, 1, "a\\\\\\\"b" },
	{ "\"\"", 0, 0, "" },
	{ "\"open", 0, 0, "open" },
	{ "\"", 0, 0, "" },
};

START_TEST(string)
{
	ck_sv(secretstring_inside(sv_str(strings[_i].text), strings[_i].at,
	    strings[_i].slashes), sv_str(strings[_i].want));
}
END_TEST

static const struct {
	const char *text, *want, *wrap;
} lists[] = {
	{ "[\"a\", \"b\"] c", "a\", \"b", "" },
	{ "[\"a\",\"b\",\"c\"]", "a\",\"b\",\"c", "" },
	{ "['a']", "a", "" },
	{ "[\"a\"", "a", "" },
	{ "[\\\"a\\\",\\\"b\\\"]", "a\\\",\\\"b", "" },
	{ "[\"a\", 5, \"b\"]", "a", "" },
	{ "[\"it's\", 'b'] c", "\"it's\", 'b'", "\"" },
	{ "[\"a\", \\\"b\\\"]", "a", "" },
	{ "[a]", "", "" },
	{ "[]", "", "" },
	{ "[", "", "" },
};

START_TEST(list)
{
	sv wrap = SV("");

	ck_sv(secretstring_list(sv_str(lists[_i].text), 0, &wrap),
	    sv_str(lists[_i].want));
	ck_sv(wrap, sv_str(lists[_i].wrap));
}
END_TEST

/* A quote as other languages spell it, and what it holds. */
static const struct {
	const char *text;
	bool encoded;
	const char *quote, *want;
} spelled[] = {
	{ "\\u0022a\\u0022 b", false, "\\u0022", "a" },
	{ "&quot;a&quot; b", false, "&quot;", "a" },
	{ "&#39;a&#39; b", false, "&#39;", "a" },
	{ "\"\"a\"\",\"\"b\"\"", false, "\"\"", "a" },
	{ "%22a%22 b", true, "%22", "a" },
	{ "%2522a%2522 b", true, "%2522", "a" },
	{ "%22a%5C%22b%22 c", true, "%22", "a%5C%22b" },
	{ "%22a%5C%5C%22b%22 c", true, "%22", "a%5C%5C" },
	{ "%22open", true, "%22", "open" },
	{ "%22a%22", false, "", NULL },
	{ "%2Fa", true, "", NULL },
	{ "\"a\"", false, "", NULL },
	{ "\"\",", false, "", NULL },
	{ "\"\"", false, "", NULL },
	{ "", false, "", NULL },
};

START_TEST(spell)
{
	sv text = sv_str(spelled[_i].text);
	sv quote = secretstring_quote(text, 0, spelled[_i].encoded);

	ck_sv(quote, sv_str(spelled[_i].quote));
	if (quote.n)
		ck_sv(secretstring_spelled(text, 0, quote),
		    sv_str(spelled[_i].want));
}
END_TEST

static const struct {
	const char *text;
	size_t end;
} befores[] = {
	{ "a&quot;", 1 }, { "a\\&quot;", 1 }, { "a\\u0022", 1 },
	{ "a\\\\u0027", 1 }, { "&#34;", 0 }, { "a;", 2 }, { "a2", 2 },
	{ "a\\", 2 }, { "", 0 },
};

START_TEST(before)
{
	sv text = sv_str(befores[_i].text);

	ck_assert_uint_eq(secretstring_before(text, text.n), befores[_i].end);
}
END_TEST

static const struct {
	const char *text;
	size_t end;
} prefixes[] = {
	{ "b'x'", 1 }, { "N'x'", 1 }, { "rb\"x\"", 2 }, { "b\\\"x", 1 },
	{ "SecretStr('x')", 10 }, { "pydantic.SecretStr(\"x\")", 19 },
	{ "f(x)", 0 }, { "bx'x'", 2 }, { "xb'x'", 0 }, { "abc'x'", 0 },
	{ "b 'x'", 0 }, { "'x'", 0 }, { "", 0 },
	{ "a_function_of_a_long_name('x')", 0 },
};

START_TEST(prefix)
{
	ck_assert_uint_eq(secretstring_prefix(sv_str(prefixes[_i].text), 0),
	    prefixes[_i].end);
}
END_TEST

Suite *
test_secretstring(void)
{
	Suite *s = suite_create("secretstring");
	TCase *tc = tcase_create("strings");

	add_table(tc, string, strings);
	add_table(tc, list, lists);
	add_table(tc, spell, spelled);
	add_table(tc, before, befores);
	add_table(tc, prefix, prefixes);
	suite_add_tcase(s, tc);
	return s;
}
