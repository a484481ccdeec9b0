/* SPDX-License-Identifier: MIT */
#include "detect/bloom.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/table.h"

enum {
	EACH = 4,  /* bits that a hash sets, all in one word ... */
	ROOM = 16  /* ... of so many that are there for it */
};

static uint64_t
bits_of(uint64_t hash)
{
	uint64_t bits = 0;

	for (int k = 0; k < EACH; k++)
		bits |= (uint64_t)1 << (hash >> 6 * k & 63);
	return bits;
}

void
bloom_make(struct bloom *b, const uint64_t *hash, size_t n)
{
	uint64_t words = 16;

	while (64 * words < ROOM * (uint64_t)n)
		words *= 2;
	b->mask = words - 1;
	b->bit = table_new(words, sizeof(*b->bit));
	for (size_t i = 0; i < n; i++)
		b->bit[hash[i] >> 32 & b->mask] |= bits_of(hash[i]);
}

void
bloom_release(struct bloom *b)
{
	free(b->bit);
	b->bit = NULL;
}

void
bloom_prefetch(const struct bloom *b, uint64_t hash)
{
	prefetch(&b->bit[hash >> 32 & b->mask]);
}

bool
bloom_has(const struct bloom *b, uint64_t hash)
{
	return (~b->bit[hash >> 32 & b->mask] & bits_of(hash)) == 0;
}
