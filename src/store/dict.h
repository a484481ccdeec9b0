/* SPDX-License-Identifier: MIT */
/*
 * dict.h: the store's dictionary in memory: text -> number of table str. A text
 * costs its bytes and about 20 more; there may be millions.
 */
#ifndef STORE_DICT_H
#define STORE_DICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sv.h"

struct dict {
	struct dict_slot {
		uint32_t tag; /* of the hash */
		uint32_t at;  /* of the entry, in units; 0: free place */
	} *slot;
	size_t nslots, used;
	char **block;    /* the entries */
	size_t nblocks;
	uint64_t end;    /* bytes of the blocks that are used */
	int64_t next;    /* number of the next new text */
};

void dict_init(struct dict *d);
void dict_release(struct dict *d);
/* Fetch the place of a text that will be asked for; then, some time later, the
 * text that is there. */
void dict_prefetch(const struct dict *d, uint64_t hash);
void dict_prefetch_text(const struct dict *d, uint64_t hash);
/* The number of a text, and in *kept a copy of it that lives as long as the
 * dictionary; or 0, and *kept is left as it is. */
int64_t dict_find(const struct dict *d, sv text, uint64_t hash, sv *kept);
/* Adds a text that it does not have; the same of it. */
int64_t dict_add(struct dict *d, sv text, uint64_t hash, sv *kept);
/* The same of one that already has a number. */
void dict_load(struct dict *d, sv text, int64_t id);
/* Bytes of its texts. */
static inline uint64_t
dict_bytes(const struct dict *d)
{
	return d->end;
}

#endif
