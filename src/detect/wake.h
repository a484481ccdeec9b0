/* SPDX-License-Identifier: MIT */
/*
 * wake.h: what to do next for sight. For every source that is absent, comes by
 * hand or is stale: which rules would run, or run better, if it came by itself.
 * One log drain brings all streams of the log.
 */
#ifndef DETECT_WAKE_H
#define DETECT_WAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/sv.h"
#include "detect/rule.h"
#include "detect/source.h"

struct jsonw;
struct site;

struct wake {
	int source;         /* row of source_def */
	const char *action; /* "wire the log drain" */
	const char *why;    /* "absent", "manual", "stale"; of the drain: manual
	                     * while some of the log comes by hand */
	sv *wakes;          /* rules: DORMANT now, would run */
	size_t nwakes;
	sv *lifts;          /* DEGRADED, MANUAL or without fresh data now */
	size_t nlifts;
	sv *helps;          /* DORMANT: something else is missing too */
	size_t nhelps;
	unsigned high;      /* of wakes and lifts: of level high or critical */
};

struct wakes {
	struct wake *v; /* most high ones first, then most rules */
	size_t n;       /* sources that change no rule are left out */
};

/* asleep, by rule of the catalog (NULL: none is): its sources are there, yet
 * it is DORMANT for want of more (eval_sleeps). */
void wake_make(struct arena *a, const struct source_fact source[SRC_N],
    const struct site *site, const struct catalog *c, const bool *asleep,
    int64_t now, struct wakes *out);

/* Member wake: an array. */
void wake_write(struct jsonw *w, const struct wakes *l);

#endif
