/* SPDX-License-Identifier: MIT */
#include "record/redact.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/sha256.h"

/* Keys whose value is secret when the lower-case key contains one of these... */
static const char *const secret_parts[] = {
	"token", "secret", "passw", "passphrase", "api_key", "apikey", "api-key",
	"authorization", "cookie", "private_key", "access_key", "credential",
	"signature", "sessionid", "session_id", "session-id", "database_url",
	"redis_url", "_dsn",
};

/* ... or is one of these. */
static const char *const secret_words[] = {
	"session", "sid", "sig", "pwd", "otp", "jwt", "auth", "dsn",
};

/* In a query string these are secret too (OAuth, signed links). */
static const char *const secret_query_words[] = { "code", "key", "hash" };

/* A key that ends like this names no secret: hashes the app made, counts. */
static const char *const harmless_ends[] = {
	"_h", "_count", "_type", "_name", "_id_h", "tokens",
};

enum { KEY_MAX = 48, HASH_HEX = 16 };

static void
keyed_hash(const struct redact *r, sv value, uint8_t out[SHA256_LEN])
{
	struct hmac h;

	hmac_init(&h, r->key, sizeof(r->key));
	hmac_add(&h, value.p, value.n);
	hmac_end(&h, out);
}

void
redact_init(struct redact *r, const uint8_t key[REDACT_KEY_LEN],
    const struct site_list *paths)
{
	uint8_t h[SHA256_LEN];

	memcpy(r->key, key, REDACT_KEY_LEN);
	r->paths = paths;
	keyed_hash(r, SV("raxx content seed"), h);
	r->seed = 0;
	for (int i = 0; i < 8; i++)
		r->seed = r->seed << 8 | h[i];
}

static void
put_hash(const struct redact *r, struct buf *b, const char *kind, sv value)
{
	uint8_t h[SHA256_LEN];

	keyed_hash(r, value, h);
	buf_byte(b, '<');
	buf_str(b, kind);
	buf_byte(b, ':');
	buf_hex(b, h, HASH_HEX / 2);
	buf_byte(b, '>');
}

static bool
any_of(sv key, const char *const *list, size_t n,
    bool (*test)(sv, sv))
{
	for (size_t i = 0; i < n; i++)
		if (test(key, sv_str(list[i])))
			return true;
	return false;
}

static bool
key_is_secret(sv raw, bool query)
{
	char low[KEY_MAX];
	sv key = { low, raw.n };

	if (raw.n < 3 || raw.n > KEY_MAX)
		return false;
	for (size_t i = 0; i < raw.n; i++)
		low[i] = (char)to_lower(raw.p[i]);
	if (any_of(key, harmless_ends, countof(harmless_ends), sv_ends))
		return false;
	return any_of(key, secret_parts, countof(secret_parts), sv_has) ||
	    any_of(key, secret_words, countof(secret_words), sv_eq) ||
	    (query && any_of(key, secret_query_words,
	    countof(secret_query_words), sv_eq));
}

static bool
is_key_byte(int c)
{
	return is_alnum(c) || c == '_' || c == '-' || c == '.' || c == '%';
}

/* The key that ends before text[at] ('=' or ':'), with quotes around it and
 * backslashes before them left out; `query`: it follows '?' or '&'. */
static sv
key_before(sv text, size_t at, bool *query)
{
	size_t end = at, start;

	while (end > 0 && (text.p[end - 1] == '"' || text.p[end - 1] == '\'' ||
	    text.p[end - 1] == '\\' || (text.p[at] == ':' &&
	    text.p[end - 1] == ' ')))
		end--;
	start = end;
	while (start > 0 && end - start <= KEY_MAX &&
	    is_key_byte(text.p[start - 1]))
		start--;
	*query = start > 0 && (text.p[start - 1] == '?' || text.p[start - 1] == '&');
	return sv_of(text.p + start, end - start);
}

static bool
is_value_end(int c, bool query)
{
	return is_space(c) || c == '"' || c == '\'' || c == '\\' ||
	    (query ? c == '&' || c == '#' :
	    c == '&' || c == ',' || c == ';' || c == '}' || c == ')' || c == ']');
}

/* Where the value after text[at] starts and ends; empty when there is none or
 * it cannot be a secret (a number, a literal, already replaced). */
static sv
value_after(sv text, size_t at, bool query)
{
	size_t start = at + 1, end;
	bool quoted = false;
	sv v;

	while (start < text.n && text.p[at] == ':' && text.p[start] == ' ')
		start++;
	while (start < text.n && text.p[start] == '\\')
		start++;
	if (start < text.n && (text.p[start] == '"' || text.p[start] == '\'')) {
		quoted = true;
		start++;
	}
	end = start;
	if (quoted)
		while (end < text.n && text.p[end] != text.p[start - 1] &&
		    text.p[end] != '\\')
			end++;
	else
		while (end < text.n && !is_value_end(text.p[end], query))
			end++;
	v = sv_of(text.p + start, end - start);
	if (!quoted && text.p[at] == ':' && (sv_eq_nocase(v, SV("bearer")) ||
	    sv_eq_nocase(v, SV("basic"))) && end < text.n) {
		start = end + 1;
		for (end = start; end < text.n && !is_space(text.p[end]); end++)
			;
		v = sv_of(text.p + start, end - start);
	}
	return v;
}

static bool
is_plain_literal(sv v)
{
	double d;

	return v.n == 0 || sv_is(v, "null") || sv_is(v, "true") ||
	    sv_is(v, "false") || sv_is(v, "None") || v.p[0] == '<' ||
	    v.p[0] == '[' || v.p[0] == '*' || v.p[0] == '{' ||
	    (v.n < 4 && sv_to_double(v, &d));
}

/* By shape, at text[at]: the secret's bytes, or empty. */
static sv
shape_at(sv text, size_t at)
{
	sv rest = sv_skip(text, at);
	size_t n = 0, dots = 0;

	while (n < rest.n && (is_key_byte(rest.p[n]) || rest.p[n] == '+' ||
	    rest.p[n] == '/' || rest.p[n] == '=')) {
		dots += rest.p[n] == '.';
		n++;
	}
	if (sv_starts(rest, SV("eyJ")) && dots == 2 && n > 30)
		return sv_take(rest, n);
	if (sv_starts(rest, SV("AKIA")) && n == 20)
		return sv_take(rest, n);
	if ((sv_starts(rest, SV("sk_live_")) || sv_starts(rest, SV("rk_live_")) ||
	    sv_starts(rest, SV("xoxb-")) || sv_starts(rest, SV("ghp_"))) && n > 12)
		return sv_take(rest, n);
	if (sv_starts(rest, SV("-----BEGIN ")) &&
	    sv_has(sv_take(rest, 60), SV("PRIVATE KEY")))
		return rest;
	return SV("");
}

/* "://user:pass@host": user and password, or empty. */
static sv
userinfo_at(sv text, size_t at)
{
	sv rest = sv_skip(text, at + 3);
	size_t n = 0, colon = 0;

	while (n < rest.n && !is_space(rest.p[n]) && rest.p[n] != '/' &&
	    rest.p[n] != '"' && rest.p[n] != '@' && rest.p[n] != '?') {
		if (rest.p[n] == ':')
			colon = n;
		n++;
	}
	return n < rest.n && rest.p[n] == '@' && colon ? sv_take(rest, n) : SV("");
}

/* "<secret:0123456789abcdef>" of an earlier pass is no secret again. */
static bool
is_own_mark(sv text, sv key, sv val)
{
	size_t at = (size_t)(key.p - text.p);

	return at > 0 && text.p[at - 1] == '<' && val.n > HASH_HEX &&
	    val.p[HASH_HEX] == '>' && (sv_is(key, "token") ||
	    sv_is(key, "secret"));
}

/* The secret that is decided at text[at]; empty when there is none. */
static sv
secret_at(sv text, size_t at)
{
	bool query, word = at == 0 || !is_alnum(text.p[at - 1]);
	sv key, val;

	switch (text.p[at]) {
	case ':':
		if (sv_starts(sv_skip(text, at), SV("://")))
			return userinfo_at(text, at);
		/* FALLTHROUGH */
	case '=':
		key = key_before(text, at, &query);
		if (!key_is_secret(key, query))
			return SV("");
		val = value_after(text, at, query);
		return is_plain_literal(val) || is_own_mark(text, key, val) ?
		    SV("") : val;
	case 'e':
	case 'A':
	case 's':
	case 'r':
	case 'x':
	case 'g':
	case '-':
		return word ? shape_at(text, at) : SV("");
	default:
		return SV("");
	}
}

/* Bytes at which secret_at() has something to decide. */
static const uint8_t trigger[256] = {
	[':'] = 1, ['='] = 1, ['e'] = 2, ['A'] = 2, ['s'] = 2, ['r'] = 2,
	['x'] = 2, ['g'] = 2, ['-'] = 2,
};

/* Second byte of each shape: rules out nearly every word at once. */
static bool
may_be_shape(sv text, size_t at)
{
	int c = at + 1 < text.n ? text.p[at + 1] : 0;

	return c == 'y' || c == 'K' || c == 'k' || c == 'o' || c == 'h' || c == '-';
}

static bool
find_secret(sv text, size_t from, sv *found)
{
	for (size_t i = from; i < text.n; i++) {
		uint8_t t = trigger[(unsigned char)text.p[i]];

		if (likely(t == 0) || (t == 2 && !may_be_shape(text, i)))
			continue;
		*found = secret_at(text, i);
		if (found->n)
			return true;
	}
	return false;
}

static sv
replace_secrets(const struct redact *r, sv text, struct arena *scratch)
{
	struct buf b = BUF_INIT;
	size_t copied = 0;
	sv found, out;

	if (!find_secret(text, 0, &found))
		return text;
	do {
		size_t start = (size_t)(found.p - text.p);

		buf_add(&b, sv_of(text.p + copied, start - copied));
		put_hash(r, &b, "secret", found);
		copied = start + found.n;
	} while (find_secret(text, copied, &found));
	buf_add(&b, sv_skip(text, copied));
	out = arena_sv(scratch, buf_sv(&b));
	buf_release(&b);
	return out;
}

/* Secret segments of paths. */

/* Next byte of a path, one percent-encoding resolved; *n bytes wide. */
static int
decoded_byte(sv path, size_t at, size_t *n)
{
	int hi, lo;

	*n = 1;
	if (path.p[at] != '%' || at + 2 >= path.n)
		return (unsigned char)path.p[at];
	hi = hex_value(path.p[at + 1]);
	lo = hex_value(path.p[at + 2]);
	if (hi < 0 || lo < 0)
		return '%';
	*n = 3;
	return hi << 4 | lo;
}

/* Does the path start with the literal part of the template? Returns how many
 * bytes of the path it took, or 0. */
static size_t
match_literal(sv path, sv literal)
{
	size_t at = 0, n;

	for (size_t i = 0; i < literal.n; i++) {
		if (at >= path.n ||
		    decoded_byte(path, at, &n) != (unsigned char)literal.p[i])
			return 0;
		at += n;
	}
	return at;
}

static size_t
segment_end(sv path, size_t at)
{
	while (at < path.n && path.p[at] != '/' && path.p[at] != '?' &&
	    path.p[at] != '#' && path.p[at] != '"' && !is_space(path.p[at]))
		at++;
	return at;
}

/* The segment the template marks, as first {placeholder}; empty if none. */
static sv
secret_segment(sv path, sv template)
{
	sv literal = sv_take(template, sv_find_byte(template, '{'));
	size_t start = match_literal(path, literal);

	if (start == 0 || literal.n == template.n)
		return SV("");
	return sv_of(path.p + start, segment_end(path, start) - start);
}

static sv
token_shape(sv t, struct arena *a)
{
	bool upper = false, lower = false, digit = false, other = false;
	struct buf b = BUF_INIT;
	size_t tail = t.n;
	sv out;

	for (size_t i = 0; i < t.n; i++) {
		upper |= is_upper(t.p[i]);
		lower |= is_lower(t.p[i]);
		digit |= is_digit(t.p[i]);
		other |= !is_alnum(t.p[i]);
	}
	while (tail > 0 && t.n - tail < 9 && is_digit(t.p[tail - 1]))
		tail--;
	buf_u64(&b, t.n);
	buf_byte(&b, ':');
	buf_str(&b, upper ? "A" : "");
	buf_str(&b, lower ? "a" : "");
	buf_str(&b, digit ? "0" : "");
	buf_str(&b, other ? "-" : "");
	buf_byte(&b, ':');
	buf_add(&b, sv_skip(t, tail));
	out = arena_sv(a, buf_sv(&b));
	buf_release(&b);
	return out;
}

static sv
token_parts(const struct redact *r, sv t, struct arena *a)
{
	struct buf b = BUF_INIT;
	uint8_t h[SHA256_LEN];
	sv out;

	for (size_t i = 0; i < 3; i++) {
		size_t from = t.n * i / 3, to = t.n * (i + 1) / 3;

		keyed_hash(r, sv_of(t.p + from, to - from), h);
		buf_str(&b, i ? "." : "");
		buf_hex(&b, h, 4);
	}
	out = arena_sv(a, buf_sv(&b));
	buf_release(&b);
	return out;
}

static void
describe_token(const struct redact *r, sv t, struct arena *a, struct token *tok)
{
	char hex[HASH_HEX];
	struct buf b = { hex, 0, sizeof(hex) };
	uint8_t h[SHA256_LEN];

	keyed_hash(r, t, h);
	buf_hex(&b, h, HASH_HEX / 2);
	tok->hash = arena_sv(a, buf_sv(&b));
	tok->shape = token_shape(t, a);
	tok->parts = token_parts(r, t, a);
}

/* text with `part` (a view into it) replaced by its hash. */
static sv
replace_part(const struct redact *r, sv text, sv part, struct arena *a)
{
	struct buf b = BUF_INIT;
	size_t at = (size_t)(part.p - text.p);
	sv out;

	buf_add(&b, sv_take(text, at));
	put_hash(r, &b, "token", part);
	buf_add(&b, sv_skip(text, at + part.n));
	out = arena_sv(a, buf_sv(&b));
	buf_release(&b);
	return out;
}

sv
redact_path(const struct redact *r, sv path, struct arena *scratch,
    struct token *tok)
{
	*tok = (struct token){ SV_NULL, SV_NULL, SV_NULL };
	for (size_t i = 0; i < r->paths->n; i++) {
		sv seg = secret_segment(path, r->paths->item[i]);

		if (seg.n == 0)
			continue;
		describe_token(r, seg, scratch, tok);
		path = replace_part(r, path, seg, scratch);
		break;
	}
	return replace_secrets(r, path, scratch);
}

/* Secret paths mentioned inside text: "https://host/api/beta/preview/TOKEN". */
static sv
replace_mentions(const struct redact *r, sv text, sv template,
    struct arena *scratch)
{
	sv literal = sv_take(template, sv_find_byte(template, '{'));
	size_t from = 0;

	if (literal.n < 2 || literal.n == template.n)
		return text;
	for (;;) {
		size_t at = sv_find(sv_skip(text, from), literal) + from;
		size_t start = at + literal.n;
		sv seg;

		if (at >= text.n)
			return text;
		seg = sv_of(text.p + start, segment_end(text, start) - start);
		if (seg.n && seg.p[0] != '<')
			text = replace_part(r, text, seg, scratch);
		from = start;
	}
}

sv
redact_text(const struct redact *r, sv text, struct arena *scratch)
{
	for (size_t i = 0; i < r->paths->n; i++)
		text = replace_mentions(r, text, r->paths->item[i], scratch);
	return replace_secrets(r, text, scratch);
}

bool
redact_is_secret_name(sv name)
{
	return key_is_secret(name, false);
}

sv
redact_value(const struct redact *r, sv value, struct arena *scratch)
{
	struct buf b = BUF_INIT;
	sv out;

	put_hash(r, &b, "secret", value);
	out = arena_sv(scratch, buf_sv(&b));
	buf_release(&b);
	return out;
}
