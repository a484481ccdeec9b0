/* SPDX-License-Identifier: MIT */
#include "record/plainpath.h"

#include "base/attr.h"
#include "record/site.h"
#include "test/ck.h"

Suite *test_plainpath(void);

static struct redact *
some_redact(void)
{
	static const uint8_t key[REDACT_KEY_LEN];
	static sv item[] = {
		{ "/api/beta/preview/{token}", 25 }, { "/t/{a}/x", 8 },
	};
	static const struct site_list paths = { item, countof(item) };
	static struct redact r;

	redact_init(&r, key, &paths);
	return &r;
}

static const char *const plain[] = {
	"/products/4106",
	"/api/v1/orders/8ceba40e-cff6-47cd-a09a-ce640ce17db9",
	"/search?q=phone+chair&page=12",
	"/favicon.ico",
	"/assets/application-4f1c9b.js",
	"/preview/uSwLCgdKnYK7im3BhiRoku",
	"/tea/time/12345678901",
	"/c/_b/-c/d.?e=f&g=1", "/", "/cart", "/a", "/b/", "/abcdef",
};

START_TEST(told)
{
	ck_assert(plainpath_is(some_redact(), sv_str(plain[_i])));
}
END_TEST

/* Nothing is told of these: some hold a secret, of the others another must say. */
static const char *const other[] = {
	"", "products/4106", "xproducts/4106",
	"/api/beta/preview/T0k3n/x", "/x/API/beta/preview/T0k3n",
	"/a/t/T0k3n/x", "/a//t/T0k3n/x", "/a/./t/T0k3n/x",
	"/search?token=0123456789", "/search?q=a&password=b",
	"/search?q=%61&page=1", "/search?q=a b&page=1", "/a:b/c=d/e",
	"/pay/4111111111111111", "/pay?card=4111111111111111",
	"/pay&4111111111111111", "/pay?5500-0000-0000-0004",
	"/x/ghp_0123456789", "/x/ghp_0123456789/more-than-16-bytes",
	"/0123456789/ghp_0123456789", "/0123456789-sk_live_0123456789",
	"/long/enough/to/end?in=a/sk", "/basic+dXNlcjpwYXNzd29yZA==",
	"/ABCDEFGHIJKLMNOPQRSTUVWXYZ/abcdefghijklmnopqrstuvwxyz/012345678",
	"/r/eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.abc",
};

START_TEST(not_told)
{
	ck_assert(!plainpath_is(some_redact(), sv_str(other[_i])));
}
END_TEST

/* A long one is not worth the look. */
START_TEST(length)
{
	char text[65];

	memset(text, 'a', sizeof(text));
	text[0] = '/';
	for (size_t n = 1; n < sizeof(text); n++)
		ck_assert(plainpath_is(some_redact(), sv_of(text, n)));
	ck_assert(!plainpath_is(some_redact(), sv_of(text, sizeof(text))));
}
END_TEST

/* Wherever the token stands, and however the text is cut into steps. */
START_TEST(places)
{
	static const char token[] = "/ghp_0123456789";
	char text[100];

	for (size_t at = 1; at + sizeof(token) < sizeof(text); at++) {
		memset(text, 'a', sizeof(text));
		text[0] = '/';
		memcpy(text + at, token, sizeof(token) - 1);
		for (size_t n = at + sizeof(token) - 1; n < sizeof(text); n++)
			ck_assert(!plainpath_is(some_redact(),
			    sv_of(text, n)));
	}
}
END_TEST

Suite *
test_plainpath(void)
{
	Suite *s = suite_create("plainpath");
	TCase *tc = tcase_create("plainpath");

	tcase_add_loop_test(tc, told, 0, countof(plain));
	tcase_add_loop_test(tc, not_told, 0, countof(other));
	tcase_add_test(tc, length);
	tcase_add_test(tc, places);
	suite_add_tcase(s, tc);
	return s;
}
