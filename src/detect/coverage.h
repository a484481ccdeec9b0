/* SPDX-License-Identifier: MIT */
/*
 * coverage.h: which part of a window was observed, as pure computation over
 * spans of time; detect/streams.h makes them from a store. Spans hold both
 * ends; lengths are differences, so neighbours that touch leave no hole.
 */
#ifndef DETECT_COVERAGE_H
#define DETECT_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/sv.h"

/* The lines of an app's log come in three streams; a set of them is a mask. */
enum {
	STREAM_ROUTER = 1,
	STREAM_APP = 2,
	STREAM_PLATFORM = 4,
	STREAM_ALL = 7,
	STREAM_N = 3
};

extern const char *const stream_name[STREAM_N]; /* of the lowest bit up */

struct span {
	int64_t from, to;
};

/* Sorts and merges in place; returns how many are left. */
size_t span_union(struct span *s, size_t n);
/* What lies in both of two united lists. */
size_t span_common(struct arena *a, const struct span *x, size_t nx,
    const struct span *y, size_t ny, struct span **out);
/* What of x lies in no span of y; both united. The ends of what is left touch
 * those of y; of spans with a length, pieces without one are left out. */
size_t span_minus(struct arena *a, const struct span *x, size_t nx,
    const struct span *y, size_t ny, struct span **out);

struct blind {
	int64_t from, to;
	sv why;
	bool unknown; /* silent, and nothing tells whether anything was lost */
};

/* A time in which lines were lost, and what arrived all the same. */
struct lossy {
	int64_t from, to;
	double share; /* of the lines; 1: another input has them all */
	double low;   /* if all that was lost was of this stream */
	sv why;
};

/* All that is known about one or more streams of log lines. */
struct stream {
	sv app;              /* null: unlabelled, or all apps together */
	struct span *seen;   /* united */
	size_t nseen;
	struct blind *gap;   /* by time: why times that are not seen are not; */
	size_t ngaps;        /* "no log input" where none says it */
	struct lossy *lossy; /* by time, none overlaps another */
	size_t nlossy;
	int64_t until;       /* blind after it; INT64_MAX: no such time */
	sv until_why;
};

/* Puts together what is known of streams that are all needed: seen is what
 * both have seen, and of a time lossy in both the worse counts. */
void stream_join(struct arena *a, struct stream *s, const struct stream *t);

struct coverage {
	struct span window;
	double share;        /* of the window's length, 0 to 1 */
	double low;          /* the same, if every loss hit these streams */
	double covered;      /* microseconds */
	double seen;         /* the same, with what was lost in them */
	double unknown;      /* microseconds of blind spans that are unknown */
	struct blind *blind; /* by time; a lossy time is one too */
	size_t nblind;
	bool noticed;        /* a notice of lost lines falls into the window */
};

void coverage_make(struct arena *a, const struct stream *s, struct span window,
    struct coverage *out);

/* A silence of this length proves nothing: an input that comes by itself may
 * begin and end so much inside of what it covers. */
#define COVERAGE_SLACK (60 * INT64_C(1000000))

/*
 * Was all of the window seen, with no notice of lost lines in it? Blind spans
 * without length do not count; with `open_end`, when nobody named the window's
 * end, neither does one of at most COVERAGE_SLACK that reaches it.
 */
bool coverage_is_clean(const struct coverage *c, bool open_end);

/* Share of the UTC day that starts at `day`. */
double coverage_day(struct arena *a, const struct stream *s, int64_t day);
/* Start of the UTC day that holds ts. */
int64_t day_start(int64_t ts);

/*
 * Smallest number of events of which at least k are seen with 95 %
 * probability when each is seen with probability `share`; 0 when there is no
 * such number up to COVERAGE_RUN_MAX.
 */
enum { COVERAGE_RUN_MAX = 100000 };
unsigned coverage_smallest(double share, unsigned k);

#endif
