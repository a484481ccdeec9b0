/* SPDX-License-Identifier: MIT */
/*
 * bulkrow.h: one row in SQLite's record format
 * (https://www.sqlite.org/fileformat2.html#record_format): a header of types,
 * then the values. Columns at the end that are NULL are left out; SQLite reads
 * a column that a record lacks as NULL, since none of ours has a default. The
 * first column of all our tables is the rowid, which a record holds as NULL.
 */
#ifndef STORE_BULKROW_H
#define STORE_BULKROW_H

#include <assert.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/sv.h"
#include "base/swar.h"
#include "store/dbnum.h"

enum {
	BULKROW_COLUMNS = 48,
	BULKROW_INT = 8, /* the most bytes of a number */
	BULKROW_ID = 16, /* bytes of an id */
	BULKROW_ROOM = BULKROW_COLUMNS * BULKROW_ID
};

struct bulkrow {
	uint8_t type[BULKROW_COLUMNS * (9 + 1)]; /* as varints; see bulkrow_nulls */
	size_t ntype, nset; /* bytes of it; up to the last that is not NULL */
	struct buf value;   /* with room for BULKROW_ROOM bytes more */
};

#define BULKROW_INIT { .ntype = 0 }

/* How many bytes bulk_varint() writes. */
static inline size_t
bulk_varint_size(uint64_t v)
{
	assert(v >> 56 == 0); /* lengths, row numbers */
	return (swar_high_bit(v | 1) * 9 + 73) / 64; /* bit / 7 + 1 */
}

/* Big-endian, seven bits a byte, of which it has n; returns n. */
static inline size_t
bulk_varint_put(uint8_t *p, uint64_t v, size_t n)
{
	p[n - 1] = (uint8_t)(v & 0x7f);
	for (size_t i = n - 1; i-- > 0;)
		p[i] = (uint8_t)((v >>= 7) | 0x80);
	return n;
}

/* Returns how many bytes it wrote. */
static inline size_t
bulk_varint(uint8_t *p, uint64_t v)
{
	if (likely(v < 0x80)) {
		*p = (uint8_t)v;
		return 1;
	}
	return bulk_varint_put(p, v, bulk_varint_size(v));
}

static inline void
bulk_put(uint8_t *p, uint64_t v, size_t n)
{
	for (size_t i = n; i-- > 0; v >>= 8)
		p[i] = (uint8_t)v;
}

/* Eight bytes, the first one highest. */
static inline void
bulk_put8(uint8_t *p, uint64_t v)
{
	swar_store((char *)p, swar_turn(v));
}

/* How a number is stored: `bytes` of it, which begin a word that is shifted by
 * `shift`. */
struct bulk_int {
	_Alignas(4) uint8_t type;
	uint8_t bytes, shift;
};

/* By how many bits it has without that of the sign. 0 and 1 have no bytes. */
static inline struct bulk_int
bulk_int_of(int64_t v)
{
	static const struct bulk_int by_bits[] = {
#define BOTH(t, b) { t, b, 64 - 8 * b }, { t, b, 64 - 8 * b }
#define BOTH8(t, b) BOTH(t, b), BOTH(t, b), BOTH(t, b), BOTH(t, b), \
	BOTH(t, b), BOTH(t, b), BOTH(t, b), BOTH(t, b)
		/* what is not negative, what is */
		{ DBNUM_FALSE, 0, 0 }, { 1, 1, 56 },
		{ DBNUM_TRUE, 0, 0 }, { 1, 1, 56 },
		BOTH(1, 1), BOTH(1, 1), BOTH(1, 1), BOTH(1, 1), BOTH(1, 1),
		BOTH(1, 1),
		BOTH8(2, 2), BOTH8(3, 3), BOTH8(4, 4), BOTH8(5, 6),
		BOTH8(5, 6), BOTH8(6, 8), BOTH8(6, 8)
#undef BOTH8
#undef BOTH
	};
	uint64_t u = (uint64_t)v, minus = -(u >> 63); /* all bits, or none */

	return by_bits[swar_high_bit((u ^ minus) * 2 + 1) * 2 - minus];
}

static inline void
bulkrow_clear(struct bulkrow *r)
{
	r->type[0] = 0; /* the rowid */
	r->ntype = r->nset = 1;
	buf_clear(&r->value);
	buf_reserve(&r->value, BULKROW_ROOM);
}

static inline void
bulkrow_release(struct bulkrow *r)
{
	buf_release(&r->value);
}

/* Some columns, or none. More than that are written, since a size that is always
 * the same needs no call. */
static inline void
bulkrow_nulls(struct bulkrow *r, size_t n)
{
	memset(r->type + r->ntype, 0, BULKROW_COLUMNS);
	r->ntype += n;
}

static inline void
bulkrow_null(struct bulkrow *r)
{
	r->type[r->ntype++] = 0;
}

static inline void
bulkrow_type(struct bulkrow *r, uint8_t type)
{
	size_t at = r->ntype;

	r->ntype = r->nset = at + 1;
	r->type[at] = type;
}

/* Where the next column goes: in registers, while several numbers are written. */
struct bulkpen {
	uint8_t *type, *value;
};

static inline struct bulkpen
bulkrow_pen(struct bulkrow *r)
{
	return (struct bulkpen){ r->type + r->ntype,
		(uint8_t *)r->value.p + r->value.n };
}

static inline void
bulkpen_null(struct bulkpen *pen)
{
	*pen->type++ = 0;
}

static inline void
bulkpen_int(struct bulkpen *pen, int64_t v)
{
	struct bulk_int is = bulk_int_of(v);

	*pen->type++ = is.type;
	bulk_put8(pen->value, (uint64_t)v << is.shift);
	pen->value += is.bytes;
}

/* The same of one that nearly always needs eight bytes. */
static inline void
bulkpen_wide(struct bulkpen *pen, int64_t v)
{
	if (unlikely(v >> 47 == v >> 63)) {
		bulkpen_int(pen, v);
		return;
	}
	*pen->type++ = DBNUM_WIDE;
	bulk_put8(pen->value, (uint64_t)v);
	pen->value += BULKROW_INT;
}

/* The same of one that is nearly always 1. */
static inline void
bulkpen_one(struct bulkpen *pen, int64_t v)
{
	if (likely(v == 1))
		*pen->type++ = DBNUM_TRUE;
	else
		bulkpen_int(pen, v);
}

/* What was written is part of the row; its last column is not NULL. */
static inline void
bulkrow_wrote(struct bulkrow *r, struct bulkpen pen)
{
	r->ntype = r->nset = (size_t)(pen.type - r->type);
	r->value.n = (size_t)(pen.value - (uint8_t *)r->value.p);
}

static inline void
bulkrow_int(struct bulkrow *r, int64_t v)
{
	struct bulk_int is = bulk_int_of(v);

	bulk_put8((uint8_t *)r->value.p + r->value.n, (uint64_t)v << is.shift);
	r->value.n += is.bytes;
	bulkrow_type(r, is.type);
}

static inline void
bulkrow_bytes(struct bulkrow *r, sv v, unsigned base)
{
	char *to = buf_reserve(&r->value, v.n + BULKROW_ROOM);

	if (v.n)
		memcpy(to, v.p, v.n);
	r->value.n += v.n;
	r->ntype += bulk_varint(r->type + r->ntype, v.n * 2 + base);
	r->nset = r->ntype;
}

static inline void
bulkrow_text(struct bulkrow *r, sv v)
{
	bulkrow_bytes(r, v, DBNUM_BYTES + 1);
}

static inline void
bulkrow_blob(struct bulkrow *r, sv v)
{
	bulkrow_bytes(r, v, DBNUM_BYTES);
}

/* Where to write the bytes of an id, before it is added. */
static inline uint8_t *
bulkrow_id_room(struct bulkrow *r)
{
	return (uint8_t *)r->value.p + r->value.n;
}

/* A blob of as many bytes as an id has, which are there. */
static inline void
bulkrow_id_there(struct bulkrow *r)
{
	r->value.n += BULKROW_ID;
	bulkrow_type(r, BULKROW_ID * 2 + DBNUM_BYTES);
}

static inline void
bulkrow_id(struct bulkrow *r, const uint8_t id[BULKROW_ID])
{
	memcpy(bulkrow_id_room(r), id, BULKROW_ID);
	bulkrow_id_there(r);
}

/* A blob of eight bytes, the first one highest. */
static inline void
bulkrow_word(struct bulkrow *r, uint64_t v)
{
	bulk_put8((uint8_t *)r->value.p + r->value.n, v);
	r->value.n += sizeof(v);
	bulkrow_type(r, sizeof(v) * 2 + DBNUM_BYTES);
}

static inline void
bulkrow_real(struct bulkrow *r, double v)
{
	uint64_t bits;

	if (v != v) { /* what SQLite does with a value that is no number */
		bulkrow_null(r);
		return;
	}
	memcpy(&bits, &v, sizeof(bits));
	bulk_put8((uint8_t *)r->value.p + r->value.n, bits);
	r->value.n += BULKROW_INT;
	bulkrow_type(r, DBNUM_REAL);
}

#endif
