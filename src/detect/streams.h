/* SPDX-License-Identifier: MIT */
/*
 * streams.h: what a store knows of the log streams of its apps: the spans that
 * inputs vouch for, less the times in which the logs were not alive, with the
 * holes between pulls and the notices of lost lines. A pull that was cut at its
 * head vouches from its first line on. Inputs that come by themselves and lie
 * at most COVERAGE_SLACK apart are parts of one feed: nothing lies between.
 */
#ifndef DETECT_STREAMS_H
#define DETECT_STREAMS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "detect/coverage.h"

struct site;
struct store;
struct track;

struct spans {
	struct span *v; /* united */
	size_t n;
};

struct streams {
	/*
	 * All streams together: [0] of all apps (only time at which every app
	 * was seen), then of each app. Apps that site.yml does not list are
	 * left out when it lists one that is here.
	 */
	struct stream *v;
	size_t n;
	const struct track *track; /* of v[1] on; streams_of() */
	/* When lines came of every app: at all, by themselves, through a drain.
	 * Like the store's spans these bridge silences of 15 minutes. */
	struct spans any, automated, drained;
};

bool streams_load(struct arena *a, struct store *st, const struct site *site,
    struct streams *out, struct err *e);

/* The streams of the mask, all of them needed, of app v[i]. */
struct stream streams_of(struct arena *a, const struct streams *s, size_t i,
    unsigned mask);

#endif
