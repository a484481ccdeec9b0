/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/jsonw.h"
#include "record/redact.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SECRET "Zq7Marker9xV"

/* Where a secret stands; "@" is random bytes as a JSON string has them. */
static const char *const places[] = {
	"{\"password\":\"" SECRET "\"}",
	"{\"api_key\" : \"@" SECRET "@\",\"a\":1}",
	"{'access_token': '" SECRET "'}",
	"{\"m\":\"{\\\"secret\\\":\\\"" SECRET "\\\"}\"}",
	"{\"passwords\":[\"a\", \"" SECRET "\"]}",
	"{\"credentials\":{\"a\":\"" SECRET "\",\"b\":1}}",
	"{\"auth\":[{\"@\":[\"@\",12345]},\"" SECRET "\"]}",
	"{'token': {'a': ['x', b'" SECRET "']}}",
	"user=a password=" SECRET " b=1",
	"user=a token=\"@" SECRET "@\" b=1",
	"password = '" SECRET "'",
	"Authorization: Bearer " SECRET,
	"Authorization: Basic " SECRET "==",
	"Cookie: a=1; b=" SECRET "; c=\"" SECRET "\"",
	"/a?b=c&code=" SECRET "&d=e",
	"/a?token=" SECRET,
	"/a?next=%2Fb%3Ftoken%3D" SECRET "%26c",
	"https://me:" SECRET "@h.example/a",
	"redis://:" SECRET "@h.example:6379",
	"https://" SECRET "@errors.example/1",
	"postgres://me:" SECRET "@h.example:5432/d",
	"postgresql://h.example/d?user=me&password=" SECRET,
	"host=h dbname=d password=" SECRET,
	"eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0." SECRET,
	"sk_live_" SECRET,
	"ghp_" SECRET,
	"sk-proj-" SECRET "0123456789ab",
	"xoxb-1-" SECRET,
	"HRKU-" SECRET "-0123",
	"https://hooks.slack.com/services/T0/B0/" SECRET,
	"https:\\/\\/hooks.slack.com\\/services\\/T0\\/B0\\/" SECRET,
	"/a?next=%252Fb%253Ftoken%253D" SECRET "%2526c",
	"/a?b=%7B%22password%22%3A%22" SECRET "%22%7D",
	"/a?u=postgres%3A%2F%2Fme%3A" SECRET "%40h%2Fd",
	"postgres:\\/\\/me:" SECRET "@h.example\\/d",
	"url\\u003d/x?token\\u003d" SECRET "\\u0026b",
	"{\\u0022password\\u0022:\\u0022" SECRET "\\u0022}",
	"&quot;password&quot;: &quot;" SECRET "&quot;",
	"{\"\"password\"\":\"\"" SECRET "\"\"}",
	"{\"name\":\"password\",\"value\":\"" SECRET "\"}",
	"{'token': b'" SECRET "'}",
	"password=SecretStr('" SECRET "')",
	"map[Cookie:[a=1; b=" SECRET "] A:[b]]",
	"[(b'authorization', b'Bearer " SECRET "')]",
	"x bearer " SECRET " y",
	"CREATE USER a IDENTIFIED BY '" SECRET "'",
	"curl -u me:" SECRET " https://h.example/",
	"mysql --password " SECRET " -h",
	"heroku config:set FOO=" SECRET " -a b",
	"heroku config:set A=b FOO='a " SECRET "'",
	"docker login -p " SECRET " h",
	"docker login h -u me -p " SECRET,
	"`aws configure set aws_session_token " SECRET " -p",
	"API key: " SECRET,
	"/api/./beta//preview/" SECRET "/",
	"/api/beta/preview/../preview/" SECRET "/",
	"/api/beta/x/%2e./preview/a/../" SECRET "?",
	"/%61pi%252Fbeta/preview/" SECRET,
	"/t/x/y/" SECRET ".pdf",
	"https://h.example/api/beta/preview/" SECRET "/x",
	"/login?next=%2Fapi%2Fbeta%2Fpreview%2F" SECRET,
};

/* The bytes as inside a JSON string; an end that is half an escape is none. */
static void
put_json(struct buf *b, sv bytes)
{
	struct buf quoted = BUF_INIT;

	jsonw_text(&quoted, bytes);
	buf_add(b, sv_of(quoted.p + 1, quoted.n - 2));
	buf_release(&quoted);
}

static void
put_place(struct buf *b, sv place, sv bytes)
{
	for (; place.n; place = sv_skip(place, 1)) {
		if (place.p[0] == '@' && !sv_starts(place, SV("@h.")) &&
		    !sv_starts(place, SV("@errors.")))
			put_json(b, bytes);
		else
			buf_byte(b, place.p[0]);
	}
}

/* What stands before may open no string: that would give the quotes behind it
 * another meaning. */
static void
put_before(struct buf *b, sv bytes)
{
	for (; bytes.n; bytes = sv_skip(bytes, 1)) {
		char c = bytes.p[0];

		buf_byte(b, c == '"' || c == '\'' || c == '\\' ? '.' : c);
	}
	buf_lit(b, " x ");
}

static void
check_secret(const struct redact *r, struct arena *a, sv place, sv bytes)
{
	struct buf b = BUF_INIT;
	size_t half = bytes.n / 2;

	put_before(&b, sv_take(bytes, half));
	put_place(&b, place, sv_take(bytes, 16));
	buf_byte(&b, ' ');
	buf_add(&b, sv_skip(bytes, half));
	assert(!sv_has(redact_text(r, buf_sv(&b), a), SV(SECRET)));
	buf_release(&b);
}

/* A second pass changes nothing more, and says so by the same view. */
static void
check_twice(const struct redact *r, struct arena *a, sv text)
{
	struct token tok;
	sv once = redact_text(r, text, a), path = redact_path(r, text, a, &tok);

	assert(sv_eq(redact_text(r, once, a), once));
	assert(once.p == text.p || !sv_eq(once, text));
	assert(sv_eq(redact_path(r, path, a, &tok), path));
	assert(sv_null(tok.hash) == sv_null(tok.shape));
}

/* What is told quickly is what the long way finds. */
static void
check_plain_path(const struct redact *r, struct arena *a, sv text)
{
	struct token tok;

	if (!redact_is_plain_path(r, text))
		return;
	assert(redact_path(r, text, a, &tok).p == text.p);
	assert(sv_null(tok.hash) && sv_find_byte(text, '%') == text.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t key[REDACT_KEY_LEN] = { 1 };
	static sv items[] = {
		{ "/api/beta/preview/{token}", 25 }, { "/t/{a}/y/{b}.pdf", 16 },
	};
	static const struct site_list paths = { items, countof(items) };
	sv text = sv_of((const char *)data, size);
	struct arena a = ARENA_INIT;
	static struct redact r;

	if (r.paths == NULL)
		redact_init(&r, key, &paths);
	check_twice(&r, &a, text);
	check_plain_path(&r, &a, text);
	if (size && !sv_has(text, SV("Zq7")))
		check_secret(&r, &a, sv_str(places[data[0] % countof(places)]),
		    sv_skip(text, 1));
	arena_release(&a);
	return 0;
}
