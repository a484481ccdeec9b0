/* SPDX-License-Identifier: MIT */
#include "record/appform.h"

#include "base/buf.h"
#include "record/redact.h"
#include "test/ck.h"

Suite *test_appform(void);

static struct arena a;
static struct redact r;

static void
setup(void)
{
	static sv item[] = { { "/api/beta/preview/{token}", 25 } };
	static const struct site_list paths = { item, 1 };
	static const uint8_t key[REDACT_KEY_LEN];

	redact_init(&r, key, &paths);
}

static void
teardown(void)
{
	arena_release(&a);
}

static bool
takes(sv name, const struct json_value *v, struct appform_use *use)
{
	(void)v;
	*use = (struct appform_use){ .field = -1 };
	return sv_is(name, "level") || sv_is(name, "list");
}

/* first: a message that is learnt. second: one of its form; `sure`: do the spans
 * tell all of its secrets? */
static const struct {
	const char *first, *second;
	bool sure;
} pairs[] = {
	{ "{\"a\":\"x\",\"n\":1}", "{\"a\":\"yy\",\"n\":-2.5}", true },
	{ "{\"a\":\"x\",\"n\":1}", "{\"a\":null,\"n\":\"1\"}", true },
	{ "{}", "{}", true },
	{ "{\"session\":\"a1\",\"b\":\"c\"}", "{\"session\":\"k2\",\"b\":\"d\"}",
	    true },
	{ "{\"session\":\"a1\",\"b\":\"c\"}", "{\"session\":\"null\",\"b\":\"d\"}",
	    true },
	{ "{\"session\":\"a1\",\"b\":\"c\"}",
	    "{\"session\":\"k2\",\"b\":\"password=x1\"}", false },
	{ "{\"b\":\"c\",\"session\":\"a1\",\"d\":1}",
	    "{\"b\":\"curl -u a:b1 \",\"session\":\"k2\",\"d\":1}", false },
	{ "{\"session\":\"a1\",\"b\":\"c\"}",
	    "{\"session\":\"k\\\"2\",\"b\":\"d\"}", false },
	{ "{\"session\":\"a1\",\"pin\":\"b2\",\"c\":1}",
	    "{\"session\":\"null\",\"pin\":\"b4\",\"c\":2}", true },
	{ "{\"session\":\"a1\",\"pin\":\"b2\",\"c\":1}",
	    "{\"session\":\"a3\",\"pin\":\"b4\",\"c\":2}", false },
	{ "{\"session\":\"a1\"}", "{\"session\":\"has blanks 1\"}", false },
	{ "{\"session\":\"a1\"}", "{\"session\":123456789}", false },
	{ "{\"session\":\"a1\"}", "{\"session\":\"\"}", true },
	{ "{\"session\":\"a1\",\"pin\":\"b2\"}",
	    "{\"session\":\"a3\",\"pin\":\"b4\"}", false },
	{ "{\"a\":\"x\"}", "{\"a\":\"password=x1\"}", false },
	{ "{\"a\":\"x\"}", "{\"a\":\"at 4111 1111 1111 1111#\"}", false },
	{ "{\"a\":\"x\"}", "{\"a\":\"order \\\"placed\\\" \"}", true },
	{ "{\"a\":\"x\"}", "{\"a\":\"password \\\"x1\\\"\"}", false },
	{ "{\"a\":\"x\",\"b\":1}", "{\"a\":\"2025-03-03T00:00:10.830Z\","
	    "\"b\":2}", true },
	{ "{\"a\":\"x\",\"b\":1}", "{\"a\":\"10.1.2.3\",\"b\":2}", true },
	{ "{\"a\":\"x\",\"b\":1}", "{\"a\":\"4111.1111\",\"b\":2}", true },
	{ "{\"a\":\"x\"}", "{\"a\":\"ghp_abcdefghijklmnopqrst\"}", true },
	{ "{\"a\":\"x\"}", "{\"a\":4111111111111111}", false },
	{ "{\"a\":\"x\"}", "{\"a\":\"4111 1111 1111 1111\"}", false },
	{ "{\"a\":[1,2]}", "{\"a\":[1,4111111111111111]}", false },
	{ "{\"a\":\"x\"}", "{\"a\":\"/api/beta/preview/T0k3n\"}", false },
	{ "{\"a\":\"x\"}", "{\"a\":\"\\u003d\\\"=\"}", true },
	{ "{\"a\":\"x\",\"b\":\"y\"}", "{\"a\":\"curl -u a:b1\",\"b\":\"-p c\"}", false },
	{ "{\"a\":[\"x\",\"y\"]}", "{\"a\":[\"token\",\"x1\"]}", true },
	{ "{\"name\":\"x\",\"value\":\"y\"}",
	    "{\"name\":\"password\",\"value\":\"y1\"}", true },
	{ "{\"number\":\"1\",\"awk\":2}", "{\"number\":\"be\",\"awk\":3}", true },
	{ "{ \"session\" : \"a1\" , \"b\":{\"c\": 1 }}",
	    "{ \"session\" : \"b2\" , \"b\":{\"c\": 0 }}", true },
};

START_TEST(spans)
{
	sv first = sv_str(pairs[_i].first), second = sv_str(pairs[_i].second);
	struct secretfind_span span[APPFORM_SPANS];
	sv text = second, secret;
	struct appform_match m;
	struct appform f;
	bool sure, path;
	uint64_t hash;
	size_t n;

	ck_assert(appform_of(&f, &r.find, first, takes));
	ck_assert(appform_match(&f, first, &m));
	ck_assert(appform_match(&f, second, &m));
	appform_spans(&m, &r.find, second, span, &path, &secret);
	/* some are known now */
	n = appform_spans(&m, &r.find, second, span, &path, &secret);
	ck_assert_uint_le(n, APPFORM_SPANS);
	sure = redact_spans(&r, &text, span, n, path, &a, &secret, &hash);
	ck_assert(sure == pairs[_i].sure);
	if (sure)
		ck_sv(text, redact_text(&r, second, &a));
	else
		ck_assert_ptr_eq(text.p, second.p);
}
END_TEST

static const char *const formless[] = {
	"", "{", "[1]", " {\"a\":1}", "{\"a\":1}x", "{\"a\":01}", "{\"a\\u0062\":1}",
	"{\"level\":{\"a\":1}}", "{\"list\":[1]}",
};

START_TEST(no_form)
{
	struct appform f;

	ck_assert(!appform_of(&f, &r.find, sv_str(formless[_i]), takes));
}
END_TEST

static const char *const others[] = {
	"", "{", "{\"a\":1,\"b\":{\"c\":2}", "{\"a\":1,\"b\":{\"c\":2}} ",
	"{\"a\":1,\"b\":{\"d\":2}}", "{\"a\":1,\"b\":{\"c\":}}",
	"{\"a\":1,\"b\":{\"c\":tru}}", "{\"a\":[],\"b\":{\"c\":2}}",
	"{\"a\":1, \"b\":{\"c\":2}}", "{\"a\":1e,\"b\":{\"c\":2}}",
	"{\"a\":\"\n\",\"b\":{\"c\":2}}", "{\"a\":\"x,\"b\":{\"c\":2}}",
};

START_TEST(not_of_the_form)
{
	struct appform_match m;
	struct appform f;

	ck_assert(appform_of(&f, &r.find, SV("{\"a\":1,\"b\":{\"c\":2}}"),
	    takes));
	ck_assert(!appform_match(&f, sv_str(others[_i]), &m));
}
END_TEST

START_TEST(taken)
{
	struct appform f;

	ck_assert(appform_of(&f, &r.find, SV("{\"x\":[1,{\"level\":2}],\"level\":"
	    "\"a\",\"b\":1,\"level\":null}"), takes));
	ck_assert_uint_eq(f.json.holes, 5);
	ck_assert_uint_eq(f.taken, 1u << 2 | 1u << 4);
}
END_TEST

static void
remember(const char *text)
{
	appform_remember(&r.find, sv_str(text), takes);
}

static bool
knows(const char *text)
{
	struct appform_match m;

	return appform_known(sv_str(text), &m);
}

static sv
numbered(const char *start, int i)
{
	struct buf b = BUF_INIT;
	sv out;

	buf_printf(&b, "{\"%s%d\":1}", start, i);
	out = arena_sv(&a, buf_sv(&b));
	buf_release(&b);
	return out;
}

/* A test runs in a process of its own, with no memory of others. */
START_TEST(memory)
{
	ck_assert(!knows("{\"a\":1}"));
	remember("{\"a\":1}");
	ck_assert(knows("{\"a\":2}"));
	ck_assert(!knows("{\"b\":2}"));
	remember("{");
	ck_assert(!knows("{") && knows("{\"a\":3}"));
}
END_TEST

/* Forms that come but once do not take the place of one that is of use, and what is
 * no form leaves nothing behind. */
START_TEST(many)
{
	remember("{\"a\":1}");
	for (int i = 0; i < 3000; i++) {
		ck_assert(knows("{\"a\":2}"));
		appform_remember(&r.find, numbered("x", i), takes);
		appform_remember(&r.find, SV("{\"level\":[1]}"), takes);
		ck_assert(!knows("{") && !knows("{\"level\":[1]}"));
	}
}
END_TEST

Suite *
test_appform(void)
{
	Suite *s = suite_create("appform");
	TCase *tc = tcase_create("forms");

	tcase_add_checked_fixture(tc, setup, teardown);
	add_table(tc, spans, pairs);
	add_table(tc, no_form, formless);
	add_table(tc, not_of_the_form, others);
	tcase_add_test(tc, taken);
	tcase_add_test(tc, memory);
	tcase_add_test(tc, many);
	suite_add_tcase(s, tc);
	return s;
}
