/* SPDX-License-Identifier: MIT */
/*
 * dbnum.h: numbers as a database file has them, read
 * (https://www.sqlite.org/fileformat2.html).
 */
#ifndef STORE_DBNUM_H
#define STORE_DBNUM_H

#include <stdbool.h>
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
