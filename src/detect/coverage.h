/* SPDX-License-Identifier: MIT */
/*
 * coverage.h: which part of a window was observed. The spans that inputs vouch
 * for are united, notices of lost lines lower the share of their interval, and
 * what remains is named as blind. Pure but for coverage_load. Spans hold both
 * ends; lengths are differences, so neighbours that touch leave no hole.
 */
#ifndef DETECT_COVERAGE_H
#define DETECT_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sv.h"

struct store;
struct site;

struct span {
	int64_t from, to;
};

/* Sorts and merges in place; returns how many are left. */
size_t span_union(struct span *s, size_t n);
/* What lies in both of two united lists. */
size_t span_common(struct arena *a, const struct span *x, size_t nx,
    const struct span *y, size_t ny, struct span **out);

struct loss { /* notices of one interval */
	int64_t from, to;
	int64_t lost;     /* lines; -1 when a notice gives no number */
	int64_t received; /* lines that did arrive in the interval */
	sv code;          /* "L10", "L10, L13" */
};

/* Sorts and merges overlapping intervals: losses add up, so the result is
 * never better than any reading of the notices. */
size_t loss_merge(struct arena *a, struct loss *l, size_t n);

/* All that is known about one stream of log lines. */
struct stream {
	sv app;             /* null: unlabelled, or all apps together */
	struct span *seen;  /* united */
	size_t nseen;
	struct span *hole;  /* proved holes between pulls */
	size_t nholes;
	struct loss *loss;  /* merged */
	size_t nlosses;
	int64_t until;      /* blind after it; INT64_MAX: no such time */
	sv until_why;
};

struct blind {
	int64_t from, to;
	sv why;
};

struct coverage {
	struct span window;
	double share;        /* of the window's length, 0 to 1 */
	double covered;      /* microseconds */
	struct blind *blind; /* by time; a lossy interval is one too */
	size_t nblind;
};

void coverage_make(struct arena *a, const struct stream *s, struct span window,
    struct coverage *out);

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

/* Log streams of a store: [0] is all apps together (only time at which every
 * app was seen), then each app. Apps that site.yml does not list are left out
 * when it lists one that is here. */
struct streams {
	struct stream *v;
	size_t n;
};
bool coverage_load(struct arena *a, struct store *st, const struct site *site,
    struct streams *out, struct err *e);

#endif
