/* SPDX-License-Identifier: MIT */
/* repeat.h: how often equal content occurred so far in one input. */
#ifndef STORE_REPEAT_H
#define STORE_REPEAT_H

#include <stddef.h>
#include <stdint.h>

struct repeat {
	struct repeat_slot {
		uint64_t key; /* 0: free place */
		uint32_t count;
	} *slot;
	size_t nslots, used;
};

void repeat_init(struct repeat *s);
void repeat_release(struct repeat *s);
void repeat_clear(struct repeat *s);
/* Counts one more; returns the occurrence's number, from 1. */
uint32_t repeat_add(struct repeat *s, int64_t ts, uint64_t hash);

#endif
