/* SPDX-License-Identifier: MIT */
#include "store/sampletext.h"

#include "base/ascii.h"

/* The text, and how far it was read. */
struct at {
	sv text;
	size_t i;
};

static bool
skip(struct at *a, char c)
{
	if (a->i == a->text.n || a->text.p[a->i] != c)
		return false;
	a->i++;
	return true;
}

static bool
skip_string(struct at *a)
{
	if (!skip(a, '"'))
		return false;
	for (; a->i < a->text.n; a->i++) {
		if (a->text.p[a->i] == '"')
			return skip(a, '"');
		if (a->text.p[a->i] == '\\')
			a->i++;
	}
	return false;
}

static bool
is_number_byte(char c)
{
	return is_digit(c) || c == '-' || c == '+' || c == '.' || c == 'e' ||
	    c == 'E';
}

static bool
skip_number(struct at *a)
{
	size_t from = a->i;

	while (a->i < a->text.n && is_number_byte(a->text.p[a->i]))
		a->i++;
	return a->i > from;
}

/* One of the list; where its value is. */
static bool
skip_sample(struct at *a, size_t *from, size_t *to)
{
	if (!skip(a, '[') || !skip_string(a) || !skip(a, ','))
		return false;
	*from = a->i;
	if (!skip_string(a) && !skip_number(a))
		return false;
	*to = a->i;
	while (skip(a, ','))
		if (!skip_string(a))
			return false;
	return skip(a, ']');
}

bool
sampletext_split(sv text, struct buf *names, struct buf *values)
{
	struct at a = { text, 0 };
	size_t from, to, done = 0;
	char between = '[';

	buf_clear(names);
	buf_clear(values);
	if (!skip(&a, '['))
		return false;
	do {
		if (!skip_sample(&a, &from, &to))
			return false;
		buf_mem(names, text.p + done, from - done);
		buf_byte(names, '0');
		done = to;
		buf_byte(values, between);
		buf_mem(values, text.p + from, to - from);
		between = ',';
	} while (skip(&a, ','));
	if (!skip(&a, ']') || a.i != text.n)
		return false;
	buf_mem(names, text.p + done, text.n - done);
	buf_byte(values, ']');
	return true;
}
