/* SPDX-License-Identifier: MIT */
#include "base/hash.h"

/*
 * Multiply and fold over 16-byte steps. The 64 x 64 -> 128 product is made of
 * four 32-bit ones, so that no compiler extension is needed; compilers see
 * through it.
 */
static uint64_t
fold(uint64_t a, uint64_t b)
{
	uint64_t al = a & 0xffffffffu, ah = a >> 32;
	uint64_t bl = b & 0xffffffffu, bh = b >> 32;
	uint64_t ll = al * bl, lh = al * bh, hl = ah * bl, hh = ah * bh;
	uint64_t mid = (ll >> 32) + (lh & 0xffffffffu) + hl;

	return (hh + (lh >> 32) + (mid >> 32)) ^ (mid << 32 | (ll & 0xffffffffu));
}

static uint64_t
load(const char *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v |= (uint64_t)(unsigned char)p[i] << (8 * i);
	return v;
}

enum { STEP = 16 };

uint64_t
hash64(sv v, uint64_t seed)
{
	static const uint64_t k0 = 0xa0761d6478bd642f, k1 = 0xe7037ed1a0b428db;
	static const uint64_t k2 = 0x8ebc6af09c88c6e3;
	uint64_t h = seed ^ k0;
	sv rest = v;

	while (rest.n > STEP) {
		h = fold(load(rest.p, 8) ^ k1, load(rest.p + 8, 8) ^ h);
		rest = sv_skip(rest, STEP);
	}
	if (rest.n > 8)
		h = fold(load(rest.p, 8) ^ k1, load(rest.p + 8, rest.n - 8) ^ h);
	else
		h = fold(load(rest.p, rest.n) ^ k1, h);
	return fold(h ^ k2, k1 ^ v.n);
}
