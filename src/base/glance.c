/* SPDX-License-Identifier: MIT */
#include "base/glance.h"

#include "base/swar.h"

#if defined(__SSE2__)
#include <emmintrin.h>

enum { STEP = 16 };

/* The signs of 16 bytes say which are odd: as signed numbers, bytes above 0x7f
 * are less than any. */
static inline __m128i
signs(const char *p)
{
	return _mm_subs_epi8(_mm_loadu_si128((const __m128i *)(const void *)p),
	    _mm_set1_epi8(' '));
}

static inline uint64_t
marks(__m128i x)
{
	return (unsigned)_mm_movemask_epi8(x);
}

/* A bit for each odd byte of p[0..STEP). */
static inline uint64_t
odd_bytes(const char *p)
{
	return marks(signs(p));
}

/* The same of p[0..4 * STEP). */
static inline uint64_t
odd_in_four(const char *p)
{
	__m128i a = signs(p), b = signs(p + STEP);
	__m128i c = signs(p + 2 * STEP), d = signs(p + 3 * STEP);

	if (likely(!marks(_mm_or_si128(_mm_or_si128(a, b),
	    _mm_or_si128(c, d)))))
		return 0;
	return marks(a) | marks(b) << STEP | marks(c) << 2 * STEP |
	    marks(d) << 3 * STEP;
}
#else
enum { STEP = 8 };

static inline uint64_t
odd_bytes(const char *p)
{
	uint64_t x = swar_load(p), odd = swar_less(x, ' ') | (x & SWAR_HIGH);
	uint64_t bits = 0;

	for (unsigned i = 0; odd && i < STEP; i++)
		bits |= (odd >> (8 * i + 7) & 1) << i;
	return bits;
}

static inline uint64_t
odd_in_four(const char *p)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < 4; i++)
		bits |= odd_bytes(p + i * STEP) << i * STEP;
	return bits;
}
#endif

static bool
is_odd(char c)
{
	return (unsigned char)c < ' ' || (unsigned char)c > 0x7f;
}

bool
glance_odd(sv text)
{
	size_t i = 0;

	for (; i + STEP <= text.n; i += STEP)
		if (odd_bytes(text.p + i))
			return true;
	while (i < text.n && !is_odd(text.p[i]))
		i++;
	return i < text.n;
}

size_t
glance_line(sv text, bool *odd)
{
	uint64_t bits = 0;
	size_t i = 0;

	while (i + 4 * STEP <= text.n &&
	    (bits = odd_in_four(text.p + i)) == 0)
		i += 4 * STEP;
	if (bits)
		i += swar_low_bit(bits);
	*odd = bits == 0 || text.p[i] != '\n';
	return *odd ? i + sv_find_byte(sv_skip(text, i), '\n') : i;
}
