/* SPDX-License-Identifier: MIT */
/*
 * crosscheck.h: is as much seen as is claimed? The router and the app log a
 * request apart from each other, and both name its id. Of the ids that the app
 * names, the share that the router's lines name too estimates how much of the
 * router's stream is here, and the other way round (capture and recapture). A
 * loss that hits both streams at once does not show.
 *
 * Left out: requests that never reached a dyno (an H code, no dyno), and for
 * the app's stream those of routes of which it never names nearly all ids for a
 * while, since it logs these now and then at most; so a loss of more than a
 * fifth that is even all the time does not show there. A route is a method, the
 * first two segments of a path and how many there are.
 */
#ifndef DETECT_CROSSCHECK_H
#define DETECT_CROSSCHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "detect/coverage.h"

struct jsonw;
struct store;

enum {
	CROSSCHECK_LEAST = 30,    /* ids: fewer flag nothing */
	CROSSCHECK_SAMPLE = 30000 /* requests that are looked at, about */
};

struct crosscheck_side {
	double estimate; /* share of the lines of times that were seen; NAN */
	double claimed;  /* the same as the spans and notices have it; NAN */
	bool flagged;    /* more than 10 points less than is claimed */
};

struct crosscheck {
	bool known;         /* the app names ids */
	int64_t every;      /* one of so many ten minutes was counted */
	int64_t n_router;   /* router lines with an id */
	int64_t n_app;      /* ids of app and access lines */
	int64_t matched;    /* of these also in a router line */
	int64_t n_expected; /* of n_router: of routes whose ids the app names */
	int64_t n_found;    /* of these also named by the app */
	struct crosscheck_side router, app;
};

/* `lines`: about how many router lines the window has; it only decides how
 * much of them is looked at. False when the store fails. */
bool crosscheck_load(struct store *st, struct span window, int64_t lines,
    const struct coverage *router, const struct coverage *app,
    struct crosscheck *out, struct err *e);

/* The estimates from the counts. */
void crosscheck_judge(struct crosscheck *c, const struct coverage *router,
    const struct coverage *app);

/* Member cross_check: an object, or null when nothing is known. */
void crosscheck_write(struct jsonw *w, const struct crosscheck *c);

#endif
