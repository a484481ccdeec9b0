/* SPDX-License-Identifier: MIT */
#include "record/secretkey.h"

#include "test/ck.h"

Suite *test_secretkey(void);

enum { COLON = 1, SPACED = 2, QUERY = 4 };

/* '|' stands before the sign and is no part of the text. */
static const struct {
	const char *text, *key, *quote;
	size_t width; /* of the sign; 0: none is there */
	unsigned depth;
	int flags;
} keys[] = {
	{ "password|=x", "password", "", 1, 0, 0 },
	{ "a password |= x", "password", "", 1, 0, SPACED },
	{ "password|: x", "password", "", 1, 0, COLON | SPACED },
	{ "{\"token\"|:1}", "token", "\"", 1, 0, COLON | SPACED },
	{ "{\\\"token\\\" |: 1}", "token", "\\\"", 1, 0, COLON | SPACED },
	{ "{'token'|: 1}", "token", "'", 1, 0, COLON | SPACED },
	{ "{\"\"token\"\"|:1}", "token", "", 1, 0, COLON | SPACED },
	{ "{&quot;token&quot;|: 1", "token", "", 1, 0, COLON | SPACED },
	{ "{\\u0022token\\u0022|:1", "token", "", 1, 0, COLON | SPACED },
	{ ":password|=>\"x\"", "password", "", 2, 0, SPACED },
	{ "password|:='x'", "password", "", 2, 0, SPACED },
	{ "token |== 'x'", "token", "", 2, 0, SPACED },
	{ "/x?code|=a", "code", "", 1, 0, QUERY },
	{ "/x?a=1&code|=a", "code", "", 1, 0, QUERY },
	{ "user[otp]|=1", "otp", "", 1, 0, 0 },
	{ "user%5Botp%5D|=1", "otp", "", 1, 0, 0 },
	{ "?token[]|=1", "token", "", 1, 0, QUERY },
	{ "?a=1&token[0]|=1", "token", "", 1, 0, QUERY },
	{ "?code[a][b]|=1", "code", "", 1, 0, QUERY },
	{ "?a[token]|=1", "token", "", 1, 0, 0 },
	{ "?a[0]|=1", "a", "", 1, 0, QUERY },
	{ "?token%5B0%5D|=1", "token", "", 1, 0, QUERY },
	{ "?token%5Ba%5D%5Bb%5D|=1", "token", "", 1, 0, QUERY },
	{ "?a%5B0%5D|=1", "0", "", 1, 0, QUERY },
	{ "?token%22%5Ba%5D|=1", "a", "", 1, 0, QUERY },
	{ "session[12]|: 1", "12", "", 1, 0, COLON | SPACED },
	{ "c[\"SECRET_KEY\"] |= 1", "SECRET_KEY", "\"", 1, 0, SPACED },
	{ "c[\\\"KEY\\\"]|=1", "KEY", "\\\"", 1, 0, 0 },
	{ "[\"token\"]|: 1", "", "", 1, 0, COLON | SPACED },
	{ "%3Fa%22b%22|%3A1", "b", "", 3, 1, COLON | SPACED },
	{ "%3Fcode%5B0%5D|%3D1", "code", "", 3, 1, QUERY },
	{ "?tok%65n%5B0%5D|=1", "api_key", "", 1, 0, QUERY },
	{ "?tok%65n|=1", "api_key", "", 1, 0, QUERY },
	{ "?%74oke%6E|=1", "api_key", "", 1, 0, QUERY },
	{ "a%2526c%256fde|%253Da", "api_key", "", 5, 2, QUERY },
	{ "?n%61me|=1", "n%61me", "", 1, 0, QUERY },
	{ "%3Fcode|%3Da", "code", "", 3, 1, QUERY },
	{ "a%2526code|%253Da", "code", "", 5, 2, QUERY },
	{ "{%22pin%22|%3A1", "pin", "", 3, 1, COLON | SPACED },
	{ "token|\\u003dab", "token", "", 6, 0, 0 },
	{ "token|\\u003Aab", "token", "", 6, 0, COLON | SPACED },
	{ "\"pass\\u0077ord\"|:", "api_key", "\"", 1, 0, COLON | SPACED },
	{ "\"\\u0070in\"|:", "api_key", "\"", 1, 0, COLON | SPACED },
	{ "\\\"pi\\\\u006E\\\"|:", "api_key", "\\\"", 1, 0, COLON | SPACED },
	{ "\"nam\\u0065\"|:", "u0065", "\"", 1, 0, COLON | SPACED },
	{ "\"pin\\u00e9\"|:", "u00e9", "\"", 1, 0, COLON | SPACED },
	{ "a\\npwd|: x", "pwd", "", 1, 0, COLON | SPACED },
	{ "a\\nick|: x", "nick", "", 1, 0, COLON | SPACED },
	{ "API key|: x", "api_key", "", 1, 0, COLON | SPACED },
	{ "duplicate key|: x", "key", "", 1, 0, COLON | SPACED },
	{ "app.user.pass-word|=x", "app.user.pass-word", "", 1, 0, 0 },
	{ "|=x", "", "", 1, 0, 0 },
	{ "token|\\n", NULL, NULL, 0, 0, 0 },
	{ "token|%3Bx", NULL, NULL, 0, 0, 0 },
	{ "token|%", NULL, NULL, 0, 0, 0 },
};

START_TEST(key)
{
	char text[100];
	sv raw = sv_str(keys[_i].text);
	size_t at = sv_find_byte(raw, '|');
	struct secretkey k;
	bool found;

	memcpy(text, raw.p, at);
	memcpy(text + at, raw.p + at + 1, raw.n - at - 1);
	found = secretkey_at(sv_of(text, raw.n - 1), at, &k);
	ck_assert_int_eq(found, keys[_i].key != NULL);
	if (!found)
		return;
	ck_sv(k.text, sv_str(keys[_i].key));
	ck_sv(k.quote, sv_str(keys[_i].quote));
	ck_assert_uint_eq(k.next, at + keys[_i].width);
	ck_assert_uint_eq(k.depth, keys[_i].depth);
	ck_assert_int_eq(k.colon, (keys[_i].flags & COLON) != 0);
	ck_assert_int_eq(k.spaced, (keys[_i].flags & SPACED) != 0);
	ck_assert_int_eq(k.query, (keys[_i].flags & QUERY) != 0);
}
END_TEST

/* Of a key that is too long the end is enough. */
START_TEST(long_key)
{
	char text[1000];
	struct secretkey k;

	memset(text, 'x', sizeof(text));
	text[999] = '=';
	ck_assert(secretkey_at(sv_of(text, sizeof(text)), 999, &k));
	ck_assert_uint_eq(k.text.n, 64);
	ck_assert_ptr_eq(k.text.p, text + 999 - 64);
}
END_TEST

Suite *
test_secretkey(void)
{
	Suite *s = suite_create("secretkey");
	TCase *tc = tcase_create("keys");

	add_table(tc, key, keys);
	tcase_add_test(tc, long_key);
	suite_add_tcase(s, tc);
	return s;
}
