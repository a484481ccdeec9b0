/* SPDX-License-Identifier: MIT */
#include "base/jsonw.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/utc.h"
#include "test/ck.h"

Suite *test_jsonw(void);

#define ROW(text, want) { { (text), sizeof(text) - 1 }, (want) }

static const struct {
	sv text;
	const char *want;
} texts[] = {
	ROW("", "\"\""),
	ROW("plain text, more than eight bytes", NULL),
	ROW("a\"b\\c/d", "\"a\\\"b\\\\c/d\""),
	ROW("\n\r\t\b\f", "\"\\u000a\\u000d\\u0009\\u0008\\u000c\""),
	ROW("a\0b\x1f\x7f", "\"a\\u0000b\\u001f\\u007f\""),
	ROW("<script>&", "\"\\u003cscript\\u003e\\u0026\""),
	ROW("=;?'#$%()*+-./:@[]^_`{|}~ ", NULL),
	/* Each special byte at a place of its own within eight. */
	ROW("1234567\"", "\"1234567\\\"\""),
	ROW("12345678\"", "\"12345678\\\"\""),
	ROW("123456789012345<6", "\"123456789012345\\u003c6\""),
	ROW("\x1b[2J12345678", "\"\\u001b[2J12345678\""),
	/* Valid UTF-8 of two, three and four bytes stays. */
	ROW("\xd0\xbf\xd1\x80\xd0\xb8", NULL),
	ROW("\xe2\x82\xac \xef\xbf\xbd \xed\x9f\xbf \xee\x80\x80", NULL),
	ROW("\xf0\x9f\x98\x80 \xf4\x8f\xbf\xbf", NULL),
	ROW("\xc2\xa0 \xdf\xbf \xe0\xa0\x80 \xf0\x90\x80\x80", NULL),
	/* C1, line separators, directions, zero width, tags. */
	ROW("\xc2\x80\xc2\x9f", "\"\\u0080\\u009f\""),
	ROW("\xe2\x80\xa8\xe2\x80\xa9", "\"\\u2028\\u2029\""),
	ROW("\xe2\x80\xae" "gpj", "\"\\u202egpj\""),
	ROW("\xe2\x81\xa6\xe2\x81\xa9", "\"\\u2066\\u2069\""),
	ROW("\xe2\x80\x8b\xe2\x80\x8d\xe2\x80\x8f", "\"\\u200b\\u200d\\u200f\""),
	ROW("\xef\xbb\xbfx", "\"\\ufeffx\""),
	ROW("\xd8\x9c\xc2\xad", "\"\\u061c\\u00ad\""),
	ROW("\xf3\xa0\x81\x81", "\"\\udb40\\udc41\""),
	ROW("\xe2\x80\x8a\xe2\x80\x90\xe2\x80\xa7\xe2\x80\xaf", NULL),
	/* No UTF-8: stray, cut, overlong, surrogate, too large. */
	ROW("\x80\xbf", "\"\\\\x80\\\\xbf\""),
	ROW("a\xff" "b\xfe", "\"a\\\\xffb\\\\xfe\""),
	ROW("\xc3", "\"\\\\xc3\""),
	ROW("\xe2\x82", "\"\\\\xe2\\\\x82\""),
	ROW("\xf0\x9f\x98", "\"\\\\xf0\\\\x9f\\\\x98\""),
	ROW("\xe2\x82" "a", "\"\\\\xe2\\\\x82a\""),
	ROW("\xc0\x80", "\"\\\\xc0\\\\x80\""),
	ROW("\xc1\xbf", "\"\\\\xc1\\\\xbf\""),
	ROW("\xe0\x9f\xbf", "\"\\\\xe0\\\\x9f\\\\xbf\""),
	ROW("\xf0\x8f\xbf\xbf", "\"\\\\xf0\\\\x8f\\\\xbf\\\\xbf\""),
	ROW("\xed\xa0\x80", "\"\\\\xed\\\\xa0\\\\x80\""),
	ROW("\xed\xbf\xbf", "\"\\\\xed\\\\xbf\\\\xbf\""),
	ROW("\xf4\x90\x80\x80", "\"\\\\xf4\\\\x90\\\\x80\\\\x80\""),
	ROW("\xf5\x80\x80\x80", "\"\\\\xf5\\\\x80\\\\x80\\\\x80\""),
	ROW("\xe2\xc2\xa0", "\"\\\\xe2\xc2\xa0\""),
};

/* want NULL: the text itself between quotes. */
START_TEST(strings)
{
	struct buf b = BUF_INIT, want = BUF_INIT;

	if (texts[_i].want) {
		buf_str(&want, texts[_i].want);
	} else {
		buf_byte(&want, '"');
		buf_add(&want, texts[_i].text);
		buf_byte(&want, '"');
	}
	jsonw_text(&b, texts[_i].text);
	ck_sv(buf_sv(&b), buf_sv(&want));
	buf_release(&want);
	buf_release(&b);
}
END_TEST

/* Any byte at any place of a text of any length gives the same as that byte
 * alone. */
START_TEST(each_byte_at_each_place)
{
	enum { MOST = 40 };
	struct buf alone = BUF_INIT, b = BUF_INIT, want = BUF_INIT;
	char c = (char)_i, text[MOST], plain[MOST];

	memset(plain, 'x', MOST);
	jsonw_text(&alone, sv_of(&c, 1));
	for (size_t n = 1; n <= MOST; n++)
		for (size_t at = 0; at < n; at++) {
			memset(text, 'x', n);
			text[at] = c;
			buf_clear(&b);
			jsonw_text(&b, sv_of(text, n));
			buf_clear(&want);
			buf_byte(&want, '"');
			buf_mem(&want, plain, at);
			buf_mem(&want, alone.p + 1, alone.n - 2);
			buf_mem(&want, plain, n - 1 - at);
			buf_byte(&want, '"');
			ck_sv(buf_sv(&b), buf_sv(&want));
		}
	buf_release(&want);
	buf_release(&b);
	buf_release(&alone);
}
END_TEST

/* What stands beside each other is written as by itself. */
START_TEST(many_beside_each_other)
{
	static const char bytes[] = "aaa\"\"\\\\<&\n";
	char text[100];
	uint32_t seed = 1;

	for (int n = 0; n < 4000; n++) {
		struct buf alone = BUF_INIT, b = BUF_INIT, want = BUF_INIT;
		/* texts of quotes alone, too */
		size_t len = (size_t)n % sizeof(text);
		size_t kinds = n % 2 ? sizeof(bytes) - 1 : 7;

		buf_byte(&want, '"');
		for (size_t i = 0; i < len; i++) {
			seed = seed * 1664525 + 1013904223;
			text[i] = bytes[(seed >> 16) % kinds];
			buf_clear(&alone);
			jsonw_text(&alone, sv_of(text + i, 1));
			buf_mem(&want, alone.p + 1, alone.n - 2);
		}
		buf_byte(&want, '"');
		jsonw_text(&b, sv_of(text, len));
		ck_sv(buf_sv(&b), buf_sv(&want));
		buf_release(&alone);
		buf_release(&b);
		buf_release(&want);
	}
}
END_TEST

START_TEST(null_view_as_text_is_empty)
{
	struct buf b = BUF_INIT;

	jsonw_text(&b, SV_NULL);
	ck_sv_lit(buf_sv(&b), "\"\"");
	buf_release(&b);
}
END_TEST

static const struct {
	double d;
	const char *want;
} reals[] = {
	{ 0.0, "0" },
	{ -0.0, "0" },
	{ 1.0, "1" },
	{ -42.0, "-42" },
	{ 0.1, "0.1" },
	{ 0.05, "0.05" },
	{ 1.0 / 3, "0.3333333333333333" },
	{ 0.1 + 0.2, "0.30000000000000004" },
	{ 2.5e-7, "2.5e-07" },
	{ 9007199254740991.0, "9007199254740991" },
	{ -9007199254740991.0, "-9007199254740991" },
	{ 1e22, "1e+22" },
	{ DBL_MAX, "1.7976931348623157e+308" },
	{ DBL_MIN, "2.2250738585072014e-308" },
	{ 5e-324, "5e-324" },
	{ 123456.789, "123456.789" },
};

START_TEST(doubles)
{
	struct buf b = BUF_INIT;

	jsonw_double(&b, reals[_i].d);
	ck_sv(buf_sv(&b), sv_str(reals[_i].want));
	buf_byte(&b, '\0');
	ck_assert(strtod(b.p, NULL) == reals[_i].d);
	buf_release(&b);
}
END_TEST

START_TEST(commas)
{
	struct buf b = BUF_INIT;
	struct jsonw w = JSONW_INIT(&b);

	jsonw_open(&w, '{');
	jsonw_put_str(&w, "kind", "request");
	jsonw_put_i64(&w, "n", INT64_MIN);
	jsonw_key(&w, SV("list"));
	jsonw_open(&w, '[');
	jsonw_open(&w, '[');
	jsonw_close(&w, ']');
	jsonw_open(&w, '{');
	jsonw_close(&w, '}');
	jsonw_i64(&w, 1);
	jsonw_null(&w);
	jsonw_close(&w, ']');
	jsonw_put_bool(&w, "t", true);
	jsonw_put_bool(&w, "f", false);
	jsonw_put_real(&w, "r", 0.5);
	jsonw_key(&w, SV("raw"));
	jsonw_raw(&w, SV("{\"a\":1}"));
	jsonw_put_utc(&w, "ts", 0);
	jsonw_close(&w, '}');
	ck_sv_lit(buf_sv(&b), "{\"kind\":\"request\","
	    "\"n\":-9223372036854775808,\"list\":[[],{},1,null],"
	    "\"t\":true,\"f\":false,\"r\":0.5,\"raw\":{\"a\":1},"
	    "\"ts\":\"1970-01-01T00:00:00.000000Z\"}");
	buf_release(&b);
}
END_TEST

static const char *const decimals[] = {
	"0", "-0", "00", "0.0", "-0.000", "1", "-1", "007", "10", "100.00",
	"485.91", "-12.500", "0.5", "0.0001", "0.00011", "0.00001", "-0.00009",
	"123456789012345", "1234567890123456", "12345678901234.5",
	"0.123456789012345", "0.1234567890123456", "99999999999999.9",
	"9007199254740993", "1e5", "1E-7", "-2.5e3", "1.", ".5", "+3", "1e400",
	"", "-", ".", "1..2", "1.2.3", "x", "1x", " 1", "0x10", "1e", "--1",
};

/* The short way gives what reading a double and writing it gives. */
START_TEST(decimals_are_written_alike)
{
	sv text = sv_str(decimals[_i]);
	struct buf short_way = BUF_INIT, long_way = BUF_INIT;
	struct jsonw w = JSONW_INIT(&short_way);
	double d;

	if (jsonw_decimal(&w, text)) {
		ck_assert(sv_to_double(text, &d));
		jsonw_double(&long_way, d);
	} else {
		ck_assert(!sv_to_double(text, &d));
	}
	ck_sv(buf_sv(&short_way), buf_sv(&long_way));
	buf_release(&short_way);
	buf_release(&long_way);
}
END_TEST

START_TEST(what_is_not_there_is_null)
{
	struct buf b = BUF_INIT;
	struct jsonw w = JSONW_INIT(&b);

	jsonw_open(&w, '[');
	jsonw_sv(&w, SV_NULL);
	jsonw_sv(&w, SV(""));
	jsonw_real(&w, (double)NAN);
	jsonw_real(&w, -(double)INFINITY);
	jsonw_utc(&w, UTC_NONE);
	jsonw_close(&w, ']');
	ck_sv_lit(buf_sv(&b), "[null,\"\",null,null,null]");
	buf_release(&b);
}
END_TEST

START_TEST(keys_are_escaped)
{
	struct buf b = BUF_INIT;
	struct jsonw w = JSONW_INIT(&b);

	jsonw_open(&w, '{');
	jsonw_key(&w, SV("a\"b\n"));
	jsonw_sv(&w, SV("c"));
	jsonw_close(&w, '}');
	ck_sv_lit(buf_sv(&b), "{\"a\\\"b\\u000a\":\"c\"}");
	buf_release(&b);
}
END_TEST

Suite *
test_jsonw(void)
{
	Suite *s = suite_create("jsonw");
	TCase *tc = tcase_create("writer");

	suite_add_tcase(s, tc);
	add_table(tc, strings, texts);
	tcase_add_loop_test(tc, each_byte_at_each_place, 0, 256);
	tcase_add_test(tc, many_beside_each_other);
	tcase_add_test(tc, null_view_as_text_is_empty);
	add_table(tc, doubles, reals);
	tcase_add_test(tc, commas);
	add_table(tc, decimals_are_written_alike, decimals);
	tcase_add_test(tc, what_is_not_there_is_null);
	tcase_add_test(tc, keys_are_escaped);
	return s;
}
