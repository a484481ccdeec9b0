/* SPDX-License-Identifier: MIT */
#include "record/secretfind.h"

#include "test/ck.h"

Suite *test_secretfind(void);

static struct secretfind f;

/* One secret by each way in which they are found; test_redact.c has more. */
static const struct {
	const char *text, *want, *quote;
} finds[] = {
	{ "a password=x1 b", "x1", "" },
	{ "{\"otp\":123456}", "123456", "\"" },
	{ "{\\\"otp\\\":123456}", "123456", "\\\"" },
	{ "?a=1&code=x1", "x1", "" },
	{ "%22pin%22%3A1234%7D", "1234", "" },
	{ "token\\u003dab", "ab", "" },
	{ "pg://me:pw@h", "me:pw", "" },
	{ "u=pg%3A%2F%2Fme%3Apw%40h", "me%3Apw", "" },
	{ "{\"name\":\"password\",\"value\":\"x1\"}", "x1", "" },
	{ "<input name=\"csrf_token\" value='x1'>", "x1", "" },
	{ "name=\"password\"\\r\\n\\r\\nx1\\r\\n", "x1", "" },
	{ "x --password pw1 -h", "pw1", "" },
	{ "['--api-key', 'k1']", "k1", "" },
	{ "x --user me:pw1", "me:pw1", "" },
	{ "curl -u me:pw1 h", "me:pw1", "" },
	{ "ROLE a PASSWORD 'x1'", "x1", "" },
	{ "IDENTIFIED BY \"x1\"", "x1", "" },
	{ "[('Cookie', 'a=b')]", "a=b", "" },
	{ "got bearer abcdef12", "abcdef12", "" },
	{ "got ghp_0123456789", "ghp_0123456789", "" },
	{ "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----", "" },
	{ "4111111111111111", "4111111111111111", "" },
	{ "n=4111111111111111", "4111111111111111", "" },
	{ "{\"n\": 4111111111111111}", "4111111111111111", "\"" },
	{ "x%20" "4111111111111111", "4111111111111111", "" },
	{ "\\u003cpassword\\u003ex1\\u003c/password\\u003e", "x1", "" },
	{ "\\u003Cpassword id=1\\u003Ex1\\u003C/password", "x1", "" },
	{ ":password=\\u003e\\\"x1\\\"", "x1", "" },
	{ "\\u0026quot;otp\\u0026quot;: \\u0026quot;x1\\u0026quot;", "x1", "" },
	{ "\\u003cpassword\\u003e\\u003c/password\\u003e", NULL, NULL },
	{ "\\u003cmail\\u003ex1\\u003c/mail\\u003e", NULL, NULL },
	{ "/pay?c=%0A" "4111111111111111", "4111111111111111", "" },
	{ "/pay?c=%5B" "4111111111111111", "4111111111111111", "" },
	{ "/pay?c=%0D%0a" "4111111111111111", "4111111111111111", "" },
	{ "{\"msg\":\"with\\n" "4111111111111111 ok\"}", "4111111111111111", "" },
	{ "msg=\"with\\t" "4111-1111-1111-1111\"", "4111-1111-1111-1111", "" },
	{ "with\\r\\n" "4111111111111111", "4111111111111111", "" },
	{ "%0A4111111111111112 \\n4111111111111112 \\n 12", NULL, NULL },
	{ "12:30 12:31", NULL, NULL },
	{ "token_count=51234", NULL, NULL },
	{ "password=[FILTERED] token=***", NULL, NULL },
	{ "token=<secret:0123456789abcdef>", NULL, NULL },
	{ "docker run -u 1000:1000 x", NULL, NULL },
	{ "GROUP BY 'x1'", NULL, NULL },
	{ "x --password -h", NULL, NULL },
	{ "x --user me", NULL, NULL },
	{ "{\"name\":\"email\",\"value\":\"x1\"}", NULL, NULL },
	{ "<secret:4111111111111111>", NULL, NULL },
	{ "", NULL, NULL },
};

START_TEST(find)
{
	sv text = sv_str(finds[_i].text);
	struct secret s = SECRET_INIT;

	secretfind_init(&f);
	ck_assert_int_eq(secretfind_next(&f, text, 0, &s),
	    finds[_i].want != NULL);
	if (finds[_i].want == NULL)
		return;
	ck_sv(s.text, sv_str(finds[_i].want));
	ck_sv(s.quote, sv_str(finds[_i].quote));
}
END_TEST

START_TEST(one_after_the_other)
{
	sv text = SV("token=a1 \0 pwd=b2\xff, pg://me:pw@h 4111111111111111");
	static const char *const want[] = {
		"a1", "b2\xff", "me:pw", "4111111111111111",
	};
	struct secret s = SECRET_INIT;
	size_t from = 0;

	secretfind_init(&f);
	for (size_t i = 0; i < countof(want); i++) {
		ck_assert(secretfind_next(&f, text, from, &s));
		ck_sv(s.text, sv_str(want[i]));
		from = (size_t)(s.text.p - text.p) + s.text.n;
	}
	ck_assert(!secretfind_next(&f, text, from, &s));
}
END_TEST

Suite *
test_secretfind(void)
{
	Suite *s = suite_create("secretfind");
	TCase *tc = tcase_create("secrets");

	add_table(tc, find, finds);
	tcase_add_test(tc, one_after_the_other);
	suite_add_tcase(s, tc);
	return s;
}
