/* SPDX-License-Identifier: MIT */
#include "base/jsonw.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/lanes.h"
#include "base/utc.h"
#include "base/utf8.h"

/*
 * What a byte may start: 0 is itself, E must be escaped, X is no ASCII and
 * decided by the character it is part of.
 */
enum { E = 1, X = 2 };

#define FOUR(x) x, x, x, x
#define SIXTEEN(x) FOUR(x), FOUR(x), FOUR(x), FOUR(x)

static const uint8_t class_of[256] = {
	SIXTEEN(E), SIXTEEN(E),
	0, 0, E, 0, 0, 0, E, 0, FOUR(0), FOUR(0), /* '"' and '&' */
	FOUR(0), FOUR(0), FOUR(0), E, 0, E, 0,    /* '<' and '>' */
	SIXTEEN(0),
	FOUR(0), FOUR(0), FOUR(0), E, 0, 0, 0,    /* backslash */
	SIXTEEN(0),
	FOUR(0), FOUR(0), FOUR(0), 0, 0, 0, E,    /* DEL */
	SIXTEEN(X), SIXTEEN(X), SIXTEEN(X), SIXTEEN(X),
	SIXTEEN(X), SIXTEEN(X), SIXTEEN(X), SIXTEEN(X),
};

static void
put_hex(struct buf *b, uint32_t v, int digits)
{
	static const char digit[] = "0123456789abcdef";

	while (digits-- > 0)
		buf_byte(b, digit[v >> (4 * digits) & 15]);
}

static void
put_u(struct buf *b, uint32_t unit)
{
	buf_lit(b, "\\u");
	put_hex(b, unit, 4);
}

static void
put_escaped(struct buf *b, uint32_t c)
{
	if (c == '"' || c == '\\') {
		buf_byte(b, '\\');
		buf_byte(b, (char)c);
	} else if (c > 0xffff) {
		put_u(b, 0xd7c0 + (c >> 10));
		put_u(b, 0xdc00 + (c & 0x3ff));
	} else {
		put_u(b, c);
	}
}

/* Length of the character of several bytes that v starts with when it may stay
 * as it is, else 0. */
static size_t
plain_char(sv v)
{
	uint32_t cp;
	size_t len = utf8_decode(v, &cp);

	return len > 1 && !utf8_is_unsafe(cp) ? len : 0;
}

/* Writes the character or stray byte that v starts with in its escaped form;
 * returns how many bytes of v that was. */
static size_t
put_special(struct buf *b, sv v)
{
	unsigned char c = (unsigned char)v.p[0];
	uint32_t cp = c;
	size_t len = class_of[c] == E ? 1 : utf8_decode(v, &cp);

	if (len) {
		put_escaped(b, cp);
		return len;
	}
	buf_lit(b, "\\\\x");
	put_hex(b, c, 2);
	return 1;
}

/* The bytes whose class is not 0. '<' and '>', '"' and '&' differ in one bit
 * each. */
static inline lane_marks
marks_of(lanes x)
{
	lanes angle = lanes_equal_but(x, 2, '>');
	lanes quote = lanes_equal_but(x, 4, '&');
	lanes slash = lanes_equal(x, '\\');
	lanes control = lanes_or(lanes_less_or_wide(x, ' '),
	    lanes_equal(x, 0x7f));

	return lanes_marks(lanes_or(lanes_or(angle, quote),
	    lanes_or(slash, control)));
}

static inline bool
is_plain_word(uint64_t x)
{
	return marks_of(lanes_of(x)) == 0;
}

enum { SHORT = 16 };

/* Copies n < SHORT bytes if all are of class 0, in two pieces that may overlap. */
static attr_inline bool
put_short(char *to, const char *p, size_t n)
{
	uint32_t head, tail;

	if (n >= 8) {
		if (!is_plain_word(swar_load(p)) ||
		    !is_plain_word(swar_load(p + n - 8)))
			return false;
		memcpy(to, p, 8);
		memcpy(to + n - 8, p + n - 8, 8);
		return true;
	}
	if (n >= 4) {
		memcpy(&head, p, 4);
		memcpy(&tail, p + n - 4, 4);
		memcpy(to, &head, 4);
		memcpy(to + n - 4, &tail, 4);
		return is_plain_word((uint64_t)head << 32 | tail);
	}
	for (size_t i = 0; i < n; i++) {
		if (class_of[(unsigned char)p[i]])
			return false;
		to[i] = p[i];
	}
	return true;
}

/* Copies the front of p..end that is of class 0; returns where it ends. Behind
 * it in `to`, but within the length of p..end, there may be anything. */
static inline const char *
put_plain(char *to, const char *p, const char *end)
{
	for (; end - p >= LANES; p += LANES, to += LANES) {
		lane_marks marks = marks_of(lanes_load(p));

		memcpy(to, p, LANES);
		if (marks)
			return p + lanes_first(marks);
	}
	if (put_short(to, p, (size_t)(end - p)))
		return end;
	while (class_of[(unsigned char)*p] == 0)
		*to++ = *p++;
	return p;
}

/* Quotes and backslashes, which stay behind a backslash. */
static inline lane_marks
quotes_of(lanes x)
{
	return lanes_marks(lanes_or(lanes_within(x, '"', '"'),
	    lanes_within(x, '\\', '\\')));
}

/* Copies LANES bytes, of which these are all that is of a class, of twice as many at
 * least; returns where the copy ends. */
static inline char *
put_quotes(char *to, const char *p, lane_marks quotes)
{
	const char *end = p + LANES;

	while (quotes) {
		size_t n = lanes_first(quotes);

		memcpy(to, p, LANES);
		to += n;
		p += n;
		*to++ = '\\';
		*to++ = *p++;
		quotes = lanes_behind(quotes, n);
	}
	memcpy(to, p, LANES);
	return to + (end - p);
}

/* As put_plain(), and quotes and backslashes. */
static const char *
put_common(struct buf *b, const char *p, const char *end)
{
	/* invariant: room for twice what is left */
	char *to = buf_reserve(b, 2 * (size_t)(end - p));

	for (; end - p >= 2 * LANES; p += LANES) {
		lanes x = lanes_load(p);
		lane_marks quotes = quotes_of(x);

		if (marks_of(x) & ~quotes)
			break;
		to = put_quotes(to, p, quotes);
	}
	for (;;) {
		const char *q = put_plain(to, p, end);

		to += q - p;
		p = q;
		if (p == end || (*p != '"' && *p != '\\'))
			break;
		*to++ = '\\';
		*to++ = *p++;
	}
	b->n = (size_t)(to - b->p);
	return p;
}

/* A text that is not short, or not plain. */
static attr_apart void
put_text(struct buf *b, sv v)
{
	const char *p = v.p, *end = p + v.n;

	buf_byte(b, '"');
	while (p < end && (p = put_common(b, p, end)) < end) {
		sv rest = sv_of(p, (size_t)(end - p));
		size_t len = plain_char(rest);

		if (len)
			buf_mem(b, p, len);
		p += len ? len : put_special(b, rest);
	}
	buf_byte(b, '"');
}

void
jsonw_text(struct buf *b, sv v)
{
	char *to;

	if (v.n < SHORT) {
		to = buf_reserve(b, SHORT + 2);
		to[0] = '"';
		if (likely(put_short(to + 1, v.p, v.n))) {
			to[v.n + 1] = '"';
			b->n += v.n + 2;
			return;
		}
	}
	put_text(b, v);
}

/* 2^53: up to here every whole double is exact and shortest as an integer. */
static const double exact_max = 9007199254740992.0;

void
jsonw_double(struct buf *b, double d)
{
	char text[32];
	/* 15 digits always survive a double that is not subnormal. */
	int digits = fabs(d) < DBL_MIN ? 1 : DBL_DIG;

	assert(isfinite(d));
	if (fabs(d) < exact_max && floor(d) == d) {
		buf_i64(b, (int64_t)d);
		return;
	}
	do
		snprintf(text, sizeof(text), "%.*g", digits++, d);
	while (digits <= DBL_DECIMAL_DIG && strtod(text, NULL) != d);
	buf_str(b, text);
}

/* A decimal number in its shortest form, in two parts. */
struct decimal {
	bool minus;
	sv whole, part; /* without zeros in front and behind */
};

static size_t
count_digits(sv v)
{
	size_t n = 0;

	while (n < v.n && is_digit(v.p[n]))
		n++;
	return n;
}

/* "-12.50". False: it is none, or one that jsonw_double may write in another
 * way, for it has more digits than a double surely keeps, or is so small that it
 * has an exponent. */
static bool
read_decimal(sv v, struct decimal *d)
{
	d->minus = sv_skip_lit(&v, SV("-"));
	d->whole = sv_cut_n(&v, count_digits(v));
	d->part = SV("");
	if (d->whole.n == 0)
		return false;
	if (sv_skip_lit(&v, SV(".")) && v.n)
		d->part = sv_cut_n(&v, count_digits(v));
	else if (v.p[-1] == '.')
		return false;
	while (sv_starts(d->whole, SV("0")))
		d->whole = sv_skip(d->whole, 1);
	while (sv_ends(d->part, SV("0")))
		d->part.n--;
	return v.n == 0 && d->whole.n + d->part.n <= DBL_DIG &&
	    !(d->whole.n == 0 && sv_starts(d->part, SV("0000")));
}

static void
put_decimal(struct buf *b, const struct decimal *d)
{
	if (d->minus && (d->whole.n || d->part.n))
		buf_byte(b, '-');
	buf_add(b, d->whole.n ? d->whole : SV("0"));
	if (d->part.n)
		buf_byte(b, '.');
	buf_add(b, d->part);
}

/* Every value ends here once, so `first` is false after it. */
static void
begin(struct jsonw *w)
{
	if (!w->first)
		buf_byte(w->b, ',');
	w->first = false;
}

void
jsonw_open(struct jsonw *w, char bracket)
{
	assert(bracket == '{' || bracket == '[');
	begin(w);
	buf_byte(w->b, bracket);
	w->first = true;
}

void
jsonw_close(struct jsonw *w, char bracket)
{
	assert(bracket == '}' || bracket == ']');
	buf_byte(w->b, bracket);
	w->first = false;
}

void
jsonw_key(struct jsonw *w, sv key)
{
	begin(w);
	jsonw_text(w->b, key);
	buf_byte(w->b, ':');
	w->first = true; /* no comma between a key and its value */
}

void
jsonw_name(struct jsonw *w, sv quoted)
{
	begin(w);
	buf_add(w->b, quoted);
	w->first = true;
}

void
jsonw_sv(struct jsonw *w, sv v)
{
	if (sv_null(v)) {
		jsonw_null(w);
		return;
	}
	begin(w);
	jsonw_text(w->b, v);
}

void
jsonw_svs(struct jsonw *w, const sv *v, size_t n)
{
	jsonw_open(w, '[');
	for (size_t i = 0; i < n; i++)
		jsonw_sv(w, v[i]);
	jsonw_close(w, ']');
}

void
jsonw_i64(struct jsonw *w, int64_t v)
{
	begin(w);
	buf_i64(w->b, v);
}

void
jsonw_real(struct jsonw *w, double v)
{
	if (!isfinite(v)) {
		jsonw_null(w);
		return;
	}
	begin(w);
	jsonw_double(w->b, v);
}

bool
jsonw_decimal(struct jsonw *w, sv number)
{
	struct decimal d;
	double v;

	if (!read_decimal(number, &d)) {
		if (!sv_to_double(number, &v))
			return false;
		jsonw_real(w, v);
		return true;
	}
	begin(w);
	put_decimal(w->b, &d);
	return true;
}

void
jsonw_bool(struct jsonw *w, bool v)
{
	begin(w);
	buf_add(w->b, v ? SV("true") : SV("false"));
}

void
jsonw_null(struct jsonw *w)
{
	begin(w);
	buf_lit(w->b, "null");
}

void
jsonw_raw(struct jsonw *w, sv json)
{
	begin(w);
	buf_add(w->b, json);
}

void
jsonw_utc(struct jsonw *w, int64_t us)
{
	if (us == UTC_NONE) {
		jsonw_null(w);
		return;
	}
	begin(w);
	buf_byte(w->b, '"');
	utc_write(w->b, us);
	buf_byte(w->b, '"');
}
