/* SPDX-License-Identifier: MIT */
#include "base/hash.h"

#include "base/fold.h"
#include "base/swar.h"

/* The last n bytes of a text, at most 8, the first one lowest; `before`: how many
 * stand before them. */
static inline uint64_t
load_end(const char *p, size_t n, size_t before)
{
	return n && n + before >= 8 ? swar_load(p + n - 8) >> 8 * (8 - n) :
	    swar_load_few(p, n);
}

enum { STEP = 16 };

uint64_t
hash64(sv v, uint64_t seed)
{
	static const uint64_t k0 = 0xa0761d6478bd642f, k1 = 0xe7037ed1a0b428db;
	static const uint64_t k2 = 0x8ebc6af09c88c6e3;
	uint64_t h = seed ^ k0;
	const char *p = v.p;
	size_t n = v.n;

	for (; n > STEP; p += STEP, n -= STEP)
		h = fold(swar_load(p) ^ k1, swar_load(p + 8) ^ h);
	if (n > 8)
		h = fold(swar_load(p) ^ k1, load_end(p + 8, n - 8, 8) ^ h);
	else
		h = fold(load_end(p, n, v.n - n) ^ k1, h);
	return fold(h ^ k2, k1 ^ v.n);
}

static uint64_t
mix(uint64_t h)
{
	h *= UINT64_C(0xa0761d6478bd642f);
	return h ^ h >> 32;
}

/* The last word of a longer text overlaps the one before. */
uint64_t
hash_text(sv text)
{
	uint64_t h = text.n * UINT64_C(0xe7037ed1a0b428db);
	size_t i = 0;

	for (; i + 8 < text.n; i += 8)
		h = mix(h ^ swar_load(text.p + i));
	if (text.n >= 8)
		h = mix(h ^ swar_load(text.p + text.n - 8));
	else if (text.n)
		h = mix(h ^ load_end(text.p, text.n, 0));
	return mix(h ^ UINT64_C(0x8ebc6af09c88c6e3));
}
