/* SPDX-License-Identifier: MIT */
#include "parse/sampleline.h"

#include <float.h>
#include <string.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/near.h"
#include "parse/sampleshape.h"

enum {
	MORE = 32 /* bytes of a text above those of the line */
};

/* A sample: views into the line. */
struct item {
	sv name, unit;
	sv number;      /* as it is written: */
	bool minus;
	sv whole, part; /* without zeros in front and behind */
};

static inline sv
cut_name(sv *rest)
{
	return sv_cut_n(rest, (size_t)(near_name_end(rest->p, rest->p +
	    rest->n) - rest->p));
}

static inline sv
cut_digits(sv *rest)
{
	size_t n = 0;

	while (n < rest->n && is_digit(rest->p[n]))
		n++;
	return sv_cut_n(rest, n);
}

static inline sv
cut_unit(sv *rest)
{
	size_t n = 0;

	while (n < rest->n && (is_alpha(rest->p[n]) || rest->p[n] == '%'))
		n++;
	return sv_cut_n(rest, n);
}

/* "-12.50". False: it is none, or one that needs a double to be written as
 * jsonw_decimal does. */
static inline bool
take_number(sv *rest, struct item *t)
{
	t->minus = sv_skip_lit(rest, SV("-"));
	t->whole = cut_digits(rest);
	t->part = SV("");
	if (t->whole.n == 0)
		return false;
	if (sv_skip_lit(rest, SV("."))) {
		t->part = cut_digits(rest);
		if (t->part.n == 0)
			return false;
	}
	while (t->whole.n && t->whole.p[0] == '0')
		t->whole = sv_skip(t->whole, 1);
	while (t->part.n && t->part.p[t->part.n - 1] == '0')
		t->part.n--;
	t->minus &= t->whole.n + t->part.n > 0;
	return t->whole.n + t->part.n <= DBL_DIG &&
	    !(t->whole.n == 0 && sv_starts(t->part, SV("0000")));
}

/* What is behind "sample#", to the end of the pair. A letter e behind a number may
 * be of its exponent. */
static bool
take_sample(sv *rest, struct item *t)
{
	t->name = cut_name(rest);
	if (t->name.n == 0 || !sv_skip_lit(rest, SV("=")))
		return false;
	t->number = *rest;
	if (!take_number(rest, t))
		return false;
	t->number.n -= rest->n;
	t->unit = cut_unit(rest);
	return t->unit.n == 0 || to_lower(t->unit.p[0]) != 'e';
}

/* The value of one of them, the first and only. */
static bool
take_about(sv *rest, sv *out)
{
	sv val = cut_name(rest);

	if (!sv_null(*out) || val.n == 0)
		return false;
	*out = val;
	return true;
}

static bool
take_other(sv *rest, struct metric *m)
{
	if (sv_skip_lit(rest, SV("source=")))
		return take_about(rest, &m->subject);
	if (sv_skip_lit(rest, SV("dyno=")))
		return take_about(rest, &m->instance);
	return sv_skip_lit(rest, SV("addon=")) && take_about(rest, &m->addon);
}

/* --- the texts ------------------------------------------------------------ */

/* invariant: there is room for what the rest of the line can add */
static inline char *
put(char *to, sv v)
{
	if (v.n)
		memcpy(to, v.p, v.n);
	return to + v.n;
}

static inline char *
put_number(char *to, const struct item *t)
{
	if (t->minus)
		*to++ = '-';
	to = put(to, t->whole.n ? t->whole : SV("0"));
	if (t->part.n)
		*to++ = '.';
	return put(to, t->part);
}

/* Where the next byte of each goes. */
struct pen {
	char *names, *values;
};

/* One more item of both lists, and a comma behind it. */
static inline void
put_item(struct pen *pen, const struct item *t)
{
	char *to = put(pen->names, SV("[\""));

	to = put(to, t->name);
	to = put(to, SV("\",0,\""));
	to = put(to, t->unit);
	pen->names = put(to, SV("\"],"));
	to = put_number(pen->values, t);
	*to = ',';
	pen->values = to + 1;
}

/* --- lines of one shape --------------------------------------------------- */

/* Of lines that are the same from the first sample on, but for numbers. */
static struct sampleshape *
find_shape(sv samples)
{
	static _Thread_local struct sampleshape shapes[SAMPLESHAPES];

	return sampleshape_place(shapes, samples, strlen("sample#"));
}

static bool
learn_items(struct sampleshape *s, sv samples, sv names)
{
	sv rest = samples, done = samples;

	do {
		struct item t;

		if (!sv_skip_lit(&rest, SV("sample#")) ||
		    !take_sample(&rest, &t) ||
		    !sampleshape_number(s, sv_take(done, (size_t)(t.number.p -
		    done.p))))
			return false;
		done = sv_skip(t.number, t.number.n);
		done.n = (size_t)(samples.p + samples.n - done.p);
	} while (sv_skip_lit(&rest, SV(" ")));
	return sampleshape_end(s, done, names);
}

/* What was read of these samples. */
static void
learn(struct sampleshape *s, sv samples, sv names)
{
	sampleshape_clear(s);
	if (!learn_items(s, samples, names))
		sampleshape_clear(s);
}

/* --- */

/* Pairs before the first sample. */
static bool
take_head(sv *rest, struct metric *out)
{
	while (!sv_starts(*rest, SV("sample#")))
		if (!take_other(rest, out) || !sv_skip_lit(rest, SV(" ")))
			return false;
	return true;
}

/* Pair after pair to the end. */
static bool
take_pairs(sv rest, struct metric *out, struct pen *pen)
{
	struct item t;

	do {
		if (!sv_skip_lit(&rest, SV("sample#"))) {
			if (!take_other(&rest, out))
				return false;
			continue;
		}
		if (!take_sample(&rest, &t))
			return false;
		put_item(pen, &t);
		out->samples++;
	} while (sv_skip_lit(&rest, SV(" ")));
	pen->names[-1] = ']'; /* was a comma */
	return rest.n == 0;
}

static bool
take_samples(sv samples, struct metric *out, struct pen *pen)
{
	struct sampleshape *s = find_shape(samples);
	struct pen start = *pen;

	if (samples.n && sampleshape_fill(s, samples, &pen->values) == samples.n) {
		pen->names = put(pen->names, sv_of(s->names, s->nnames));
		out->samples = s->n;
		return true;
	}
	*pen = start;
	*pen->names++ = '[';
	if (!take_pairs(samples, out, pen))
		return false;
	learn(s, samples, sv_of(start.names, (size_t)(pen->names -
	    start.names)));
	return true;
}

bool
sampleline_is_known(sv message)
{
	struct metric about = { .subject = SV_NULL };

	return take_head(&message, &about) && message.n &&
	    sampleshape_length(find_shape(message), message) == message.n;
}

bool
sampleline_parse(sv message, struct arena *a, struct metric *out,
    struct sampleline *text)
{
	struct arena_mark mark = arena_mark(a);
	size_t room = message.n + MORE;
	char *names, *values;
	struct pen pen;

	*out = (struct metric){ .subject = SV_NULL };
	if (!take_head(&message, out))
		return false;
	names = arena_bytes(a, 2 * room);
	values = names + room;
	*values = '[';
	pen = (struct pen){ names, values + 1 };
	if (!take_samples(message, out, &pen)) {
		arena_rewind(a, mark);
		return false;
	}
	pen.values[-1] = ']';
	text->names = sv_of(names, (size_t)(pen.names - names));
	text->values = sv_of(values, (size_t)(pen.values - values));
	return true;
}

/* Up to the first c from *p on, or the byte at `end`, and with it. */
static inline char *
put_through(char *to, const char **p, const char *end, char c)
{
	const char *start = *p;

	*p = near_byte(start, end, c) + 1;
	return put(to, sv_of(start, (size_t)(*p - start)));
}

/* No name or unit has a comma or bracket. */
void
sampleline_write(struct buf *b, const struct sampleline *text)
{
	const char *name = text->names.p, *names = name + text->names.n;
	const char *value = text->values.p + 1;
	const char *values = text->values.p + text->values.n - 1;
	char *start = buf_reserve(b, text->names.n + text->values.n), *to = start;

	while (value < values) {
		to = put_through(to, &name, names, ',');
		to = put_through(to, &value, values, ',');
		to[-1] = ','; /* of the last it was the bracket */
		name += 2;    /* "0," */
		to = put_through(to, &name, names, ']');
		to = put(to, sv_of(name, 1)); /* a comma, or the last bracket */
		name++;
	}
	b->n += (size_t)(to - start);
}
