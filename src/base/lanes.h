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

enum { LANES = 16, LANE_BITS = 1 /* of its mark */ };

typedef __m128i lanes;
typedef unsigned lane_marks;

static inline lanes
lanes_load(const char *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* n bytes, less than LANES, and zeros. */
static inline lanes
lanes_load_few(const char *p, size_t n)
{
	if (n < 8)
		return _mm_set_epi64x(0, (int64_t)swar_load_few(p, n));
	return _mm_set_epi64x((int64_t)(swar_load(p + n - 8) >>
	    8 * (LANES - 1 - n) >> 8), (int64_t)swar_load(p));
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

/* Bytes from `low` to `high`, which are ASCII; each mark is a true one. */
static inline lanes
lanes_within(lanes x, char low, char high)
{
	/* moved so that they are the least as signed numbers */
	return _mm_cmplt_epi8(_mm_sub_epi8(x, _mm_set1_epi8((char)(low - 128))),
	    _mm_set1_epi8((char)(high - low + 1 - 128)));
}

/* The letters and digits; each mark is a true one. */
static inline lanes
lanes_alnum(lanes x)
{
	return _mm_or_si128(lanes_within(x, '0', '9'), lanes_within(
	    _mm_or_si128(x, _mm_set1_epi8(0x20)), 'a', 'z'));
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

/* A bit for each byte; all marks must be true ones. */
static inline uint64_t
lanes_bits(lane_marks m)
{
	return m;
}

/* Marks where x has none; all of its must be true ones. */
static inline lane_marks
lanes_others(lane_marks m)
{
	return ~m & 0xffff;
}

/* Which byte has the lowest mark; there must be one. */
static inline size_t
lanes_first(lane_marks m)
{
	return swar_low_bit(m);
}

/* Marks of the first n bytes, which are less than LANES. */
static inline lane_marks
lanes_below(size_t n)
{
	return (1u << n) - 1;
}

/* The marks behind the byte at n, which is then before the first. */
static inline lane_marks
lanes_behind(lane_marks m, size_t n)
{
	return m >> n >> 1;
}

/* Behind the byte that has the highest mark; 0: there is none. */
static inline size_t
lanes_end(lane_marks m)
{
	return swar_high_bit((uint64_t)m << 1 | 1);
}

/* Are p[0..LANES) other bytes than q[0..LANES)? */
static inline bool
lanes_differ(const char *p, const char *q)
{
	return _mm_movemask_epi8(_mm_cmpeq_epi8(lanes_load(p),
	    lanes_load(q))) != 0xffff;
}

static inline bool
lanes_unhex(lanes x, uint8_t *out)
{
	lanes letter = lanes_within(x, 'a', 'f');

	if (lanes_others(lanes_marks(lanes_or(letter,
	    lanes_within(x, '0', '9')))))
		return false;
	x = _mm_add_epi8(_mm_and_si128(x, _mm_set1_epi8(15)),
	    _mm_and_si128(letter, _mm_set1_epi8(9)));
	x = _mm_or_si128(_mm_slli_epi16(x, 4), _mm_srli_epi16(x, 8));
	x = _mm_and_si128(x, _mm_set1_epi16(255));
	_mm_storel_epi64((__m128i *)(void *)out, _mm_packus_epi16(x, x));
	return true;
}

/* LANES hexadecimal digits, letters in lower case, as LANES / 2 bytes. False: they
 * are none. */
static inline bool
lanes_hex(const char *p, uint8_t *out)
{
	return lanes_unhex(lanes_load(p), out);
}

/* The same of sixteen, in two words as swar_load() gives them. */
static inline bool
lanes_hex_words(uint64_t first, uint64_t second, uint8_t out[8])
{
	return lanes_unhex(_mm_set_epi64x((int64_t)second, (int64_t)first),
	    out);
}
#else
enum { LANES = 8, LANE_BITS = 8 };

typedef uint64_t lanes;
typedef uint64_t lane_marks;

static inline lanes
lanes_load(const char *p)
{
	return swar_load(p);
}

static inline lanes
lanes_load_few(const char *p, size_t n)
{
	return swar_load_few(p, n);
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
lanes_within(lanes x, char low, char high)
{
	uint64_t a = x & ~SWAR_HIGH;

	return (a + SWAR_ONES * (0x80u - (unsigned char)low)) &
	    ~(a + SWAR_ONES * (0x7fu - (unsigned char)high)) & ~x & SWAR_HIGH;
}

static inline lanes
lanes_alnum(lanes x)
{
	return lanes_within(x, '0', '9') |
	    lanes_within(x | SWAR_ONES * 0x20, 'a', 'z');
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

static inline uint64_t
lanes_bits(lane_marks m)
{
	return (m >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

static inline lane_marks
lanes_others(lane_marks m)
{
	return ~m & SWAR_HIGH;
}

static inline size_t
lanes_first(lane_marks m)
{
	return swar_first(m);
}

static inline lane_marks
lanes_below(size_t n)
{
	return (UINT64_C(1) << 8 * n) - 1;
}

static inline lane_marks
lanes_behind(lane_marks m, size_t n)
{
	return m >> 8 * n >> 8;
}

static inline size_t
lanes_end(lane_marks m)
{
	return m ? swar_last(m) + 1u : 0;
}

static inline bool
lanes_differ(const char *p, const char *q)
{
	return swar_load(p) != swar_load(q);
}

static inline bool
lanes_unhex(lanes x, uint8_t *out)
{
	uint32_t v;

	if (!swar_hex_word(x, &v))
		return false;
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(v >> (24 - 8 * i));
	return true;
}

static inline bool
lanes_hex(const char *p, uint8_t *out)
{
	return lanes_unhex(lanes_load(p), out);
}

static inline bool
lanes_hex_words(uint64_t first, uint64_t second, uint8_t out[8])
{
	return lanes_unhex(first, out) && lanes_unhex(second, out + 4);
}
#endif

#endif
