/* SPDX-License-Identifier: MIT */
#include "record/secretname.h"

#include "test/ck.h"

Suite *test_secretname(void);

static const struct {
	const char *name;
	bool want;
} names[] = {
	{ "password", true }, { "password_digest", true }, { "api_key", true },
	{ "DATABASE_URL", true }, { "sentry_dsn", true }, { "session", true },
	{ "invite_token", true }, { "client_secret", true },
	{ "passphrase", true }, { "apikey", true }, { "API-Key", true },
	{ "Authorization", true }, { "set-cookie", true },
	{ "private_key", true }, { "aws_access_key", true },
	{ "credentials", true }, { "signature", true }, { "PHPSESSIONID", true },
	{ "session-id", true }, { "redis_url", true }, { "jwt", true },
	{ "clientSecret", true }, { "refreshToken", true }, { "X-Api-Key", true },
	{ "csrfmiddlewaretoken", true }, { "XSRF-TOKEN", true },
	{ "RAILS_MASTER_KEY", true }, { "ENCRYPTION_KEY", true },
	{ "signingKey", true }, { "AccountKey", true }, { "auth_key", true },
	{ "privateKey", true }, { "passcode", true }, { "DB_PASS", true },
	{ "SMTP_PWD", true }, { "user_otp", true }, { "SAMLResponse", true },
	{ "code_verifier", true }, { "sentry_key", true }, { "pin", true },
	{ "attach_url", true }, { "output_stream_url", true },
	{ "attached", false }, { "output", false }, { "request_url", false },
	{ "cvc", true }, { "tokenString", true }, { "bearer", true },
	{ "otp_code", true }, { "verificationCode", true },
	{ "sms_verification_code", true }, { "security_code", true },
	{ "verification_code_sent_at", false }, { "status_code", false },
	{ "tokens", false }, { "tokens_used", false }, { "tokenType", false },
	{ "token_expires_at", false }, { "session_ttl", false },
	{ "expires_in", false }, { "cache_key", false }, { "key_id", false },
	{ "compass", false }, { "shipping", false }, { "author", false },
	{ "token_h", false }, { "token_count", false },
	{ "id", false }, { "code", false }, { "email", false }, { "", false },
	{ "obsession", false }, { "side", false },
};

START_TEST(is_name)
{
	ck_assert_int_eq(secretname_is(sv_str(names[_i].name), false),
	    names[_i].want);
}
END_TEST

/* What a query string has besides, and what kinds of names there are. */
static const struct {
	const char *name;
	bool query, cookie, header, word, kind;
} kinds[] = {
	{ "code", true, false, false, false, false },
	{ "Key", true, false, false, false, false },
	{ "hash", true, false, false, false, false },
	{ "codes", false, false, false, false, false },
	{ "ke", false, false, false, false, false },
	{ "Set-Cookie", true, true, true, false, false },
	{ "cookie", true, true, true, false, false },
	{ "cookie_consent", false, true, false, false, false },
	{ "AUTHORIZATION", true, false, true, false, false },
	{ "X-Api-Key", true, false, true, false, false },
	{ "api_key", true, false, false, false, false },
	{ "X-Request-Id", false, false, false, false, false },
	{ "PASSWORD", true, false, false, true, false },
	{ "passphrase", true, false, false, true, false },
	{ "client_secret", true, false, false, true, false },
	{ "secret_id", true, false, false, false, false },
	{ "Secret", true, false, false, true, true },
	{ "API", false, false, false, false, true },
	{ "signing", false, false, false, false, true },
	{ "foreign", false, false, false, false, false },
	{ "", false, false, false, false, false },
};

START_TEST(kind)
{
	sv name = sv_str(kinds[_i].name);

	ck_assert_int_eq(secretname_is(name, true), kinds[_i].query);
	ck_assert_int_eq(secretname_is_cookie(name), kinds[_i].cookie);
	ck_assert_int_eq(secretname_is_header(name), kinds[_i].header);
	ck_assert_int_eq(secretname_is_word(name), kinds[_i].word);
	ck_assert_int_eq(secretname_is_key_kind(name), kinds[_i].kind);
}
END_TEST

/* Of a long name the end decides; other bytes are in the way of nothing. */
START_TEST(any_bytes)
{
	char name[1000];

	memset(name, 'x', sizeof(name));
	ck_assert(!secretname_is(sv_of(name, sizeof(name)), true));
	memcpy(name, "token", 5);
	ck_assert(!secretname_is(sv_of(name, sizeof(name)), true));
	memcpy(name + sizeof(name) - 8, "password", 8);
	ck_assert(secretname_is(sv_of(name, sizeof(name)), false));
	ck_assert(secretname_is(SV("\0\xff" "api_key\0"), false));
	ck_assert(!secretname_is(SV("pass\0word"), false));
	ck_assert(!secretname_is(SV_NULL, true));
}
END_TEST

Suite *
test_secretname(void)
{
	Suite *s = suite_create("secretname");
	TCase *tc = tcase_create("names");

	add_table(tc, is_name, names);
	add_table(tc, kind, kinds);
	tcase_add_test(tc, any_bytes);
	suite_add_tcase(s, tc);
	return s;
}
