/* SPDX-License-Identifier: MIT */
#include "record/secreturl.h"

#include "test/ck.h"

Suite *test_secreturl(void);

/* What is secret in the text, whose first ':' or '%' begins a "://". */
static const struct {
	const char *text, *want;
} urls[] = {
	{ "postgres://me:pw@db.example/x", "me:pw" },
	{ "redis://:pw@h.example:6379", ":pw" },
	{ "https://0123abcd@errors.example/1", "0123abcd" },
	{ "amqp://me:p@ss@h/v", "me:p@ss" },
	{ "pg://me:p/w@h/d", "me:p/w" },
	{ "postgres://me:half", "me:half" },
	{ "pg:\\/\\/me:pw@h\\/d", "me:pw" },
	{ "pg%3A%2F%2Fme%3Apw%40h%2Fd", "me%3Apw" },
	{ "pg%253A%252F%252Fme%253Apw%2540h", "me%253Apw" },
	{ "http://h:8080", "" },
	{ "http://h:8080/a@b", "" },
	{ "http://h/a:b@c", "" },
	{ "http://h/?m=a@b", "" },
	{ "http://", "" },
	{ "pg://<secret:0123456789abcdef>@h/d", "" },
	{ "https://hooks.slack.com/services/T0/B0/x1y2 ok", "T0/B0/x1y2" },
	{ "https:\\/\\/hooks.slack.com\\/services\\/T0\\/x1\"", "T0\\/x1" },
	{ "https://discord.com/api/webhooks/1/ab?wait=1", "1/ab?wait=1" },
	{ "https://api.telegram.org/bot12:ab/getMe", "12:ab/getMe" },
	{ "https://outlook.office.com/webhook/a@b/IncomingWebhook/c/d e",
	    "a@b/IncomingWebhook/c/d" },
	{ "https://x-1.webhook.office.com/webhookb2/a@b/c\"", "a@b/c" },
	{ "https:\\/\\/x.webhook.office.com\\/webhookb2\\/a@b\\/c\"", "a@b\\/c" },
	{ "https://webhook.office.com/webhookb2/a", "" },
	{ "https://x.webhook.office.com/about", "" },
	{ "https://h.example/webhook/a/b", "" },
	{ "https://hooks.slack.com/services/<secret:0123456789abcdef>", "" },
	{ "https://hooks.slack.com/other/T0", "" },
};

START_TEST(url)
{
	sv text = sv_str(urls[_i].text);
	size_t at = sv_find_byte(text, ':'), behind;
	unsigned depth;

	at = at < text.n ? at : sv_find_byte(text, '%');
	if (sv_find_byte(text, '%') < at)
		at = sv_find_byte(text, '%');
	behind = secreturl_sign(text, at, &depth);
	ck_assert_uint_gt(behind, at);
	ck_sv(secreturl_secret(text, behind, depth), sv_str(urls[_i].want));
}
END_TEST

static const char *const no_signs[] = {
	":", ":/", ":x//", "//", ":/x", ":%2F/", "%3A//", "%3A%2F%252F",
	"%253A%2F%2F", "%3B%2F%2F", "%", ":\\",
};

START_TEST(no_sign)
{
	unsigned depth;

	ck_assert_uint_eq(secreturl_sign(sv_str(no_signs[_i]), 0, &depth), 0);
}
END_TEST

Suite *
test_secreturl(void)
{
	Suite *s = suite_create("secreturl");
	TCase *tc = tcase_create("urls");

	add_table(tc, url, urls);
	add_table(tc, no_sign, no_signs);
	suite_add_tcase(s, tc);
	return s;
}
