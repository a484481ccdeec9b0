/* SPDX-License-Identifier: MIT */
#include "record/secretvalue.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "record/secretmark.h"
#include "record/secretname.h"
#include "record/secretnest.h"
#include "record/secretpath.h"
#include "record/secretstring.h"
#include "record/secrettext.h"

enum { LIST_MAX = 4096, URL_MAX = 1024 }; /* may start in one another */

/* Words before the secret in an Authorization header. */
static const sv auth_schemes[] = {
	W("bearer"), W("basic"), W("token"), W("digest"), W("negotiate"),
	W("apikey"), W("ntlm"), W("oauth"), W("hmac"), W("bot"), W("key"),
	W("sentry"), W("splunk"),
};

/* Behind the string that is the value of a key inside a value, as in
 * "a=\"b\"" or f("b"); `at` when none starts here. `at` is not 0. */
static size_t
skip_inner_string(sv text, size_t at, sv signs)
{
	size_t slashes, i = skip_slashes(text, at, &slashes);
	sv quote;

	if (sv_find_byte(signs, text.p[at - 1]) == signs.n)
		return at;
	quote = secretstring_quote(text, i, false);
	if (quote.n) {
		i += 2 * quote.n + secretstring_spelled(text, i, quote).n;
		return i < text.n ? i : text.n;
	}
	if (!is_quote(byte_at(text, i)))
		return at;
	i = secretstring_close(text, i + 1, text.p[i], slashes) + 1;
	return i < text.n ? i : text.n;
}

/* Does an encoded byte end the value whose sign was encoded as often? */
static bool
is_encoded_end(sv text, size_t at, const struct secretkey *k)
{
	size_t width;
	unsigned depth;
	int c;

	if (k->depth == 0 || text.p[at] != '%')
		return false;
	c = secretpath_byte(text, at, &width, &depth);
	return depth && depth <= k->depth && is_value_end(c, k->query);
}

/* The quote before the URL of a query, with its backslashes: '"' of
 * path="/x?token=; 0 when the text starts with the URL, a blank when one stands
 * before it or it is long. */
static int
url_quote(sv text, size_t at, size_t *slashes)
{
	size_t start = at;

	while (at > 0 && text.p[at - 1] != '?' && start - at < URL_MAX &&
	    !is_space(text.p[at - 1]))
		at--;
	while (at > 0 && start - at < URL_MAX && !is_space(text.p[at - 1]) &&
	    !is_quote(text.p[at - 1]))
		at--;
	*slashes = 0;
	if (at == 0 || !is_quote(text.p[at - 1]))
		return at ? ' ' : 0;
	start = --at;
	while (at > 0 && text.p[at - 1] == '\\')
		at--;
	*slashes = start - at;
	return text.p[start];
}

/* Does the value in a query go on behind a quote and the backslashes before it,
 * text[at] on? It does when it is not the one that opened the URL. Else what
 * follows tells: a word does not stand right behind the end of a string. Behind a
 * value that tells nothing it does not: an earlier pass may have left that, and
 * other quotes before it. */
static bool
passes_quote(sv text, size_t at, const struct secretkey *k, size_t *behind)
{
	size_t slashes, opened, i = skip_slashes(text, at, &slashes);
	int quote = byte_at(text, i), open;
	bool doubled = byte_at(text, i + 1) == quote;

	if (!k->query || !is_quote(quote) || secretvalue_is_harmless(
	    sv_of(text.p + k->next, at - k->next)))
		return false;
	open = url_quote(text, k->next, &opened);
	*behind = i + (doubled ? 2 : 1);
	if (open == 0 || (is_quote(open) && (open != quote || slashes > opened)))
		return true;
	return *behind < text.n && is_key_byte(text.p[*behind]);
}

/* A value without quotes. A backslash ends it ("\n" inside a JSON string)
 * unless it is one that was escaped, or "\/". */
static sv
bare(sv text, size_t at, const struct secretkey *k)
{
	size_t i = at, behind;

	for (; i < text.n; i++) {
		while (i < text.n && (is_quote(text.p[i]) ||
		    text.p[i] == '\\') && passes_quote(text, i, k, &behind))
			i = behind;
		if (i > at && i < text.n && !is_blank(text.p[i]))
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

sv
secretvalue_bare(sv text, size_t at)
{
	static const struct secretkey plain;

	return bare(text, at, &plain);
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

/* "a=1; b=2" behind "cookie=": v and what follows behind such separators. */
static sv
more_pairs(sv text, sv v, int separator)
{
	size_t at = (size_t)(v.p - text.p), end = at + v.n;

	while (byte_at(text, end) == separator) {
		size_t i = skip_blanks(text, end + 1), start = i;

		while (is_key_byte(byte_at(text, i)))
			i++;
		if (i == start || byte_at(text, i) != '=')
			break;
		end = start + secretvalue_bare(text, start).n;
	}
	return sv_of(v.p, end - at);
}

/* username="a", mac="b" in a header that authorizes or signs. */
static sv
more_parameters(sv text, sv v, const struct secretkey *k)
{
	size_t i = 0;

	while (is_key_byte(byte_at(v, i)))
		i++;
	if (!k->colon || i == 0 || i + 1 >= v.n || v.p[i] != '=' ||
	    v.p[i + 1] == '=' ||
	    !(ends_nocase(k->text, SV("authorization")) ||
	    ends_nocase(k->text, SV("signature"))))
		return v;
	return more_pairs(text, v, ',');
}

/* "Bearer abc": the word behind the scheme; of a scheme that is not known
 * scheme and word. */
static sv
behind_scheme(sv text, sv v, const struct secretkey *k)
{
	size_t at = (size_t)(v.p - text.p), end = at + v.n;
	sv next;

	if (!is_blank(byte_at(text, end)))
		return more_parameters(text, v, k);
	next = secretvalue_bare(text, skip_blanks(text, end));
	if (is_one_of(v, auth_schemes, countof(auth_schemes)))
		return more_parameters(text, next, k);
	if (!k->colon || !is_scheme_like(v) || next.n == 0 ||
	    next.p[next.n - 1] == ':' || /* the next key */
	    sv_find_byte(next, '[') < next.n || /* of a map */
	    !ends_nocase(k->text, SV("authorization")))
		return v;
	next = more_parameters(text, next, k);
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
bare_list(sv text, size_t at, const struct secretkey *k, sv *wrap)
{
	size_t i = at + 1, mark = secretmark_length(sv_skip(text, i));
	sv list;

	if (mark)
		return sv_of(text.p + i, mark);
	if (byte_at(text, i) == '{' || byte_at(text, i) == '[')
		return SV("");
	text = sv_take(text, at + LIST_MAX);
	while (i < text.n && text.p[i] != ']' && text.p[i] != '\n')
		i = is_quote(text.p[i]) ? text.n : i + 1;
	if (i >= text.n)
		i = at + 1 + secretvalue_bare(text, at + 1).n;
	list = sv_of(text.p + at + 1, i - at - 1);
	if (k->colon && is_numbers(list))
		*wrap = k->quote;
	return list;
}

/* [""a"", ""b""]: from inside the first string to inside the last. */
static sv
spelled_list(sv text, size_t at, sv quote)
{
	sv v = secretstring_spelled(text, at, quote);
	size_t start = (size_t)(v.p - text.p), end = start + v.n;

	for (;;) {
		at = skip_blanks(text, end + quote.n);
		if (byte_at(text, at) != ',')
			break;
		at = skip_blanks(text, at + 1);
		if (!sv_starts(sv_skip(text, at), quote))
			break;
		v = secretstring_spelled(text, at, quote);
		end = (size_t)(v.p - text.p) + v.n;
	}
	return sv_of(text.p + start, end - start);
}

static sv
list_of(sv text, size_t at, const struct secretkey *k, sv *wrap)
{
	size_t slashes, i = skip_slashes(text, at + 1, &slashes);
	sv quote = secretstring_quote(text, i, k->depth), list;

	if (quote.n)
		return spelled_list(text, i, quote);
	list = secretstring_list(text, at, wrap);
	if (secretmark_length(list)) /* of an earlier pass */
		return SV("");
	return is_quote(byte_at(text, i)) ? list :
	    bare_list(text, at, k, wrap);
}

/* "token= x", as print() writes it: the word behind the blank at text[at] when
 * the text or its string ends there. */
static sv
last_word(sv text, size_t at, const struct secretkey *k)
{
	size_t start = at + 1, i = start;
	sv word;

	if (k->query || at == 0 || text.p[at - 1] != '=')
		return SV("");
	while (i < text.n && !is_space(text.p[i]) && !is_quote(text.p[i]) &&
	    text.p[i] != '\\' && text.p[i] != '=' && text.p[i] != ':')
		i++;
	word = sv_of(text.p + start, i - start);
	if (i < text.n && !is_quote(text.p[i]) && text.p[i] != '\\' &&
	    text.p[i] != '\n')
		return SV("");
	return sv_starts(word, SV("HTTP/")) ? SV("") : word;
}

sv
secretvalue_of(sv text, const struct secretkey *k, sv *wrap)
{
	size_t slashes = 0, i = k->next, nest;
	sv quote, v;

	if (k->spaced)
		i = skip_blanks(text, i);
	if (is_blank(byte_at(text, i)))
		return last_word(text, i, k);
	i = secretstring_prefix(text, i);
	quote = secretstring_quote(text, i, k->depth);
	if (quote.n == 0) { /* "\&quot;x" */
		i = skip_slashes(text, i, &slashes);
		quote = secretstring_quote(text, i, k->depth);
	}
	if (quote.n)
		return secretstring_spelled(text, i, quote);
	if (is_quote(byte_at(text, i)))
		return secretstring_inside(text, i, slashes);
	nest = secretnest_length(text, i, k);
	if (nest) {
		*wrap = k->quote;
		return sv_of(text.p + i, nest);
	}
	if (byte_at(text, i) == '[')
		return list_of(text, i, k, wrap);
	if (i >= text.n || text.p[i] == '{')
		return SV("");
	if (secretname_is_cookie(k->text))
		return k->colon ? header_line(text, i) :
		    more_pairs(text, bare(text, i, k), ';');
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

static bool
is_blanked(sv v)
{
	enum { LONGEST = 9 };

	return v.n <= LONGEST && is_one_of(v, blanked, countof(blanked));
}

/* Values that tell nothing: literals, small numbers, what was replaced. */
bool
secretvalue_is_harmless(sv v)
{
	double d;

	return is_stars(v) || is_blanked(v) || is_filtered(v) ||
	    secretmark_length(v) || (v.n < 4 && sv_to_double(v, &d));
}
