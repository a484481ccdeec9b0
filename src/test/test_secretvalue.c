/* SPDX-License-Identifier: MIT */
#include "record/secretvalue.h"

#include "test/ck.h"

Suite *test_secretvalue(void);

/* The value behind the first sign of the text. */
static const struct {
	const char *text, *want, *wrap;
} values[] = {
	{ "k=abc def", "abc", "" },
	{ "k=abc,d", "abc", "" },
	{ "k=abc;d", "abc", "" },
	{ "k=abc)", "abc", "" },
	{ "?k=a,b;c&d", "a,b;c", "" },
	{ "?k=a#top", "a", "" },
	{ "?k=a\"b'c&d", "a\"b'c", "" },
	{ "?k=a\\\"b&d", "a\\\"b", "" },
	{ "?k=a\\nb", "a", "" },
	{ "\"/x?k=a'b\",c", "a'b", "" },
	{ "\"/x?k=a'b\"c d", "a'b\"c", "" },
	{ "\"/x?k=a\\\"b\",\"c", "a\\\"b", "" },
	{ "\\\"/x?k=a\\\",\\\"c", "a", "" },
	{ "\\\"/x?k=a\\\\\\\"b\\\",\\\"c", "a\\\\\\\"b", "" },
	{ "\"/x?k=a\"\"b\",c", "a\"\"b", "" },
	{ "\"\"/x?k=a\"\",\"\"c", "a", "" },
	{ "\"GET /x?k=a\"b HTTP/1.1\" 200", "a\"b", "" },
	{ "\"GET /x?k=a\" 200", "a", "" },
	{ "\"at /x?k=a\",b", "a", "" },
	{ "k=a\"b", "a", "" },
	{ "k=a=\"b c\" d", "a=\"b c\"", "" },
	{ "k=a\\nb", "a", "" },
	{ "k=a\\/b c", "a\\/b", "" },
	{ "k=\"a b\" c", "a b", "" },
	{ "\"k\": \"a b\"", "a b", "" },
	{ "\\\"k\\\": \\\"a b\\\",", "a b", "" },
	{ "k= b", "b", "" },
	{ "\"k= b\", c", "b", "" },
	{ "k= b\nc", "b", "" },
	{ "k= b c", "", "" },
	{ "k= b=c", "", "" },
	{ "k= b: c", "", "" },
	{ "k= ", "", "" },
	{ "k=  b", "", "" },
	{ "?k= b", "", "" },
	{ "a[k]= HTTP/1.1\" 200", "", "" },
	{ "k: b", "b", "" },
	{ "k=b'x' y", "x", "" },
	{ "k=SecretStr('x') y", "x", "" },
	{ "k: &quot;x&quot;, y", "x", "" },
	{ "k%3A%22x%22%2C", "x", "" },
	{ "k%3Dx%26y", "x", "" },
	{ "?k=x%26y&z", "x%26y", "" },
	{ "k: [\"a\", \"b\"], c", "a\", \"b", "" },
	{ "k: [\"\"a\"\", \"\"b\"\"], c", "a\"\", \"\"b", "" },
	{ "k: [&quot;a&quot;,5]", "[&quot;a&quot;,5]", "" },
	{ "\"k\":{\"a\":\"x\"},", "{\"a\":\"x\"}", "\"" },
	{ "\"k\":{\"a\":7,\"b\":null},", "", "" },
	{ "k: [\"\"a", "a", "" },
	{ "k: [\"\",\"b\"]", "\",\"b", "" },
	{ "k: [a, b], c", "a, b", "" },
	{ "\"k\":[1, 2.5],", "1, 2.5", "\"" },
	{ "k=[1, 2]", "1, 2", "" },
	{ "k: {\"a\":1}", "", "" },
	{ "k: [{\"a\":1}]", "", "" },
	{ "k: [[1]]", "", "" },
	{ "k=", "", "" },
	{ "k:", "", "" },
	{ "Authorization: Bearer ab.c d", "ab.c", "" },
	{ "Authorization=Basic ab d", "ab", "" },
	{ "Authorization: Foo ab d", "Foo ab", "" },
	{ "Authorization: Foo key: d", "Foo", "" },
	{ "k: Foo ab", "Foo", "" },
	{ "Authorization: Digest a=\"b c\", d=e, f", "a=\"b c\", d=e", "" },
	{ "Authorization: Foo a=\"b\", d=\"e\" f", "Foo a=\"b\", d=\"e\"", "" },
	{ "Authorization: Bearer ab, d=e", "ab", "" },
	{ "Authorization: Basic ab==, d=e", "ab==", "" },
	{ "Stripe-Signature: t=1,v1=ab c", "t=1,v1=ab", "" },
	{ "Authorization: Hawk a=\"\"b\"\", d=\"\"e\"\"\"",
	    "Hawk a=\"\"b\"\", d=\"\"e\"\"", "" },
	{ "signature=t=1,v1=ab", "t=1", "" },
	{ "k: t=1,v1=ab", "t=1", "" },
	{ "Cookie: a=1; b=\"c d\"; e", "a=1; b=\"c d\"; e", "" },
	{ "Cookie: a=1\r\nHost: x", "a=1", "" },
	{ "cookie=a=1; b=2 c=3", "a=1; b=2", "" },
	{ "cookie=a=1; b", "a=1", "" },
};

START_TEST(value)
{
	sv text = sv_str(values[_i].text), wrap = SV(""), got;
	struct secretkey k;
	size_t at = 0;

	while (!secretkey_at(text, at, &k))
		at++;
	got = secretvalue_of(text, &k, &wrap);
	ck_sv(got, sv_str(values[_i].want));
	ck_sv(wrap, sv_str(values[_i].wrap));
}
END_TEST

static const struct {
	const char *text;
	bool want;
} harmless[] = {
	{ "undefined", true }, { "UNDEFINED", true }, { "undefined1", false },
	{ "", true }, { "null", true }, { "None", true }, { "TRUE", true },
	{ "[FILTERED]", true }, { "[redacted by app]", true }, { "***", true },
	{ "12", true }, { "0.5", true }, { "removed", true },
	{ "<secret:0123456789abcdef>", true },
	{ "1234", false }, { "[x1]", false }, { "*x", false }, { "[", false },
	{ "nulls", false }, { "<secret:x>", false }, { "a", false },
};

START_TEST(is_harmless)
{
	ck_assert_int_eq(secretvalue_is_harmless(sv_str(harmless[_i].text)),
	    harmless[_i].want);
}
END_TEST

START_TEST(bare)
{
	ck_sv_lit(secretvalue_bare(SV("x ab\xff\0c,d"), 2), "ab\xff\0c");
	ck_sv_lit(secretvalue_bare(SV("x"), 1), "");
	ck_sv_lit(secretvalue_bare(SV(" x"), 0), "");
}
END_TEST

Suite *
test_secretvalue(void)
{
	Suite *s = suite_create("secretvalue");
	TCase *tc = tcase_create("values");

	add_table(tc, value, values);
	add_table(tc, is_harmless, harmless);
	tcase_add_test(tc, bare);
	suite_add_tcase(s, tc);
	return s;
}
