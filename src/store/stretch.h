/* SPDX-License-Identifier: MIT */
/*
 * stretch.h: the table stretch. The ids of records are numbers over all tables
 * of them, and what is known of 64 of them at once stands for an index on ts and
 * for most of a row's line and byte, which would make a fifth of a store. Most
 * lines come in the order of their times, so that the rows of a time are in few
 * stretches; where they do not, more are looked through.
 */
#ifndef STORE_STRETCH_H
#define STORE_STRETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct store;

enum {
	STRETCH = 64, /* ids */
	STRETCH_KEPT = 16 /* of a load, so many may still get rows */
};

struct stretch {
	int64_t id;          /* a multiple of STRETCH */
	int64_t byte;        /* where the record that was first read starts */
	int64_t start, stop; /* earliest and latest ts, microseconds UTC */
};

/* --- those of an input that is loaded --- */

struct stretch_queue {
	struct stretch kept[STRETCH_KEPT]; /* ascending */
	size_t n;
};

/* The one that has the id, if it is kept; else NULL. */
struct stretch *stretch_of(struct stretch_queue *q, int64_t id);
/* May it have one? It is kept, or behind all others. */
bool stretch_takes(struct stretch_queue *q, int64_t id);
/* Adds a record whose id it takes; the stretch that has it, until the next is
 * added. *done is one that gets no more; its id is below 0 if there is none. */
const struct stretch *stretch_add(struct stretch_queue *q, int64_t id,
    int64_t ts, int64_t byte, struct stretch *done);
/* Takes the first one out; false: there is none. */
bool stretch_pop(struct stretch_queue *q, struct stretch *out);

/* --- those of a store --- */

struct stretches {
	struct stretch *v; /* by id */
	int64_t *latest;   /* stop of it and of all before */
	int64_t *earliest; /* start of it and of all behind */
	size_t n;
};

struct stretch_range {
	int64_t first, last; /* ids */
	size_t at;           /* where the next one is looked for */
};

#define STRETCH_RANGE_INIT { .at = 0 }

/* Adds those that the store got since; *s may be empty. False when the store
 * fails. */
bool stretches_load(struct stretches *s, struct store *st, struct err *e);
void stretches_release(struct stretches *s);
/* Ids next to each other of stretches with a record of the time, both ends
 * included. False: no more. */
bool stretches_next(const struct stretches *s, int64_t from, int64_t to,
    struct stretch_range *r);

#endif
