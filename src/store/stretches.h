/* SPDX-License-Identifier: MIT */
/* stretches.h: the table stretch in memory: which ids may have rows of a time. */
#ifndef STORE_STRETCHES_H
#define STORE_STRETCHES_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "store/stretch.h"

struct stretches {
	struct buf mem;      /* of struct stretch, by id; v is in there */
	struct buf reach;    /* of int64_t: latest ts up to each, then earliest ts
	                      * from each on, both ascending */
	const struct stretch *v;
	size_t n;
	uint32_t version;    /* of the store */
	bool known;
};

/* What is left of a range of times: stretches at to end - 1. */
struct timerange {
	int64_t low, high;
	size_t at, end;
};

/* As the store has them now; nothing is read while it has not changed. A
 * transaction that reads must be open. Of a store without any, all ids may have
 * any time. Result: a code of SQLite. */
int stretches_read(struct stretches *s, sqlite3 *db);
/* Adds those that came since, for a connection that writes: the store gets others
 * only behind what is there. */
int stretches_more(struct stretches *s, sqlite3 *db);
void stretches_release(struct stretches *s);

/* Those that may have a ts from low to high. */
struct timerange stretches_find(const struct stretches *s, int64_t low,
    int64_t high);
/* The next ids from *from to *to of the range; false: no more. */
bool stretches_next(const struct stretches *s, struct timerange *r,
    int64_t *from, int64_t *to);

#endif
