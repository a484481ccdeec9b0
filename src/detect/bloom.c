/* SPDX-License-Identifier: MIT */
#include "detect/bloom.h"

#include <stdlib.h>

#include "base/oom.h"

enum {
	EACH = 4,  /* bits that a hash sets ... */
	ROOM = 16  /* ... of so many that are there for it */
};

static uint64_t
turn(uint64_t v)
{
	return v >> 16 | v << 48;
}

void
bloom_make(struct bloom *b, const uint64_t *hash, size_t n)
{
	uint64_t bits = 1024;

	while (bits < ROOM * (uint64_t)n)
		bits *= 2;
	b->mask = bits - 1;
	b->bit = calloc(bits / 64, sizeof(*b->bit));
	if (b->bit == NULL)
		oom();
	for (size_t i = 0; i < n; i++) {
		uint64_t v = hash[i];

		for (int k = 0; k < EACH; k++, v = turn(v))
			b->bit[(v & b->mask) / 64] |= (uint64_t)1 << (v % 64);
	}
}

void
bloom_release(struct bloom *b)
{
	free(b->bit);
	b->bit = NULL;
}

bool
bloom_has(const struct bloom *b, uint64_t v)
{
	for (int k = 0; k < EACH; k++, v = turn(v))
		if (!(b->bit[(v & b->mask) / 64] >> (v % 64) & 1))
			return false;
	return true;
}
