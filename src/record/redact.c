/* SPDX-License-Identifier: MIT */
#include "record/redact.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/sha256.h"
#include "record/secretname.h"
#include "record/secretpath.h"
#include "record/secretshape.h"

#define W(text) { (text), sizeof(text) - 1 }

/* Words before the secret in an Authorization header. */
static const sv auth_schemes[] = {
	W("bearer"), W("basic"), W("token"), W("digest"), W("negotiate"),
	W("apikey"), W("ntlm"), W("oauth"), W("hmac"), W("bot"), W("key"),
	W("sentry"), W("splunk"),
};

/* Behind these a URL holds nothing but a secret. */
static const sv secret_urls[] = {
	W("hooks.slack.com/services/"), W("hooks.slack.com/workflows/"),
	W("discord.com/api/webhooks/"), W("discordapp.com/api/webhooks/"),
	W("api.telegram.org/bot"),
};

/* Quotes as they are spelled inside strings of other languages. */
static const sv spelled_quotes[] = {
	W("\\u0022"), W("\\u0027"), W("&quot;"), W("&#39;"), W("&#x27;"),
	W("&#34;"),
};

enum {
	HASH_HEX = 16,
	PREFIX_MAX = 24, /* bytes before a string that belong to it */
	LIST_MAX = 4096, /* of a list, and of a password with a '/' in it: */
	WORD_MAX = 1024, /* limits, as many may start in one another */
	BEARER_MIN = 8,
	BASIC_MAX = 64
};

static void
keyed_hash(const struct redact *r, sv value, uint8_t out[SHA256_LEN])
{
	hmac_key_hash(&r->key, value, out);
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
is_one_of(sv word, const sv *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (sv_eq_nocase(word, list[i]))
			return true;
	return false;
}

static bool
ends_nocase(sv v, sv end)
{
	return v.n >= end.n && sv_eq_nocase(sv_skip(v, v.n - end.n), end);
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
	sv quote;       /* its closing quote with the backslashes before */
	size_t next;    /* index behind the sign */
	unsigned depth; /* how often the sign is percent-encoded */
	bool colon;     /* the sign is ':', else '=', "=>" */
	bool spaced;    /* blanks may stand behind the sign */
	bool query;     /* of a query string */
};

/* "%22" and the like at the end of v: how long, or 0. */
static size_t
encoded_tail(sv v)
{
	return v.n >= 3 && v.p[v.n - 3] == '%' &&
	    hex_value(v.p[v.n - 2]) >= 0 && hex_value(v.p[v.n - 1]) >= 0 ? 3 :
	    v.n >= 5 && v.p[v.n - 5] == '%' && v.p[v.n - 4] == '2' &&
	    v.p[v.n - 3] == '5' ? 5 : 0;
}

/* A key between percent-encoded bytes: "%3Ftoken", "user%5Botp%5D". */
static sv
decoded_key(sv key, bool *query)
{
	size_t at, width, n;
	unsigned depth;
	int c;

	while ((n = encoded_tail(key)) > 0)
		key.n -= n;
	at = sv_rfind(key, SV("%"));
	if (at == key.n)
		return key;
	c = secretpath_byte(key, at, &width, &depth);
	*query |= c == '?' || c == '&';
	return sv_skip(key, at + width);
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

/* Without a spelled quote and the backslashes before it. */
static size_t
before_spelled(sv text, size_t end)
{
	sv head = sv_take(text, end);
	int c = end ? text.p[end - 1] : 0;

	if (c != ';' && c != '2' && c != '7')
		return end;
	for (size_t i = 0; i < countof(spelled_quotes); i++)
		if (sv_ends(head, spelled_quotes[i]))
			end -= spelled_quotes[i].n;
	while (end < head.n && end > 0 && text.p[end - 1] == '\\')
		end--;
	return end;
}

/* "API key: x": of a key of two words the first says what it is. */
static sv
whole_phrase(sv text, size_t start, sv key)
{
	size_t end = start, from;

	if (key.n != 3 || !sv_eq_nocase(key, SV("key")) || start == 0 ||
	    !is_blank(text.p[start - 1]))
		return key;
	for (from = --end; from > 0 && is_alpha(text.p[from - 1]) &&
	    end - from < PREFIX_MAX;)
		from--;
	return secretname_is_key_kind(sv_of(text.p + from, end - from)) ?
	    SV("api_key") : key;
}

/* Behind the rest of "\n" or "\u0022" if what follows is a secret's name. */
static sv
behind_escape(sv key)
{
	sv rest = sv_skip(key, byte_at(key, 0) == 'u' ? 5 : 1);

	return secretname_is(rest, false) ? rest : key;
}

/* The key that ends before text[at], without blanks, quotes and the bracket
 * of "user[password]". */
static void
read_key(sv text, size_t at, struct key *k)
{
	size_t end = at, start, close;
	bool encoded = false;

	while (end > 0 && is_blank(text.p[end - 1]))
		end--;
	close = end;
	while (end > 0 && (is_quote(text.p[end - 1]) ||
	    text.p[end - 1] == '\\'))
		end--;
	k->quote = closing_of(sv_of(text.p + end, close - end));
	end = before_spelled(text, end);
	if (end > 0 && text.p[end - 1] == ']')
		end--;
	start = end;
	while (start > 0 && end - start < SECRETNAME_MAX &&
	    is_key_byte(text.p[start - 1]))
		encoded |= text.p[--start] == '%';
	k->query = start > 0 &&
	    (text.p[start - 1] == '?' || text.p[start - 1] == '&');
	k->text = sv_of(text.p + start, end - start);
	if (encoded)
		k->text = decoded_key(k->text, &k->query);
	if (start > 0 && text.p[start - 1] == '\\')
		k->text = behind_escape(k->text);
	k->text = whole_phrase(text, start, k->text);
}

/* "=", ":", "%3D", "%253a", "\u003d" at text[at]: the sign, or 0. */
static int
sign_at(sv text, size_t at, size_t *width, unsigned *depth)
{
	sv rest = sv_skip(text, at);
	int c;

	if (rest.p[0] == '\\') {
		*width = 6;
		*depth = 0;
		rest = sv_take(rest, *width);
		return sv_eq_nocase(rest, SV("\\u003d")) ? '=' :
		    sv_eq_nocase(rest, SV("\\u003a")) ? ':' : 0;
	}
	c = secretpath_byte(text, at, width, depth);
	return c == '=' || c == ':' ? c : 0;
}

/* "=>", ":=", "==": the sign goes on. */
static void
read_sign_end(sv text, struct key *k)
{
	while (byte_at(text, k->next) == '=') {
		k->next++;
		k->colon = false;
		k->spaced = true;
	}
	if (!k->colon && byte_at(text, k->next) == '>') {
		k->next++;
		k->spaced = true;
	}
}

/* The key whose sign starts at text[at]. */
static bool
key_at(sv text, size_t at, struct key *k)
{
	size_t width;
	int c = sign_at(text, at, &width, &k->depth);

	if (c == 0)
		return false;
	read_key(text, at, k);
	k->colon = c == ':';
	k->next = at + width;
	k->spaced = k->colon || (at > 0 && is_blank(text.p[at - 1]));
	if (k->depth == 0)
		read_sign_end(text, k);
	return true;
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
 * "a=\"b\"" or f("b"); `at` when none starts here. `at` is not 0. */
static size_t
skip_inner_string(sv text, size_t at, sv signs)
{
	size_t slashes, i = skip_slashes(text, at, &slashes);

	if (sv_find_byte(signs, text.p[at - 1]) == signs.n)
		return at;
	if (!is_quote(byte_at(text, i)))
		return at;
	i = closing_quote(text, i + 1, text.p[i], slashes) + 1;
	return i < text.n ? i : text.n;
}

/* Does an encoded byte end the value whose sign was encoded as often? */
static bool
is_encoded_end(sv text, size_t at, const struct key *k)
{
	size_t width;
	unsigned depth;
	int c;

	if (k->depth == 0 || text.p[at] != '%')
		return false;
	c = secretpath_byte(text, at, &width, &depth);
	return depth && depth <= k->depth && is_value_end(c, k->query);
}

/* A value without quotes. A backslash ends it ("\n" inside a JSON string)
 * unless it is one that was escaped, or "\/". */
static sv
bare(sv text, size_t at, const struct key *k)
{
	size_t i = at;

	for (; i < text.n; i++) {
		if (i > at && !is_blank(text.p[i]))
			i = skip_inner_string(text, i, SV("=:("));
		if (i == text.n || is_value_end(text.p[i], k->query))
			break;
		if (is_encoded_end(text, i, k))
			break;
		if (text.p[i] != '\\' || byte_at(text, i + 1) == '/')
			continue;
		if (byte_at(text, i + 1) != '\\')
			break;
		i++;
	}
	i = i < text.n ? i : text.n;
	return sv_of(text.p + at, i - at);
}

static const struct key plain;

static size_t
skip_blanks(sv text, size_t i)
{
	while (is_blank(byte_at(text, i)))
		i++;
	return i;
}

/* Is v a scheme that raxx does not know, or a word of that kind? */
static bool
is_scheme_like(sv v)
{
	if (v.n == 0 || !is_alpha(v.p[0]))
		return false;
	for (size_t i = 0; i < v.n; i++)
		if (!is_alnum(v.p[i]) && v.p[i] != '-')
			return false;
	return true;
}

/* "Bearer abc": the word behind the scheme; of a scheme that is not known
 * scheme and word. */
static sv
behind_scheme(sv text, sv v, const struct key *k)
{
	size_t at = (size_t)(v.p - text.p), end = at + v.n;
	sv next;

	if (!is_blank(byte_at(text, end)))
		return v;
	next = bare(text, skip_blanks(text, end), &plain);
	if (is_one_of(v, auth_schemes, countof(auth_schemes)))
		return next;
	if (!k->colon || !is_scheme_like(v) || next.n == 0 ||
	    next.p[next.n - 1] == ':' || /* the next key */
	    !ends_nocase(k->text, SV("authorization")))
		return v;
	return sv_of(v.p, (size_t)(next.p - v.p) + next.n);
}

/* The rest of a header line: cookies are separated by blanks. */
static sv
header_line(sv text, size_t at)
{
	size_t i = at;

	for (; i < text.n; i++) {
		if (i > at)
			i = skip_inner_string(text, i, SV("=:( "));
		if (i == text.n || is_quote(text.p[i]) ||
		    text.p[i] == '\r' || text.p[i] == '\n' ||
		    (text.p[i] == '\\' && byte_at(text, i + 1) != '/'))
			break;
	}
	return sv_of(text.p + at, i - at);
}

/* "a=1; b=2" behind "cookie=". */
static sv
more_cookies(sv text, sv v)
{
	size_t at = (size_t)(v.p - text.p), end = at + v.n;

	while (byte_at(text, end) == ';') {
		size_t i = skip_blanks(text, end + 1), start = i;

		while (is_key_byte(byte_at(text, i)))
			i++;
		if (i == start || byte_at(text, i) != '=')
			break;
		end = i + 1 + bare(text, i + 1, &plain).n;
	}
	return sv_of(v.p, end - at);
}

/* The quote of a string inside a CSV cell or another string: ""x"". Not an
 * empty string, which the end of a value follows. */
static bool
is_doubled(sv rest)
{
	int c = byte_at(rest, 0), next = byte_at(rest, 2);

	return is_quote(c) && byte_at(rest, 1) == c && rest.n > 2 &&
	    (next == c || !is_value_end(next, false));
}

/* The quote at text[i] as other languages spell it, or empty. */
static sv
spelled_quote(sv text, size_t i, const struct key *k)
{
	sv rest = sv_skip(text, i);
	size_t width;
	unsigned depth;

	if (byte_at(text, i) == '%' && k->depth &&
	    is_quote(secretpath_byte(text, i, &width, &depth)))
		return sv_take(rest, width);
	for (size_t n = 0; n < countof(spelled_quotes); n++)
		if (sv_starts(rest, spelled_quotes[n]))
			return spelled_quotes[n];
	return is_doubled(rest) ? sv_take(rest, 2) : SV("");
}

/* Is the quote behind `head` escaped? "\" or "%5C", an odd number of them. */
static bool
is_escaped(sv head)
{
	size_t n = 0;

	for (;; n++) {
		size_t width = sv_ends(head, SV("\\")) ? 1 :
		    ends_nocase(head, SV("%5c")) ? 3 :
		    ends_nocase(head, SV("%255c")) ? 5 : 0;

		if (width == 0)
			return n % 2 == 1;
		head.n -= width;
	}
}

/* The inside of a string whose quotes are spelled. */
static sv
spelled_string(sv text, size_t at, sv quote)
{
	size_t start = at + quote.n, i = start;

	while (i < text.n) {
		i += sv_find(sv_skip(text, i), quote);
		if (i == text.n || !is_escaped(sv_of(text.p + start, i - start)))
			break;
		i += quote.n;
	}
	i = i < text.n ? i : text.n;
	return sv_of(text.p + start, i - start);
}

/* Index behind what may stand before a string: b'x', N'x', SecretStr('x'). */
static size_t
behind_prefix(sv text, size_t at)
{
	static const sv kinds = W("bBuUrRfFnNeE");
	size_t i = at, slashes, quote;

	while (i - at < PREFIX_MAX && (is_alnum(byte_at(text, i)) ||
	    byte_at(text, i) == '_' || byte_at(text, i) == '.'))
		i++;
	if (i == at)
		return at;
	if (byte_at(text, i) == '(')
		i++;
	else if (i - at > 2 || sv_find_byte(kinds, text.p[at]) == kinds.n)
		return at;
	quote = skip_slashes(text, i, &slashes);
	return is_quote(byte_at(text, quote)) && quote == i + slashes ? i : at;
}

/* "1, 2.5" */
static bool
is_numbers(sv list)
{
	for (size_t i = 0; i < list.n; i++)
		if (!is_digit(list.p[i]) && list.p[i] != ',' &&
		    list.p[i] != '.' && list.p[i] != '-' &&
		    !is_blank(list.p[i]))
			return false;
	return true;
}

/* "[Bearer abc]": a list without quotes, up to its end. */
static sv
bare_list(sv text, size_t at, const struct key *k, sv *wrap)
{
	size_t i = at + 1;
	sv list;

	if (byte_at(text, i) == '{' || byte_at(text, i) == '[')
		return SV("");
	text = sv_take(text, at + LIST_MAX);
	while (i < text.n && text.p[i] != ']' && text.p[i] != '\n')
		i = is_quote(text.p[i]) ? text.n : i + 1;
	if (i >= text.n)
		i = at + 1 + bare(text, at + 1, &plain).n;
	list = sv_of(text.p + at + 1, i - at - 1);
	if (k->colon && is_numbers(list))
		*wrap = k->quote;
	return list;
}

static sv
list_of(sv text, size_t at, const struct key *k, sv *wrap)
{
	sv list = string_list(text, at, wrap);
	size_t slashes, i = skip_slashes(text, at + 1, &slashes);

	return is_quote(byte_at(text, i)) ? list :
	    bare_list(text, at, k, wrap);
}

/* The value of the key; empty when there is none or others follow in it. */
static sv
value_of(sv text, const struct key *k, sv *wrap)
{
	size_t slashes = 0, i = k->next;
	sv quote, v;

	if (k->spaced)
		i = skip_blanks(text, i);
	if (is_blank(byte_at(text, i)))
		return SV("");
	i = behind_prefix(text, i);
	quote = spelled_quote(text, i, k);
	if (quote.n == 0) { /* "\&quot;x" */
		i = skip_slashes(text, i, &slashes);
		quote = spelled_quote(text, i, k);
	}
	if (quote.n)
		return spelled_string(text, i, quote);
	if (is_quote(byte_at(text, i)))
		return quoted(text, i, slashes);
	if (byte_at(text, i) == '[')
		return list_of(text, i, k, wrap);
	if (i >= text.n || text.p[i] == '{')
		return SV("");
	if (secretname_is_cookie(k->text))
		return k->colon ? header_line(text, i) :
		    more_cookies(text, bare(text, i, k));
	v = bare(text, i, k);
	return behind_scheme(text, v, k);
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

static const sv blanked[] = {
	W("null"), W("none"), W("nil"), W("true"), W("false"), W("undefined"),
	W("filtered"), W("redacted"), W("removed"), W("hidden"), W("masked"),
	W("omitted"),
};

/* Values that tell nothing: literals, small numbers, what was replaced. */
static bool
is_harmless(sv v)
{
	double d;

	return is_stars(v) || is_one_of(v, blanked, countof(blanked)) ||
	    is_filtered(v) || is_mark(v) || (v.n < 4 && sv_to_double(v, &d));
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

/* Behind "://", also of JSON (":\/\/") and percent-encoded; 0 when it is not
 * at text[at]. */
static size_t
behind_scheme_sign(sv text, size_t at, unsigned *depth)
{
	size_t i = at, n, slashes;
	unsigned d;

	if (secretpath_byte(text, i, &n, depth) != ':')
		return 0;
	for (int k = 0; k < 2; k++) {
		i += n;
		i = skip_slashes(text, i, &slashes);
		if (i >= text.n || secretpath_byte(text, i, &n, &d) != '/' ||
		    d != *depth)
			return 0;
	}
	return i + n;
}

/* "user:pa/ss@host": a '/' of a password that was not encoded. Where the word
 * with an '@' ends, or 0. */
static size_t
slashed_end(sv rest, size_t n)
{
	size_t end = 0;

	if (byte_at(rest, n) == '\0' || !is_cut_password(sv_take(rest, n)))
		return 0;
	rest = sv_take(rest, WORD_MAX);
	for (; n < rest.n && !is_space(rest.p[n]) && !is_quote(rest.p[n]); n++)
		if (rest.p[n] == '@')
			end = n;
	return end;
}

/* "user:password@host", also with one of the two only: what is before the
 * last '@', or all when the text is cut in it; or empty. */
static sv
userinfo_of(sv rest, unsigned most)
{
	size_t n = 0, end = 0, width = 1;
	unsigned depth;

	for (; n < rest.n; n += width) {
		int c = secretpath_byte(rest, n, &width, &depth);

		if (depth > most)
			c = '%';
		if (is_space(c) || is_quote(c) || c == '/' || c == '?' ||
		    c == '#' || (most && c == '&'))
			break;
		if (c == '@')
			end = n;
	}
	n = n < rest.n ? n : rest.n;
	if (end == 0)
		end = n == rest.n ? (is_cut_password(rest) ? n : 0) :
		    slashed_end(rest, n);
	rest = sv_take(rest, end);
	/* a mark in it: an earlier pass, which saw a '/' there, left it */
	return has_mark(rest) ? SV("") : rest;
}

/* The rest of a hook's URL; slashes may be written "\/". */
static sv
hook_secret(sv text, size_t at)
{
	static const sv ends = W("\"'`<>,;)]}|");
	size_t i = at;
	sv v;

	while (i < text.n && !is_space(text.p[i]) &&
	    sv_find_byte(ends, text.p[i]) == ends.n &&
	    (text.p[i] != '\\' || byte_at(text, i + 1) == '/' ||
	    byte_at(text, i + 1) == '\\'))
		i++;
	v = sv_of(text.p + at, i - at);
	return mark_length(sv_skip(text, at)) ? SV("") : v;
}

/* What a URL holds that is secret: its user info, or all behind the host of a
 * hook. text[from] is behind "://". */
static sv
url_secret(sv text, size_t from, unsigned depth)
{
	sv rest = sv_skip(text, from);

	for (size_t i = 0; i < countof(secret_urls); i++) {
		size_t at = secretpath_literal(text, from, secret_urls[i]);

		if (at > from)
			return hook_secret(text, at);
	}
	return userinfo_of(rest, depth);
}

/* A secret, and the quotes its hash needs where a JSON number was. */
struct secret {
	sv text;
	sv quote;
};

/* "name": "password", "value": "x" in lists of fields and in HTML, or the part
 * of a form: name="password"\r\n\r\nx. text[at] is behind the name. */
static sv
named_value(sv text, size_t at, sv *wrap)
{
	static const sv names[] = { W("value"), W("val"), W("content") };
	size_t i = at, slashes, width = 1, start;
	struct key k = { .colon = false };
	sv v;

	while (i < text.n && (is_space(text.p[i]) || text.p[i] == ',' ||
	    text.p[i] == '\\' || is_quote(text.p[i]) ||
	    ((text.p[i] == 'r' || text.p[i] == 'n') && text.p[i - 1] == '\\')))
		i++;
	start = i;
	while (is_alpha(byte_at(text, i)))
		i++;
	if (is_one_of(sv_of(text.p + start, i - start), names,
	    countof(names))) {
		i = skip_slashes(text, i, &slashes);
		while (is_quote(byte_at(text, i)))
			i++;
		i = skip_blanks(text, i);
		if (i < text.n && sign_at(text, i, &width, &k.depth)) {
			k.next = i + width;
			k.spaced = k.colon = true;
			return value_of(text, &k, wrap);
		}
	}
	v = sv_of(text.p + at, start - at);
	return sv_has(v, SV("\n")) || sv_has(v, SV("\\n")) ?
	    bare(text, start, &plain) : SV("");
}

static const sv name_keys[] = {
	W("name"), W("key"), W("field"), W("header"), W("param"),
};

static sv
named_field(sv text, const struct key *k, sv *wrap)
{
	size_t slashes, i = k->spaced ? skip_blanks(text, k->next) : k->next;
	size_t start;
	sv name;

	i = skip_slashes(text, i, &slashes);
	if (!is_quote(byte_at(text, i)) ||
	    !is_one_of(k->text, name_keys, countof(name_keys)))
		return SV("");
	start = i + 1 + (is_quote(byte_at(text, i + 1)) ? 1 : 0);
	for (i = start; i - start < SECRETNAME_MAX &&
	    is_key_byte(byte_at(text, i));)
		i++;
	name = sv_of(text.p + start, i - start);
	while (byte_at(text, i) == '\\')
		i++;
	if (!is_quote(byte_at(text, i)) || sv_find_byte(name, '%') < name.n ||
	    !secretname_is(name, false))
		return SV("");
	return named_value(text, i + 1, wrap);
}

/* "12:30": no key ends in a digit before a colon and a digit. */
static bool
is_clock(sv text, size_t at)
{
	return at > 0 && text.p[at] == ':' && is_digit(text.p[at - 1]) &&
	    is_digit(byte_at(text, at + 1));
}

/* "key=value", "key: value" */
static sv
keyed_value(sv text, size_t at, sv *quote)
{
	struct key k;
	double d;
	sv v;

	if (is_clock(text, at) || !key_at(text, at, &k))
		return SV("");
	if (!secretname_is(k.text, k.query))
		v = named_field(text, &k, quote);
	else if (in_mark(text, at))
		return SV("");
	else
		v = value_of(text, &k, quote);
	if (is_harmless(v))
		return SV("");
	if (k.colon && k.quote.n && (v.p[-1] == ':' || is_blank(v.p[-1])) &&
	    sv_to_double(v, &d))
		*quote = k.quote;
	return v;
}

/* ':', "%3A": of a URL or behind a key. */
static sv
colon_at(sv text, size_t at, sv *quote)
{
	int next = byte_at(text, at + 1);
	unsigned depth;
	size_t behind = next == '/' || next == '\\' || text.p[at] == '%' ?
	    behind_scheme_sign(text, at, &depth) : 0;

	if (behind)
		return url_secret(text, behind, depth);
	return keyed_value(text, at, quote);
}

/* "user:password", not "1000:1000", nor what an earlier pass left. */
static bool
is_login(sv v)
{
	size_t at = sv_find_byte(v, ':');

	if (at == 0 || at + 1 >= v.n || v.p[at + 1] == '/' || has_mark(v))
		return false;
	for (size_t i = 0; i < v.n; i++)
		if (!is_digit(v.p[i]) && i != at)
			return true;
	return false;
}

/* "--password x", "'--password', 'x'" */
static sv
option_at(sv text, size_t at, sv *quote)
{
	size_t start = at + 2, i = start, slashes;
	struct key k = { .next = 0 };
	sv name, v;

	while (i - start < SECRETNAME_MAX &&
	    is_key_byte(byte_at(text, i)) && text.p[i] != '%')
		i++;
	name = sv_of(text.p + start, i - start);
	if (!is_blank(byte_at(text, i)))
		i = skip_slashes(text, i, &slashes);
	if (is_quote(byte_at(text, i)))
		i += byte_at(text, i + 1) == ',' ? 2 : 1;
	k.next = skip_blanks(text, i);
	if (k.next == i || byte_at(text, k.next) == '-' ||
	    !(secretname_is(name, false) || sv_is(name, "user")))
		return SV("");
	v = value_of(text, &k, quote);
	if (is_harmless(v) || (sv_is(name, "user") && !is_login(v)))
		return SV("");
	return v;
}

/* "-u user:password" of curl, at the blank before. */
static sv
user_at(sv text, size_t at, sv *quote)
{
	struct key k = { .next = skip_blanks(text, at + 3) };
	sv v;

	if (byte_at(text, at + 2) != 'u' || k.next == at + 3)
		return SV("");
	v = value_of(text, &k, quote);
	return is_login(v) ? v : SV("");
}

/* PASSWORD 'x', IDENTIFIED BY 'x', at the blank before the string. */
static sv
sql_at(sv text, size_t at, sv *quote)
{
	struct key k = { .next = 0 };
	size_t slashes, i = skip_slashes(text, at, &slashes);
	sv before = sv_take(text, at);
	sv v;

	if (at == 0 || !is_alpha(text.p[at - 1]) || !is_quote(byte_at(text, i)))
		return SV("");
	read_key(text, at, &k);
	if (before.n > SECRETNAME_MAX)
		before = sv_skip(before, before.n - SECRETNAME_MAX);
	if (!secretname_is_word(k.text) && !(sv_eq_nocase(k.text, SV("by")) &&
	    (sv_has(before, SV("IDENTIFIED")) ||
	    sv_has(before, SV("identified")))))
		return SV("");
	k.next = at + 1;
	v = value_of(text, &k, quote);
	return is_harmless(v) ? SV("") : v;
}

/* ("Cookie", "a=b") in a list of headers, at the quote behind the name. */
static sv
pair_at(sv text, size_t at, sv *quote)
{
	int last = at ? to_lower(text.p[at - 1]) : 0;
	struct key k = { .next = 0 };
	sv v;

	if (last != 'n' && last != 'e' && last != 'y') /* most are no name */
		return SV("");
	read_key(text, at + 1, &k);
	if (k.text.n < 6 || !secretname_is_header(k.text))
		return SV("");
	k.next = behind_prefix(text, skip_blanks(text, at + 2));
	skip_slashes(text, k.next, &at);
	if (!is_quote(byte_at(text, k.next + at)))
		return SV("");
	v = value_of(text, &k, quote);
	return is_harmless(v) ? SV("") : v;
}

static size_t
digits_in(sv v)
{
	size_t n = 0;

	for (size_t i = 0; i < v.n; i++)
		n += is_digit(v.p[i]) ? 1 : 0;
	return n;
}

static unsigned
base64_value(int c)
{
	return is_upper(c) ? (unsigned)(c - 'A') :
	    is_lower(c) ? (unsigned)(c - 'a') + 26 :
	    is_digit(c) ? (unsigned)(c - '0') + 52 : c == '+' ? 62u : 63u;
}

/* Does base64 text hold "user:password"? */
static bool
is_basic(sv v)
{
	uint32_t bits = 0;

	v = sv_take(v, BASIC_MAX);
	for (size_t i = 0; i < v.n && v.p[i] != '='; i++) {
		bits = bits << 6 | base64_value(v.p[i]);
		if (i % 4 == 3 && ((bits >> 16 & 255) == ':' ||
		    (bits >> 8 & 255) == ':' || (bits & 255) == ':'))
			return true;
		if ((i % 4 == 1 && (bits >> 4 & 255) == ':') ||
		    (i % 4 == 2 && (bits >> 2 & 255) == ':'))
			return true;
	}
	return false;
}

/* "total=5": what credentials hold of '=' stands at their end. */
static bool
has_inner_equals(sv v)
{
	size_t at = sv_find_byte(v, '=');

	while (at < v.n && v.p[at] == '=')
		at++;
	return at < v.n;
}

/* "Bearer abc", "Basic YTpi", in any case and without a key before. */
static sv
scheme_at(sv text, size_t at)
{
	sv rest = sv_skip(text, at), v;
	bool bearer = sv_eq_nocase(sv_take(rest, 6), SV("bearer"));
	size_t n = bearer ? 6 : 5, i = at + n;

	if ((!bearer && !sv_eq_nocase(sv_take(rest, n), SV("basic"))) ||
	    !secretshape_is_start(text, at))
		return SV("");
	if (sv_starts(sv_skip(text, i), SV("%20")))
		i += 3;
	else if (byte_at(text, i) == '+')
		i++;
	else
		i = skip_blanks(text, i);
	rest = sv_skip(text, i);
	if (i == at + n || rest.n < BEARER_MIN)
		return SV("");
	v = sv_take(rest, secretshape_run(sv_take(rest, BASIC_MAX)));
	if (v.n < BEARER_MIN || has_inner_equals(v) || (bearer ? digits_in(v) == 0 : !is_basic(v)))
		return SV("");
	return sv_take(rest, secretshape_run(rest));
}

static sv
card_at(sv text, size_t at, sv *quote)
{
	sv card = secretshape_card(text, at);
	struct key k;

	if (card.n == 0 || at == 0)
		return card;
	while (at > 0 && is_blank(text.p[at - 1]))
		at--;
	if (at == 0 || text.p[at - 1] != ':')
		return card;
	if (in_mark(text, at - 1))
		return SV("");
	read_key(text, at - 1, &k);
	*quote = k.quote;
	return card;
}

/* The secret that is decided by the bytes from text[at] on, or empty. */
static sv
secret_from(sv text, size_t at, sv *quote)
{
	switch (text.p[at]) {
	case ':':
	case '%':
		return colon_at(text, at, quote);
	case '=':
	case '\\':
		return keyed_value(text, at, quote);
	case '-':
		if (byte_at(text, at + 2) == '-')
			return secretshape_at(text, at);
		return option_at(text, at, quote);
	case ' ':
		return byte_at(text, at + 1) == '-' ?
		    user_at(text, at, quote) : sql_at(text, at, quote);
	case '"':
	case '\'':
		return pair_at(text, at, quote);
	case 'b':
	case 'B':
		return scheme_at(text, at);
	default:
		return secretshape_at(text, at);
	}
}

/* The number of a card starts with one of these. */
static bool
is_card_start(int c)
{
	return c >= '2' && c <= '6';
}

static bool
is_sign(int c)
{
	return c == ':' || c == '=' || c == '%';
}

/* The secret that is decided at text[at]; empty when there is none. A card is
 * looked for behind the byte that stands before it. */
static sv
secret_at(sv text, size_t at, sv *quote)
{
	size_t next = at + (text.p[at] == '%' ? 3 : 1);
	sv found = SV("");

	if (!is_card_start(byte_at(text, at + 1)) || is_sign(text.p[at]))
		found = secret_from(text, at, quote);
	if (found.n || !is_card_start(byte_at(text, next)) ||
	    !is_digit(byte_at(text, next + 3)))
		return found; /* most numbers are shorter */
	return card_at(text, next, quote);
}

/* Pairs of bytes at which secret_at() has something to decide; those of the
 * shapes are added to them. Behind a byte alone any other may stand. */
static const sv pairs[] = {
	W(":"), W("="), W("%2"), W("%3"), W("\\u"), W("--"), W(" \""),
	W(" '"), W(" \\"), W(" -"), W("\","), W("',"), W("be"), W("Be"), W("BE"),
	W("ba"), W("Ba"), W("BA"),
};

#define CARD_BIT (1u << 31)

/* What may stand before the number of a card. */
static bool
is_card_border(int c)
{
	return !is_alnum(c) && c != '.' && c != '-' && c != '_' && c != '+' &&
	    c != '%';
}

/* Every first byte has a bit of its own, while there are bits. */
static void
add_pair(struct redact *r, sv pair, unsigned *next)
{
	uint32_t *first = &r->first[(unsigned char)pair.p[0]];

	if (*first == 0)
		*first = 1u << (*next)++ % 31;
	if (pair.n > 1)
		r->second[(unsigned char)pair.p[1]] |= *first;
	for (size_t i = 0; pair.n == 1 && i < 256; i++)
		r->second[i] |= *first;
}

static void
add_pairs(struct redact *r)
{
	unsigned next = 0;
	sv start;

	for (size_t i = 0; i < countof(pairs); i++)
		add_pair(r, pairs[i], &next);
	for (size_t i = 0; secretshape_start(i, &start); i++)
		add_pair(r, sv_take(start, 2), &next);
	for (int c = 0; c < 256; c++) {
		r->first[c] |= is_card_border(c) ? CARD_BIT : 0;
		r->second[c] |= is_card_start(c) ? CARD_BIT : 0;
	}
}

void
redact_init(struct redact *r, const uint8_t key[REDACT_KEY_LEN],
    const struct site_list *paths)
{
	uint8_t h[SHA256_LEN];

	hmac_key_init(&r->key, key, REDACT_KEY_LEN);
	r->paths = paths;
	memset(r->first, 0, sizeof(r->first));
	memset(r->second, 0, sizeof(r->second));
	add_pairs(r);
	keyed_hash(r, SV("raxx content seed"), h);
	r->seed = 0;
	for (int i = 0; i < 8; i++)
		r->seed = r->seed << 8 | h[i];
}

static bool
find_at_start(sv text, struct secret *found)
{
	found->quote = SV("");
	found->text = is_card_start(byte_at(text, 0)) ?
	    card_at(text, 0, &found->quote) : SV("");
	return found->text.n > 0;
}

static bool
find_secret(const struct redact *r, sv text, size_t from, struct secret *found)
{
	if (from == 0 && find_at_start(text, found))
		return true;
	for (size_t i = from; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		unsigned char next = (unsigned char)byte_at(text, i + 1);

		if (likely(!(r->first[c] & r->second[next])))
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

	if (!find_secret(r, text, 0, &found))
		return text;
	do {
		size_t start = (size_t)(found.text.p - text.p);

		buf_add(&b, sv_of(text.p + copied, start - copied));
		buf_add(&b, found.quote);
		put_hash(r, &b, "secret", found.text);
		buf_add(&b, found.quote);
		copied = start + found.text.n;
	} while (find_secret(r, text, copied, &found));
	buf_add(&b, sv_skip(text, copied));
	out = arena_sv(scratch, buf_sv(&b));
	buf_release(&b);
	return out;
}

/* Secret segments of paths. */

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

/* text with `part` (a view into it) replaced by its hash, from *copied on. */
static void
put_token_mark(const struct redact *r, struct buf *b, sv text, sv part,
    size_t *copied)
{
	size_t at = (size_t)(part.p - text.p);

	if (is_mark(part))
		return;
	buf_add(b, sv_of(text.p + *copied, at - *copied));
	put_hash(r, b, "token", part);
	*copied = at + part.n;
}

/* The text up to *copied is in *b: with the rest, in the arena. */
static sv
finish_copy(struct buf *b, sv text, size_t copied, struct arena *a)
{
	if (copied) {
		buf_add(b, sv_skip(text, copied));
		text = arena_sv(a, buf_sv(b));
	}
	buf_release(b);
	return text;
}

/* A path that is the template's from its start; *tok is its first segment. */
static bool
replace_path(const struct redact *r, sv *path, sv template, struct arena *a,
    struct token *tok)
{
	struct buf b = BUF_INIT;
	struct secretpath m;
	size_t copied = 0;
	bool any = false;
	sv seg;

	secretpath_init(&m, template, *path, 0, false);
	for (; secretpath_next(&m, &seg); any = true) {
		if (!any)
			describe_token(r, seg, a, tok);
		put_token_mark(r, &b, *path, seg, &copied);
	}
	*path = finish_copy(&b, *path, copied, a);
	return any;
}

sv
redact_path(const struct redact *r, sv path, struct arena *scratch,
    struct token *tok)
{
	*tok = (struct token){ SV_NULL, SV_NULL, SV_NULL };
	for (size_t i = 0; i < r->paths->n; i++)
		if (replace_path(r, &path, r->paths->item[i], scratch, tok))
			break;
	return redact_text(r, path, scratch);
}

/* Secret paths mentioned inside text: "https://host/api/beta/preview/TOKEN". */
static sv
replace_mentions(const struct redact *r, sv text, sv template, bool encoded,
    struct arena *scratch)
{
	struct buf b = BUF_INIT;
	struct secretpath m;
	size_t copied = 0;
	sv seg;

	if (sv_starts(template, SV("/{")))
		return text; /* every path: none in particular */
	secretpath_init(&m, template, text, 0, true);
	while (secretpath_find(&m, encoded, &seg)) {
		do
			put_token_mark(r, &b, text, seg, &copied);
		while (secretpath_next(&m, &seg));
		secretpath_init(&m, template, text, m.at, true);
	}
	return finish_copy(&b, text, copied, scratch);
}

sv
redact_text(const struct redact *r, sv text, struct arena *scratch)
{
	bool encoded = sv_find_byte(text, '%') < text.n;

	if (secretshape_is_body(text))
		return redact_value(r, text, scratch);
	for (size_t i = 0; i < r->paths->n; i++)
		text = replace_mentions(r, text, r->paths->item[i], encoded,
		    scratch);
	return replace_secrets(r, text, scratch);
}

bool
redact_is_secret_name(sv name)
{
	return secretname_is(name, false);
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
