/* SPDX-License-Identifier: MIT */
/*
 * repeat.h: how often equal content occurred so far in one input. Of lines that
 * come nearly in the order of their times only the newest are in memory; the
 * others are in a temporary file, until one comes so late that they are needed.
 */
#ifndef STORE_REPEAT_H
#define STORE_REPEAT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "store/spill.h"

struct repeat_table {
	struct repeat_slot {
		uint64_t key; /* 0: free place */
		uint32_t count;
	} *slot;
	size_t nslots, used;
	struct buf keys; /* what was counted, in order: this goes into the file */
};

struct repeat {
	struct repeat_table now, before; /* of times from `from`, from `since` on */
	int64_t from, since, newest;
	bool whole;       /* all that was seen is in `now` */
	struct spill old; /* keys of what was before: once for each time */
};

void repeat_init(struct repeat *s);
void repeat_release(struct repeat *s);
void repeat_clear(struct repeat *s);
/* Counts one more; *nth is the occurrence's number, from 1. */
bool repeat_add(struct repeat *s, int64_t ts, uint64_t hash, uint32_t *nth,
    struct err *e);
/* Fetches the place of one that will be counted. */
void repeat_prefetch(const struct repeat *s, int64_t ts, uint64_t hash);

#endif
