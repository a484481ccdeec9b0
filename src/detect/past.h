/* SPDX-License-Identifier: MIT */
/*
 * past.h: what the run before this one had found, and what runs before that had
 * found and none could see end. The run before is the newest recorded one of
 * the store that ended before this window ends, or what raxx-eval printed then.
 */
#ifndef DETECT_PAST_H
#define DETECT_PAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sv.h"
#include "base/utc.h"

struct catalog;
struct store;

/* What no run saw end is asked after for that long, from its last event on. */
#define PAST_CARRIED (7 * UTC_DAY)

struct past_finding {
	sv id, rule, arm, key;
	int64_t first, last;
	int64_t since; /* now of the first run that had it, as far as known */
};

struct past {
	bool known;    /* there is such a run */
	struct past_finding *v; /* by rule, arm, key, first, id */
	size_t n;
};

/* From the store; !known when no run was recorded. The catalog tells how long a
 * rule waits until a finding is over. */
bool past_recorded(struct arena *a, struct store *st, const struct catalog *c,
    int64_t before, struct past *out, struct err *e);

/*
 * From NDJSON: of several runs the last one that ended before. `name` is for
 * messages: ST_USAGE for a line that is none of raxx-eval, or no such run.
 * Views live in the text or in the arena.
 */
bool past_read(struct arena *a, sv name, sv ndjson, const struct catalog *c,
    int64_t before, struct past *out, struct err *e);

/* Those of an arm and key: the first of them, and how many. */
size_t past_find(const struct past *p, sv rule, sv arm, sv key, size_t *n);

#endif
