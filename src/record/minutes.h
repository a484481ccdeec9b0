/* SPDX-License-Identifier: MIT */
/*
 * minutes.h: which minutes an input has lines of, whatever their order; the
 * spans of time it vouches for follow from that.
 */
#ifndef RECORD_MINUTES_H
#define RECORD_MINUTES_H

#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "record/sink.h"

struct minutes {
	struct buf seen;    /* int64_t each, with repeats until compacted */
	size_t compact_at;
	int64_t from, to;   /* the minute of the last line; from > to: no line yet */
	int64_t min, max;   /* event times; min > max: no line yet */
	uint64_t lines;
};

void minutes_init(struct minutes *m);
void minutes_release(struct minutes *m);
/* The same, of a minute that is not that of the last line. */
void minutes_begin(struct minutes *m, int64_t ts);

static inline void
minutes_add(struct minutes *m, int64_t ts)
{
	m->lines++;
	m->min = ts < m->min ? ts : m->min;
	m->max = ts > m->max ? ts : m->max;
	if (unlikely(ts < m->from || ts >= m->to))
		minutes_begin(m, ts);
}

/* One span from the first line to the last. */
size_t minutes_whole(const struct minutes *m, struct arena *a,
    const struct span **out);
/* A span per run of minutes with lines; more than `silence` microseconds of
 * whole minutes without any ends one, since nothing proves that it was quiet. */
size_t minutes_spans(struct minutes *m, int64_t silence, struct arena *a,
    const struct span **out);

#endif
