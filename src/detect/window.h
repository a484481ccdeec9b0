/* SPDX-License-Identifier: MIT */
/*
 * window.h: exact sliding windows in event time. At every hit the window looks
 * back `span` microseconds, both ends inclusive; the result does not depend on
 * the order in which hits were given. Pure: arrays in, arrays out.
 */
#ifndef DETECT_WINDOW_H
#define DETECT_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/sv.h"

struct hit {
	sv arm;        /* ARM_SQL rules; else empty */
	sv key;        /* group; never null here */
	sv val;        /* what is counted distinct, or a number; null: nothing */
	int64_t ts;    /* microseconds */
	int64_t rec;   /* record in the store; 0: about what is not there */
	uint64_t hash; /* content name of the record, with nth: evidence */
	int64_t nth;
	int step;      /* temporal: which base rule */
	uint32_t seen; /* out, temporal: bits of the steps in the window */
	double metric; /* out: count, distinct count ... at this hit */
	bool fire;     /* out */
	sv note;
	int level;     /* enum level or -1 */
};

/* Order of everything: arm, key, ts, hash, nth, step. Total for distinct
 * records, so output never depends on the order of arrival. */
int hit_cmp(const struct hit *a, const struct hit *b);
void hits_sort(struct hit *h, size_t n);

/* Each fills metric of every hit; hits must be sorted and of one arm. Hits of
 * one key are adjacent then. Hits at the same ts see each other. */
void window_event_count(struct hit *h, size_t n, int64_t span);
void window_value_count(struct arena *scratch, struct hit *h, size_t n,
    int64_t span);
/*
 * Sum, mean and percentile (0 to 100, linear between the nearest two values) of
 * those `val` that are numbers; metric is NAN where the window has none. The
 * same values give the same bits, whatever was in the window before.
 */
void window_value_sum(struct arena *scratch, struct hit *h, size_t n,
    int64_t span);
void window_value_avg(struct arena *scratch, struct hit *h, size_t n,
    int64_t span);
void window_value_percentile(struct arena *scratch, struct hit *h, size_t n,
    int64_t span, double percentile);
/* metric = steps (0..nsteps) whose hits lie within the window ending here;
 * ordered: the longest chain 0,1,2... in non-decreasing time ending here, each
 * step by another record. */
void window_temporal(struct hit *h, size_t n, int64_t span, size_t nsteps);
void window_temporal_ordered(struct arena *scratch, struct hit *h, size_t n,
    int64_t span, size_t nsteps);

enum { WINDOW_STEPS_MAX = 32 };

/* "a and b and not c" as bits of steps: each of `with` and none of `without`
 * has a hit in the window. At least one bit of `with` is set. */
struct window_term {
	uint32_t with, without;
};

/* fire = any of the terms holds; ordered: and its steps are a chain that ends
 * here. metric = the most steps of a term, in order if ordered. */
void window_terms(struct arena *scratch, struct hit *h, size_t n, int64_t span,
    const struct window_term *term, size_t nterms, bool ordered);
/* How many steps it takes for the term with fewest. */
size_t window_terms_least(const struct window_term *term, size_t nterms);

/*
 * A run of firing: for one arm and key, firing hits whose distance to the
 * next is at most `join`. first and last are indexes of its firing hits; start
 * is the first hit (firing or not) inside the first firing hit's window.
 */
struct window_run {
	size_t start, first, last;
	double peak;
};

/* Runs over sorted hits with `fire` set; appended in order in the arena. */
size_t window_runs(struct arena *a, const struct hit *h, size_t n, int64_t span,
    int64_t join, struct window_run **out);

#endif
