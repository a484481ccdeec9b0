/* SPDX-License-Identifier: MIT */
#include "parse/json.h"

#include "base/buf.h"
#include "test/ck.h"

Suite *test_json(void);

#define ROW(text, kind) { { (text), sizeof(text) - 1 }, (kind) }

static const struct {
	sv text;
	enum json_kind kind;
} good[] = {
	ROW("null", JSON_NULL),
	ROW("true", JSON_BOOL),
	ROW(" false\r\n\t", JSON_BOOL),
	ROW("0", JSON_NUMBER),
	ROW("-0", JSON_NUMBER),
	ROW("-12.50e+3", JSON_NUMBER),
	ROW("1E-2", JSON_NUMBER),
	ROW("\"\"", JSON_STRING),
	ROW("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"", JSON_STRING),
	ROW("\"\xff\xc0\x80\x7f\"", JSON_STRING),
	ROW("[]", JSON_ARRAY),
	ROW("[ ]", JSON_ARRAY),
	ROW("{}", JSON_OBJECT),
	ROW("{ }", JSON_OBJECT),
	ROW("[[],{},[{}],{\"a\":[]}]", JSON_ARRAY),
	ROW(" { \"a\" : [ 1 , 2 ] , \"b\" : { \"c\" : null } } ", JSON_OBJECT),
	ROW("{\"a\":1,\"a\":2}", JSON_OBJECT),
	ROW("{\"\":0}", JSON_OBJECT),
};

START_TEST(accepts)
{
	struct json_value v;

	ck_assert(json_parse(good[_i].text, &v));
	ck_assert_int_eq(v.kind, good[_i].kind);
	ck_sv(v.raw, sv_trim(good[_i].text));
}
END_TEST

/* `at` is where json_value stops; a whole value followed by more has none. */
static const struct {
	sv text;
	int at;
} bad[] = {
	ROW("", 0),
	ROW(" ", 1),
	ROW("nul", 0),
	ROW("True", 0),
	ROW("+1", 0),
	ROW(".5", 0),
	ROW("-", 1),
	ROW("1.", 2),
	ROW("1.e5", 2),
	ROW("1e", 2),
	ROW("1e+", 3),
	ROW("NaN", 0),
	ROW("-Infinity", 1),
	ROW("'a'", 0),
	ROW("\"a", 2),
	ROW("\"a\nb\"", 2),
	ROW("\"a\0b\"", 2),
	ROW("\"12345678\x1f\"", 9),
	ROW("\"1234\x1f" "678 12345678\"", 5),
	ROW("\"a\\", 3),
	ROW("\"a\\x\"", 3),
	ROW("\"\\u12g4\"", 5),
	ROW("\"\\u12", 5),
	ROW("\"\\\0\"", 2),
	ROW("[", 1),
	ROW("[1", 2),
	ROW("[1,", 3),
	ROW("[1,]", 3),
	ROW("[,1]", 1),
	ROW("[1 2]", 3),
	ROW("[1}", 2),
	ROW("]", 0),
	ROW("{", 1),
	ROW("{\"a\"}", 4),
	ROW("{\"a\":}", 5),
	ROW("{\"a\":1,}", 7),
	ROW("{\"a\":1", 6),
	ROW("{\"a\" 1}", 5),
	ROW("{a:1}", 1),
	ROW("{1:1}", 1),
	ROW("{\"a\":1]", 6),
	ROW("[{]", 2),
	ROW("\xef\xbb\xbf{}", 0),
	ROW("\v1", 0),
	ROW("01", -1),
	ROW("1 2", -1),
	ROW("{} x", -1),
	ROW("[]]", -1),
	ROW("null\0", -1),
};

START_TEST(refuses)
{
	sv text = bad[_i].text, rest = text;
	struct json_value v;

	ck_assert(!json_parse(text, &v));
	ck_assert(json_value(&rest, &v) == (bad[_i].at < 0));
	if (bad[_i].at >= 0)
		ck_assert_int_eq((int)(text.n - rest.n), bad[_i].at);
}
END_TEST

/* A walk that reads while it checks finds the members that one over a checked
 * object does, and refuses what is none. */
static void
walk_like_members(sv text)
{
	struct json_value obj, key, v, want_key, want;
	struct json_walk walk;
	bool ok = json_parse(text, &obj) && obj.kind == JSON_OBJECT;
	sv it = ok ? json_begin(&obj) : SV_NULL;

	json_walk(&walk, text);
	while (json_next(&walk, &key, &v)) {
		if (!ok)
			continue;
		ck_assert(json_member(&it, &want_key, &want));
		ck_sv(key.raw, want_key.raw);
		ck_sv(v.raw, want.raw);
		ck_assert(v.kind == want.kind && v.esc == want.esc &&
		    key.esc == want_key.esc);
	}
	ck_assert(walk.bad == !ok);
	ck_assert(!ok || !json_member(&it, &want_key, &want));
	ck_assert(!json_next(&walk, &key, &v));
}

static const char *const objects[] = {
	"{}", "{ }", "{} ", "{}x", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{,}",
	"{\"a\":1,}", "{\"a\":1 \"b\":2}", "{\"a\":1}}", "[]", "1", "",
	"{\"level\":\"info\",\"message\":\"hello\"}",
	"{\"level\":\"info\",\"message\":\"hello\"} x",
	"{\"level\" : \"info\" , \"n\" : 1.5e3 }",
	"{\"a\":\"b\",\"c\":\"d\\\"e\",\"f\\n\":\"g\",\"h\":{\"i\":[1,{}]}}",
	"{\"a\":\"b\"\"c\":\"d\"}", "{\"a\":\"b\",,\"c\":\"d\"}",
	"{\"a\":\"b\",\"c\":\"d}", "{\"a\":\"\x01 control in a string\"}",
	"{\"abcdefghijklmnopqrstuvwxyz\":\"\xc3\xa9 and a longer text, of more than"
	    " sixteen bytes\",\"x\":\"\"}",
};

START_TEST(a_walk_checks)
{
	char text[256];
	sv all = sv_str(objects[_i]);

	walk_like_members(all);
	/* cut anywhere, and with each byte another */
	for (size_t n = 0; n < all.n; n++) {
		walk_like_members(sv_take(all, n));
		for (const char *c = "\"\\,:{} a"; *c; c++) {
			memcpy(text, all.p, all.n);
			text[n] = *c;
			walk_like_members(sv_of(text, all.n));
		}
	}
}
END_TEST

START_TEST(values_follow_each_other)
{
	sv rest = SV(" 1{\"a\":[2]} \"x\"");
	struct json_value v;

	ck_assert(json_value(&rest, &v));
	ck_sv_lit(v.raw, "1");
	ck_assert(json_value(&rest, &v));
	ck_sv_lit(v.raw, "{\"a\":[2]}");
	ck_sv_lit(rest, " \"x\"");
	ck_assert(json_value(&rest, &v));
	ck_assert(!json_value(&rest, &v));
}
END_TEST

static bool
nested(size_t depth, const char *open, const char *core, const char *close)
{
	struct buf b = BUF_INIT;
	struct json_value v;
	bool ok;

	for (size_t i = 0; i < depth; i++)
		buf_str(&b, open);
	buf_str(&b, core);
	for (size_t i = 0; i < depth; i++)
		buf_str(&b, close);
	ok = json_parse(buf_sv(&b), &v);
	buf_release(&b);
	return ok;
}

START_TEST(depth_is_limited)
{
	ck_assert(nested(JSON_DEPTH_MAX, "[", "", "]"));
	ck_assert(!nested(JSON_DEPTH_MAX + 1, "[", "", "]"));
	ck_assert(nested(JSON_DEPTH_MAX, "{\"a\":", "1", "}"));
	ck_assert(!nested(JSON_DEPTH_MAX + 1, "{\"a\":", "1", "}"));
	ck_assert(nested(JSON_DEPTH_MAX / 2, "[{\"a\":", "1", "}]"));
	ck_assert(!nested(JSON_DEPTH_MAX / 2, "[{\"a\":", "1", "]}"));
	ck_assert(!nested(1000000, "[", "", "]"));
}
END_TEST

START_TEST(members)
{
	static const char *const want[][2] = {
		{ "\"a\"", "1" }, { "\"b\"", "[1,{\"a\":2}]" },
		{ "\"a\"", "\"x\"" }, { "\"c\"", "{}" },
	};
	struct json_value v, key, val;
	size_t n = 0;
	sv it;

	ck_assert(json_parse(SV("{ \"a\" : 1 , \"b\":[1,{\"a\":2}],"
	    "\"a\":\"x\",\"c\":{} }"), &v));
	for (it = json_begin(&v); json_member(&it, &key, &val); n++) {
		ck_assert_uint_lt(n, countof(want));
		ck_assert_int_eq(key.kind, JSON_STRING);
		ck_sv(key.raw, sv_str(want[n][0]));
		ck_sv(val.raw, sv_str(want[n][1]));
	}
	ck_assert_uint_eq(n, countof(want));
}
END_TEST

START_TEST(items)
{
	struct json_value v, item;
	int64_t sum = 0, n;
	sv it;

	ck_assert(json_parse(SV("[ 1, 20 ,300\n]"), &v));
	for (it = json_begin(&v); json_item(&it, &item); sum += n)
		ck_assert(json_i64(&item, &n));
	ck_assert_int_eq(sum, 321);
	ck_assert(json_parse(SV("[ ]"), &v));
	it = json_begin(&v);
	ck_assert(!json_item(&it, &item));
	ck_assert(json_parse(SV("12"), &v));
	it = json_begin(&v);
	ck_assert(!json_item(&it, &item));
}
END_TEST

START_TEST(find_takes_the_first)
{
	struct json_value v, val;

	ck_assert(json_parse(SV("{\"a\":1,\"\\u0062\":2,\"a\":3}"), &v));
	ck_assert(json_find(&v, SV("a"), &val));
	ck_sv_lit(val.raw, "1");
	ck_assert(json_find(&v, SV("b"), &val));
	ck_sv_lit(val.raw, "2");
	ck_assert(!json_find(&v, SV("c"), &val));
	ck_assert(!json_find(&v, SV(""), &val));
	ck_sv_lit(val.raw, "2");
	ck_assert(json_parse(SV("[\"a\"]"), &v));
	ck_assert(!json_find(&v, SV("a"), &val));
}
END_TEST

#undef ROW
#define ROW(text, want) \
	{ { (text), sizeof(text) - 1 }, { (want), sizeof(want) - 1 } }

static const struct {
	sv text, want;
} strings[] = {
	ROW("\"\"", ""),
	ROW("\"plain\"", "plain"),
	ROW("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"),
	ROW("\"a\\u0000b\"", "a\0b"),
	ROW("\"\\u0041\\u00e9\\u20aC\"", "A\xc3\xa9\xe2\x82\xac"),
	ROW("\"\\u007f\\u0080\\u07ff\\u0800\\uffff\"",
	    "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf"),
	ROW("\"\\ud83d\\ude00!\"", "\xf0\x9f\x98\x80!"),
	ROW("\"\\udbff\\udfff\"", "\xf4\x8f\xbf\xbf"),
	ROW("\"\\ud83d\"", "\xef\xbf\xbd"),
	ROW("\"\\ude00x\"", "\xef\xbf\xbdx"),
	ROW("\"\\ud83dx\\ude00\"", "\xef\xbf\xbdx\xef\xbf\xbd"),
	ROW("\"\\ud83d\\u0041\"", "\xef\xbf\xbd" "A"),
	ROW("\"\\ud83d\\ud83d\\ude00\"", "\xef\xbf\xbd\xf0\x9f\x98\x80"),
	ROW("\"\\ud83d\\n\"", "\xef\xbf\xbd\n"),
	ROW("\"\\ud83d\\ue000\"", "\xef\xbf\xbd\xee\x80\x80"),
	ROW("\"\\ude00\\ude00\"", "\xef\xbf\xbd\xef\xbf\xbd"),
	ROW("\"\xff\\t\xc0\"", "\xff\t\xc0"),
	ROW("12.0", "12.0"),
	ROW("{\"a\":\"\\n\"}", "{\"a\":\"\\n\"}"),
};

START_TEST(text)
{
	struct arena a = ARENA_INIT;
	struct json_value v;
	sv got;

	ck_assert(json_parse(strings[_i].text, &v));
	got = json_text(&a, &v);
	ck_sv(got, strings[_i].want);
	ck_assert(!sv_null(got));
	/* Memory is taken if and only if something is unescaped. */
	ck_assert((a.head != NULL) == v.esc);
	ck_assert(json_key_is(&v, strings[_i].want) ==
	    (v.kind == JSON_STRING));
	arena_release(&a);
}
END_TEST

START_TEST(keys_compare_unescaped)
{
	struct json_value v;

	ck_assert(json_parse(SV("\"a\\u0062c\""), &v));
	ck_assert(json_key_is(&v, SV("abc")));
	ck_assert(!json_key_is(&v, SV("ab")));
	ck_assert(!json_key_is(&v, SV("abcd")));
	ck_assert(!json_key_is(&v, SV("a\\u0062c")));
	ck_assert(json_parse(SV("\"abc\""), &v));
	ck_assert(json_key_is(&v, SV("abc")));
	ck_assert(!json_key_is(&v, SV("abd")));
	ck_assert(!json_key_is(&v, SV("abcd")));
}
END_TEST

static const struct {
	const char *text;
	bool ok;
	int64_t want;
} ints[] = {
	{ "0", true, 0 },
	{ "-0", true, 0 },
	{ "-0.0", true, 0 },
	{ "2.0", true, 2 },
	{ "-2.000", true, -2 },
	{ "2.5", false, 0 },
	{ "0.1", false, 0 },
	{ "1e3", true, 1000 },
	{ "1E+3", true, 1000 },
	{ "1.5e1", true, 15 },
	{ "1.25e1", false, 0 },
	{ "1200e-2", true, 12 },
	{ "1201e-2", false, 0 },
	{ "0e99999999999999999999", true, 0 },
	{ "1e99999999999999999999", false, 0 },
	{ "1e-99999999999999999999", false, 0 },
	{ "10e9223372036854775807", false, 0 },
	{ "0.1e-9223372036854775807", false, 0 },
	{ "1e18", true, INT64_C(1000000000000000000) },
	{ "1e19", false, 0 },
	{ "9223372036854775807", true, INT64_MAX },
	{ "9223372036854775807.0", true, INT64_MAX },
	{ "9.223372036854775807e18", true, INT64_MAX },
	{ "9223372036854775808", false, 0 },
	{ "-9223372036854775808", true, INT64_MIN },
	{ "-9223372036854775808.0", true, INT64_MIN },
	{ "-9223372036854775809", false, 0 },
	{ "18446744073709551616", false, 0 },
	{ "10000000000000000000000e-20", true, 100 },
	{ "0.00000000000000000000001e24", true, 10 },
	{ "\"1\"", false, 0 },
	{ "true", false, 0 },
};

START_TEST(integers)
{
	struct json_value v;
	int64_t got = 4711;

	ck_assert(json_parse(sv_str(ints[_i].text), &v));
	ck_assert(json_i64(&v, &got) == ints[_i].ok);
	ck_assert_int_eq(got, ints[_i].ok ? ints[_i].want : 4711);
}
END_TEST

START_TEST(doubles)
{
	struct json_value v;
	double d = 0;

	ck_assert(json_parse(SV("-1.5e2"), &v));
	ck_assert(json_double(&v, &d));
	ck_assert_double_eq(d, -150);
	ck_assert(json_parse(SV("1e999"), &v));
	ck_assert(!json_double(&v, &d));
	ck_assert(json_parse(SV("\"1\""), &v));
	ck_assert(!json_double(&v, &d));
}
END_TEST

Suite *
test_json(void)
{
	Suite *s = suite_create("json");
	TCase *tc = tcase_create("reader");

	suite_add_tcase(s, tc);
	add_table(tc, accepts, good);
	add_table(tc, refuses, bad);
	tcase_add_test(tc, values_follow_each_other);
	tcase_add_test(tc, depth_is_limited);
	tcase_add_test(tc, members);
	add_table(tc, a_walk_checks, objects);
	tcase_add_test(tc, items);
	tcase_add_test(tc, find_takes_the_first);
	add_table(tc, text, strings);
	tcase_add_test(tc, keys_compare_unescaped);
	add_table(tc, integers, ints);
	tcase_add_test(tc, doubles);
	return s;
}
