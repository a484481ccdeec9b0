/* SPDX-License-Identifier: MIT */
#include "record/redact.h"

#include "base/buf.h"
#include "test/ck.h"

Suite *test_redact(void);

static struct arena a;
static struct redact r;
static sv path_item = { "/api/beta/preview/{token}", 25 };
static const struct site_list paths = { &path_item, 1 };

static void
setup(void)
{
	uint8_t key[REDACT_KEY_LEN];

	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)i;
	redact_init(&r, key, &paths);
}

static void
teardown(void)
{
	arena_release(&a);
}

/* The hash of a value, as 16 digits. */
static sv
hash_of(const char *value)
{
	sv mark = redact_value(&r, sv_str(value), &a);

	return sv_take(sv_skip(mark, sizeof("<secret:") - 1), 16);
}

/* `want` with S{x} written as <secret:HASH> and T{x} as <token:HASH> of x. */
static sv
expand(const char *want)
{
	struct buf b = BUF_INIT;
	sv rest = sv_str(want), out;

	while (rest.n) {
		bool token = sv_starts(rest, SV("T{"));
		size_t end;

		if (!token && !sv_starts(rest, SV("S{"))) {
			buf_add(&b, sv_cut_n(&rest, 1));
			continue;
		}
		end = sv_find_byte(rest, '}');
		buf_str(&b, token ? "<token:" : "<secret:");
		buf_add(&b, hash_of(arena_str(&a, sv_of(rest.p + 2, end - 2))));
		buf_byte(&b, '>');
		rest = sv_skip(rest, end + 1);
	}
	out = arena_sv(&a, buf_sv(&b));
	buf_release(&b);
	return out;
}

static const struct {
	const char *text, *want; /* want NULL: the text itself */
} texts[] = {
	{ "", NULL },
	{ "nothing secret here", NULL },
	{ "password=hunter2", "password=S{hunter2}" },
	{ "PASSWORD=hunter2 x", "PASSWORD=S{hunter2} x" },
	{ "user=a password=\"hunter two\" b=c",
	    "user=a password=\"S{hunter two}\" b=c" },
	{ "password = hunter2", "password = S{hunter2}" },
	{ "password= next=1", NULL },
	{ ":password=>\"hunter2\", :a=>1", ":password=>\"S{hunter2}\", :a=>1" },
	{ "{\"token\":\"abcd\",\"a\":1}", "{\"token\":\"S{abcd}\",\"a\":1}" },
	{ "{\"token\" : \"abcd\"}", "{\"token\" : \"S{abcd}\"}" },
	{ "{\"token\":\t\"abcd\"}", "{\"token\":\t\"S{abcd}\"}" },
	{ "{'password': 'it is'}", "{'password': 'S{it is}'}" },
	/* escaped quotes do not end the value */
	{ "{\"password\":\"ab\\\"cd\",\"e\":\"f\"}",
	    "{\"password\":\"S{ab\\\"cd}\",\"e\":\"f\"}" },
	{ "{\"password\":\"ab\\\\\",\"e\":\"f\"}",
	    "{\"password\":\"S{ab\\\\}\",\"e\":\"f\"}" },
	{ "{\"msg\":\"{\\\"password\\\":\\\"abcd\\\",\\\"e\\\":1}\"}",
	    "{\"msg\":\"{\\\"password\\\":\\\"S{abcd}\\\",\\\"e\\\":1}\"}" },
	{ "{\"msg\":\"{\\\"password\\\":\\\"a\\\\\\\"b\\\",\\\"e\\\":1}\"}",
	    "{\"msg\":\"{\\\"password\\\":\\\"S{a\\\\\\\"b}\\\",\\\"e\\\":1}\"}" },
	/* JSON stays JSON */
	{ "{\"otp\":123456,\"e\":1}", "{\"otp\":\"S{123456}\",\"e\":1}" },
	{ "{\"m\":\"{\\\"otp\\\":123456}\"}",
	    "{\"m\":\"{\\\"otp\\\":\\\"S{123456}\\\"}\"}" },
	{ "otp=123456", "otp=S{123456}" },
	{ "{\"cookies\":[\"a=1\", \"b=2\"],\"e\":1}",
	    "{\"cookies\":[\"S{a=1\", \"b=2}\"],\"e\":1}" },
	{ "{\"passwords\":[]}", NULL },
	{ "passwords: [\"it's\", 'b'], 5", "passwords: [\"S{\"it's\", 'b'}\"], 5" },
	{ "otp:[\"a\", \\\"b\\\"", "otp:[\"S{a}\", \\\"b\\\"" },
	{ "{\"session\":{\"id\":7}}", NULL },
	/* values that tell nothing */
	{ "{\"token\":null,\"password\":true,\"secret\":\"\"}", NULL },
	{ "password=[FILTERED] token=*** secret=None otp=12", NULL },
	{ "password=[x1]", "password=[S{x1}]" },
	{ "password=\"[x1]\"", "password=\"S{[x1]}\"" },
	{ "password=\"*x\"", "password=\"S{*x}\"" },
	{ "password=\"<x\"", "password=\"S{<x}\"" },
	/* keys that name no secret, keys that end in one */
	{ "token_h=0123abcd password_h=x api_key_count=12345", NULL },
	{ "token_type=bearer total_tokens=51234", NULL },
	{ "tokenless mode", NULL },
	{ "code=4711 key=abc hash=xyz", NULL },
	{ "app.user.password=abcd", "app.user.password=S{abcd}" },
	{ "the_key_of_a_service_whose_name_is_so_long_that_nobody_types_it_"
	    "password=abcd",
	    "the_key_of_a_service_whose_name_is_so_long_that_nobody_types_it_"
	    "password=S{abcd}" },
	{ "user[password]=abcd&user[otp]=9876",
	    "user[password]=S{abcd}&user[otp]=S{9876}" },
	/* headers */
	{ "Authorization: Bearer abc.def x", "Authorization: Bearer S{abc.def} x" },
	{ "authorization=Bearer abcdef", "authorization=Bearer S{abcdef}" },
	{ "Authorization: Token abcdef", "Authorization: Token S{abcdef}" },
	{ "{\"h\":\"Authorization: Basic YTpi\",\"e\":1}",
	    "{\"h\":\"Authorization: Basic S{YTpi}\",\"e\":1}" },
	{ "Cookie: a=1; connect.id=s%3Aabc; b=2",
	    "Cookie: S{a=1; connect.id=s%3Aabc; b=2}" },
	{ "Cookie: a=\"b c\"; d=1", "Cookie: S{a=\"b c\"; d=1}" },
	{ "\"Cookie: a=\\\"b c\\\"; d=1\", 2", "\"Cookie: S{a=\\\"b c\\\"; d=1}\", 2" },
	{ "Cookie: x password = 'a b' c", "Cookie: S{x password = 'a b' c}" },
	{ "Cookie: x password: \"a b\" c", "Cookie: S{x password: \"a b\" c}" },
	{ "token=password=\"a b\" c", "token=S{password=\"a b\"} c" },
	{ "\"set-cookie\": \"a=1; Path=/\"", "\"set-cookie\": \"S{a=1; Path=/}\"" },
	/* query strings */
	{ "GET /x?code=abcd&a=1", "GET /x?code=S{abcd}&a=1" },
	{ "/x?a=1&sig=a,b;c#top", "/x?a=1&sig=S{a,b;c}#top" },
	{ "/x?next=%2Fcb%3Fcode%3Dabcd%26a%3D1",
	    "/x?next=%2Fcb%3Fcode%3DS{abcd}%26a%3D1" },
	{ "url=/x?token=abcd\\u0026b=1", "url=/x?token=S{abcd}\\u0026b=1" },
	/* URLs */
	{ "postgres://me:pw@db.example/x", "postgres://S{me:pw}@db.example/x" },
	{ "redis://:pw@h:6379", "redis://S{:pw}@h:6379" },
	{ "https://0123abcd@errors.example/1", "https://S{0123abcd}@errors.example/1" },
	{ "amqp://me:p@ss@h/v", "amqp://S{me:p@ss}@h/v" },
	{ "postgres://me:half", "postgres://S{me:half}" },
	{ "://sig=/\\@", "://sig=S{/}\\@" },
	{ "://:sig=/", "://:sig=S{/}" },
	{ "http://h:8080", NULL },
	{ "http://h:8080/a@b http://h/?m=a@b", NULL },
	{ "DATABASE_URL=postgres://a:b@c/d", "DATABASE_URL=S{postgres://a:b@c/d}" },
	{ "postgresql://h/d?user=a&password=pw",
	    "postgresql://h/d?user=a&password=S{pw}" },
	/* shapes */
	{ "got eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NSJ9.c2ln.",
	    "got S{eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NSJ9.c2ln.}" },
	{ "a\\neyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NSJ9.c2ln",
	    "a\\nS{eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NSJ9.c2ln}" },
	{ "cut eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NSJ9",
	    "cut S{eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NSJ9}" },
	{ "eyJ and eyJ.x", NULL },
	{ "id AKIAABCDEFGHIJKLMNOP/2026", "id S{AKIAABCDEFGHIJKLMNOP}/2026" },
	{ "AKIAABCDEFGHIJKLMNOPQ", NULL },
	{ "key sk_live_0123456789 end", "key S{sk_live_0123456789} end" },
	{ "task_live_0123456789", NULL },
	{ "k\\n-----BEGIN RSA PRIVATE KEY-----\\nMII",
	    "k\\nS{-----BEGIN RSA PRIVATE KEY-----\\nMII}" },
	{ "-----BEGIN CERTIFICATE-----", NULL },
	/* secret paths in text */
	{ "see https://h/api/beta/preview/Ab12 now",
	    "see https://h/api/beta/preview/T{Ab12} now" },
	{ "\"/api/beta/preview/Ab12\",\"/api/beta/preview/Cd34/x?y\"",
	    "\"/api/beta/preview/T{Ab12}\",\"/api/beta/preview/T{Cd34}/x?y\"" },
	{ "('GET', '/api/beta/preview/Ab12', 200)",
	    "('GET', '/api/beta/preview/T{Ab12}', 200)" },
	{ "/login?next=%2fapi%2Fbeta%2Fpreview%2FAb12%3Fx",
	    "/login?next=%2fapi%2Fbeta%2Fpreview%2FT{Ab12}%3Fx" },
	{ "/api/beta/preview/ and /api/beta/preview", NULL },
	{ "/api/beta/preview/<Ab12", "/api/beta/preview/T{<Ab12}" },
};

START_TEST(text)
{
	sv in = sv_str(texts[_i].text), out = redact_text(&r, in, &a);
	sv want = texts[_i].want ? expand(texts[_i].want) : in;

	ck_sv(out, want);
	ck_assert(texts[_i].want != NULL || out.p == in.p);
	ck_assert_ptr_eq(redact_text(&r, out, &a).p, out.p);
}
END_TEST

static const struct {
	const char *path, *want, *token, *shape;
} paths_in[] = {
	{ "/", "/", NULL, NULL },
	{ "/api/beta/preview/", "/api/beta/preview/", NULL, NULL },
	{ "/api/beta/previews/Ab", "/api/beta/previews/Ab", NULL, NULL },
	{ "/api/beta/preview/Ab-12", "/api/beta/preview/T{Ab-12}", "Ab-12",
	    "5:Aa0-:12" },
	{ "/api/beta/preview/abc/dash?token=x1y2",
	    "/api/beta/preview/T{abc}/dash?token=S{x1y2}", "abc", "3:a:" },
	{ "/api/beta/preview/ABC123456789012?q", "/api/beta/preview/"
	    "T{ABC123456789012}?q", "ABC123456789012", "15:A0:456789012" },
	{ "/%61pi/beta%2Fpreview/Ab12", "/%61pi/beta%2Fpreview/T{Ab12}", "Ab12",
	    "4:Aa0:12" },
	{ "/api/beta/preview/Ab12%2Fdash", "/api/beta/preview/T{Ab12}%2Fdash",
	    "Ab12", "4:Aa0:12" },
	{ "/api/beta/preview/a,b)c", "/api/beta/preview/T{a,b)c}", "a,b)c",
	    "5:a-:" },
	{ "/login?next=/api/beta/preview/Ab12",
	    "/login?next=/api/beta/preview/T{Ab12}", NULL, NULL },
	{ "//api/beta/preview/Ab12", "//api/beta/preview/T{Ab12}", "Ab12",
	    "4:Aa0:12" },
};

START_TEST(path)
{
	struct token tok, again;
	sv out = redact_path(&r, sv_str(paths_in[_i].path), &a, &tok);

	ck_sv(out, expand(paths_in[_i].want));
	ck_assert_ptr_eq(redact_path(&r, out, &a, &again).p, out.p);
	ck_assert(sv_null(tok.hash) == (paths_in[_i].token == NULL));
	ck_assert(sv_null(tok.shape) == sv_null(tok.hash));
	ck_assert(sv_null(tok.parts) == sv_null(tok.hash));
	if (paths_in[_i].token == NULL)
		return;
	ck_sv(tok.hash, hash_of(paths_in[_i].token));
	ck_sv(tok.shape, sv_str(paths_in[_i].shape));
	ck_assert_uint_eq(tok.parts.n, 3 * 8 + 2);
}
END_TEST

/* Tokens that share a third share its hash. */
START_TEST(parts_compare)
{
	struct token x, y;

	redact_path(&r, SV("/api/beta/preview/aaabbbccc"), &a, &x);
	redact_path(&r, SV("/api/beta/preview/aaaxxxccc"), &a, &y);
	ck_sv(sv_take(x.parts, 8), sv_take(y.parts, 8));
	ck_sv(sv_skip(x.parts, 18), sv_skip(y.parts, 18));
	ck_assert(!sv_eq(x.parts, y.parts));
}
END_TEST

START_TEST(keys_differ)
{
	static const uint8_t other[REDACT_KEY_LEN] = { 1 };
	struct redact s;

	redact_init(&s, other, &paths);
	ck_assert(!sv_eq(redact_value(&r, SV("x"), &a),
	    redact_value(&s, SV("x"), &a)));
	ck_assert(r.seed != 0 && r.seed != s.seed);
}
END_TEST

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
	{ "token_h", false }, { "token_count", false },
	{ "id", false }, { "code", false }, { "email", false }, { "", false },
	{ "obsession", false }, { "side", false },
};

START_TEST(name)
{
	ck_assert_int_eq(redact_is_secret_name(sv_str(names[_i].name)),
	    names[_i].want);
}
END_TEST

/* Each of these once took time or memory that grew with the square. */
static const char *const repeated[] = {
	"/api/beta/preview/x ", "ey-", "eyJ-", "eyJ.", "token=[", "token={",
	"://a", "token:\"\",", "%3D", "\\\\=", "token:[\"\",", "/%61pi", "'\"=",
};

START_TEST(time_is_linear)
{
	struct buf b = BUF_INIT;

	while (b.n < 300000)
		buf_str(&b, repeated[_i]);
	redact_text(&r, buf_sv(&b), &a);
	buf_release(&b);
}
END_TEST

Suite *
test_redact(void)
{
	Suite *s = suite_create("redact");
	TCase *tc = tcase_create("redact");

	tcase_add_checked_fixture(tc, setup, teardown);
	add_table(tc, text, texts);
	add_table(tc, path, paths_in);
	tcase_add_test(tc, parts_compare);
	tcase_add_test(tc, keys_differ);
	add_table(tc, name, names);
	add_table(tc, time_is_linear, repeated);
	suite_add_tcase(s, tc);
	return s;
}
