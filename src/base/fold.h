/* SPDX-License-Identifier: MIT */
/* fold.h: the multiplication that the hashes of base/ mix by. */
#ifndef BASE_FOLD_H
#define BASE_FOLD_H

#include <stdint.h>

#include "base/attr.h"

/* Multiplies and folds: the two halves of a 64 x 64 -> 128 product, xored. */
static inline uint64_t
fold(uint64_t a, uint64_t b)
{
#ifdef ATTR_UINT128
	attr_uint128 r = (attr_uint128)a * b;

	return (uint64_t)(r >> 64) ^ (uint64_t)r;
#else
	uint64_t al = a & 0xffffffffu, ah = a >> 32;
	uint64_t bl = b & 0xffffffffu, bh = b >> 32;
	uint64_t ll = al * bl, lh = al * bh, hl = ah * bl, hh = ah * bh;
	uint64_t mid = (ll >> 32) + (lh & 0xffffffffu) + hl;

	return (hh + (lh >> 32) + (mid >> 32)) ^ (mid << 32 | (ll & 0xffffffffu));
#endif
}

#endif
