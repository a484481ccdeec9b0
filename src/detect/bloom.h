/* SPDX-License-Identifier: MIT */
/*
 * bloom.h: which hashes may be in a set (Bloom, 1970): of those that are, all; of
 * others one in some hundred.
 */
#ifndef DETECT_BLOOM_H
#define DETECT_BLOOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bloom {
	uint64_t *bit; /* NULL: it was not made */
	uint64_t mask; /* words there are, less one; a power of two */
};

/* Of n hashes, all of whose bits are as good as random. */
void bloom_make(struct bloom *b, const uint64_t *hash, size_t n);
void bloom_release(struct bloom *b);
bool bloom_has(const struct bloom *b, uint64_t hash);
/* It will be asked soon. */
void bloom_prefetch(const struct bloom *b, uint64_t hash);

#endif
