/* SPDX-License-Identifier: MIT */
#include "record/secretkey.h"

#include "base/ascii.h"
#include "record/secretname.h"
#include "record/secretpath.h"
#include "record/secretstring.h"
#include "record/secrettext.h"

enum { WORD_MAX = 24 }; /* of a phrase */

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

/* "API key: x": of a key of two words the first says what it is. */
static sv
whole_phrase(sv text, size_t start, sv key)
{
	size_t end = start, from;

	if (key.n != 3 || !sv_eq_nocase(key, SV("key")) || start == 0 ||
	    !is_blank(text.p[start - 1]))
		return key;
	for (from = --end; from > 0 && is_alpha(text.p[from - 1]) &&
	    end - from < WORD_MAX;)
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

void
secretkey_read(sv text, size_t at, struct secretkey *k)
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
	end = secretstring_before(text, end);
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

int
secretkey_sign(sv text, size_t at, size_t *width, unsigned *depth)
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
read_sign_end(sv text, struct secretkey *k)
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

bool
secretkey_at(sv text, size_t at, struct secretkey *k)
{
	size_t width;
	int c = secretkey_sign(text, at, &width, &k->depth);

	if (c == 0)
		return false;
	secretkey_read(text, at, k);
	k->colon = c == ':';
	k->next = at + width;
	k->spaced = k->colon || (at > 0 && is_blank(text.p[at - 1]));
	if (k->depth == 0)
		read_sign_end(text, k);
	return true;
}
