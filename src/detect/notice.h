/* SPDX-License-Identifier: MIT */
/*
 * notice.h: Heroku's notices that lines were lost, and what they mean for the
 * streams of an app. Each has a scope:
 *
 *	drain	L10, L14: what the drain filled; pulls and tails have the lines
 *	tail	L11: the one session (input) that holds it
 *	dyno	L12, L13: app lines, lost before any input could hold them
 *	app	anything else: all lines of the app
 *
 * L15 and L20 in a pull or a tail say that it has nothing: see input.invalid.
 * What another input of the time holds without loss is not lost.
 */
#ifndef DETECT_NOTICE_H
#define DETECT_NOTICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "detect/coverage.h"

struct store;

/* An input of an app's log lines. */
struct input {
	int64_t id;       /* source.id */
	int64_t from, to; /* event time it vouches for */
	bool automated;   /* came by itself: a drain, a stream */
	bool drained;     /* a drain filled it: not what `heroku logs` prints */
	bool invalid;     /* vouches for nothing: L15, L20 */
};

struct inputs {
	struct input *v; /* by from */
	size_t n;
};

enum notice_scope {
	NOTICE_DRAIN,
	NOTICE_TAIL,
	NOTICE_DYNO,
	NOTICE_APP,
	NOTICE_SCOPE_N
};

struct notice {
	int64_t id;       /* loss.id */
	int64_t from, to; /* since when, until the notice */
	int64_t lost;     /* lines; -1 when it gives no number */
	int64_t got[STREAM_N]; /* lines that did arrive in its scope */
	sv code;          /* "L10" */
	enum notice_scope scope;
	int64_t *holder;  /* inputs that hold the notice */
	size_t nholders;
	bool drained;     /* a drain filled one of them */
};

struct notices {
	struct notice *v; /* by from */
	size_t n;
};

/* The notices of an app (null: of all), and which inputs are invalid. */
bool notice_load(struct arena *a, struct store *st, sv app, struct inputs *in,
    struct notices *out, struct err *e);

/* What they mean for the streams of the mask, all of which are needed; times
 * of which no input vouches are left out. */
size_t notice_lossy(struct arena *a, const struct notices *n,
    const struct inputs *in, unsigned mask, struct lossy **out);

/*
 * Do they explain that no sample of a dyno came in that time? If they take up
 * all but COVERAGE_SLACK of it at a time, count enough lost lines for the
 * samples to be among them (two lines in 20 seconds), and no input was there
 * that they do not concern. The time is lossy then, rather than a gap.
 */
bool notice_explains(const struct notices *n, const struct inputs *in,
    struct span still);

/* What they say of a time, "loss notice L10: 13 lost"; null: nothing. */
sv notice_text(struct arena *a, const struct notices *n, struct span at);

#endif
