/* SPDX-License-Identifier: MIT */
#include "base/blake3.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "base/attr.h"
#include "base/swar.h"

enum { BLOCK = 64 };

/* What a block is part of. */
enum { CHUNK_START = 1, CHUNK_END = 2, PARENT = 4, ROOT = 8 };

/* Those of SHA-256. */
static const uint32_t iv[8] = {
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

/* Inputs of equal length, one behind the other. */
struct job {
	const uint8_t *in;
	size_t stride;          /* from one to the next */
	size_t blocks;          /* of each */
	uint32_t last;          /* bytes of its last block; zeros follow them */
	uint32_t first_flags, last_flags; /* of its first block, its last */
	uint64_t counter;       /* number of the first input ... */
	bool counts;            /* ... and the others have the next ones */
};

static inline uint32_t
job_length(const struct job *j, size_t block)
{
	return block + 1 == j->blocks ? j->last : BLOCK;
}

static inline uint32_t
job_flags(const struct job *j, size_t block)
{
	return (block == 0 ? j->first_flags : 0) |
	    (block + 1 == j->blocks ? j->last_flags : 0);
}

/* These work on numbers and on vectors of them. */

#define ROTR(x, n) ((x) >> (n) | (x) << (32 - (n)))

#define MIX(v, a, b, c, d, x, y) do { \
	v[a] += v[b] + (x); \
	v[d] = ROTR(v[d] ^ v[a], 16); \
	v[c] += v[d]; \
	v[b] = ROTR(v[b] ^ v[c], 12); \
	v[a] += v[b] + (y); \
	v[d] = ROTR(v[d] ^ v[a], 8); \
	v[c] += v[d]; \
	v[b] = ROTR(v[b] ^ v[c], 7); \
} while (0)

/* Columns, then diagonals; the words of the message come in the given order. */
#define ROUND(v, m, a, b, c, d, e, f, g, h, i, j, k, l, n, o, p, q) do { \
	MIX(v, 0, 4, 8, 12, m[a], m[b]); \
	MIX(v, 1, 5, 9, 13, m[c], m[d]); \
	MIX(v, 2, 6, 10, 14, m[e], m[f]); \
	MIX(v, 3, 7, 11, 15, m[g], m[h]); \
	MIX(v, 0, 5, 10, 15, m[i], m[j]); \
	MIX(v, 1, 6, 11, 12, m[k], m[l]); \
	MIX(v, 2, 7, 8, 13, m[n], m[o]); \
	MIX(v, 3, 4, 9, 14, m[p], m[q]); \
} while (0)

/* Each order is the last one by the paper's permutation. */
#define ROUNDS(v, m) do { \
	ROUND(v, m, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15); \
	ROUND(v, m, 2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8); \
	ROUND(v, m, 3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1); \
	ROUND(v, m, 10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6); \
	ROUND(v, m, 12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4); \
	ROUND(v, m, 9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7); \
	ROUND(v, m, 11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13); \
} while (0)

#define BEGIN(v, h, zero, low, high, length, flags) do { \
	for (size_t i = 0; i < 8; i++) \
		v[i] = h[i]; \
	for (size_t i = 0; i < 4; i++) \
		v[8 + i] = zero + iv[i]; \
	v[12] = low; \
	v[13] = high; \
	v[14] = zero + length; \
	v[15] = zero + flags; \
} while (0)

/* As the functions of blake3lanes.h. */
static void
hash1(const struct job *j, size_t n, uint8_t *out)
{
	uint32_t h[8], v[16], m[16];

	(void)n;
	memcpy(h, iv, sizeof(h));
	for (size_t block = 0; block < j->blocks; block++) {
		for (size_t i = 0; i < 16; i++)
			m[i] = swar_load4((const char *)j->in + BLOCK * block +
			    4 * i);
		BEGIN(v, h, 0, (uint32_t)j->counter,
		    (uint32_t)(j->counter >> 32), job_length(j, block),
		    job_flags(j, block));
		ROUNDS(v, m);
		for (size_t i = 0; i < 8; i++)
			h[i] = v[i] ^ v[i + 8];
	}
	for (size_t i = 0; i < 8; i++)
		swar_store4((char *)out + 4 * i, h[i]);
}

#ifdef ATTR_VECTOR

#define LANES 4
#define TARGET
#define LOW 0, 4, 1, 5
#define HIGH 2, 6, 3, 7
#include "base/blake3lanes.h"

#ifdef ATTR_X86_64

#define LANES 8
#define TARGET attr_target("avx2")
#define LOW 0, 8, 1, 9, 2, 10, 3, 11
#define HIGH 4, 12, 5, 13, 6, 14, 7, 15
#include "base/blake3lanes.h"

#define LANES 16
#define TARGET attr_target("avx512f")
#define LOW 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#include "base/blake3lanes.h"

#endif
#endif

/* The widest first. */
static const struct width {
	size_t lanes;
	void (*hash)(const struct job *j, size_t n, uint8_t *out);
} widths[] = {
#ifdef ATTR_VECTOR
#ifdef ATTR_X86_64
	{ 16, hash16 },
	{ 8, hash8 },
#endif
	{ 4, hash4 },
#endif
	{ 1, hash1 },
};

static size_t
lanes_usable(void)
{
#ifdef ATTR_X86_64
	if (__builtin_cpu_supports("avx512f"))
		return 16;
	if (__builtin_cpu_supports("avx2"))
		return 8;
#endif
	return 4;
}

/* The one whose lanes are not mostly empty. */
static const struct width *
width_for(size_t lanes, size_t n)
{
	const struct width *w = widths;

	while (w->lanes > 1 && (w->lanes > lanes || 2 * n <= w->lanes))
		w++;
	return w;
}

/* The chaining values of n inputs, one behind the other: `out` may be where the
 * inputs are, since each is longer than its value. */
static void
hash_all(const struct blake3 *b, struct job *j, size_t n, uint8_t *out)
{
	while (n) {
		const struct width *w = width_for(b->lanes, n);
		size_t part = n < w->lanes ? n : w->lanes;

		w->hash(j, part, out);
		j->in += part * j->stride;
		j->counter += j->counts ? part : 0;
		out += part * BLAKE3_LEN;
		n -= part;
	}
}

/* The next n chunks, which are whole. */
static void
add_chunks(struct blake3 *b, const uint8_t *p, size_t n)
{
	struct job j = { .in = p, .stride = BLAKE3_CHUNK,
		.blocks = BLAKE3_CHUNK / BLOCK, .last = BLOCK,
		.first_flags = CHUNK_START, .last_flags = CHUNK_END,
		.counter = b->chunks, .counts = true };

	hash_all(b, &j, n, b->leaf[b->chunks % BLAKE3_TREE]);
	b->chunks += n;
}

/* The parents of n neighbours take their place; one too many stays what it is.
 * How many there are now. */
static size_t
add_parents(struct blake3 *b, uint8_t (*values)[BLAKE3_LEN], size_t n,
    uint32_t root)
{
	struct job j = { .in = values[0], .stride = 2 * BLAKE3_LEN, .blocks = 1,
		.last = BLOCK, .last_flags = PARENT | root };

	hash_all(b, &j, n / 2, values[0]);
	if (n % 2)
		memcpy(values[n / 2], values[n - 1], BLAKE3_LEN);
	return n / 2 + n % 2;
}

/* The leaves become a tree, whose value is then the first of them. */
static void
grow_tree(struct blake3 *b)
{
	for (size_t n = BLAKE3_TREE; n > 1; )
		n = add_parents(b, b->leaf, n, 0);
}

/* Another tree. As many neighbours of one height as end here become one, as ones of
 * a binary number do when it is counted up. */
static void
add_tree(struct blake3 *b, const uint8_t value[BLAKE3_LEN])
{
	memcpy(b->tree[b->ntrees++], value, BLAKE3_LEN);
	for (uint64_t trees = ++b->trees; trees % 2 == 0; trees /= 2)
		add_parents(b, b->tree + --b->ntrees - 1, 2, 0);
}

static void
add_leaves(struct blake3 *b)
{
	grow_tree(b);
	add_tree(b, b->leaf[0]);
}

static bool
leaves_are_whole(const struct blake3 *b)
{
	return b->chunks == (b->trees + 1) * BLAKE3_TREE;
}

/* A group behind which there is more. */
static void
add_group(struct blake3 *b, const uint8_t *p)
{
	if (leaves_are_whole(b))
		add_leaves(b);
	add_chunks(b, p, BLAKE3_GROUP);
}

void
blake3_init_lanes(struct blake3 *b, size_t lanes)
{
	size_t usable = lanes_usable();

	b->lanes = lanes < usable ? lanes : usable;
	b->chunks = b->trees = 0;
	b->ntrees = 0;
	b->held = 0;
}

void
blake3_init(struct blake3 *b)
{
	blake3_init_lanes(b, lanes_usable());
}

void
blake3_add(struct blake3 *b, const void *p, size_t n)
{
	size_t room = sizeof(b->group) - b->held;
	const uint8_t *at = p;

	if (b->held && n > room) {
		memcpy(b->group + b->held, at, room);
		add_group(b, b->group);
		at += room;
		n -= room;
		b->held = 0;
	}
	for (; n > sizeof(b->group); n -= sizeof(b->group)) {
		add_group(b, at);
		at += sizeof(b->group);
	}
	if (n)
		memcpy(b->group + b->held, at, n);
	b->held += n;
}

void
blake3_tree(const uint8_t p[BLAKE3_TREE_BYTES], uint64_t before,
    uint8_t out[BLAKE3_LEN])
{
	struct blake3 b;

	blake3_init(&b);
	b.chunks = before * BLAKE3_TREE;
	for (size_t i = 0; i < BLAKE3_TREE; i += BLAKE3_GROUP)
		add_chunks(&b, p + i * BLAKE3_CHUNK, BLAKE3_GROUP);
	grow_tree(&b);
	memcpy(out, b.leaf[0], BLAKE3_LEN);
}

void
blake3_add_tree(struct blake3 *b, const uint8_t value[BLAKE3_LEN])
{
	assert(b->held == 0 && b->chunks == b->trees * BLAKE3_TREE);
	add_tree(b, value);
	b->chunks += BLAKE3_TREE;
}

/* The last chunk, from 0 to BLAKE3_CHUNK bytes, with room for zeros. */
static void
add_last(struct blake3 *b, uint8_t *p, size_t n, uint32_t root)
{
	struct job j = { .in = p, .blocks = n ? (n + BLOCK - 1) / BLOCK : 1,
		.first_flags = CHUNK_START, .last_flags = CHUNK_END | root,
		.counter = b->chunks };

	j.last = (uint32_t)(n - (j.blocks - 1) * BLOCK);
	memset(p + n, 0, j.blocks * BLOCK - n);
	hash_all(b, &j, 1, b->leaf[b->chunks++ % BLAKE3_TREE]);
}

void
blake3_end(struct blake3 *b, uint8_t out[BLAKE3_LEN])
{
	size_t whole = b->held ? (b->held - 1) / BLAKE3_CHUNK : 0, n;
	uint8_t *last = b->group + whole * BLAKE3_CHUNK;

	if (leaves_are_whole(b))
		add_leaves(b);
	n = b->chunks % BLAKE3_TREE + whole + 1;
	add_chunks(b, b->group, whole);
	add_last(b, last, b->held - whole * BLAKE3_CHUNK,
	    b->chunks ? 0 : ROOT);
	while (n > 1)
		n = add_parents(b, b->leaf, n,
		    n == 2 && b->ntrees == 0 ? ROOT : 0);
	memcpy(b->tree[b->ntrees], b->leaf[0], BLAKE3_LEN);
	for (; b->ntrees; b->ntrees--)
		add_parents(b, b->tree + b->ntrees - 1, 2,
		    b->ntrees == 1 ? ROOT : 0);
	memcpy(out, b->tree[0], BLAKE3_LEN);
}
