/* SPDX-License-Identifier: MIT */
/*
 * stretch.h: the table stretch, and those rows of it that the records of an input
 * make; stretches.h finds times by them. The ids of records are numbers over all
 * tables of them, and what is known of 64 of them at once stands for an index on ts
 * and for most of a row's line and byte, which would make a fifth of a store. Most
 * lines come in the order of their times, so that the rows of a time are in few
 * stretches; where they do not, more are looked through.
 */
#ifndef STORE_STRETCH_H
#define STORE_STRETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	STRETCH = 64, /* ids */
	STRETCH_KEPT = 16 /* of a load, so many may still get rows */
};

struct stretch {
	int64_t id;          /* a multiple of STRETCH */
	int64_t byte;        /* where the record that was first read starts */
	int64_t start, stop; /* earliest and latest ts, microseconds UTC */
};

struct stretch_queue {
	struct stretch kept[STRETCH_KEPT]; /* ascending */
	size_t n;
};

/* The one that has the id, if it is kept; else NULL. */
struct stretch *stretch_of(struct stretch_queue *q, int64_t id);
/* May it have one? It is kept, or behind all others. */
bool stretch_takes(struct stretch_queue *q, int64_t id);
/* Adds a record; the stretch that has it, until the next is added, or NULL if it
 * does not take the id. *done is one that gets no more; its id is below 0 if there is none. */
const struct stretch *stretch_add(struct stretch_queue *q, int64_t id,
    int64_t ts, int64_t byte, struct stretch *done);
/* Takes the first one out; false: there is none. */
bool stretch_pop(struct stretch_queue *q, struct stretch *out);

#endif
