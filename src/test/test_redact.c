/* SPDX-License-Identifier: MIT */
#include "record/redact.h"

#include "base/buf.h"
#include "test/ck.h"

Suite *test_redact(void);

static struct arena a;
static struct redact r;
static sv path_items[] = {
	{ "/api/beta/preview/{token}", 25 }, { "/t/{a}/x/{b}", 12 },
	{ "/dl/{file}.pdf", 14 },
};
static const struct site_list paths = { path_items, countof(path_items) };

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

/* The brace that closes the first of v; those in the value come in pairs. */
static size_t
closing_brace(sv v)
{
	size_t i = 2;

	for (int open = 1; i < v.n; i++) {
		open += v.p[i] == '{' ? 1 : v.p[i] == '}' ? -1 : 0;
		if (open == 0)
			break;
	}
	return i;
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
		end = closing_brace(rest);
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
	{ "otp:[\"a\", \\\"b\\\"", "otp:S{[\"a\", \\\"b\\\"}" },
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
	{ "/login?n=%252Fapi%252fbeta/preview%252FAb12%253Fx",
	    "/login?n=%252Fapi%252fbeta/preview%252FT{Ab12}%253Fx" },
	{ "https://h//api/./beta///preview/Ab12/",
	    "https://h//api/./beta///preview/T{Ab12}/" },
	{ "{\"u\":\"https:\\/\\/h\\/api\\/beta\\/preview\\/Ab12\"}",
	    "{\"u\":\"https:\\/\\/h\\/api\\/beta\\/preview\\/T{Ab12}\"}" },
	{ "a /t/one/x/two/y b", "a /t/T{one}/x/T{two}/y b" },
	{ "a /t/one/y/two b", "a /t/T{one}/y/two b" },
	{ "'/dl/abc.pdf', '/dl/abc'", "'/dl/T{abc}.pdf', '/dl/T{abc}'" },
	{ "/API/beta/preview/Ab12 /apix/beta/preview/Ab12",
	    "/API/beta/preview/T{Ab12} /apix/beta/preview/Ab12" },
	/* signed links */
	{ "`curl 'https://s3.example/b?X-Amz-Credential=AKIAX%2F1&X-Amz-Date=1"
	    "&X-Amz-Security-Token=FwoG&X-Amz-Signature=0a1b&X-Amz-Expires=9'`",
	    "`curl 'https://s3.example/b?X-Amz-Credential=S{AKIAX%2F1}"
	    "&X-Amz-Date=1&X-Amz-Security-Token=S{FwoG}"
	    "&X-Amz-Signature=S{0a1b}&X-Amz-Expires=9'`" },
	{ "/k?AWSAccessKeyId=AKIAX&Signature=a%2Bb%3D&Expires=1141889120",
	    "/k?AWSAccessKeyId=S{AKIAX}&Signature=S{a%2Bb%3D}"
	    "&Expires=1141889120" },
	{ "?X-Goog-Signature=0a1b&x=1", "?X-Goog-Signature=S{0a1b}&x=1" },
	{ "AccountName=x;AccountKey=ab12==;E=c",
	    "AccountName=x;AccountKey=S{ab12==};E=c" },
	{ "X-Amz-Signature=REDACTED&sig=[Filtered]", NULL },
	/* keys of makers */
	{ "HRKU-AAabcdef01-2345-6789", "S{HRKU-AAabcdef01-2345-6789}" },
	{ "gho_0123456789 ghu_0123456789", "S{gho_0123456789} S{ghu_0123456789}" },
	{ "ghs_0123456789 ghr_0123456789", "S{ghs_0123456789} S{ghr_0123456789}" },
	{ "github_pat_11ABCDEFG0ab", "S{github_pat_11ABCDEFG0ab}" },
	{ "glpat-abcdefghij0123", "S{glpat-abcdefghij0123}" },
	{ "xoxa-2-abcdefg xoxr-abcdefgh", "S{xoxa-2-abcdefg} S{xoxr-abcdefgh}" },
	{ "xoxp-123-abcd xoxs-123-abcd", "S{xoxp-123-abcd} S{xoxs-123-abcd}" },
	{ "sk_test_01234567 rk_test_01234567 rk_live_01234567",
	    "S{sk_test_01234567} S{rk_test_01234567} S{rk_live_01234567}" },
	{ "whsec_0123456789abcd", "S{whsec_0123456789abcd}" },
	{ "AIzaSyA0123456789abcdefghijklmnopqrstuv",
	    "S{AIzaSyA0123456789abcdefghijklmnopqrstuv}" },
	{ "ya29.a0AfH6SMBx012", "S{ya29.a0AfH6SMBx012}" },
	{ "sk-Ab3dE5fGhI7jK9lM1nO3", "S{sk-Ab3dE5fGhI7jK9lM1nO3}" },
	{ "sk-ant-api03-0123456789abcdef", "S{sk-ant-api03-0123456789abcdef}" },
	{ "SG.Ab3dE5fGhI7j.K9lM1nO3pQ5rS7tU", "S{SG.Ab3dE5fGhI7j.K9lM1nO3pQ5rS7tU}" },
	{ "SK0123456789abcdef0123456789abcdef",
	    "S{SK0123456789abcdef0123456789abcdef}" },
	{ "npm_0123456789abcdefghij", "S{npm_0123456789abcdefghij}" },
	{ "pypi-AgEIcHlwaS5vcmcCJDAx", "S{pypi-AgEIcHlwaS5vcmcCJDAx}" },
	{ "ASIAABCDEFGHIJKLMNOP", "S{ASIAABCDEFGHIJKLMNOP}" },
	{ "https://hooks.slack.com/services/T0/B0/x1y2 ok",
	    "https://hooks.slack.com/services/S{T0/B0/x1y2} ok" },
	{ "\"https:\\/\\/hooks.slack.com\\/services\\/T0\\/x1\"",
	    "\"https:\\/\\/hooks.slack.com\\/services\\/S{T0\\/x1}\"" },
	{ "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
	    "S{MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj}" },
	/* what looks like them */
	{ "npm_config_registry npm_lifecycle_event=x pypi-server sk-learn", NULL },
	{ "sk-fading-circle-animation-12 SKU SG.1 risk-analysis hf_hub", NULL },
	{ "dashboard.xoxb ghp_ glpat- whsec_ AIza ya29", NULL },
	{ "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", NULL },
	{ "rid=0c16373c-eded-4abb-bb0e-4c43b1f0727f d.0c16373c-eded-4abb-bb0e-"
	    "4c43b1f0727f sha=0123456789abcdef0123456789abcdef01234567", NULL },
	{ "etag=\"abc\" key_id=k1 cache_key=a/b primary_key=7 code=H12 status=503",
	    NULL },
	{ "at=error code=H12 desc=\"Request timeout\" method=GET dyno=web.1", NULL },
	{ "{\"tokens\":51234,\"tokens_used\":51234,\"max_tokens\":4096}", NULL },
	{ "token_expires_at=1760000000 password_changed_at=2026-06-12 "
	    "session_ttl=86400 cookie_consent=yes signature_version=4000", NULL },
	{ "author=me authority=x authenticated=yes keyboard=qwerty", NULL },
	{ "Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON", NULL },
	{ "bearer token missing; Basic authentication; basic training12", NULL },
	{ "docker run -u 1000:1000 x; ls -u a", NULL },
	{ "missing: [\"password\", \"email\"]", NULL },
	{ "Set SECRET_KEY, DATABASE_URL config vars by user a@example.com", NULL },
	/* cards */
	{ "card 4111111111111111.", "card S{4111111111111111}." },
	{ "4111 1111 1111 1111 12", "S{4111 1111 1111 1111} 12" },
	{ "5500-0000-0000-0004", "S{5500-0000-0000-0004}" },
	{ "c%3D378282246310005&", "c%3DS{378282246310005}&" },
	{ "3782 822463 10005", "S{3782 822463 10005}" },
	{ "?n=6011111111111117", "?n=S{6011111111111117}" },
	{ "30569309025904 3530111333300000", "S{30569309025904} S{3530111333300000}" },
	{ "{\"n\":4111111111111111}", "{\"n\":\"S{4111111111111111}\"}" },
	{ "4111111111111112 1111111111111117 41111111111111111", NULL },
	{ "x4111111111111111 4111111111111111a 0.4111111111111111", NULL },
	{ "4111-1111 1111-1111 4111111111111111-1 -4111111111111111", NULL },
	{ "1760000000000 20260612130000 2026-06-12T13:00:00.000001Z", NULL },
	{ "<secret:4111111111111111>", NULL },
	/* headers, lists, pairs */
	{ "got bearer abcdef12 x", "got bearer S{abcdef12} x" },
	{ "BEARER%20abcdef12&x", "BEARER%20S{abcdef12}&x" },
	{ "Basic bWU6cHc= x", "Basic S{bWU6cHc=} x" },
	{ "Authorization: Foo ab12 x", "Authorization: S{Foo ab12} x" },
	{ "[('Authorization', 'Foo ab12'), ('x', 'y')]",
	    "[('Authorization', 'S{Foo ab12}'), ('x', 'y')]" },
	{ "[[\"cookie\",\"a=b\"],[\"x-api-key\", \"k1\"]]",
	    "[[\"cookie\",\"S{a=b}\"],[\"x-api-key\", \"S{k1}\"]]" },
	{ "map[Cookie:[a=1; b=2] Accept:[x]]", "map[Cookie:[S{a=1; b=2}] "
	    "Accept:[x]]" },
	{ "cookie=a=1; b=2 c=3", "cookie=S{a=1; b=2} c=3" },
	{ "{\"name\":\"password\",\"value\":\"x1\"}",
	    "{\"name\":\"password\",\"value\":\"S{x1}\"}" },
	{ "<input name=\"csrfmiddlewaretoken\" value=\"x1\">",
	    "<input name=\"csrfmiddlewaretoken\" value=\"S{x1}\">" },
	{ "name=\"password\"\\r\\n\\r\\nx1\\r\\n--b",
	    "name=\"password\"\\r\\n\\r\\nS{x1}\\r\\n--b" },
	{ "name=\"email\"\\r\\n\\r\\nx1\\r\\n", NULL },
	/* languages */
	{ "{'token': b'x1', 'a': 2}", "{'token': b'S{x1}', 'a': 2}" },
	{ "password=SecretStr('x1') a", "password=SecretStr('S{x1}') a" },
	{ "password := 'x1'; token == \"y2\"",
	    "password := 'S{x1}'; token == \"S{y2}\"" },
	{ "ROLE a PASSWORD 'x1' x", "ROLE a PASSWORD 'S{x1}' x" },
	{ "IDENTIFIED BY \\\"x1\\\" x", "IDENTIFIED BY \\\"S{x1}\\\" x" },
	{ "GROUP BY 'x1'", NULL },
	{ "curl -u me:pw1 h; curl --user me:pw2 h",
	    "curl -u S{me:pw1} h; curl --user S{me:pw2} h" },
	{ "x --password pw1 -h; ['--api-key', 'k1']",
	    "x --password S{pw1} -h; ['--api-key', 'S{k1}']" },
	{ "x --password -h --token", NULL },
	{ "Authorization: x map[Cookie:[a=1; b=y2] A:[b]]",
	    "Authorization: S{x} map[Cookie:[S{a=1; b=y2}] A:[b]]" },
	{ "(\"pass\",\"Cookie:'\"k1", "(\"pass\",\"Cookie:'S{\"k1}" },
	{ "otp\":[12345,\"", "otp\":\"S{[12345,\"}\"" },
	{ "--Bearer --1-%3DI\xf0", "--Bearer S{--1-%3DI}\xf0" },
	{ "Bearer a0passw=s1", "Bearer a0passw=S{s1}" },
	{ "--p--ghp_passwordabcdef01234567890123456789 pw",
	    "--p--S{ghp_passwordabcdef01234567890123456789} pw" },
	{ "API key: k1, secret key = \"k2\"", "API key: S{k1}, secret key = "
	    "\"S{k2}\"" },
	{ "duplicate key: k1", NULL },
	/* encoded and escaped */
	{ "%7B%22password%22%3A%22a%5C%22b%22%2C%22c%22%3A1%7D",
	    "%7B%22password%22%3A%22S{a%5C%22b}%22%2C%22c%22%3A1%7D" },
	{ "%257B%2522pin%2522%253A1234%257D", "%257B%2522pin%2522%253AS{1234}%257D" },
	{ "?password=ab%26cd&e=f", "?password=S{ab%26cd}&e=f" },
	{ "user%5Botp%5D=123456", "user%5Botp%5D=S{123456}" },
	{ "?u=pg%3A%2F%2Fme%3Apw%40h%2Fd", "?u=pg%3A%2F%2FS{me%3Apw}%40h%2Fd" },
	{ "pg:\\/\\/me:pw@h\\/d", "pg:\\/\\/S{me:pw}@h\\/d" },
	{ "pg://me:p/w@h/d http://h/a:b@c", "pg://S{me:p/w}@h/d http://h/a:b@c" },
	{ "/x?token\\u003dab\\u0026b\\u003d1", "/x?token\\u003dS{ab}"
	    "\\u0026b\\u003d1" },
	{ "{\\u0022pwd\\u0022:\\u0022a1\\u0022}",
	    "{\\u0022pwd\\u0022:\\u0022S{a1}\\u0022}" },
	{ "a\\npwd: a1\\ntoken: b2\\n", "a\\npwd: S{a1}\\ntoken: S{b2}\\n" },
	{ "&quot;pwd&quot;: &quot;a1&quot;", "&quot;pwd&quot;: &quot;S{a1}&quot;" },
	{ "\"{\"\"pwd\"\":\"\"a1\"\",\"\"b\"\":\"\"c\"\"}\"",
	    "\"{\"\"pwd\"\":\"\"S{a1}\"\",\"\"b\"\":\"\"c\"\"}\"" },
	{ "{\"pwd\":\"\",\"b\":\"c\"}", NULL },
	/* quotes in a query */
	{ "/x?token=ab\"cd'ef&b=1", "/x?token=S{ab\"cd'ef}&b=1" },
	{ "path=\"/x?token=ab'cd\" b=1", "path=\"/x?token=S{ab'cd}\" b=1" },
	{ "{\"u\":\"/x?token=ab\\\"cd\",\"b\":1}",
	    "{\"u\":\"/x?token=S{ab\\\"cd}\",\"b\":1}" },
	{ "{'u':'/x?token=ab','b':1}", "{'u':'/x?token=S{ab}','b':1}" },
	{ "<a href=\"/x?token=ab\">b</a>", "<a href=\"/x?token=S{ab}\">b</a>" },
	/* parameters of headers */
	{ "Authorization: Digest username=\"x\", response=\"y\"\n",
	    "Authorization: Digest S{username=\"x\", response=\"y\"}\n" },
	{ "Authorization: Hawk id=\"a\", mac=\"b\" x",
	    "Authorization: S{Hawk id=\"a\", mac=\"b\"} x" },
	{ "Stripe-Signature: t=1,v1=x1 y", "Stripe-Signature: S{t=1,v1=x1} y" },
	{ "Authorization: Bearer ab12, user=5",
	    "Authorization: Bearer S{ab12}, user=5" },
	{ "signature: x1, b=5", "signature: S{x1}, b=5" },
	/* what print() writes */
	{ "token= x1", "token= S{x1}" },
	{ "{\"m\":\"password= x1\",\"a\":1}", "{\"m\":\"password= S{x1}\",\"a\":1}" },
	{ "token= is missing", NULL },
	{ "api_key= None", NULL },
	{ "password= user: me", NULL },
	{ "\"GET /x?token= HTTP/1.1\" 200", NULL },
	{ "map[Cookie:[f('y2') =1; b=2]]", "map[Cookie:[S{f('y2'}) =1; b=2]]" },
	/* elements */
	{ "<a><password>x y</password><wsse:Password Type=\"b\">x1</wsse:Password>",
	    "<a><password>S{x y}</password><wsse:Password Type=\"b\">S{x1}"
	    "</wsse:Password>" },
	{ "\"<token>x1<\\/token>\"", "\"<token>S{x1}<\\/token>\"" },
	{ "usage: x <user> <password> [<token>] </password>", NULL },
	{ "<token/>a</token><token></token> <token>a<b>c</b></token>", NULL },
	{ "<tokens>51234</tokens><id>abcd</id><password>null</password> <token",
	    NULL },
	/* tokens and codes */
	{ "{\"tokens\":[\"x1\", \"y2\"],\"accessTokens\":\"x1\"} tokens=[\"x1\"]",
	    "{\"tokens\":[\"S{x1\", \"y2}\"],\"accessTokens\":\"S{x1}\"} "
	    "tokens=[\"S{x1}\"]" },
	{ "otp_code=4711 {\"verification_code\":\"x1\",\"security_code\":4711}",
	    "otp_code=S{4711} {\"verification_code\":\"S{x1}\","
	    "\"security_code\":\"S{4711}\"}" },
	{ "{\"tokens\":\"51234\",\"max_tokens\":\"unlimited\",\"a_tokens\":[1,2]}",
	    NULL },
	{ "{\"tokens\":[\"the\",\"cat\"],\"total_tokens\":51234} tokens=4k", NULL },
	{ "country_code=1234 verification_code_sent_at=1760000000", NULL },
	{ "?code=a\"\\x?code=a\"\\/b", "?code=S{a\"}\\x?code=S{a}\"\\/b" },
	{ "tokens=\"a pwd=bcd e\"", "tokens=\"a pwd=S{bcd} e\"" },
	/* names with an index */
	{ "?token[]=x1&token[0]=x2&token[a]=x3",
	    "?token[]=S{x1}&token[0]=S{x2}&token[a]=S{x3}" },
	{ "?token%5B0%5D=x1&user%5Btokens%5D%5B%5D=5",
	    "?token%5B0%5D=S{x1}&user%5Btokens%5D%5B%5D=5" },
	{ "app.config[\"SECRET_KEY\"] = \"x1\"; os.environ['API_KEY'] = 'x2'",
	    "app.config[\"SECRET_KEY\"] = \"S{x1}\"; os.environ['API_KEY'] = "
	    "'S{x2}'" },
	{ "{\"m\":\"c[\\\"SECRET_KEY\\\"] = \\\"x1\\\"\"}",
	    "{\"m\":\"c[\\\"SECRET_KEY\\\"] = \\\"S{x1}\\\"\"}" },
	{ "?id[]=abc&tokens[]=5&token_count[0]=5678&code=x1",
	    "?id[]=abc&tokens[]=5&token_count[0]=5678&code=S{x1}" },
	{ "session[1234]: started auth[12]: ok; missing [\"token\"]: abcd", NULL },
	{ "config[\"DEBUG\"] = \"abcd\"; a[0]=abcd []=abcd ]=abcd [=abcd", NULL },
	/* pairs of name and value */
	{ "[\"password\", \"x1\"] ('token', 'it is')",
	    "[\"password\", \"S{x1}\"] ('token', 'S{it is}')" },
	{ "[[\"token\",\"abc\"],[\"a\",\"b\"],[\"pwd\",\"c d\"]]",
	    "[[\"token\",\"S{abc}\"],[\"a\",\"b\"],[\"pwd\",\"S{c d}\"]]" },
	{ "{\"cookies\":[[\"sessionid\",\"abc\"]]}",
	    "{\"cookies\":\"S{[[\"sessionid\",\"abc\"]]}\"}" },
	{ "{\"m\":\"[\\\"token\\\", \\\"a\\\\\\\"b\\\"]\"}",
	    "{\"m\":\"[\\\"token\\\", \\\"S{a\\\\\\\"b}\\\"]\"}" },
	{ "(b'token', b'x1') set('token', \"x1\")",
	    "(b'token', b'S{x1}') set('token', \"S{x1}\")" },
	{ "\"[\"\"token\"\", \"\"x1\"\"]\"", "\"[\"\"token\"\", \"\"S{x1}\"\"]\"" },
	{ "{\"a\":[\"token\",\"Cut", "{\"a\":[\"token\",\"S{Cut}" },
	{ "{\"a\":[\"token\",\"Cut\"", "{\"a\":[\"token\",\"S{Cut}\"" },
	{ "[\"password\", \"email\", \"name\"] [\"password\", \"x1\", 5]", NULL },
	{ "[\"password\", \"password_confirmation\"]", NULL },
	{ "permit('password', 'remember_me') missing=['token', 'email']", NULL },
	{ "[\"email\", \"password\"] [\"tokens\", \"x1\"] [\"token\", 5]", NULL },
	{ "{\"a\":\"token\", \"b\":\"x1\"} \"password\", \"x1\"]", NULL },
	{ "[\"token\", null] [\"token\",] [\"password\", \"[FILTERED]\"]", NULL },
	/* an object or a list under a secret key */
	{ "{\"credentials\":{\"a\":\"x1\",\"b\":[\"y2\",7]},\"k\":\"c\"}",
	    "{\"credentials\":\"S{{\"a\":\"x1\",\"b\":[\"y2\",7]}}\",\"k\":\"c\"}" },
	{ "{\"m\":\"{\\\"auth\\\":{\\\"a\\\":12345}}\",\"k\":\"c\"}",
	    "{\"m\":\"{\\\"auth\\\":\\\"S{{\\\"a\\\":12345}}\\\"}\",\"k\":\"c\"}" },
	{ "{\"m\":\"{\\\"auth\\\":{\\\"a\\\":\",\"k\":\"c\"}", NULL },
	{ "{'token': {'a': b'x1', 'n': None}, 'k': 'c'}",
	    "{'token': 'S{{'a': b'x1', 'n': None}}', 'k': 'c'}" },
	{ "{:password=>{:a=>\"x1\"}, :k=>\"c\"}",
	    "{:password=>S{{:a=>\"x1\"}}, :k=>\"c\"}" },
	{ "password={a: x1, b: y:2} k=c", "password=S{{a: x1, b: y:2}} k=c" },
	{ "{\"\"auth\"\":{\"\"a\"\":\"\"x1\"\"},\"\"k\"\":\"\"c\"\"}",
	    "{\"\"auth\"\":S{{\"\"a\"\":\"\"x1\"\"}},\"\"k\"\":\"\"c\"\"}" },
	{ "%22auth%22%3A%7B%22a%22%3A%22x1%22%7D&k=c",
	    "%22auth%22%3AS{%7B%22a%22%3A%22x1%22%7D}&k=c" },
	{ "{\"auth\":{\"a]\":\"\",\"b\":\"x1\"},\"k\":\"c\"}",
	    "{\"auth\":\"S{{\"a]\":\"\",\"b\":\"x1\"}}\",\"k\":\"c\"}" },
	{ "{\"otp\":[12345,\"x1\"],\"pwd\":[\"a\",[\"b\"]],\"k\":\"c\"}",
	    "{\"otp\":\"S{[12345,\"x1\"]}\",\"pwd\":\"S{[\"a\",[\"b\"]]}\","
	    "\"k\":\"c\"}" },
	{ "{\"token\":{},\"pwd\":[[],{}],\"auth\":{\"a\":null,\"b\":7}}", NULL },
	{ "otp\":[-,-", "otp\":[\"S{-}\",-" },
	{ "token={token} credentials = {\n  File \"x\"", NULL },
	{ "4111111111111111-----BEGIN PRIVATE KEY", "S{4111111111111111}"
	    "S{-----BEGIN PRIVATE KEY}" },
	{ "sig={\"sig=\"=", "sig={\"sig=\"S{=}" },
	{ "otp:()=( ", "otp:S{(})=( " },
	/* command lines */
	{ "`heroku config:set FOO=x1 BAR='y 2' DEBUG=true -a b` by c",
	    "`heroku config:set FOO=S{x1} BAR='S{y 2}' DEBUG=true -a b` by c" },
	{ "config:set U=postgres://me:pw@h/d,e A=1", "config:set U=S{postgres://"
	    "me:pw@h/d,e} A=1" },
	{ "config:set \"pass\":\":\"b=c", "config:set \"pass\":\"S{:}\"b=c" },
	{ "heroku config:set token=| A=b", "heroku config:set "
	    "token=S{|} A=S{b}" },
	{ "`heroku config:set A B` C=d", NULL },
	{ "docker login -p x1 && curl -sume:x2 -u 'me:x 3' h",
	    "docker login -p S{x1} && curl -suS{me:x2} -u 'S{me:x 3}' h" },
	{ "docker login registry.example:5000 -u me -p x1 && docker run -p 80",
	    "docker login registry.example:5000 -u me -p S{x1} && docker run "
	    "-p 80" },
	{ "config:set A=x1 && docker login h -p x2",
	    "config:set A=S{x1} && docker login h -p S{x2}" },
	{ "aws configure set aws_session_token x1 -p b", "aws configure set "
	    "aws_session_token S{x1} -p b" },
	/* unique keys of Postgres */
	{ "DETAIL:  Key (token)=(x1) already exists.",
	    "DETAIL:  Key (token)=(S{x1}) already exists." },
	{ "Key (user_id, token)=(5, a)b) already exists.\\nx",
	    "Key (user_id, token)=(S{5, a)b}) already exists.\\nx" },
	{ "{\"d\":\"Key (api_key)=(x1)\",\"e\":1}",
	    "{\"d\":\"Key (api_key)=(S{x1})\",\"e\":1}" },
	{ "Key (lower(token), id)=(x1, 5) already exists.",
	    "Key (lower(token), id)=(S{x1, 5}) already exists." },
	{ "Key (token)=(cut", "Key (token)=(S{cut}" },
	{ "Key (email)=(a@b.example) already exists. token (id)=(5)", NULL },
	{ "Key (token_type, tokens_used)=(bearer, 5) already exists.", NULL },
	{ "Key (token)=() exists; f(token)==(x) (token) = (x)", NULL },
	/* a mark in a list takes nothing out of it */
	{ "{\"auth\":[{\"a\":\"<token:0123456789abcdef>\"},\"hunter2x\"]}",
	    "{\"auth\":\"S{[{\"a\":\"<token:0123456789abcdef>\"},\"hunter2x\"]}\"}" },
	/* a name of a header and the next key are no pair */
	{ "{\"header\":\"X-Token\",\"scheme\":\"basic\"}", NULL },
	{ "(\"X-Token\", \"basic4R\")", "(\"X-Token\", \"S{basic4R}\")" },
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
	{ "/api/beta/preview/%41b%2d%2531%32/d", "/api/beta/preview/T{Ab-12}/d",
	    "Ab-12", "5:Aa0-:12" },
	{ "/api/beta/preview/1%", "/api/beta/preview/T{1%}", "1%", "2:0-:" },
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
	{ "/login?next=/api/beta/preview/%41b12",
	    "/login?next=/api/beta/preview/T{Ab12}", NULL, NULL },
	{ "/login?next=/api/beta/preview/Ab12",
	    "/login?next=/api/beta/preview/T{Ab12}", NULL, NULL },
	{ "/%2561pi%252Fbeta/preview/Ab12", "/%2561pi%252Fbeta/preview/T{Ab12}",
	    "Ab12", "4:Aa0:12" },
	{ "/api/./beta//preview/Ab12/", "/api/./beta//preview/T{Ab12}/", "Ab12",
	    "4:Aa0:12" },
	{ "/t/ab/x/cd1/", "/t/T{ab}/x/T{cd1}/", "ab", "2:a:" },
	{ "/t/ab/y/cd1", "/t/T{ab}/y/cd1", "ab", "2:a:" },
	{ "/dl/a1.pdf?x", "/dl/T{a1}.pdf?x", "a1", "2:a0:1" },
	{ "/dl/a1.png", "/dl/T{a1.png}", "a1.png", "6:a0-:" },
	{ "/api/beta/preview/../preview/Ab12", "/api/beta/preview/../preview/"
	    "T{Ab12}", "Ab12", "4:Aa0:12" },
	{ "/api/beta/preview/ab/../Ab12", "/api/beta/preview/T{ab}/../T{Ab12}",
	    "Ab12", "4:Aa0:12" },
	{ "/api/beta/preview/Ab12/../..", "/api/beta/preview/T{Ab12}/../..",
	    "Ab12", "4:Aa0:12" },
	{ "/t/\"/../\"", "/t/T{\"}/../\"", "\"", "1:-:" },
	{ "/api/beta/preview/..", "/api/beta/preview/..", NULL, NULL },
	{ "/a?b=https://h/api/x/../beta/preview/Ab12",
	    "/a?b=https://h/api/x/../beta/preview/T{Ab12}", NULL, NULL },
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
	ck_assert_uint_eq(tok.parts.n, 5 * 8 + 4);
}
END_TEST

enum { PART_HEAD = 3, PART_STEM };

static sv
part_of(const struct token *t, int part)
{
	return sv_take(sv_skip(t->parts, (size_t)part * 9), 8);
}

static sv
core_of(const struct token *t)
{
	return sv_null(t->core) ? t->hash : t->core;
}

/* Tokens that share a third share its hash. */
START_TEST(parts_compare)
{
	struct token x, y;

	redact_path(&r, SV("/api/beta/preview/aaabbbccc"), &a, &x);
	redact_path(&r, SV("/api/beta/preview/aaaxxxccc"), &a, &y);
	ck_sv(sv_take(x.parts, 8), sv_take(y.parts, 8));
	ck_sv(part_of(&x, 2), part_of(&y, 2));
	ck_assert(!sv_eq(x.parts, y.parts));
}
END_TEST

static const struct {
	const char *x, *y;
	int part; /* that both have */
	bool core;
} alike[] = {
	{ "abcdefgh123", "abcdefghij", PART_HEAD, false },
	{ "<abcdefgh123", "abcdefghij", PART_HEAD, false },
	{ "abc", "abc.", PART_HEAD, true },
	{ "user-9", "user-10", PART_STEM, false },
	{ "9", "123456789", PART_STEM, false },
	{ "x1234567890", "x1123456789", PART_STEM, false },
	{ "Ab12", "%3cAb12%3e", PART_HEAD, true },
	{ "Ab12==", "Ab12=3D=3D.", PART_HEAD, true },
};

/* What is alike in two tokens shows, and nothing else. */
START_TEST(tokens_compare)
{
	struct buf b = BUF_INIT;
	struct token x, y;

	buf_printf(&b, "/api/beta/preview/%s", alike[_i].x);
	redact_path(&r, buf_sv(&b), &a, &x);
	buf_clear(&b);
	buf_printf(&b, "/api/beta/preview/%s", alike[_i].y);
	redact_path(&r, buf_sv(&b), &a, &y);
	buf_release(&b);
	ck_sv(part_of(&x, alike[_i].part), part_of(&y, alike[_i].part));
	ck_assert(!sv_eq(x.hash, y.hash));
	ck_assert(sv_eq(core_of(&x), core_of(&y)) == alike[_i].core);
}
END_TEST

START_TEST(a_token_is_its_core)
{
	struct token tok;

	redact_path(&r, SV("/api/beta/preview/Ab-12_x.y"), &a, &tok);
	ck_assert(sv_null(tok.core));
	redact_path(&r, SV("/api/beta/preview/Ab-12_x.y)"), &a, &tok);
	ck_sv(tok.core, hash_of("Ab-12_x.y"));
}
END_TEST

/* No template hides a path from another, in whatever order they stand. */
START_TEST(templates_meet)
{
	static sv items[] = { { "/{token}/view", 13 },
		{ "/api/{id}/x", 11 }, { "/api/beta/preview/{token}", 25 },
		{ "/api/beta/preview/{token}.pdf", 29 } };
	static const sv shared = { "/api/beta/preview/Ab12.pdf", 26 };
	struct site_list four = { items, countof(items) };
	uint8_t key[REDACT_KEY_LEN] = { 1 };
	struct token tok;
	struct redact s;
	sv out;

	for (size_t i = 0; i < countof(items); i++) {
		sv first = items[0];

		redact_init(&s, key, &four);
		out = redact_path(&s, shared, &a, &tok);
		ck_assert(!sv_has(out, SV("Ab12")));
		ck_assert(sv_starts(out, SV("/api/<token:")));
		ck_assert(!sv_has(out, SV("beta")));
		ck_assert_ptr_eq(redact_path(&s, out, &a, &tok).p, out.p);
		ck_assert(!sv_has(redact_text(&s, shared, &a), SV("Ab12")));
		redact_path(&s, shared, &a, &tok);
		ck_assert(sv_starts(tok.shape, SV("8:")) ||
		    sv_starts(tok.shape, SV("4:")));
		memmove(items, items + 1, sizeof(items) - sizeof(*items));
		items[countof(items) - 1] = first;
	}
}
END_TEST

static const struct {
	const char *path;
	bool secret;
} firsts[] = {
	{ "/Ab12/view", true }, { "/Ab12/view/3?x", true },
	{ "/Ab12/%76iew", true }, { "/Ab12/list", false }, { "/Ab12", false },
	{ "/", false },
};

/* Where a path may begin with a token, only the rest of it tells. */
START_TEST(first_segments)
{
	static sv item = { "/{token}/view", 13 };
	struct site_list one = { &item, 1 };
	uint8_t key[REDACT_KEY_LEN] = { 1 };
	struct token tok;
	struct redact s;
	sv out;

	redact_init(&s, key, &one);
	out = redact_path(&s, sv_str(firsts[_i].path), &a, &tok);
	ck_assert(sv_has(out, SV("<token:")) == firsts[_i].secret);
	ck_assert(sv_null(tok.hash) == !firsts[_i].secret);
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

/* Each of these once took time or memory that grew with the square. */
static const char *const repeated[] = {
	"/api/beta/preview/x ", "ey-", "eyJ-", "eyJ.", "token=[", "token={",
	"://a", "token:\"\",", "%3D", "\\\\=", "token:[\"\",", "/%61pi", "'\"=",
	"//", "/./", "%2f", "%252F", "\\", "%25", "%2525", "sk-", "bearer ", "-u a:", "://a:b",
	"token=[x", "%22:%22", "token%3A%22", "--token \"", "\\u003d", "\"\"",
	"token:\"\"x", "name=\"pwd\"", " 4", "4111 ", "&quot;", "cookie=a;",
	"Cookie\",", "password '", "/t/x/x/", "hooks.slack.com/services/",
	"://hooks.slack.com/services/", "key: ", "%5c", "token:\\u0022\\",
	"(token)=(", "(a)=(", "://a-", "://x.webhook.office.com/webhookb2/", "token= a", "token= ", "authorization: a=b,", "signature: a=,", "<", "<token ", "<token>", "<token>a", "tokens:[\"a\",", "tokens=\"a", "tokens=", "token:[\"\"a\"\",", "?token='x", "&token=a\"b", "&token=1'", "[", "a[", "a[]=", "[=", "]", "[\"]=", "%5Ba%5D", "[\"token\",\"a", "['token',\"", "('pwd', 'a',",
	"token:{", "token:{\"a\":", "\"token\":[1,", "token:[[", "{\"token\":{\"a\",", "%22token%22%3A%7B",
	"token:{a\\", "config:set ", "config:set F=", "config:set \"F=",
	"aws ", "aws configure set token ", "curl -u ", "docker login -p*",
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
	tcase_add_loop_test(tc, tokens_compare, 0, (int)countof(alike));
	tcase_add_test(tc, a_token_is_its_core);
	tcase_add_test(tc, templates_meet);
	tcase_add_loop_test(tc, first_segments, 0, countof(firsts));
	tcase_add_test(tc, keys_differ);
	add_table(tc, time_is_linear, repeated);
	suite_add_tcase(s, tc);
	return s;
}
