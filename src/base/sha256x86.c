/* SPDX-License-Identifier: MIT */
#include "base/sha256x86.h"

#include "base/attr.h"

#ifdef ATTR_X86_64
#include <cpuid.h>
#include <immintrin.h>

static bool
ask(void)
{
	unsigned a, b, c, d;
	bool sse41 = __get_cpuid(1, &a, &b, &c, &d) && (c >> 19 & 1) &&
	    (c >> 9 & 1);

	return sse41 && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1);
}

/* Asked once: under a hypervisor the question itself is slow. */
bool
sha256x86_usable(void)
{
	static signed char answer = -1;

	if (answer < 0)
		answer = ask();
	return answer;
}

attr_target("sha,sse4.1,ssse3")
static __m128i
load(const void *p)
{
	return _mm_loadu_si128((const __m128i *)p);
}

/* The next four words of the schedule, from the last sixteen. */
attr_target("sha,sse4.1,ssse3")
static __m128i
extend(__m128i w0, __m128i w1, __m128i w2, __m128i w3)
{
	__m128i t = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1),
	    _mm_alignr_epi8(w3, w2, 4));

	return _mm_sha256msg2_epu32(t, w3);
}

/* The instructions want the state as (A B E F) and (C D G H). */
struct state {
	__m128i abef, cdgh;
};

/* Four rounds. */
attr_target("sha,sse4.1,ssse3")
static inline void
rounds(struct state *s, __m128i w, const uint32_t k[4])
{
	__m128i m = _mm_add_epi32(w, load(k));

	s->cdgh = _mm_sha256rnds2_epu32(s->cdgh, s->abef, m);
	s->abef = _mm_sha256rnds2_epu32(s->abef, s->cdgh,
	    _mm_shuffle_epi32(m, 0x0e));
}

/* The last sixteen words have names, so that they stay in registers: the rounds
 * wait for each other, and nothing else may take longer. */
attr_target("sha,sse4.1,ssse3")
static inline void
mix_block(struct state *s, const uint8_t *p, const uint32_t k[64])
{
	const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b,
	    0x0405060700010203);
	struct state was = *s;
	__m128i a = _mm_shuffle_epi8(load(p), swap);
	__m128i b = _mm_shuffle_epi8(load(p + 16), swap);
	__m128i c = _mm_shuffle_epi8(load(p + 32), swap);
	__m128i d = _mm_shuffle_epi8(load(p + 48), swap);

	rounds(s, a, k);
	rounds(s, b, k + 4);
	rounds(s, c, k + 8);
	rounds(s, d, k + 12);
	for (int i = 16; i < 64; i += 16) {
		a = extend(a, b, c, d);
		rounds(s, a, k + i);
		b = extend(b, c, d, a);
		rounds(s, b, k + i + 4);
		c = extend(c, d, a, b);
		rounds(s, c, k + i + 8);
		d = extend(d, a, b, c);
		rounds(s, d, k + i + 12);
	}
	s->abef = _mm_add_epi32(s->abef, was.abef);
	s->cdgh = _mm_add_epi32(s->cdgh, was.cdgh);
}

attr_target("sha,sse4.1,ssse3")
void
sha256x86_mix(uint32_t s[8], const uint8_t *p, size_t n, const uint32_t k[64])
{
	__m128i badc = _mm_shuffle_epi32(load(s), 0xb1);
	__m128i hgfe = _mm_shuffle_epi32(load(s + 4), 0x1b);
	struct state at = { _mm_alignr_epi8(badc, hgfe, 8),
		_mm_blend_epi16(hgfe, badc, 0xf0) };
	__m128i feba, dchg;

	for (; n; n--, p += 64)
		mix_block(&at, p, k);
	feba = _mm_shuffle_epi32(at.abef, 0x1b);
	dchg = _mm_shuffle_epi32(at.cdgh, 0xb1);
	_mm_storeu_si128((__m128i *)(void *)s, _mm_blend_epi16(feba, dchg, 0xf0));
	_mm_storeu_si128((__m128i *)(void *)(s + 4),
	    _mm_alignr_epi8(dchg, feba, 8));
}

#else

bool
sha256x86_usable(void)
{
	return false;
}

void
sha256x86_mix(uint32_t s[8], const uint8_t *p, size_t n, const uint32_t k[64])
{
	(void)s;
	(void)p;
	(void)n;
	(void)k;
}

#endif
