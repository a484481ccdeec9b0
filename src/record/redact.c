/* SPDX-License-Identifier: MIT */
#include "record/redact.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/percent.h"
#include "base/sha256.h"

#define W(text) { (text), sizeof(text) - 1 }

/* Keys whose value is secret when the lower-case key contains one of these... */
static const sv secret_parts[] = {
	W("token"), W("secret"), W("passw"), W("passphrase"), W("api_key"),
	W("apikey"), W("api-key"), W("authorization"), W("cookie"),
	W("private_key"), W("access_key"), W("credential"), W("signature"),
	W("sessionid"), W("session_id"), W("session-id"), W("database_url"),
	W("redis_url"), W("_dsn"),
};

/* ... which start with one of these. */
static const bool starts_part[256] = {
	['t'] = true, ['s'] = true, ['p'] = true, ['a'] = true, ['c'] = true,
	['d'] = true, ['r'] = true, ['_'] = true,
};

/* ... or is one of these. */
static const sv secret_words[] = {
	W("session"), W("sid"), W("sig"), W("pwd"), W("otp"), W("jwt"),
	W("auth"), W("dsn"),
};

/* In a query string these are secret too (OAuth, signed links). */
static const sv secret_query_words[] = { W("code"), W("key"), W("hash") };

/* A key that ends like this names no secret: hashes the app made, counts. */
static const sv harmless_ends[] = {
	W("_h"), W("_count"), W("_type"), W("_name"), W("_id_h"), W("tokens"),
};

/* Words before the secret in an Authorization header. */
static const sv auth_schemes[] = {
	W("bearer"), W("basic"), W("token"), W("digest"), W("negotiate"),
	W("apikey"),
};

enum { KEY_MAX = 64, HASH_HEX = 16 };

static void
keyed_hash(const struct redact *r, sv value, uint8_t out[SHA256_LEN])
{
	hmac_key_hash(&r->key, value, out);
}

void
redact_init(struct redact *r, const uint8_t key[REDACT_KEY_LEN],
    const struct site_list *paths)
{
	uint8_t h[SHA256_LEN];

	hmac_key_init(&r->key, key, REDACT_KEY_LEN);
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
any_of(sv key, const sv *list, size_t n, bool (*test)(sv, sv))
{
	for (size_t i = 0; i < n; i++)
		if (test(key, list[i]))
			return true;
	return false;
}

/* The key in lower case; of a long one its end, which says what it is. */
static sv
lower_key(sv raw, char low[KEY_MAX])
{
	if (raw.n > KEY_MAX)
		raw = sv_skip(raw, raw.n - KEY_MAX);
	for (size_t i = 0; i < raw.n; i++)
		low[i] = (char)to_lower(raw.p[i]);
	return sv_of(low, raw.n);
}

/* Every key of every line comes here: parts are compared only where one can
 * start, which is faster than a search for each. */
static bool
has_secret_part(sv key)
{
	for (size_t i = 0; i < key.n; i++) {
		if (!starts_part[(unsigned char)key.p[i]])
			continue;
		for (size_t j = 0; j < countof(secret_parts); j++)
			if (key.p[i] == secret_parts[j].p[0] &&
			    sv_starts(sv_skip(key, i), secret_parts[j]))
				return true;
	}
	return false;
}

static bool
key_is_secret(sv raw, bool query)
{
	char low[KEY_MAX];
	sv key = lower_key(raw, low);

	if (key.n < 3)
		return false;
	return (has_secret_part(key) ||
	    any_of(key, secret_words, countof(secret_words), sv_eq) ||
	    (query && any_of(key, secret_query_words,
	    countof(secret_query_words), sv_eq))) &&
	    !any_of(key, harmless_ends, countof(harmless_ends), sv_ends);
}

static bool
is_cookie(sv raw)
{
	char low[KEY_MAX];

	return sv_has(lower_key(raw, low), SV("cookie"));
}

static bool
is_key_byte(int c)
{
	return is_alnum(c) || c == '_' || c == '-' || c == '.' || c == '%';
}

static bool
is_quote(int c)
{
	return c == '"' || c == '\'';
}

static bool
is_blank(int c)
{
	return c == ' ' || c == '\t';
}

static int
byte_at(sv text, size_t i)
{
	return i < text.n ? text.p[i] : 0;
}

/* "<secret:0123456789abcdef>" of an earlier pass at the start: its length. */
static size_t
mark_length(sv v)
{
	sv rest = v;

	if (!sv_skip_lit(&rest, SV("<secret:")) &&
	    !sv_skip_lit(&rest, SV("<token:")))
		return 0;
	for (size_t i = 0; i < HASH_HEX; i++)
		if (hex_value(byte_at(rest, i)) < 0)
			return 0;
	return byte_at(rest, HASH_HEX) == '>' ?
	    v.n - rest.n + HASH_HEX + 1 : 0;
}

static bool
is_mark(sv v)
{
	return v.n && mark_length(v) == v.n;
}

static bool
has_mark(sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if (v.p[i] == '<' && mark_length(sv_skip(v, i)))
			return true;
	return false;
}

/* Is text[at] the colon of a mark? */
static bool
in_mark(sv text, size_t at)
{
	return (at >= 6 && mark_length(sv_skip(text, at - 6))) ||
	    (at >= 7 && mark_length(sv_skip(text, at - 7)));
}

/* A key, the sign behind it, and where it stands. */
struct key {
	sv text;
	sv quote;    /* its closing quote with the backslashes before; or empty */
	size_t next; /* index behind the sign */
	bool colon;  /* the sign is ':', else '=', "=>" or "%3D" */
	bool spaced; /* blanks may stand behind the sign */
	bool query;  /* of a query string */
};

/* Behind the last "%3F" or "%26" of an encoded query. */
static sv
behind_encoded(sv key, bool *query)
{
	static const sv sign[] = { W("%3F"), W("%3f"), W("%26") };

	if (sv_find_byte(key, '%') == key.n)
		return key;
	for (size_t i = 0; i < countof(sign); i++) {
		size_t at = sv_rfind(key, sign[i]);

		if (at == key.n)
			continue;
		key = sv_skip(key, at + 3);
		*query = true;
	}
	return key;
}

/* Backslashes and one quote, or empty. */
static sv
closing_of(sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if ((v.p[i] == '\\') != (i + 1 < v.n))
			return SV("");
	return v;
}

/* The key that ends before text[at], without blanks, quotes and the bracket
 * of "user[password]". */
static void
read_key(sv text, size_t at, struct key *k)
{
	size_t end = at, start, close;

	while (end > 0 && is_blank(text.p[end - 1]))
		end--;
	close = end;
	while (end > 0 && (is_quote(text.p[end - 1]) ||
	    text.p[end - 1] == '\\'))
		end--;
	k->quote = closing_of(sv_of(text.p + end, close - end));
	if (end > 0 && text.p[end - 1] == ']')
		end--;
	start = end;
	while (start > 0 && end - start < KEY_MAX &&
	    is_key_byte(text.p[start - 1]))
		start--;
	k->query = start > 0 &&
	    (text.p[start - 1] == '?' || text.p[start - 1] == '&');
	k->text = behind_encoded(sv_of(text.p + start, end - start), &k->query);
}

/* The key whose sign starts at text[at]. */
static bool
key_at(sv text, size_t at, struct key *k)
{
	int c = text.p[at];

	if (c == '%' && (byte_at(text, at + 1) != '3' ||
	    to_lower(byte_at(text, at + 2)) != 'd'))
		return false;
	read_key(text, at, k);
	k->colon = c == ':';
	k->next = at + (c == '%' ? 3 : 1);
	k->spaced = k->colon || (at > 0 && is_blank(text.p[at - 1]));
	if (c == '=' && byte_at(text, k->next) == '>') {
		k->next++;
		k->spaced = true;
	}
	return key_is_secret(k->text, k->query);
}

/* The quote that closes a string: behind as many backslashes as the one that
 * opened it, those of escaped backslashes not counted. text.n when open. */
static size_t
closing_quote(sv text, size_t from, int quote, size_t slashes)
{
	size_t run = 0;

	for (size_t i = from; i < text.n; i++) {
		if (text.p[i] == quote && run % (2 * slashes + 2) == slashes)
			return i;
		run = text.p[i] == '\\' ? run + 1 : 0;
	}
	return text.n;
}

/* Skips blanks, then counts and skips backslashes. */
static size_t
skip_slashes(sv text, size_t i, size_t *slashes)
{
	size_t start;

	while (is_blank(byte_at(text, i)))
		i++;
	for (start = i; byte_at(text, i) == '\\';)
		i++;
	*slashes = i - start;
	return i;
}

/* The inside of the string whose opening quote is text[at]. */
static sv
quoted(sv text, size_t at, size_t slashes)
{
	size_t close = closing_quote(text, at + 1, text.p[at], slashes);
	size_t end = close < text.n ? close - slashes : close;

	return sv_of(text.p + at + 1, end - at - 1);
}

/* From inside the first string of a list to inside the last; empty when the
 * list does not start with a string. When they differ in their quotes, these
 * belong to it and *wrap is what stands for them. */
static sv
string_list(sv text, size_t at, sv *wrap)
{
	size_t slashes, i = skip_slashes(text, at + 1, &slashes);
	size_t start = i + 1, end = start, first = slashes;
	int quote = byte_at(text, i), last = quote;

	while (is_quote(byte_at(text, i)) && slashes == first) {
		sv s = quoted(text, i, slashes);

		last = text.p[i];
		end = (size_t)(s.p - text.p) + s.n;
		i = end + slashes + 1;
		while (is_blank(byte_at(text, i)))
			i++;
		if (byte_at(text, i) != ',')
			break;
		i = skip_slashes(text, i + 1, &slashes);
	}
	if (last == quote)
		return end == start ? SV("") :
		    sv_of(text.p + start, end - start);
	*wrap = sv_of(text.p + start - 1 - first, first + 1);
	return sv_take(sv_skip(text, start - 1 - first),
	    end - start + 2 * (first + 1));
}

static bool
is_value_end(int c, bool query)
{
	return is_space(c) || is_quote(c) || c == '`' || c == '&' ||
	    (query ? c == '#' :
	    c == ',' || c == ';' || c == '}' || c == ')' || c == ']');
}

/* Behind the string that is the value of a key inside a value, as in
 * "a=\"b\""; `at` when none starts here. `at` is not 0. */
static size_t
skip_inner_string(sv text, size_t at)
{
	int sign = text.p[at - 1];
	size_t slashes, i = skip_slashes(text, at, &slashes);

	if (sign != '=' && sign != ':')
		return at;
	if (!is_quote(byte_at(text, i)))
		return at;
	i = closing_quote(text, i + 1, text.p[i], slashes) + 1;
	return i < text.n ? i : text.n;
}

/* A value without quotes. A backslash ends it ("\n" inside a JSON string)
 * unless it is one that was escaped. */
static sv
bare(sv text, size_t at, bool query)
{
	size_t i = at;

	for (; i < text.n; i++) {
		if (i > at && !is_blank(text.p[i]))
			i = skip_inner_string(text, i);
		if (i == text.n || is_value_end(text.p[i], query))
			break;
		if (text.p[i] == '%' && byte_at(text, i + 1) == '2' &&
		    byte_at(text, i + 2) == '6')
			break;
		if (text.p[i] != '\\')
			continue;
		if (byte_at(text, i + 1) != '\\')
			break;
		i++;
	}
	i = i < text.n ? i : text.n;
	return sv_of(text.p + at, i - at);
}

/* "Bearer abc": the word behind the scheme. */
static sv
behind_scheme(sv text, sv v)
{
	size_t at = (size_t)(v.p + v.n - text.p);
	char low[KEY_MAX];

	if (!is_blank(byte_at(text, at)) || !any_of(lower_key(v, low),
	    auth_schemes, countof(auth_schemes), sv_eq))
		return v;
	while (is_blank(byte_at(text, at)))
		at++;
	return bare(text, at, false);
}

/* The rest of a header line: cookies are separated by blanks. */
static sv
header_line(sv text, size_t at)
{
	size_t i = at;

	for (; i < text.n; i++) {
		if (i > at)
			i = skip_inner_string(text, i);
		if (i == text.n || is_quote(text.p[i]) || text.p[i] == '\\' ||
		    text.p[i] == '\r' || text.p[i] == '\n')
			break;
	}
	return sv_of(text.p + at, i - at);
}

/* The value of the key; empty when there is none or others follow in it. */
static sv
value_of(sv text, const struct key *k, sv *wrap)
{
	size_t slashes, i = k->next;

	while (k->spaced && is_blank(byte_at(text, i)))
		i++;
	if (is_blank(byte_at(text, i)))
		return SV("");
	i = skip_slashes(text, i, &slashes);
	if (is_quote(byte_at(text, i)))
		return quoted(text, i, slashes);
	if (byte_at(text, i) == '[')
		return string_list(text, i, wrap);
	if (i >= text.n || text.p[i] == '{')
		return SV("");
	if (k->colon && is_cookie(k->text))
		return header_line(text, i);
	return behind_scheme(text, bare(text, i, k->query));
}

/* "[FILTERED]", "[redacted by app]" */
static bool
is_filtered(sv v)
{
	if (v.n < 2 || v.p[0] != '[' || v.p[v.n - 1] != ']')
		return false;
	for (size_t i = 1; i + 1 < v.n; i++)
		if (!is_alpha(v.p[i]) && v.p[i] != ' ')
			return false;
	return true;
}

static bool
is_stars(sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if (v.p[i] != '*')
			return false;
	return true;
}

/* Values that tell nothing: literals, small numbers, what was replaced. */
static bool
is_harmless(sv v)
{
	double d;

	return is_stars(v) || sv_is(v, "null") || sv_is(v, "true") ||
	    sv_is(v, "false") || sv_is(v, "None") || sv_is(v, "nil") ||
	    is_filtered(v) || is_mark(v) || (v.n < 4 && sv_to_double(v, &d));
}

/* Keys with a known beginning, and how long they are at least. */
static const struct {
	sv start;
	size_t min;
} shapes[] = {
	{ { "sk_live_", 8 }, 13 }, { { "rk_live_", 8 }, 13 },
	{ { "xoxb-", 5 }, 13 }, { { "ghp_", 4 }, 13 },
};

static bool
is_shape_byte(int c)
{
	return is_key_byte(c) || c == '+' || c == '/' || c == '=';
}

static size_t
shape_run(sv v)
{
	size_t n = 0;

	while (n < v.n && is_shape_byte(v.p[n]))
		n++;
	return n;
}

enum { JWT_MIN = 31, JWT_HEAD_MAX = 1024, AWS_ID = 20, PEM_HEAD = 60 };

/* "eyJ...": header, claims and signature with dots between, or cut at the end
 * of the text. The header is short, which keeps many beginnings cheap. */
static sv
jwt_at(sv rest)
{
	size_t head = sv_find_byte(sv_take(rest, JWT_HEAD_MAX), '.');
	sv token, claims;

	if (shape_run(sv_take(rest, head)) < head || byte_at(rest, head) != '.')
		return SV("");
	token = sv_take(rest, shape_run(rest));
	claims = sv_skip(token, head + 1);
	if (token.n < JWT_MIN || (token.n < rest.n &&
	    sv_find_byte(claims, '.') == claims.n))
		return SV("");
	return token;
}

static sv
aws_id_at(sv rest)
{
	size_t n = 0;

	while (n < rest.n && n <= AWS_ID &&
	    (is_upper(rest.p[n]) || is_digit(rest.p[n])))
		n++;
	return n == AWS_ID && !is_alnum(byte_at(rest, n)) ? sv_take(rest, n) :
	    SV("");
}

/* By shape, at text[at]: the secret's bytes, or empty. */
static sv
shape_at(sv text, size_t at)
{
	sv rest = sv_skip(text, at);
	size_t n;

	if (sv_starts(rest, SV("eyJ")))
		return jwt_at(rest);
	if (sv_starts(rest, SV("AKIA")))
		return aws_id_at(rest);
	for (size_t i = 0; i < countof(shapes); i++) {
		if (!sv_starts(rest, shapes[i].start))
			continue;
		n = shape_run(rest);
		return n >= shapes[i].min ? sv_take(rest, n) : SV("");
	}
	return SV("");
}

/* A private key and what is behind it. */
static sv
pem_at(sv text, size_t at)
{
	sv rest = sv_skip(text, at);

	return sv_starts(rest, SV("-----BEGIN ")) &&
	    sv_has(sv_take(rest, PEM_HEAD), SV("PRIVATE KEY")) ? rest : SV("");
}

/* Does a word start at text[at]? Also behind "\n" and "%3D". */
static bool
is_word_start(sv text, size_t at)
{
	if (at == 0 || !is_alnum(text.p[at - 1]))
		return true;
	if (at >= 2 && text.p[at - 2] == '\\')
		return true;
	return at >= 3 && text.p[at - 3] == '%' &&
	    hex_value(text.p[at - 2]) >= 0 && hex_value(text.p[at - 1]) >= 0;
}

/* "user:passw", not "host:8080", nor what an earlier pass left. */
static bool
is_cut_password(sv v)
{
	size_t i = 0;

	while (i < v.n && is_key_byte(v.p[i]))
		i++;
	if (byte_at(v, i) != ':' || sv_find_byte(v, '<') < v.n)
		return false;
	while (++i < v.n)
		if (!is_digit(v.p[i]))
			return true;
	return false;
}

/* "://user:password@host", also with one of the two only: what is before the
 * last '@', or all when the text is cut in it; or empty. */
static sv
userinfo_at(sv text, size_t at)
{
	sv rest = sv_skip(text, at + 3);
	size_t n = 0, end = 0;

	for (; n < rest.n && !is_space(rest.p[n]) && rest.p[n] != '/' &&
	    !is_quote(rest.p[n]) && rest.p[n] != '?' && rest.p[n] != '#'; n++)
		if (rest.p[n] == '@')
			end = n;
	if (end == 0 && n == rest.n && is_cut_password(rest))
		end = n;
	rest = sv_take(rest, end);
	/* a mark in it: an earlier pass, which saw a '/' there, left it */
	return has_mark(rest) ? SV("") : rest;
}

/* A secret, and the quotes its hash needs where a JSON number was. */
struct secret {
	sv text;
	sv quote;
};

static sv
keyed_value(sv text, size_t at, sv *quote)
{
	struct key k;
	double d;
	sv v;

	if (!key_at(text, at, &k) || in_mark(text, at))
		return SV("");
	v = value_of(text, &k, quote);
	if (is_harmless(v))
		return SV("");
	if (k.colon && k.quote.n && v.p[-1] != k.quote.p[k.quote.n - 1] &&
	    sv_to_double(v, &d))
		*quote = k.quote;
	return v;
}

/* The secret that is decided at text[at]; empty when there is none. */
static sv
secret_at(sv text, size_t at, sv *quote)
{
	switch (text.p[at]) {
	case ':':
		if (sv_starts(sv_skip(text, at), SV("://")))
			return userinfo_at(text, at);
		return keyed_value(text, at, quote);
	case '=':
	case '%':
		return keyed_value(text, at, quote);
	case '-':
		return pem_at(text, at);
	default:
		return is_word_start(text, at) ? shape_at(text, at) : SV("");
	}
}

/* Bytes at which secret_at() has something to decide. */
static const uint8_t trigger[256] = {
	[':'] = 1, ['='] = 1, ['%'] = 2, ['e'] = 2, ['A'] = 2, ['s'] = 2,
	['r'] = 2, ['x'] = 2, ['g'] = 2, ['-'] = 2,
};

/* Second byte of "%3D" and each shape: rules out nearly every word at once. */
static bool
may_be_shape(sv text, size_t at)
{
	int c = byte_at(text, at + 1);

	return c == 'y' || c == 'K' || c == 'k' || c == 'o' || c == 'h' ||
	    c == '-' || c == '3';
}

static bool
find_secret(sv text, size_t from, struct secret *found)
{
	for (size_t i = from; i < text.n; i++) {
		uint8_t t = trigger[(unsigned char)text.p[i]];

		if (likely(t == 0) || (t == 2 && !may_be_shape(text, i)))
			continue;
		found->quote = SV("");
		found->text = secret_at(text, i, &found->quote);
		if (found->text.n)
			return true;
	}
	return false;
}

static sv
replace_secrets(const struct redact *r, sv text, struct arena *scratch)
{
	struct buf b = BUF_INIT;
	struct secret found;
	size_t copied = 0;
	sv out;

	if (!find_secret(text, 0, &found))
		return text;
	do {
		size_t start = (size_t)(found.text.p - text.p);

		buf_add(&b, sv_of(text.p + copied, start - copied));
		buf_add(&b, found.quote);
		put_hash(r, &b, "secret", found.text);
		buf_add(&b, found.quote);
		copied = start + found.text.n;
	} while (find_secret(text, copied, &found));
	buf_add(&b, sv_skip(text, copied));
	out = arena_sv(scratch, buf_sv(&b));
	buf_release(&b);
	return out;
}

/* Secret segments of paths. */

/* Does the path start with the literal part of the template? Returns how many
 * bytes of the path it took, or 0. */
static size_t
match_literal(sv path, sv literal)
{
	size_t at = 0, n;

	for (size_t i = 0; i < literal.n; i++) {
		if (at >= path.n ||
		    percent_byte(path, at, &n) != (unsigned char)literal.p[i])
			return 0;
		at += n;
	}
	return at;
}

/* "%2F" and the like: an encoded byte that ends a segment. */
static bool
is_encoded_end(sv path, size_t at)
{
	size_t n;
	int c = percent_byte(path, at, &n);

	return n == 3 && (c == '/' || c == '?' || c == '#' || c == '&' ||
	    c == '"' || is_space(c));
}

static size_t
segment_end(sv path, size_t at)
{
	while (at < path.n && path.p[at] != '/' && path.p[at] != '?' &&
	    path.p[at] != '#' && path.p[at] != '"' && !is_space(path.p[at]) &&
	    !is_encoded_end(path, at))
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

	if (is_mark(part))
		return text;
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
	return redact_text(r, path, scratch);
}

/* Index of the literal in text at or after `from`, with `encoded` in any
 * percent-encoding; *start is behind it. text.n when there is none. */
static size_t
find_mention(sv text, sv literal, bool encoded, size_t from, size_t *start)
{
	size_t at = from, n;

	if (!encoded) {
		at += sv_find(sv_skip(text, from), literal);
		*start = at + literal.n;
		return at;
	}
	for (; at < text.n; at++) {
		if (text.p[at] != literal.p[0] && text.p[at] != '%')
			continue;
		n = match_literal(sv_skip(text, at), literal);
		*start = at + n;
		if (n)
			break;
	}
	return at;
}

/* In text a token ends where sentences, quotes and brackets do; what was
 * replaced before stays whole. */
static sv
mentioned_segment(sv text, size_t start)
{
	static const sv ends = { "'\\>,;)]}&|`", 11 };
	size_t mark = mark_length(sv_skip(text, start)), i = start + mark;
	size_t end = segment_end(text, i);

	while (i < end && sv_find_byte(ends, text.p[i]) == ends.n)
		i++;
	return sv_of(text.p + start, i - start);
}

/* Secret paths mentioned inside text: "https://host/api/beta/preview/TOKEN". */
static sv
replace_mentions(const struct redact *r, sv text, sv template,
    struct arena *scratch)
{
	sv literal = sv_take(template, sv_find_byte(template, '{')), out = text;
	struct buf b = BUF_INIT;
	bool encoded = sv_find_byte(text, '%') < text.n;
	size_t copied = 0, start;

	if (literal.n < 2 || literal.n == template.n)
		return text;
	for (size_t at = 0; at < text.n; at = start) {
		sv seg;

		if (find_mention(text, literal, encoded, at, &start) >= text.n)
			break;
		seg = mentioned_segment(text, start);
		if (seg.n == 0 || is_mark(seg))
			continue;
		buf_add(&b, sv_of(text.p + copied, start - copied));
		put_hash(r, &b, "token", seg);
		copied = start + seg.n;
	}
	if (copied) {
		buf_add(&b, sv_skip(text, copied));
		out = arena_sv(scratch, buf_sv(&b));
	}
	buf_release(&b);
	return out;
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
