/* SPDX-License-Identifier: MIT */
/* near.h: searches for what is mostly near, where a call would cost more than the
 * search. */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include "base/ascii.h"
#include "base/attr.h"
#include "base/sv.h"
#include "base/swar.h"

#if defined(__SSE2__)
#include <emmintrin.h>

enum { NEAR_STEP = 16 };

/* A mark for each of p[0..NEAR_STEP) that is c or d. */
static attr_inline uint64_t
near_marks(const char *p, char c, char d)
{
	__m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i is = _mm_cmpeq_epi8(x, _mm_set1_epi8(c));

	if (c != d)
		is = _mm_or_si128(is, _mm_cmpeq_epi8(x, _mm_set1_epi8(d)));
	return (unsigned)_mm_movemask_epi8(is);
}

enum { NEAR_WIDE = 2 * NEAR_STEP };

/* The same of p[0..NEAR_WIDE): more often one look is enough. */
static attr_inline uint64_t
near_wide_marks(const char *p, char c, char d)
{
	return near_marks(p, c, d) | near_marks(p + NEAR_STEP, c, d) <<
	    NEAR_STEP;
}

/* Bytes from c on, n of them, as 0xff. */
static attr_inline __m128i
near_range(__m128i x, char c, int n)
{
	/* as signed numbers those are the least */
	return _mm_cmplt_epi8(_mm_sub_epi8(x, _mm_set1_epi8((char)(c - 128))),
	    _mm_set1_epi8((char)(n - 128)));
}

/* A mark for each that is no name byte. */
static attr_inline uint64_t
near_strange(const char *p)
{
	__m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i lower = _mm_or_si128(x, _mm_set1_epi8(0x20));
	__m128i slash = _mm_cmpeq_epi8(x, _mm_set1_epi8('/'));
	__m128i name = _mm_or_si128(near_range(lower, 'a', 26), _mm_or_si128(
	    _mm_andnot_si128(slash, near_range(x, '-', '9' - '-' + 1)),
	    _mm_cmpeq_epi8(x, _mm_set1_epi8('_'))));

	return (unsigned)_mm_movemask_epi8(name) ^ 0xffff;
}

/* How many bytes are before the first mark; there must be one. */
static attr_inline size_t
near_first(uint64_t marks)
{
	return swar_low_bit(marks);
}
#else
enum { NEAR_STEP = 8 };

static attr_inline uint64_t
near_marks(const char *p, char c, char d)
{
	uint64_t x = swar_load(p);

	return swar_equal(x, (unsigned char)c) |
	    swar_equal(x, (unsigned char)d);
}

enum { NEAR_WIDE = NEAR_STEP };

static attr_inline uint64_t
near_wide_marks(const char *p, char c, char d)
{
	return near_marks(p, c, d);
}

static attr_inline uint64_t
near_strange(const char *p)
{
	uint64_t marks = 0;

	for (unsigned i = 0; i < NEAR_STEP; i++)
		marks |= (uint64_t)(is_name_byte(p[i]) ? 0 : 0x80) << 8 * i;
	return marks;
}

static attr_inline size_t
near_first(uint64_t marks)
{
	return swar_first(marks);
}
#endif

/* The first c or d in [p, end), or end. */
static attr_inline const char *
near_either(const char *p, const char *end, char c, char d)
{
	for (; end - p >= NEAR_STEP; p += NEAR_STEP) {
		uint64_t marks = near_marks(p, c, d);

		if (marks)
			return p + near_first(marks);
	}
	while (p < end && *p != c && *p != d)
		p++;
	return p;
}

static attr_inline uint32_t
near_load4(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/* Does it start with a text of a constant length? memcmp of few bytes, as two
 * loads that may overlap. */
static attr_inline bool
near_starts(const char *p, sv lit)
{
	if (lit.n >= 8 && lit.n <= 16)
		return swar_load(p) == swar_load(lit.p) &&
		    swar_load(p + lit.n - 8) == swar_load(lit.p + lit.n - 8);
	if (lit.n >= 4 && lit.n < 8)
		return near_load4(p) == near_load4(lit.p) &&
		    near_load4(p + lit.n - 4) == near_load4(lit.p + lit.n - 4);
	return memcmp(p, lit.p, lit.n) == 0;
}

/* The first c or d from p on. There is one, and NEAR_WIDE bytes from it on may be
 * read. */
static attr_inline const char *
near_sure(const char *p, char c, char d)
{
	uint64_t marks;

	while ((marks = near_wide_marks(p, c, d)) == 0)
		p += NEAR_WIDE;
	return p + near_first(marks);
}

/* The first byte in [p, end) that is no name byte (ascii.h), or end. */
static attr_inline const char *
near_name_end(const char *p, const char *end)
{
	for (; end - p >= NEAR_STEP; p += NEAR_STEP) {
		uint64_t marks = near_strange(p);

		if (marks)
			return p + near_first(marks);
	}
	while (p < end && is_name_byte(*p))
		p++;
	return p;
}

/* The first c in [p, end), or end. */
static attr_inline const char *
near_byte(const char *p, const char *end, char c)
{
	return near_either(p, end, c, c);
}

#endif
