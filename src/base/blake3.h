/* SPDX-License-Identifier: MIT */
/*
 * blake3.h: BLAKE3, the digest by which inputs are known. As strong as SHA-256
 * against who wants two inputs with one digest, and several times as fast, also on
 * processors that have no instructions for either; b3sum shows the same.
 * Source: O'Connor, Aumasson, Neves, Wilcox-O'Hearn, "BLAKE3: one function, fast
 * everywhere" (2020), sections 2.1 to 2.5.
 */
#ifndef BASE_BLAKE3_H
#define BASE_BLAKE3_H

#include <stddef.h>
#include <stdint.h>

enum {
	BLAKE3_LEN = 32,
	BLAKE3_CHUNK = 1024,    /* bytes of a leaf of the tree */
	BLAKE3_GROUP = 16,      /* leaves that are hashed at once */
	BLAKE3_TREE = 64,       /* leaves whose parents are */
	BLAKE3_DEPTH = 48       /* such trees of 2^64 bytes, each as tall as needed */
};

struct blake3 {
	size_t lanes;           /* how many chunks the processor takes at once */
	uint64_t chunks;        /* hashed so far, whole groups */
	uint64_t trees;         /* of those chunks that are in `tree` */
	size_t ntrees;          /* of `tree`, made of them */
	size_t held;            /* bytes of the group that is not: at least one,
	                         * unless there were none */
	uint8_t tree[BLAKE3_DEPTH][BLAKE3_LEN]; /* whole trees, the tallest first */
	uint8_t leaf[BLAKE3_TREE][BLAKE3_LEN];  /* chunks behind them */
	uint8_t group[BLAKE3_GROUP * BLAKE3_CHUNK];
};

void blake3_init(struct blake3 *b);
/* With no more than so many lanes: the result is the same. */
void blake3_init_lanes(struct blake3 *b, size_t lanes);
void blake3_add(struct blake3 *b, const void *p, size_t n);

/*
 * The same in parts, by several threads: the value of a tree, which depends on what
 * stands before it only in how many trees there are. Values are added in order
 * before anything else is; something must follow them.
 */
enum { BLAKE3_TREE_BYTES = BLAKE3_TREE * BLAKE3_CHUNK };
void blake3_tree(const uint8_t p[BLAKE3_TREE_BYTES], uint64_t before,
    uint8_t out[BLAKE3_LEN]);
void blake3_add_tree(struct blake3 *b, const uint8_t value[BLAKE3_LEN]);

void blake3_end(struct blake3 *b, uint8_t out[BLAKE3_LEN]);

#endif
