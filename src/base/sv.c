/* SPDX-License-Identifier: MIT */
#include "base/sv.h"

#include <math.h>
#include <stdlib.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/ascii.h"
#include "base/attr.h"
#include "base/swar.h"

int
sv_cmp(sv a, sv b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool
sv_starts_nocase(sv v, sv prefix)
{
	if (v.n < prefix.n)
		return false;
	for (size_t i = 0; i < prefix.n; i++)
		if (to_lower(v.p[i]) != to_lower(prefix.p[i]))
			return false;
	return true;
}

size_t
sv_find_byte(sv v, char c)
{
	const char *q = v.n ? memchr(v.p, c, v.n) : NULL;

	return q ? (size_t)(q - v.p) : v.n;
}

size_t
sv_count_byte(sv v, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < v.n; i++)
		n += v.p[i] == c;
	return n;
}

size_t
sv_count_lines(sv v)
{
	return sv_count_byte(v, '\n') + (v.n && v.p[v.n - 1] != '\n');
}

#if defined(__SSE2__)
enum { LANES = 16 };

/* Places p[0..LANES) where the first and the last byte of the needle stand as far
 * from each other as in it, a bit each. */
static inline unsigned
likely_places(const char *p, sv needle)
{
	__m128i first = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i last = _mm_loadu_si128((const __m128i *)(const void *)
	    (p + needle.n - 1));

	first = _mm_cmpeq_epi8(first, _mm_set1_epi8(needle.p[0]));
	last = _mm_cmpeq_epi8(last, _mm_set1_epi8(needle.p[needle.n - 1]));
	return (unsigned)_mm_movemask_epi8(_mm_and_si128(first, last));
}

/* Looks at the front as far as whole vectors go; *at is where it stopped. */
static bool
find_in_vectors(sv v, sv needle, size_t *at)
{
	for (*at = 0; *at + LANES + needle.n - 1 <= v.n; *at += LANES)
		for (unsigned m = likely_places(v.p + *at, needle); m;
		    m &= m - 1) {
			size_t i = *at + swar_low_bit(m);

			if (memcmp(v.p + i, needle.p, needle.n) == 0) {
				*at = i;
				return true;
			}
		}
	return false;
}
#else
static bool
find_in_vectors(sv v, sv needle, size_t *at)
{
	(void)v;
	(void)needle;
	*at = 0;
	return false;
}
#endif

size_t
sv_find(sv v, sv needle)
{
	size_t at;

	if (needle.n == 0 || find_in_vectors(v, needle, &at))
		return needle.n ? at : 0;
	for (; at + needle.n <= v.n; at++)
		if (v.p[at] == needle.p[0] &&
		    memcmp(v.p + at, needle.p, needle.n) == 0)
			return at;
	return v.n;
}

size_t
sv_rfind(sv v, sv needle)
{
	if (needle.n == 0)
		return v.n;
	for (size_t at = v.n >= needle.n ? v.n - needle.n + 1 : 0; at-- > 0;)
		if (v.p[at] == needle.p[0] &&
		    memcmp(v.p + at, needle.p, needle.n) == 0)
			return at;
	return v.n;
}

bool
sv_has(sv v, sv needle)
{
	return needle.n == 0 || sv_find(v, needle) < v.n;
}

sv
sv_cut(sv *rest, char sep)
{
	size_t at = sv_find_byte(*rest, sep);
	sv part = sv_take(*rest, at);

	*rest = at < rest->n ? sv_skip(*rest, at + 1) : SV_NULL;
	return part;
}

sv
sv_trim_right(sv v)
{
	while (v.n && is_space(v.p[v.n - 1]))
		v.n--;
	return v;
}

sv
sv_trim_left(sv v)
{
	size_t i = 0;

	while (i < v.n && is_space(v.p[i]))
		i++;
	return sv_skip(v, i);
}

sv
sv_trim_both(sv v)
{
	return sv_trim_left(sv_trim_right(v));
}

sv
sv_word(sv *rest)
{
	const char *p = rest->p, *end = p + rest->n, *start;

	while (p < end && is_space(*p))
		p++;
	start = p;
	while (p < end && !is_space(*p))
		p++;
	*rest = sv_of(p, (size_t)(end - p));
	return sv_of(start, (size_t)(p - start));
}

bool
sv_is_hex(sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if (hex_value(v.p[i]) < 0)
			return false;
	return v.n > 0;
}

bool
sv_is_uuid(sv v)
{
	static const size_t len[] = { 8, 4, 4, 4, 12 };

	for (size_t i = 0; i < countof(len); i++) {
		sv part = sv_cut_n(&v, len[i]);

		if (part.n != len[i] || !sv_is_hex(part))
			return false;
		if (i + 1 < countof(len) && !sv_skip_lit(&v, SV("-")))
			return false;
	}
	return v.n == 0;
}

enum { SAFE_DIGITS = 20 }; /* fewer fit into 64 bits, whatever they are */

bool
sv_to_u64(sv v, uint64_t *out)
{
	uint64_t u = 0;

	if (v.n == 0)
		return false;
	if (v.n < SAFE_DIGITS) {
		for (size_t i = 0; i < v.n; i++) {
			if (!is_digit(v.p[i]))
				return false;
			u = u * 10 + (uint64_t)(v.p[i] - '0');
		}
		*out = u;
		return true;
	}
	for (size_t i = 0; i < v.n; i++) {
		uint64_t d = (uint64_t)(v.p[i] - '0');

		if (!is_digit(v.p[i]) || u > (UINT64_MAX - d) / 10)
			return false;
		u = u * 10 + d;
	}
	*out = u;
	return true;
}

bool
sv_to_i64(sv v, int64_t *out)
{
	bool neg = sv_skip_lit(&v, SV("-"));
	uint64_t u;

	if (!sv_to_u64(v, &u) || u > (uint64_t)INT64_MAX + neg)
		return false;
	if (neg && u == (uint64_t)INT64_MAX + 1)
		*out = INT64_MIN;
	else
		*out = neg ? -(int64_t)u : (int64_t)u;
	return true;
}

/* The shape strtod() would accept in the C locale, without its extras. */
static bool
is_decimal(sv v)
{
	size_t digits = 0;

	if (v.n && (v.p[0] == '-' || v.p[0] == '+'))
		v = sv_skip(v, 1);
	for (; v.n && is_digit(v.p[0]); digits++)
		v = sv_skip(v, 1);
	if (v.n && v.p[0] == '.')
		for (v = sv_skip(v, 1); v.n && is_digit(v.p[0]); digits++)
			v = sv_skip(v, 1);
	if (digits == 0)
		return false;
	if (v.n && to_lower(v.p[0]) == 'e') {
		v = sv_skip(v, 1);
		if (v.n && (v.p[0] == '-' || v.p[0] == '+'))
			v = sv_skip(v, 1);
		if (v.n == 0)
			return false;
		while (v.n && is_digit(v.p[0]))
			v = sv_skip(v, 1);
	}
	return v.n == 0;
}

bool
sv_to_double(sv v, double *out)
{
	char text[64];
	double d;

	if (v.n >= sizeof(text) || !is_decimal(v))
		return false;
	memcpy(text, v.p, v.n);
	text[v.n] = '\0';
	d = strtod(text, NULL);
	if (!isfinite(d))
		return false;
	*out = d;
	return true;
}
