/* SPDX-License-Identifier: MIT */
/* dict.h: the store's dictionary in memory: text -> number of table str. */
#ifndef STORE_DICT_H
#define STORE_DICT_H

#include <stdint.h>

#include "base/arena.h"
#include "base/sv.h"

struct dict {
	struct arena arena;
	struct dict_entry {
		uint64_t hash;
		sv text;
		int64_t id; /* 0: free place */
	} *slot;
	size_t nslots, used;
	int64_t next; /* number of the next new text */
};

void dict_init(struct dict *d);
void dict_release(struct dict *d);
/* The number of a text; a new one gets the next number and *fresh is set. */
int64_t dict_intern(struct dict *d, sv text, bool *fresh);
/* Takes over a text that already has a number. */
void dict_load(struct dict *d, sv text, int64_t id);

#endif
