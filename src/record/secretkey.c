/* SPDX-License-Identifier: MIT */
#include "record/secretkey.h"

#include "base/ascii.h"
#include "record/secretname.h"
#include "record/secretpath.h"
#include "record/secretstring.h"
#include "record/secrettext.h"

enum { WORD_MAX = 24 }; /* of a phrase */

/* A key between percent-encoded bytes: "%3Ftoken", "user%5Botp%5D". The name
 * before a bracket is it when that in it tells nothing: "token%5B0%5D". Bytes of
 * a name may be encoded too: of such a secret's name no view is in the text. */
static sv
decoded_key(sv key, bool *query)
{
	char name[SECRETNAME_MAX];
	sv last = SV(""), outer = SV("");
	size_t n = 0, width;
	bool encoded = false, asked = false;
	unsigned depth;
	int before = 0;

	for (size_t i = 0; i < key.n; i += width) {
		int c = secretpath_byte(key, i, &width, &depth);

		if (c == '%' || !is_key_byte(c)) {
			if (c != '[' && c != ']')
				outer = SV("");
			else if (before == 0 &&
			    secretname_is(sv_of(name, n), *query || asked))
				outer = encoded ? SV("api_key") : last;
			before = c;
			continue;
		}
		if (before || n == 0) {
			asked = before == '?' || before == '&' || (asked &&
			    (before == '[' || before == ']'));
			last = sv_skip(key, i);
			n = 0;
			before = 0;
			encoded = false;
		}
		encoded |= depth > 0;
		name[n++] = (char)c;
		last.n = i + width - (size_t)(last.p - key.p);
	}
	*query |= asked;
	if (encoded && secretname_is(sv_of(name, n), *query))
		return SV("api_key");
	return outer.n && !secretname_is(last, *query) ? outer : last;
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

/* The byte that "\u0077" spells at v, which is behind the backslash; 0 for other
 * escapes and for what is not ASCII. */
static int
escaped_byte(sv v, size_t *width)
{
	unsigned c = 0;

	*width = 1;
	if (byte_at(v, 0) != 'u' || v.n < 5 || !sv_is_hex(sv_of(v.p + 1, 4)))
		return 0;
	*width = 5;
	for (size_t i = 1; i < 5; i++)
		c = c << 4 | (unsigned)hex_value(v.p[i]);
	return c < 128 ? (int)c : 0;
}

/* Is the key that ends before text[end] a secret's name once its escapes are
 * undone? "pass\u0077ord" */
static bool
is_escaped_secret(sv text, size_t end, bool query)
{
	char name[SECRETNAME_MAX];
	size_t start = end, n = 0, width;

	while (start > 0 && end - start < SECRETNAME_MAX &&
	    (is_key_byte(text.p[start - 1]) || text.p[start - 1] == '\\'))
		start--;
	for (size_t i = start; i < end; i += width) {
		int c = text.p[i];

		width = 1;
		if (c == '\\' && byte_at(text, i + 1) == '\\')
			continue;
		if (c == '\\') {
			c = escaped_byte(sv_of(text.p + i + 1, end - i - 1),
			    &width);
			width++;
		}
		n = is_key_byte(c) ? n : 0;
		if (is_key_byte(c))
			name[n++] = (char)c;
	}
	return secretname_is(sv_of(name, n), query);
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
	if (start > 0 && text.p[start - 1] == '\\') {
		k->text = behind_escape(k->text);
		if (!secretname_is(k->text, k->query) &&
		    is_escaped_secret(text, end, k->query))
			k->text = SV("api_key"); /* any name of a secret */
	}
	k->text = whole_phrase(text, start, k->text);
}

/* token[]=, token[a]=, config["KEY"]=: a name in quotes, or the name before the
 * bracket when that in it tells nothing. */
static void
read_index(sv text, size_t at, struct secretkey *k)
{
	while (at > 0 && is_blank(text.p[at - 1]))
		at--;
	if (at < 2 || text.p[at - 1] != ']')
		return;
	if (is_quote(text.p[at - 2]))
		secretkey_read(text, at - 1, k);
	while (!secretname_is(k->text, k->query) && k->text.p > text.p &&
	    k->text.p[-1] == '[')
		secretkey_read(text, (size_t)(k->text.p - text.p) - 1, k);
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
	size_t angle;

	while (byte_at(text, k->next) == '=') {
		k->next++;
		k->colon = false;
		k->spaced = true;
	}
	angle = k->colon ? 0 : angle_at(text, k->next, '>');
	k->next += angle;
	k->spaced |= angle > 0;
}

void
secretkey_quoted(sv text, size_t at, struct secretkey *k)
{
	size_t end = at - 1, start = end;

	while (text.p[start - 1] != '"')
		start--;
	*k = (struct secretkey){
		.text = sv_of(text.p + start, end - start),
		.quote = sv_of(text.p + end, 1),
		.next = at + 1, .colon = true, .spaced = true,
	};
	read_sign_end(text, k);
}

bool
secretkey_at(sv text, size_t at, struct secretkey *k)
{
	size_t width = 1;
	int c = text.p[at];

	k->depth = 0;
	if (c != ':' && c != '=')
		c = secretkey_sign(text, at, &width, &k->depth);
	if (c == 0)
		return false;
	secretkey_read(text, at, k);
	if (c == '=')
		read_index(text, at, k);
	k->colon = c == ':';
	k->next = at + width;
	k->spaced = k->colon || (at > 0 && is_blank(text.p[at - 1]));
	if (k->depth == 0)
		read_sign_end(text, k);
	return true;
}
