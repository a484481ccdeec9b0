/* SPDX-License-Identifier: MIT */
#include "parse/json.h"

#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/ascii.h"
#include "base/attr.h"
#include "base/swar.h"

static inline bool
is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static inline void
skip_blanks(sv *r)
{
	if (likely(r->n && (unsigned char)r->p[0] > ' '))
		return;
	while (r->n && is_blank(r->p[0]))
		*r = sv_skip(*r, 1);
}

static inline bool
at_byte(sv r, char c)
{
	return r.n && r.p[0] == c;
}

#if defined(__SSE2__)
enum { LANES = 16 };

typedef unsigned lanes; /* a bit each */

static inline size_t
first_lane(lanes marks)
{
	return swar_low_bit(marks);
}

/* Of p[0..LANES) those that need a look. */
static inline lanes
marks_of(const char *p)
{
	const __m128i control = _mm_set1_epi8(0x1f);
	__m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i quote = _mm_cmpeq_epi8(x, _mm_set1_epi8('"'));
	__m128i slash = _mm_cmpeq_epi8(x, _mm_set1_epi8('\\'));
	__m128i low = _mm_cmpeq_epi8(_mm_min_epu8(x, control), x);

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(low,
	    _mm_or_si128(quote, slash)));
}
#else
enum { LANES = 8 };

typedef uint64_t lanes; /* a byte each, see swar.h */

static inline size_t
first_lane(lanes marks)
{
	return swar_first(marks);
}

static inline lanes
marks_of(const char *p)
{
	uint64_t x = swar_load(p);

	return swar_equal(x, '"') | swar_equal(x, '\\') | swar_less(x, 0x20);
}
#endif

/* Where the front of p..end ends that needs no look inside a string: at a
 * quote, a backslash or a control byte. */
static inline const char *
plain_end(const char *p, const char *end)
{
	for (; end - p >= LANES; p += LANES) {
		lanes marks = marks_of(p);

		if (marks)
			return p + first_lane(marks);
	}
	while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
		p++;
	return p;
}

static bool
read_hex4(sv *r, uint32_t *out)
{
	*out = 0;
	for (int i = 0; i < 4; i++) {
		int d = r->n ? hex_value(r->p[0]) : -1;

		if (d < 0)
			return false;
		*out = *out << 4 | (uint32_t)d;
		*r = sv_skip(*r, 1);
	}
	return true;
}

static const char escape_name[] = "\"\\/bfnrt";
static const char escape_byte[] = "\"\\/\b\f\n\r\t";
_Static_assert(sizeof(escape_name) == sizeof(escape_byte), "a byte per name");

/* What follows a backslash. */
static bool
read_escape(sv *r)
{
	uint32_t unit;

	if (sv_skip_lit(r, SV("u")))
		return read_hex4(r, &unit);
	if (r->n == 0 || sv_find_byte(SV(escape_name), r->p[0]) == 8)
		return false;
	*r = sv_skip(*r, 1);
	return true;
}

/* A string whose opening quote is the first byte. */
static inline bool
read_string(sv *r, bool *esc)
{
	const char *end = r->p + r->n, *p = plain_end(r->p + 1, end);

	*esc = false;
	while (unlikely(p < end && *p == '\\')) {
		*r = sv_of(p + 1, (size_t)(end - p - 1));
		*esc = true;
		if (!read_escape(r))
			return false;
		p = plain_end(r->p, end);
	}
	*r = sv_of(p, (size_t)(end - p));
	return sv_skip_lit(r, SV("\""));
}

static inline bool
skip_digits(sv *r)
{
	size_t i = 0;

	while (i < r->n && is_digit(r->p[i]))
		i++;
	*r = sv_skip(*r, i);
	return i > 0;
}

static bool
read_number(sv *r)
{
	sv_skip_lit(r, SV("-"));
	if (!sv_skip_lit(r, SV("0")) && !skip_digits(r))
		return false;
	if (sv_skip_lit(r, SV(".")) && !skip_digits(r))
		return false;
	if (!at_byte(*r, 'e') && !at_byte(*r, 'E'))
		return true;
	*r = sv_skip(*r, 1);
	if (at_byte(*r, '+') || at_byte(*r, '-'))
		*r = sv_skip(*r, 1);
	return skip_digits(r);
}

/* A value that holds no other. */
static inline bool
read_scalar(sv *r, struct json_value *v)
{
	sv start = *r;
	bool ok;

	v->esc = false;
	if (at_byte(*r, '"')) {
		v->kind = JSON_STRING;
		ok = read_string(r, &v->esc);
	} else if (r->n && is_digit(r->p[0])) {
		v->kind = JSON_NUMBER;
		ok = read_number(r);
	} else if (sv_skip_lit(r, SV("true")) || sv_skip_lit(r, SV("false"))) {
		v->kind = JSON_BOOL;
		ok = true;
	} else if (sv_skip_lit(r, SV("null"))) {
		v->kind = JSON_NULL;
		ok = true;
	} else {
		v->kind = JSON_NUMBER;
		ok = read_number(r);
	}
	v->raw = sv_take(start, start.n - r->n);
	return ok;
}

static inline const char *
digits_end(const char *p, const char *end)
{
	while (p < end && is_digit(*p))
		p++;
	return p;
}

/* Where a number ends that begins with a digit from 1 to 9 and has no exponent, as
 * most are; NULL: it is another one, or none. */
static inline const char *
number_end(const char *p, const char *end)
{
	const char *dot;

	if (*p < '1' || *p > '9')
		return NULL;
	p = digits_end(p, end);
	if (p < end && *p == '.') {
		dot = p;
		p = digits_end(p + 1, end);
		if (p == dot + 1)
			return NULL;
	}
	return p < end && (*p == 'e' || *p == 'E') ? NULL : p;
}

/* Most are strings without an escape, or numbers. */
bool
json_scalar(sv *rest, struct json_value *v)
{
	const char *start = rest->p, *end = start + rest->n, *p;

	if (rest->n == 0)
		return false;
	if (*start == '"') {
		p = plain_end(start + 1, end);
		p = p < end && *p == '"' ? p + 1 : NULL;
		v->kind = JSON_STRING;
	} else {
		p = number_end(start, end);
		v->kind = JSON_NUMBER;
	}
	if (p == NULL)
		return read_scalar(rest, v);
	v->raw = sv_of(start, (size_t)(p - start));
	v->esc = false;
	*rest = sv_of(p, (size_t)(end - p));
	return true;
}

/* What is open around the current place: one bit per level, set for an
 * object, the innermost lowest. */
struct nest {
	uint64_t object;
	unsigned depth;
};

_Static_assert(JSON_DEPTH_MAX <= 64, "a bit per level");

static bool
in_object(const struct nest *s)
{
	return s->object & 1;
}

static bool
enter(struct nest *s, sv *r)
{
	if (s->depth == JSON_DEPTH_MAX)
		return false;
	s->object = s->object << 1 | at_byte(*r, '{');
	s->depth++;
	*r = sv_skip(*r, 1);
	skip_blanks(r);
	return true;
}

static void
leave(struct nest *s, sv *r)
{
	s->object >>= 1;
	s->depth--;
	*r = sv_skip(*r, 1);
	skip_blanks(r);
}

static char
closer(const struct nest *s)
{
	return in_object(s) ? '}' : ']';
}

/* A key and its colon, with blanks behind. */
static bool
read_name(sv *r)
{
	bool esc;

	if (!at_byte(*r, '"') || !read_string(r, &esc))
		return false;
	skip_blanks(r);
	if (!sv_skip_lit(r, SV(":")))
		return false;
	skip_blanks(r);
	return true;
}

/* Behind a value: closes what ends here and goes on to the next value, if
 * there is one. */
static bool
read_after(struct nest *s, sv *r)
{
	skip_blanks(r);
	while (s->depth && at_byte(*r, closer(s))) {
		/* invariant: the last bracket keeps the blanks behind it */
		if (s->depth == 1) {
			*r = sv_skip(*r, 1);
			s->depth = 0;
			return true;
		}
		leave(s, r);
	}
	if (s->depth == 0)
		return true;
	if (!sv_skip_lit(r, SV(",")))
		return false;
	skip_blanks(r);
	return !in_object(s) || read_name(r);
}

static bool
read_nested(sv *r)
{
	struct nest s = { 0, 0 };
	struct json_value inner;

	do {
		if (at_byte(*r, '{') || at_byte(*r, '[')) {
			if (!enter(&s, r))
				return false;
			if (!at_byte(*r, closer(&s))) {
				if (in_object(&s) && !read_name(r))
					return false;
				continue;
			}
		} else if (!read_scalar(r, &inner)) {
			return false;
		}
		if (!read_after(&s, r))
			return false;
	} while (s.depth);
	return true;
}

bool
json_value(sv *rest, struct json_value *v)
{
	sv start;

	skip_blanks(rest);
	start = *rest;
	if (!at_byte(start, '{') && !at_byte(start, '['))
		return read_scalar(rest, v);
	v->kind = start.p[0] == '{' ? JSON_OBJECT : JSON_ARRAY;
	v->esc = false;
	if (!read_nested(rest))
		return false;
	v->raw = sv_take(start, start.n - rest->n);
	return true;
}

bool
json_parse(sv text, struct json_value *v)
{
	if (!json_value(&text, v))
		return false;
	skip_blanks(&text);
	return text.n == 0;
}

sv
json_begin(const struct json_value *v)
{
	if (v->kind != JSON_OBJECT && v->kind != JSON_ARRAY)
		return SV_NULL;
	return sv_take(sv_skip(v->raw, 1), v->raw.n - 2);
}

bool
json_item(sv *it, struct json_value *v)
{
	if (!json_value(it, v))
		return false;
	skip_blanks(it);
	sv_skip_lit(it, SV(","));
	return true;
}

bool
json_member(sv *it, struct json_value *key, struct json_value *v)
{
	skip_blanks(it);
	if (!at_byte(*it, '"') || !read_scalar(it, key))
		return false;
	skip_blanks(it);
	return sv_skip_lit(it, SV(":")) && json_item(it, v);
}

void
json_walk(struct json_walk *w, sv object)
{
	*w = (struct json_walk){ .rest = object, .first = true };
	w->bad = !sv_skip_lit(&w->rest, SV("{"));
}

/* Behind the last member: nothing but blanks may follow. */
static void
end_walk(struct json_walk *w)
{
	skip_blanks(&w->rest);
	w->bad = w->rest.n > 0;
}

/* ,"key":"value" without blanks and escapes, as most are. False: it is left to
 * the general reader. */
static inline bool
next_common(struct json_walk *w, struct json_value *key, struct json_value *v)
{
	const char *end = w->rest.p + w->rest.n, *p = w->rest.p, *q;

	p += !w->first;
	if (w->rest.n < 8 || (!w->first && p[-1] != ',') || *p != '"')
		return false;
	q = plain_end(p + 1, end);
	if (end - q < 4 || q[0] != '"' || q[1] != ':' || q[2] != '"')
		return false;
	*key = (struct json_value){ JSON_STRING, sv_of(p, (size_t)(q + 1 - p)),
		false };
	p = q + 2;
	q = plain_end(p + 1, end);
	if (q == end || *q != '"')
		return false;
	*v = (struct json_value){ JSON_STRING, sv_of(p, (size_t)(q + 1 - p)),
		false };
	w->rest = sv_of(q + 1, (size_t)(end - q - 1));
	w->first = false;
	return true;
}

bool
json_next(struct json_walk *w, struct json_value *key, struct json_value *v)
{
	if (w->bad)
		return false;
	if (likely(next_common(w, key, v)))
		return true;
	skip_blanks(&w->rest);
	if (sv_skip_lit(&w->rest, SV("}"))) {
		end_walk(w);
		return false;
	}
	w->bad = true;
	if (!w->first && !sv_skip_lit(&w->rest, SV(",")))
		return false;
	skip_blanks(&w->rest);
	if (!at_byte(w->rest, '"') || !read_scalar(&w->rest, key))
		return false;
	skip_blanks(&w->rest);
	if (!sv_skip_lit(&w->rest, SV(":")) || !json_value(&w->rest, v))
		return false;
	w->first = w->bad = false;
	return true;
}

static size_t
encode(uint32_t c, char out[4])
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const uint32_t lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = n; i-- > 1; c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(lead[n] | c);
	return n;
}

/* The character of a \u escape, "\u" cut off; with its second half if there
 * is one. */
static uint32_t
take_unicode(sv *r)
{
	uint32_t c, low;
	sv after;

	read_hex4(r, &c);
	if (c < 0xd800 || c > 0xdfff)
		return c;
	after = *r;
	if (c < 0xdc00 && sv_skip_lit(&after, SV("\\u")) &&
	    read_hex4(&after, &low) && low >= 0xdc00 && low <= 0xdfff) {
		*r = after;
		return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	}
	return 0xfffd;
}

/* The next plain run, or the bytes of the next escape, which are put into
 * `room`. Empty at the end. */
static sv
take_piece(sv *r, char room[4])
{
	size_t at;

	if (!at_byte(*r, '\\'))
		return sv_cut_n(r, sv_find_byte(*r, '\\'));
	*r = sv_skip(*r, 1);
	if (sv_skip_lit(r, SV("u")))
		return sv_of(room, encode(take_unicode(r), room));
	at = r->n ? sv_find_byte(SV(escape_name), r->p[0]) : 0;
	*r = sv_skip(*r, 1);
	return sv_of(&escape_byte[at], 1);
}

static sv
inner_text(const struct json_value *v)
{
	return sv_take(sv_skip(v->raw, 1), v->raw.n - 2);
}

sv
json_unescape(struct arena *a, const struct json_value *v)
{
	char *p, room[4];
	sv rest = inner_text(v), piece;
	size_t n = 0;

	/* No escape is shorter than what it stands for. */
	p = arena_alloc(a, rest.n);
	while ((piece = take_piece(&rest, room)).n) {
		memcpy(p + n, piece.p, piece.n);
		n += piece.n;
	}
	return sv_of(p, n);
}

bool
json_key_is(const struct json_value *key, sv lit)
{
	char room[4];
	sv rest, piece;

	if (key->kind != JSON_STRING)
		return false;
	rest = inner_text(key);
	if (!key->esc)
		return sv_eq(rest, lit);
	while ((piece = take_piece(&rest, room)).n)
		if (!sv_skip_lit(&lit, piece))
			return false;
	return lit.n == 0;
}

bool
json_find(const struct json_value *obj, sv name, struct json_value *v)
{
	struct json_value key, val;
	sv it;

	if (obj->kind != JSON_OBJECT)
		return false;
	it = json_begin(obj);
	while (json_member(&it, &key, &val)) {
		if (json_key_is(&key, name)) {
			*v = val;
			return true;
		}
	}
	return false;
}

/* *u times 10^n, then plus d. */
static bool
shift(uint64_t *u, uint64_t n, unsigned d)
{
	for (; n && *u; n--) {
		if (*u > UINT64_MAX / 10)
			return false;
		*u *= 10;
	}
	if (*u > UINT64_MAX - d)
		return false;
	*u += d;
	return true;
}

/* The digits as u * 10^scale, u without trailing zeros. */
static bool
read_scaled(sv digits, uint64_t *u, int64_t *scale)
{
	uint64_t zeros = 0;
	bool frac = false;

	*u = 0;
	*scale = 0;
	for (; digits.n; digits = sv_skip(digits, 1)) {
		unsigned d = (unsigned)(digits.p[0] - '0');

		if (digits.p[0] == '.') {
			frac = true;
			continue;
		}
		*scale -= frac;
		zeros++;
		if (d == 0)
			continue;
		if (!shift(u, zeros, d))
			return false;
		zeros = 0;
	}
	*scale += (int64_t)zeros;
	return true;
}

static size_t
exponent_at(sv v)
{
	size_t at = sv_find_byte(v, 'e');

	return at < v.n ? at : sv_find_byte(v, 'E');
}

bool
json_i64(const struct json_value *v, int64_t *out)
{
	/* Beyond this an exponent cannot be made good by digits. */
	const int64_t far = (int64_t)v->raw.n + 20;
	sv mantissa, rest = v->raw;
	int64_t scale, exp = 0;
	uint64_t u;
	bool neg;

	if (v->kind != JSON_NUMBER)
		return false;
	if (sv_to_i64(rest, out))
		return true;
	neg = sv_skip_lit(&rest, SV("-"));
	mantissa = sv_cut_n(&rest, exponent_at(rest));
	if (!read_scaled(mantissa, &u, &scale))
		return false;
	rest = sv_skip(rest, 1);
	sv_skip_lit(&rest, SV("+"));
	if (u && rest.n && (!sv_to_i64(rest, &exp) || exp > far || exp < -far))
		return false;
	if (u && (scale + exp < 0 || !shift(&u, (uint64_t)(scale + exp), 0)))
		return false;
	if (u > (uint64_t)INT64_MAX + neg)
		return false;
	*out = neg ? (int64_t)(0 - u) : (int64_t)u;
	return true;
}

bool
json_double(const struct json_value *v, double *out)
{
	return v->kind == JSON_NUMBER && sv_to_double(v->raw, out);
}
