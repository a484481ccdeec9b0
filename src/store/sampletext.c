/* SPDX-License-Identifier: MIT */
#include "store/sampletext.h"

#include "base/ascii.h"

/* Takes a string off the front. */
static bool
cut_string(sv *rest, sv *out)
{
	size_t i = 1;

	if (!sv_starts(*rest, SV("\"")))
		return false;
	for (; i < rest->n && rest->p[i] != '"'; i++)
		if (rest->p[i] == '\\')
			i++;
	if (i >= rest->n)
		return false;
	*out = sv_take(*rest, i + 1);
	*rest = sv_skip(*rest, i + 1);
	return true;
}

static bool
cut_number(sv *rest, sv *out)
{
	size_t n = 0;

	while (n < rest->n && (is_digit(rest->p[n]) || rest->p[n] == '-' ||
	    rest->p[n] == '+' || rest->p[n] == '.' || rest->p[n] == 'e' ||
	    rest->p[n] == 'E'))
		n++;
	*out = sv_take(*rest, n);
	*rest = sv_skip(*rest, n);
	return n > 0;
}

/* name, value and what follows up to the bracket, which is taken too. */
static bool
split_sample(sv *rest, struct buf *names, struct buf *values)
{
	sv name, value, unit;

	if (!sv_skip_lit(rest, SV("[")) || !cut_string(rest, &name) ||
	    !sv_skip_lit(rest, SV(",")) ||
	    !(cut_string(rest, &value) || cut_number(rest, &value)))
		return false;
	buf_byte(names, '[');
	buf_add(names, name);
	buf_lit(names, ",0");
	buf_add(values, value);
	while (sv_skip_lit(rest, SV(","))) {
		if (!cut_string(rest, &unit))
			return false;
		buf_byte(names, ',');
		buf_add(names, unit);
	}
	buf_byte(names, ']');
	return sv_skip_lit(rest, SV("]"));
}

bool
sampletext_split(sv text, struct buf *names, struct buf *values)
{
	char between = '[';

	buf_clear(names);
	buf_clear(values);
	if (!sv_skip_lit(&text, SV("[")))
		return false;
	do {
		buf_byte(names, between);
		buf_byte(values, between);
		if (!split_sample(&text, names, values))
			return false;
		between = ',';
	} while (sv_skip_lit(&text, SV(",")));
	buf_byte(names, ']');
	buf_byte(values, ']');
	return sv_is(text, "]");
}
