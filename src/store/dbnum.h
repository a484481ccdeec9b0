/* SPDX-License-Identifier: MIT */
/*
 * dbnum.h: numbers as a database file has them, read, and types of its fields
 * (https://www.sqlite.org/fileformat2.html).
 */
#ifndef STORE_DBNUM_H
#define STORE_DBNUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline uint32_t
dbnum_be16(const uint8_t *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

static inline uint32_t
dbnum_be32(const uint8_t *p)
{
	return dbnum_be16(p) << 16 | dbnum_be16(p + 2);
}

/* The signed number of n bytes at p, 1 to 8, of which 8 can be read. */
static inline int64_t
dbnum_int(const uint8_t *p, unsigned n)
{
	uint64_t v = (uint64_t)dbnum_be32(p) << 32 | dbnum_be32(p + 4);

	return (int64_t)v >> (64 - 8 * n);
}

/* Types of fields: 0 is NULL, 1 to 6 are numbers, of eight bytes the last; from
 * DBNUM_BYTES on an even one is a blob, an odd one a text. */
enum { DBNUM_WIDE = 6, DBNUM_REAL, DBNUM_FALSE, DBNUM_TRUE, DBNUM_BYTES = 12 };

/* Bytes of a field. */
static inline size_t
dbnum_size(uint64_t type)
{
	static const uint8_t size[DBNUM_BYTES] = { 0, 1, 2, 3, 4, 6, 8, 8, 0, 0,
		0, 0 };

	return type < DBNUM_BYTES ? size[type] :
	    (size_t)((type - DBNUM_BYTES) / 2);
}

/* dbnum_varint, of one that may have more than a byte. */
static inline bool
dbnum_long_varint(const uint8_t **p, const uint8_t *end, uint64_t *out)
{
	const uint8_t *q = *p;
	uint64_t v = 0;

	for (int i = 0; i < 9; i++, q++) {
		if (q == end)
			return false;
		if (i == 8) {
			v = v << 8 | *q;
			break;
		}
		v = v << 7 | (*q & 0x7f);
		if (*q < 0x80)
			break;
	}
	*out = v;
	*p = q + 1;
	return true;
}

/* The number at *p, which moves behind it; false when it would pass end. */
static inline bool
dbnum_varint(const uint8_t **p, const uint8_t *end, uint64_t *out)
{
	if (*p == end || **p >= 0x80)
		return dbnum_long_varint(p, end, out);
	*out = *(*p)++;
	return true;
}

#endif
