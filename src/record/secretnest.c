/* SPDX-License-Identifier: MIT */
#include "record/secretnest.h"

#include "record/secretmark.h"
#include "record/secretname.h"
#include "record/secretpath.h"
#include "record/secretstring.h"
#include "record/secrettext.h"
#include "record/secretvalue.h"

/* Lists may start in one another. Deeper ones are taken for secret. */
enum { DEPTH_MAX = 32, LITERALS_MAX = 4096 };

struct walk {
	sv text;
	const struct secretkey *k;
	size_t at;      /* what is not read yet */
	unsigned depth; /* brackets open there */
	bool tells;     /* a value was there that may be a secret */
};

static bool
is_opening(int c)
{
	return c == '{' || c == '[' || c == '(';
}

static bool
is_closing(int c)
{
	return c == '}' || c == ']' || c == ')';
}

/* Byte i, percent-encoding undone as often as the key's sign had it. */
static int
walk_byte(const struct walk *w, size_t i, size_t *width)
{
	unsigned depth;
	int c;

	*width = 1;
	if (i >= w->text.n || w->k->depth == 0 || w->text.p[i] != '%')
		return byte_at(w->text, i);
	c = secretpath_byte(w->text, i, width, &depth);
	if (depth <= w->k->depth)
		return c;
	*width = 1;
	return '%';
}

static size_t
skip_space(const struct walk *w, size_t i)
{
	size_t width;

	while (i < w->text.n && is_space(walk_byte(w, i, &width)))
		i += width;
	return i;
}

/* The quote at text[i], spelled otherwise than the plain one of the key. */
static sv
spelled_quote(const struct walk *w, size_t i)
{
	return w->k->quote.n ? SV("") :
	    secretstring_quote(w->text, i, w->k->depth > 0);
}

/* Is a quote at text[i], behind backslashes or not? */
static bool
is_string(const struct walk *w, size_t i)
{
	while (byte_at(w->text, i) == '\\' && spelled_quote(w, i).n == 0)
		i++;
	return is_quote(byte_at(w->text, i)) || spelled_quote(w, i).n;
}

/* What was read is a value unless a sign follows, or what an earlier pass left
 * where a sign was. */
static void
note_value(struct walk *w, sv v)
{
	size_t width, i = skip_space(w, w->at);
	int c = walk_byte(w, i, &width);

	if (c != ':' && c != '=' && !secretmark_length(sv_skip(w->text, i)))
		w->tells |= !secretvalue_is_harmless(v);
}

/* A string; false when its quote is that of the string which holds the key. */
static bool
read_string(struct walk *w)
{
	size_t slashes, i = skip_slashes(w->text, w->at, &slashes);
	sv quote = spelled_quote(w, w->at), v;

	if (quote.n)
		i = w->at;
	else
		quote = spelled_quote(w, i);
	if (quote.n) {
		v = secretstring_spelled(w->text, i, quote);
		w->at = i + v.n + 2 * quote.n;
	} else if (slashes + 1 < w->k->quote.n) {
		return false;
	} else {
		v = secretstring_inside(w->text, i, slashes);
		w->at = i + v.n + slashes + 2;
	}
	w->at = w->at < w->text.n ? w->at : w->text.n;
	note_value(w, v);
	return true;
}

/* What no quotes hold. */
static void
read_word(struct walk *w)
{
	size_t start = w->at, i = start, width;

	i += secretmark_length(sv_skip(w->text, i));
	for (; i < w->text.n; i += width) {
		int c = walk_byte(w, i, &width);

		if (is_space(c) || is_opening(c) || is_closing(c) ||
		    c == ',' || c == ':' || c == '=' || is_string(w, i))
			break;
		while (c == '\\' && byte_at(w->text, i + width) == '\\')
			width++;
	}
	w->at = i < w->text.n ? i : w->text.n;
	note_value(w, sv_of(w->text.p + start, w->at - start));
}

/* A bracket, a string, a word or what separates them; false: no more. */
static bool
read_one(struct walk *w)
{
	size_t width;
	int c = walk_byte(w, w->at, &width);

	if (w->at >= w->text.n || w->depth > DEPTH_MAX)
		return false;
	if (is_string(w, w->at))
		return read_string(w);
	if (is_opening(c) || is_closing(c)) {
		w->depth += is_opening(c) ? 1 : -1U;
		w->at += width;
		return w->depth > 0;
	}
	if (is_space(c) || c == ',' || c == ':' || c == '=' || c == '>')
		w->at += width;
	else
		read_word(w);
	return true;
}

/* "name:", "name =", ":name =>" at text[at]. */
static bool
is_named(sv text, size_t at)
{
	size_t i, start = byte_at(text, at) == ':' ? at + 1 : at;

	for (i = start; i - start < SECRETNAME_MAX &&
	    is_key_byte(byte_at(text, i)) && text.p[i] != '%';)
		i++;
	at = skip_blanks(text, i);
	return i > start && (byte_at(text, at) == ':' ||
	    byte_at(text, at) == '=');
}

/* A list that starts with a string at text[at]: does something else follow? */
static bool
is_mixed(struct walk w, size_t at)
{
	size_t first, slashes, width, i = skip_slashes(w.text, at, &first);
	sv quote = spelled_quote(&w, i);

	if (secretmark_length(sv_skip(w.text, i + (quote.n ? quote.n : 1))))
		return false; /* of an earlier pass */
	for (w.at = at; w.at < w.text.n;) {
		skip_slashes(w.text, w.at, &slashes);
		if (!is_string(&w, w.at) || slashes != first)
			return true;
		if (!read_string(&w))
			break;
		w.at = skip_space(&w, w.at);
		if (walk_byte(&w, w.at, &width) != ',')
			break;
		w.at = skip_space(&w, w.at + width);
	}
	return false;
}

/* A list that starts with a number or a literal of JSON: does a string or a
 * bracket follow? */
static bool
is_mixed_word(const struct walk *w, size_t at)
{
	size_t i = at;

	if (w->k->quote.n == 0)
		return false;
	for (; is_alnum(byte_at(w->text, i)) || (i > at &&
	    sv_find_byte(SV(" ,.-+"), (char)byte_at(w->text, i)) < 5); i++)
		if (i - at == LITERALS_MAX)
			return false;
	return i > at && (is_string(w, i) || is_opening(byte_at(w->text, i)));
}

/* Behind the bracket c: is it none of text, none that secretvalue.h knows? */
static bool
is_nest(const struct walk *w, int c, size_t at)
{
	size_t i = skip_space(w, at), width;

	if (is_opening(walk_byte(w, i, &width)))
		return true;
	if (c == '[')
		return is_string(w, i) ? is_mixed(*w, i) : is_mixed_word(w, i);
	return is_string(w, i) || is_named(w->text, i);
}

size_t
secretnest_length(sv text, size_t at, const struct secretkey *k)
{
	struct walk w = { text, k, at, 0, false };
	size_t width;
	int c = walk_byte(&w, at, &width);

	if ((c != '{' && c != '[') || !is_nest(&w, c, at + width))
		return 0;
	while (read_one(&w))
		;
	if (w.depth > DEPTH_MAX)
		w.at = text.n;
	return w.tells || w.depth > DEPTH_MAX ? w.at - at : 0;
}
