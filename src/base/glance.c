/* SPDX-License-Identifier: MIT */
#include "base/glance.h"

#include "base/swar.h"

#if defined(__SSE2__)
#include <emmintrin.h>

enum { STEP = 32 };

/* A bit for each odd byte of p[0..STEP). */
static inline unsigned
odd_bytes(const char *p)
{
	const __m128i *v = (const __m128i *)(const void *)p;
	const __m128i blank = _mm_set1_epi8(' ');
	/* as signed numbers bytes above 0x7f are less than any */
	__m128i a = _mm_cmplt_epi8(_mm_loadu_si128(v), blank);
	__m128i b = _mm_cmplt_epi8(_mm_loadu_si128(v + 1), blank);

	if (likely(!_mm_movemask_epi8(_mm_or_si128(a, b))))
		return 0;
	return (unsigned)_mm_movemask_epi8(a) |
	    (unsigned)_mm_movemask_epi8(b) << 16;
}
#else
enum { STEP = 8 };

static inline unsigned
odd_bytes(const char *p)
{
	uint64_t x = swar_load(p), odd = swar_less(x, ' ') | (x & SWAR_HIGH);
	unsigned bits = 0;

	for (unsigned i = 0; odd && i < STEP; i++)
		bits |= (unsigned)(odd >> (8 * i + 7) & 1) << i;
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
	size_t i = 0;
	unsigned bits = 0;

	while (i + STEP <= text.n && (bits = odd_bytes(text.p + i)) == 0)
		i += STEP;
	if (bits)
		i += swar_low_bit(bits);
	*odd = bits == 0 || text.p[i] != '\n';
	return *odd ? i + sv_find_byte(sv_skip(text, i), '\n') : i;
}
