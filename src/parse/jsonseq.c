/* SPDX-License-Identifier: MIT */
#include "parse/jsonseq.h"

#include <assert.h>

#include "base/attr.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool
at_byte(sv r, char c)
{
	return r.n && r.p[0] == c;
}

static void
pass_blanks(sv *rest, size_t *newlines)
{
	size_t i = 0;

	for (; i < rest->n && is_blank(rest->p[i]); i++)
		*newlines += rest->p[i] == '\n';
	*rest = sv_skip(*rest, i);
}

/* Takes the front of *rest as what is no item. */
static enum jsonseq_result
bad(sv *rest, size_t n, struct json_value *item)
{
	*item = (struct json_value){ JSON_NULL, sv_cut_n(rest, n), false };
	return JSONSEQ_BAD;
}

/* Is the item over behind c? Before a comma or bracket of the array around it
 * is no matter of this. */
static bool
ends_behind(struct jsonseq *s, char c)
{
	bool quoted = s->quote;

	if (c == '\n') {
		s->quote = s->escape = false;
		return !s->open && s->depth == 0;
	}
	if (quoted) {
		s->quote = s->escape || c != '"';
		s->escape = !s->escape && c == '\\';
		return false;
	}
	s->quote = c == '"';
	if (c == '{' || c == '[')
		s->depth++;
	if ((c == '}' || c == ']') && s->depth)
		return --s->depth == 0 && !s->open;
	return false;
}

static bool
ends_before(const struct jsonseq *s, char c)
{
	return s->open && s->depth == 0 && !s->quote && (c == ',' || c == ']');
}

/* How much of v is still to be passed over; *done when the end is among it. */
static size_t
skip_length(struct jsonseq *s, sv v, bool *done)
{
	size_t n = v.n;

	*done = true;
	if (s->skip == JSONSEQ_SKIP_LINE) {
		n = sv_find_byte(v, '\n');
		*done = n < v.n;
		return n + *done;
	}
	for (size_t i = 0; i < n; i++) {
		if (ends_before(s, v.p[i]))
			return i;
		if (ends_behind(s, v.p[i]))
			return i + 1;
	}
	*done = false;
	return n;
}

/* JSONSEQ_ITEM: the end is here, nothing was left. */
static enum jsonseq_result
skip_on(struct jsonseq *s, sv *rest, bool eof, struct json_value *item)
{
	const struct jsonseq before = *s;
	bool done;
	size_t n = skip_length(s, sv_take(*rest, s->limit), &done);

	if (!done && !eof && n < s->limit) {
		*s = before;
		return JSONSEQ_MORE;
	}
	if (done || (eof && n == rest->n)) {
		s->skip = JSONSEQ_SKIP_NONE;
		s->depth = 0;
		s->quote = s->escape = false;
	}
	return n ? bad(rest, n, item) : JSONSEQ_ITEM;
}

/* Passes over what stands between items. JSONSEQ_ITEM: one begins here. */
static enum jsonseq_result
find_item(struct jsonseq *s, sv *rest, bool eof, struct json_value *item,
    size_t *skipped)
{
	for (;;) {
		pass_blanks(rest, skipped);
		if (rest->n == 0)
			return eof ? JSONSEQ_END : JSONSEQ_MORE;
		if (!s->open && at_byte(*rest, '[')) {
			s->open = true;
			s->due = s->comma = false;
		} else if (s->open && at_byte(*rest, ']')) {
			s->open = s->due = false;
			if (s->comma)
				return bad(rest, 1, item);
		} else if (s->open && at_byte(*rest, ',')) {
			if (!s->due)
				return bad(rest, 1, item);
			s->due = false;
			s->comma = true;
		} else {
			return JSONSEQ_ITEM;
		}
		*rest = sv_skip(*rest, 1);
	}
}

/* Could v, where a value was expected and none found, become one? */
static bool
is_cut(sv v)
{
	static const char *const words[] = { "true", "false", "null" };

	for (size_t i = 0; i < countof(words); i++)
		if (sv_starts(sv_str(words[i]), v))
			return true;
	return false;
}

static bool
is_scalar(const struct json_value *v)
{
	return v->kind != JSON_STRING && v->kind != JSON_OBJECT &&
	    v->kind != JSON_ARRAY;
}

/* JSONSEQ_BAD: not JSON; JSONSEQ_MORE: not yet. Looks at one byte more than an
 * item may have, so that every way of getting the bytes tells the same. */
static enum jsonseq_result
try_value(const struct jsonseq *s, sv rest, bool eof, struct json_value *item)
{
	sv look = sv_take(rest, s->limit + 1), after = look;
	bool last = eof && look.n == rest.n;

	if (!json_value(&after, item))
		return is_cut(after) && !last ? JSONSEQ_MORE : JSONSEQ_BAD;
	if (!is_scalar(item))
		return JSONSEQ_ITEM;
	/* A number or word ends only where something else begins. */
	if (after.n == 0)
		return last ? JSONSEQ_ITEM : JSONSEQ_MORE;
	return is_blank(after.p[0]) || at_byte(after, ',') ||
	    at_byte(after, ']') ? JSONSEQ_ITEM : JSONSEQ_BAD;
}

enum jsonseq_result
jsonseq_next(struct jsonseq *s, sv *rest, bool eof, struct json_value *item,
    size_t *skipped)
{
	enum jsonseq_result res = JSONSEQ_ITEM;

	assert(s->limit && s->limit < SIZE_MAX);
	*skipped = 0;
	if (s->skip != JSONSEQ_SKIP_NONE)
		res = skip_on(s, rest, eof, item);
	if (res == JSONSEQ_ITEM)
		res = find_item(s, rest, eof, item, skipped);
	if (res != JSONSEQ_ITEM)
		return res;
	res = s->due ? JSONSEQ_BAD : try_value(s, *rest, eof, item);
	if (res == JSONSEQ_MORE && rest->n <= s->limit)
		return res;
	s->due = s->open;
	s->comma = false;
	if (res == JSONSEQ_ITEM && item->raw.n <= s->limit) {
		*rest = sv_skip(*rest, item->raw.n);
		return res;
	}
	s->skip = res == JSONSEQ_BAD && !s->open ? JSONSEQ_SKIP_LINE :
	    JSONSEQ_SKIP_ITEM;
	return skip_on(s, rest, eof, item);
}
