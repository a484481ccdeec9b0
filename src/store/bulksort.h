/* SPDX-License-Identifier: MIT */
/*
 * bulksort.h: the entries of an index, given in the order of loading and given
 * back sorted. What is nearly sorted, as times of logs are, makes one run in a
 * temporary file, anything else several, which are merged; a window of the
 * newest entries is all that is in memory.
 */
#ifndef STORE_BULKSORT_H
#define STORE_BULKSORT_H

#include "store/bulktree.h"
#include "store/spill.h"

enum { BULKSORT_WINDOW = 16 * 1024 };

struct bulkrun {
	int64_t at, stop; /* bytes in the file */
	struct bulkpair *pair; /* while merging: those read last */
	size_t n, next;
};

struct bulksort {
	struct bulkpair *window; /* NULL until the first */
	size_t n, next;          /* in it; given back of a single window */
	struct bulkpair last;    /* of the run under way */
	struct spill file;
	struct bulkrun *run;
	size_t nruns;
};

void bulksort_init(struct bulksort *s);
void bulksort_release(struct bulksort *s);
bool bulksort_add(struct bulksort *s, struct bulkpair p, struct err *e);
/* No more will be added. */
bool bulksort_end(struct bulksort *s, struct err *e);
/* The next in order; *more is false at the end. */
bool bulksort_next(struct bulksort *s, struct bulkpair *p, bool *more,
    struct err *e);

/* Below 0, 0, above 0. */
static inline int
bulkpair_cmp(const struct bulkpair *a, const struct bulkpair *b)
{
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

#endif
