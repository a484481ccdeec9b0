/* SPDX-License-Identifier: MIT */
/*
 * swar.h: eight bytes looked at as one number, without vector instructions.
 * A mark is bit 7 of a byte; only the lowest mark of a word is exact, which is
 * all that a search from the front needs. Equal on every machine.
 */
#ifndef BASE_SWAR_H
#define BASE_SWAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/attr.h"

#define SWAR_ONES UINT64_C(0x0101010101010101)
#define SWAR_HIGH UINT64_C(0x8080808080808080)

/* Loads and stores by bytes are one instruction each only where the compiler sees
 * through them: not where one of the bytes was looked at before. */
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
enum { SWAR_NATIVE = true };
#else
enum { SWAR_NATIVE = false };
#endif

/* The first byte is the lowest one. */
static attr_inline uint64_t
swar_load(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	uint64_t x;

	if (SWAR_NATIVE) {
		memcpy(&x, s, sizeof(x));
		return x;
	}
	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
	    (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 |
	    (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

static attr_inline uint32_t
swar_load4(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	uint32_t x;

	if (SWAR_NATIVE) {
		memcpy(&x, s, sizeof(x));
		return x;
	}
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
}

/* Of n bytes, at most 7, and zeros behind them. */
static attr_inline uint64_t
swar_load_few(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;

	if (n >= 4)
		return swar_load4(s) |
		    (uint64_t)swar_load4(s + n - 4) << 8 * (n - 4);
	return n == 0 ? 0 : (uint64_t)p[0] | (uint64_t)p[n / 2] << n / 2 * 8 |
	    (uint64_t)p[n - 1] << (n - 1) * 8;
}

/* The bytes in the other order: one instruction, where eight stores of a byte each
 * may become a hundred, of vectors. */
static inline uint64_t
swar_turn(uint64_t x)
{
	x = (x >> 8 & UINT64_C(0x00ff00ff00ff00ff)) |
	    (x & UINT64_C(0x00ff00ff00ff00ff)) << 8;
	x = (x >> 16 & UINT64_C(0x0000ffff0000ffff)) |
	    (x & UINT64_C(0x0000ffff0000ffff)) << 16;
	return x >> 32 | x << 32;
}

static inline void
swar_store(char *s, uint64_t x)
{
	if (SWAR_NATIVE) {
		memcpy(s, &x, sizeof(x));
		return;
	}
	for (int i = 0; i < 8; i++)
		s[i] = (char)(unsigned char)(x >> 8 * i);
}

static inline void
swar_store4(char *s, uint32_t x)
{
	if (SWAR_NATIVE) {
		memcpy(s, &x, sizeof(x));
		return;
	}
	for (int i = 0; i < 4; i++)
		s[i] = (char)(unsigned char)(x >> 8 * i);
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

/* Index of the highest bit of a number that is not 0. */
static inline size_t
swar_high_bit(uint64_t x)
{
#ifdef attr_clz64
	return 63U ^ (unsigned)attr_clz64(x); /* one instruction of x86 */
#else
	size_t i = 0;

	while (x >>= 1)
		i++;
	return i;
#endif
}

/* Which byte holds the highest mark; there must be one. */
static inline unsigned
swar_last(uint64_t marks)
{
	return (unsigned)swar_high_bit(marks) / 8;
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

/* The eight hexadecimal digits of a number, letters in lower case. */
static inline uint64_t
swar_hex_digits(uint32_t v)
{
	const uint64_t fours = UINT64_C(0x000000ff000000ff);
	const uint64_t pairs = UINT64_C(0x000f000f000f000f);
	uint64_t x = v >> 16 | (uint64_t)(v & 0xffff) << 32, letters;

	x = (x >> 8 & fours) | (x & fours) << 16;
	x = (x >> 4 & pairs) | (x & pairs) << 8;
	letters = (x + SWAR_ONES * 6) >> 4 & SWAR_ONES;
	return x + SWAR_ONES * '0' + letters * ('a' - '9' - 1);
}

/* The number of eight hexadecimal digits, letters in lower case. False: they are
 * none. */
static inline bool
swar_hex_word(uint64_t x, uint32_t *out)
{
	const uint64_t pairs = UINT64_C(0x00ff00ff00ff00ff);
	const uint64_t fours = UINT64_C(0x0000ffff0000ffff);
	uint64_t a = x & ~SWAR_HIGH;
	/* bit 7 of what is at least the first one and not more than the last */
	uint64_t digit = (a + SWAR_ONES * (0x80 - '0')) &
	    ~(a + SWAR_ONES * (0x7f - '9'));
	uint64_t letter = (a + SWAR_ONES * (0x80 - 'a')) &
	    ~(a + SWAR_ONES * (0x7f - 'f')) & SWAR_HIGH;

	if (((digit | letter) & ~x & SWAR_HIGH) != SWAR_HIGH)
		return false;
	a = (a & SWAR_ONES * 15) + (letter >> 7) * 9;
	a = (a << 4 | a >> 8) & pairs;
	a = (a << 8 | a >> 16) & fours;
	*out = (uint32_t)(a << 16 | a >> 32);
	return true;
}

static inline bool
swar_hex(const char *p, uint32_t *out)
{
	return swar_hex_word(swar_load(p), out);
}

/* Which byte holds the lowest mark; there must be one. */
static inline size_t
swar_first(uint64_t marks)
{
	return swar_low_bit(marks) / 8;
}

/* The number of n digits, 1 to 8; eight bytes can be read. */
static attr_inline uint64_t
swar_number(const char *p, size_t n)
{
	uint64_t x = (swar_load(p) ^ SWAR_ONES * '0') << 8 * (8 - n);

	x = (x * 10 + (x >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
	x = (x * 100 + (x >> 16)) & UINT64_C(0x0000ffff0000ffff);
	return (x * 10000 + (x >> 32)) & UINT32_MAX;
}

/* The eight digits of a number less than 10^8 as numbers, the first one lowest. */
static inline uint64_t
swar_decimal(uint32_t v)
{
	const uint64_t hundreds = UINT64_C(0x0000007f0000007f);
	const uint64_t tens = UINT64_C(0x000f000f000f000f);
	uint64_t x = v / 10000 | (uint64_t)(v % 10000) << 32, high;

	high = x * 10486 >> 20 & hundreds; /* of four digits each, by 100 */
	x = high | (x - high * 100) << 16;
	high = x * 103 >> 10 & tens;       /* of two digits each, by 10 */
	return high | (x - high * 10) << 8;
}

/* How many of eight bytes are decimal digits, up to the first other. Lengths of
 * numbers differ, and a loop is mostly foreseen wrong. */
static attr_inline size_t
swar_digits(const char *p)
{
	uint64_t x = swar_load(p) ^ SWAR_ONES * '0';
	uint64_t others = ((x + SWAR_ONES * (0x7f - 9)) | x) & SWAR_HIGH;

	return others ? swar_first(others) : 8;
}

#endif
