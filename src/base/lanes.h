/* SPDX-License-Identifier: MIT */
/*
 * lanes.h: LANES bytes looked at together, with vector instructions where every
 * processor of the kind has them, else as in swar.h. A test gives marks, a bit
 * or more for each byte; only the lowest mark need be a true one.
 */
#ifndef BASE_LANES_H
#define BASE_LANES_H

#include "base/swar.h"

#if defined(__SSE2__)
#include <emmintrin.h>

enum { LANES = 16 };

typedef __m128i lanes;
typedef unsigned lane_marks;

static inline lanes
lanes_load(const char *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* Eight bytes, as often as they fit. */
static inline lanes
lanes_of(uint64_t x)
{
	return _mm_set1_epi64x((int64_t)x);
}

static inline lanes
lanes_equal(lanes x, char c)
{
	return _mm_cmpeq_epi8(x, _mm_set1_epi8(c));
}

/* Bytes with these bits equal to c, which has them. */
static inline lanes
lanes_equal_but(lanes x, char bits, char c)
{
	return lanes_equal(_mm_or_si128(x, _mm_set1_epi8(bits)), c);
}

/* Less than c, or above 0x7f: no ASCII, which is less as a signed number. */
static inline lanes
lanes_less_or_wide(lanes x, char c)
{
	return _mm_cmplt_epi8(x, _mm_set1_epi8(c));
}

static inline lanes
lanes_or(lanes a, lanes b)
{
	return _mm_or_si128(a, b);
}

static inline lane_marks
lanes_marks(lanes x)
{
	return (unsigned)_mm_movemask_epi8(x);
}

/* Which byte has the lowest mark; there must be one. */
static inline size_t
lanes_first(lane_marks m)
{
	return swar_low_bit(m);
}
#else
enum { LANES = 8 };

typedef uint64_t lanes;
typedef uint64_t lane_marks;

static inline lanes
lanes_load(const char *p)
{
	return swar_load(p);
}

static inline lanes
lanes_of(uint64_t x)
{
	return x;
}

static inline lanes
lanes_equal(lanes x, char c)
{
	return swar_equal(x, (unsigned char)c);
}

static inline lanes
lanes_equal_but(lanes x, char bits, char c)
{
	return lanes_equal(x | SWAR_ONES * (unsigned char)bits, c);
}

static inline lanes
lanes_less_or_wide(lanes x, char c)
{
	return swar_less(x, (unsigned char)c) | (x & SWAR_HIGH);
}

static inline lanes
lanes_or(lanes a, lanes b)
{
	return a | b;
}

static inline lane_marks
lanes_marks(lanes x)
{
	return x;
}

static inline size_t
lanes_first(lane_marks m)
{
	return swar_first(m);
}
#endif

#endif
