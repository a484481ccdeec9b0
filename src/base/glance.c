/* SPDX-License-Identifier: MIT */
#include "base/glance.h"

#include "base/swar.h"

#if defined(__SSE2__)
#include <emmintrin.h>

enum { STEP = 16 };

/* Of STEP bytes, and whether a blank follows each of them in `next`. */
static inline void
look(const char *p, const char *next, __m128i *odd, __m128i *blanks)
{
	const __m128i blank = _mm_set1_epi8(' ');
	__m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i y = _mm_loadu_si128((const __m128i *)(const void *)next);

	/* as signed numbers bytes above 0x7f are less than any */
	*odd = _mm_or_si128(*odd, _mm_cmplt_epi8(x, blank));
	*blanks = _mm_or_si128(*blanks, _mm_and_si128(_mm_cmpeq_epi8(x, blank),
	    _mm_cmpeq_epi8(y, blank)));
}

static unsigned
glance_long(sv text)
{
	__m128i odd = _mm_setzero_si128(), blanks = _mm_setzero_si128();
	size_t last = text.n - STEP;

	for (size_t i = 0; i < last; i += STEP)
		look(text.p + i, text.p + i + 1, &odd, &blanks);
	look(text.p + last, text.p + last - 1, &odd, &blanks);
	return (_mm_movemask_epi8(odd) ? GLANCE_ODD : 0u) |
	    (_mm_movemask_epi8(blanks) ? GLANCE_BLANKS : 0u);
}
#else
enum { STEP = 8 };

static unsigned
look(const char *p, const char *next)
{
	uint64_t x = swar_load(p);

	return ((swar_less(x, ' ') | (x & SWAR_HIGH)) ? GLANCE_ODD : 0u) |
	    (swar_each(x, ' ') & swar_each(swar_load(next), ' ') ?
	    GLANCE_BLANKS : 0u);
}

static unsigned
glance_long(sv text)
{
	size_t last = text.n - STEP;
	unsigned seen = 0;

	for (size_t i = 0; i < last; i += STEP)
		seen |= look(text.p + i, text.p + i + 1);
	return seen | look(text.p + last, text.p + last - 1);
}
#endif

static unsigned
glance_short(sv text)
{
	unsigned seen = 0;

	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		seen |= c < ' ' || c > 0x7f ? GLANCE_ODD : 0u;
		seen |= c == ' ' && i && text.p[i - 1] == ' ' ?
		    GLANCE_BLANKS : 0u;
	}
	return seen;
}

unsigned
glance(sv text)
{
	return text.n > STEP ? glance_long(text) : glance_short(text);
}
