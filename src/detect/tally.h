/* SPDX-License-Identifier: MIT */
/*
 * tally.h: when there were lines, minute by minute and input by input: the first
 * and the last of each kind, and how many requests. A silence of a minute or
 * more lies between the last of one minute and the first of a later one.
 */
#ifndef DETECT_TALLY_H
#define DETECT_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum tally_kind {
	TALLY_LINE, /* of any kind */
	TALLY_BEAT, /* a sample of a dyno, or a request: shows that one runs */
	TALLY_DYNO, /* a sample of a dyno */
	TALLY_N
};

struct tally_minute {
	int64_t minute; /* of the epoch */
	int64_t source;
	int64_t first[TALLY_N], last[TALLY_N]; /* first > last: none */
	int64_t requests;
};

struct tally;

struct tally *tally_open(void);
/* NULL is allowed. */
void tally_close(struct tally *t);

/* The minute of a line, to be added to; until the next one is asked for. Times
 * before 1970 are not for it: see tally_sorted. */
struct tally_minute *tally_at(struct tally *t, int64_t source, int64_t ts);
void tally_add(struct tally_minute *m, enum tally_kind kind, int64_t ts);

/* Adds all that `more` has. */
void tally_join(struct tally *t, const struct tally *more);

/* All minutes by time, those of one by source; until the next tally_at. NULL
 * when a time was before 1970: nothing is said then. */
const struct tally_minute *tally_sorted(struct tally *t, size_t *n);

#endif
