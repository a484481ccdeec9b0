/* SPDX-License-Identifier: MIT */
/* near.h: searches for a byte that is mostly near, where a call would cost more
 * than the search. */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include "base/attr.h"
#include "base/swar.h"

#if defined(__SSE2__)
#include <emmintrin.h>

enum { NEAR_STEP = 16 };

/* A mark for each of p[0..NEAR_STEP) that is c. */
static attr_inline uint64_t
near_marks(const char *p, char c)
{
	__m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);

	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x,
	    _mm_set1_epi8(c)));
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
near_marks(const char *p, char c)
{
	return swar_equal(swar_load(p), (unsigned char)c);
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
		uint64_t marks = near_marks(p, c) | near_marks(p, d);

		if (marks)
			return p + near_first(marks);
	}
	while (p < end && *p != c && *p != d)
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
