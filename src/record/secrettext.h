/* SPDX-License-Identifier: MIT */
/*
 * secrettext.h: bytes of a text that is searched for secrets, by index: what is
 * found must be told as a view into the whole. For the secret*.c files only.
 */
#ifndef RECORD_SECRETTEXT_H
#define RECORD_SECRETTEXT_H

#include <stdbool.h>

#include "base/ascii.h"
#include "base/sv.h"

#define W(text) { (text), sizeof(text) - 1 } /* a word of a static list */

/* Byte i; 0 behind the end. */
static inline int
byte_at(sv text, size_t i)
{
	return i < text.n ? (unsigned char)text.p[i] : 0;
}

static inline bool
is_blank(int c)
{
	return c == ' ' || c == '\t';
}

static inline bool
is_quote(int c)
{
	return c == '"' || c == '\'';
}

/* Of the names of keys, as query strings and loggers spell them. */
static inline bool
is_key_byte(int c)
{
	return is_name_byte(c) || c == '%';
}

/* Does the byte end a value that no quotes hold? */
static inline bool
is_value_end(int c, bool query)
{
	return is_space(c) || is_quote(c) || c == '`' || c == '&' ||
	    (query ? c == '#' :
	    c == ',' || c == ';' || c == '}' || c == ')' || c == ']');
}

static inline size_t
skip_blanks(sv text, size_t i)
{
	while (is_blank(byte_at(text, i)))
		i++;
	return i;
}

/* Skips blanks, then counts and skips backslashes. */
static inline size_t
skip_slashes(sv text, size_t i, size_t *slashes)
{
	size_t start = skip_blanks(text, i);

	for (i = start; byte_at(text, i) == '\\';)
		i++;
	*slashes = i - start;
	return i;
}

/* Bytes of the '<' or '>' at text[at], as it is or as JSON may spell it; or 0. */
static inline size_t
angle_at(sv text, size_t at, char angle)
{
	sv rest = sv_skip(text, at);

	if (rest.n && rest.p[0] == angle)
		return 1;
	return sv_starts_nocase(rest, angle == '<' ? SV("\\u003c") :
	    SV("\\u003e")) ? 6 : 0;
}

static inline bool
ends_nocase(sv v, sv end)
{
	return v.n >= end.n && sv_eq_nocase(sv_skip(v, v.n - end.n), end);
}

/* Is the word on the list, in either case? */
static inline bool
is_one_of(sv word, const sv *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (sv_eq_nocase(word, list[i]))
			return true;
	return false;
}

#endif
