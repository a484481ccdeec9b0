/* SPDX-License-Identifier: MIT */
#include "record/secretnest.h"

#include "test/ck.h"

Suite *test_secretnest(void);

/* The value behind the first sign; test_redact.c has more. */
static const struct {
	const char *text, *want;
} nests[] = {
	{ "\"k\":{\"a\":\"x1\"},\"b\":1", "{\"a\":\"x1\"}" },
	{ "\"k\":[\"x1\",5]}", "[\"x1\",5]" },
	{ "\"k\":[null,\"x1\"]}", "[null,\"x1\"]" },
	{ "\"k\":[[\"x1\"],{}]}", "[[\"x1\"],{}]" },
	{ "\"k\": {\"a\": {\"}\": \"]\"}}}", "{\"a\": {\"}\": \"]\"}}" },
	{ "\\\"k\\\":{\\\"a\\\":\\\"x1\\\"}\"", "{\\\"a\\\":\\\"x1\\\"}" },
	{ "\\\"k\\\":{\\\"a\\\":5678\",\"b\"", "{\\\"a\\\":5678" },
	{ "k={a: x1} b", "{a: x1}" },
	{ "k=>{:a=>\"x1\"} b", "{:a=>\"x1\"}" },
	{ "k%3A%7B%22a%22%3A%22x1%22%7D&b", "%7B%22a%22%3A%22x1%22%7D" },
	{ "\"k\":{\"a\":\"x1", "{\"a\":\"x1" },
	{ "\"k\":{\"a\":null,\"b\":[true,12,\"\"]}", "" },
	{ "\"k\":{\"a\":\"<secret:0123456789abcdef>\"}", "" },
	{ "\"k\":[\"<secret:0123456789abcdef>\",-", "" },
	{ "\"k\":[\"x1\",\"y1\"]", "" },
	{ "\"k\":[1234,5678]", "" },
	{ "k=[x1,\"y1\"]", "" },
	{ "k={x1}", "" },
	{ "k={\n  x1", "" },
	{ "\"k\":{", "" },
	{ "\"k\":\"x1\"", "" },
};

START_TEST(nest)
{
	sv text = sv_str(nests[_i].text);
	struct secretkey k;
	size_t at = 0;

	while (!secretkey_at(text, at, &k))
		at++;
	at = k.next + (k.next < text.n && text.p[k.next] == ' ');
	ck_sv(sv_of(text.p + at, secretnest_length(text, at, &k)),
	    sv_str(nests[_i].want));
}
END_TEST

/* Nothing so deep is read to its end. */
START_TEST(depth)
{
	struct secretkey k;
	sv text = SV("\"k\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]");

	secretkey_at(text, 3, &k);
	ck_assert_uint_eq(secretnest_length(text, 4, &k), text.n - 4);
}
END_TEST

Suite *
test_secretnest(void)
{
	Suite *s = suite_create("secretnest");
	TCase *tc = tcase_create("nests");

	add_table(tc, nest, nests);
	tcase_add_test(tc, depth);
	suite_add_tcase(s, tc);
	return s;
}
