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
#include "detect/flaw.h"

struct site;
struct store;
struct tally;
struct track;

struct spans {
	struct span *v; /* united */
	size_t n;
};

struct streams {
	/*
	 * All streams together: [0] of all apps (only time at which every app
	 * was seen), then of each app. When site.yml lists apps, these are the
	 * listed ones that are here, or all listed ones where there are only
	 * others: a log without a name counts for every app, that of another
	 * app for none.
	 */
	struct stream *v;
	size_t n;
	const struct track *track; /* of v[1] on; streams_of() */
	/* When lines came of every app: at all, by themselves, through a drain.
	 * Like the store's spans these bridge silences of 15 minutes. */
	struct spans any, automated, drained;
	/* The names of v[1] on, and of the apps here that are left out. */
	sv *app, *other;
	size_t napps, nothers;
	/* Of the log inputs of all apps, for rules look at the lines of all:
	 * notices of the apps that are left out are among them. */
	struct flaws flaws;
};

bool streams_load(struct arena *a, struct store *st, const struct site *site,
    struct tally *tally, struct streams *out, struct err *e);

/* The streams of the mask, all of them needed, of app v[i]. */
struct stream streams_of(struct arena *a, const struct streams *s, size_t i,
    unsigned mask);

#endif
