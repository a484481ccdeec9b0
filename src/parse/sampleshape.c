/* SPDX-License-Identifier: MIT */
#include "parse/sampleshape.h"

#include <float.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/near.h"

/* --- learning --- */

void
sampleshape_clear(struct sampleshape *s)
{
	s->n = s->nline = s->nnames = 0;
}

static bool
add_line(struct sampleshape *s, sv text)
{
	if (text.n > (size_t)SAMPLESHAPE_TEXT - s->nline)
		return false;
	memcpy(s->line + s->nline, text.p, text.n);
	s->nline = (uint16_t)(s->nline + text.n);
	return true;
}

bool
sampleshape_number(struct sampleshape *s, sv before)
{
	if (s->n == SAMPLESHAPE_ITEMS || !add_line(s, before))
		return false;
	s->at[s->n++] = s->nline;
	return true;
}

bool
sampleshape_end(struct sampleshape *s, sv behind, sv names)
{
	if (names.n > SAMPLESHAPE_TEXT || !add_line(s, behind))
		return false;
	memcpy(s->names, names.p, names.n);
	s->nnames = (uint16_t)names.n;
	return true;
}

/* --- numbers --- */

static const char *
skip_digits(const char *p, const char *end)
{
	while (p < end && is_digit(*p))
		p++;
	return p;
}

/* Moves *p behind a number; returns where it ends in its shortest form, which
 * begins like it. NULL: it is none, or one for take_number. */
static const char *
cut_plain(const char **p, const char *end)
{
	const char *start = *p + (*p < end && **p == '-'), *q = start, *last;

	q = skip_digits(q, end);
	last = q;
	if (q == start || (*start == '0' && (q > start + 1 || start > *p)))
		return NULL;
	if (q < end && *q == '.') {
		*p = ++q;
		q = skip_digits(q, end);
		if (q == *p)
			return NULL;
		for (last = q; last[-1] == '0';)
			last--;
		last -= last[-1] == '.';
	}
	*p = q;
	/* what has more digits than a double keeps, or an exponent */
	return q - start > DBL_DIG || (last - start > 5 &&
	    memcmp(start, "0.0000", 6) == 0) ? NULL : last;
}

_Static_assert(LANES <= DBL_DIG + 1, "as many digits as a double keeps");

/* The same of a usual number, without a branch on how long it is; NULL may only
 * mean that it is none. LANES bytes can be read. */
static attr_inline const char *
cut_usual(const char **p)
{
	const char *start = *p;
	lanes x = lanes_load(start);
	lane_marks others = lanes_others(lanes_marks(lanes_within(x, '0', '9')));
	size_t whole, n, last;

	if (others == 0)
		return NULL;
	n = last = whole = lanes_first(others);
	if (start[whole] == '.') {
		others &= others - 1;
		if (others == 0)
			return NULL;
		n = lanes_first(others);
		last = lanes_end(lanes_marks(lanes_within(x, '1', '9')) &
		    lanes_below(n));
		last = last > whole ? last : whole;
	}
	if (whole == 0 || n == whole + 1 || (start[0] == '0' && (whole > 1 ||
	    (last > 5 && near_starts(start, SV("0.0000"))))))
		return NULL;
	*p += n;
	return start + last;
}

static attr_inline const char *
cut_number(const char **p, const char *end)
{
	const char *last = end - *p < LANES ? NULL : cut_usual(p);

	return likely(last != NULL) ? last : cut_plain(p, end);
}

/* A number and a comma; `end` is that of the text it stands in. */
static attr_inline char *
put_value(char *to, sv number, const char *end)
{
	if (end - number.p < SAMPLESHAPE_VALUE)
		memcpy(to, number.p, number.n);
	else
		memcpy(to, number.p, SAMPLESHAPE_VALUE);
	to += number.n;
	*to++ = ',';
	return to;
}

/* --- */

/* `values`: NULL when nobody wants them. */
static attr_inline size_t
match(const struct sampleshape *s, sv text, char **values)
{
	const char *p = text.p, *end = p + text.n;
	char *to = values ? *values : NULL;
	unsigned numbers = s->n; /* no byte written is known not to be of it */
	size_t done = 0;

	for (unsigned i = 0; i < numbers; i++) {
		size_t n = s->at[i] - done;
		const char *number, *last;

		if (!near_begins(sv_of(p, (size_t)(end - p)), s->line + done, n))
			return 0;
		number = p += n;
		last = cut_number(&p, end);
		if (last == NULL)
			return 0;
		if (values)
			to = put_value(to, sv_of(number, (size_t)(last -
			    number)), end);
		done = s->at[i];
	}
	if (!near_begins(sv_of(p, (size_t)(end - p)), s->line + done,
	    s->nline - done))
		return 0;
	if (values)
		*values = to;
	return (size_t)(p - text.p) + s->nline - done;
}

size_t
sampleshape_length(const struct sampleshape *s, sv text)
{
	return match(s, text, NULL);
}

size_t
sampleshape_fill(const struct sampleshape *s, sv text, char **values)
{
	return match(s, text, values);
}
