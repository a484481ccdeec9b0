/* SPDX-License-Identifier: MIT */
/*
 * swar.h: eight bytes looked at as one number, without vector instructions.
 * A mark is bit 7 of a byte; only the lowest mark of a word is exact, which is
 * all that a search from the front needs. Equal on every machine.
 */
#ifndef BASE_SWAR_H
#define BASE_SWAR_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

#define SWAR_ONES UINT64_C(0x0101010101010101)
#define SWAR_HIGH UINT64_C(0x8080808080808080)

/* The first byte is the lowest one. Compilers make one load of it. */
static attr_inline uint64_t
swar_load(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
	    (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 |
	    (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

/* Marks bytes less than n, which is at most 0x80. */
static inline uint64_t
swar_less(uint64_t x, unsigned char n)
{
	return (x - SWAR_ONES * n) & ~x & SWAR_HIGH;
}

/* Marks bytes equal to c. */
static inline uint64_t
swar_equal(uint64_t x, unsigned char c)
{
	return swar_less(x ^ (SWAR_ONES * c), 1);
}

/* Marks bytes equal to c, each of them exactly. */
static inline uint64_t
swar_each(uint64_t x, unsigned char c)
{
	x ^= SWAR_ONES * c;
	return ~(((x & ~SWAR_HIGH) + ~SWAR_HIGH) | x | ~SWAR_HIGH);
}

/* Which byte holds the highest mark; there must be one. */
static inline unsigned
swar_last(uint64_t marks)
{
#ifdef attr_clz64
	return (63 - (unsigned)attr_clz64(marks)) / 8;
#else
	unsigned i = 7;

	for (; !(marks >> 63); marks <<= 8)
		i--;
	return i;
#endif
}

/* Index of the lowest bit of a number that is not 0. */
static inline size_t
swar_low_bit(uint64_t x)
{
#ifdef attr_ctz64
	return (size_t)attr_ctz64(x);
#else
	size_t i = 0;

	for (; !(x & 1); x >>= 1)
		i++;
	return i;
#endif
}

/* Which byte holds the lowest mark; there must be one. */
static inline size_t
swar_first(uint64_t marks)
{
	return swar_low_bit(marks) / 8;
}

#endif
