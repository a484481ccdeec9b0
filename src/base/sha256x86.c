/* SPDX-License-Identifier: MIT */
#include "base/sha256x86.h"

#include "base/attr.h"

#ifdef ATTR_X86_64
#include <cpuid.h>
#include <immintrin.h>

#include "base/lanes.h"

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
mix_four(struct state *s, __m128i a, __m128i b, __m128i c, __m128i d,
    const uint32_t k[64])
{
	struct state was = *s;

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

/* Four words, the first byte of each highest. */
attr_target("sha,sse4.1,ssse3")
static inline __m128i
words(__m128i bytes)
{
	return _mm_shuffle_epi8(bytes, _mm_set_epi64x(0x0c0d0e0f08090a0b,
	    0x0405060700010203));
}

attr_target("sha,sse4.1,ssse3")
static inline __m128i
load_words(const uint8_t *p)
{
	return words(load(p));
}

/* Sixteen bytes of p[0..n), from `at` on, and what pads them: a bit behind the last
 * one, then zeros. */
attr_target("sha,sse4.1,ssse3")
static inline __m128i
padded(const char *p, size_t n, size_t at)
{
	static const uint8_t bit[2 * LANES] = { [LANES] = 0x80 };
	size_t left = n > at ? n - at : 0;

	if (left >= LANES)
		return load(p + at);
	return lanes_or(lanes_load_few(p + n - left, left),
	    load(bit + (n < at ? 0 : LANES - left)));
}

attr_target("sha,sse4.1,ssse3")
static inline struct state
load_state(const uint32_t s[8])
{
	__m128i badc = _mm_shuffle_epi32(load(s), 0xb1);
	__m128i hgfe = _mm_shuffle_epi32(load(s + 4), 0x1b);

	return (struct state){ _mm_alignr_epi8(badc, hgfe, 8),
		_mm_blend_epi16(hgfe, badc, 0xf0) };
}

attr_target("sha,sse4.1,ssse3")
static inline void
store_state(uint32_t s[8], const struct state *at)
{
	__m128i feba = _mm_shuffle_epi32(at->abef, 0x1b);
	__m128i dchg = _mm_shuffle_epi32(at->cdgh, 0xb1);

	_mm_storeu_si128((__m128i *)(void *)s, _mm_blend_epi16(feba, dchg, 0xf0));
	_mm_storeu_si128((__m128i *)(void *)(s + 4),
	    _mm_alignr_epi8(dchg, feba, 8));
}

attr_target("sha,sse4.1,ssse3")
void
sha256x86_mix(uint32_t s[8], const uint8_t *p, size_t n, const uint32_t k[64])
{
	struct state at = load_state(s);

	for (; n; n--, p += 64)
		mix_four(&at, load_words(p), load_words(p + 16),
		    load_words(p + 32), load_words(p + 48), k);
	store_state(s, &at);
}

/* The block is never in memory: who writes bytes and then reads them together waits
 * until all before is done. */
attr_target("sha,sse4.1,ssse3")
void
sha256x86_end(uint32_t s[8], const char *p, size_t n, uint64_t before,
    const uint32_t k[64])
{
	struct state at = load_state(s);
	uint64_t bits = (before + n) * 8;

	mix_four(&at, words(padded(p, n, 0)), words(padded(p, n, 16)),
	    words(padded(p, n, 32)), _mm_or_si128(words(padded(p, n, 48)),
	    _mm_set_epi64x((int64_t)(bits << 32 | bits >> 32), 0)), k);
	store_state(s, &at);
}

attr_target("sha,sse4.1,ssse3")
void
sha256x86_mix_words(uint32_t s[8], const uint32_t w[16], const uint32_t k[64])
{
	struct state at = load_state(s);

	mix_four(&at, load(w), load(w + 4), load(w + 8), load(w + 12), k);
	store_state(s, &at);
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

void
sha256x86_end(uint32_t s[8], const char *p, size_t n, uint64_t before,
    const uint32_t k[64])
{
	(void)s;
	(void)p;
	(void)n;
	(void)before;
	(void)k;
}

void
sha256x86_mix_words(uint32_t s[8], const uint32_t w[16], const uint32_t k[64])
{
	(void)s;
	(void)w;
	(void)k;
}

#endif
