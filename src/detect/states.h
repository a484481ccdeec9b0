/* SPDX-License-Identifier: MIT */
/*
 * states.h: the state of a rule over a window, from when its sources were
 * there. Log lines are there while an input vouches for their time, of every
 * app; the input's form says whether they came by themselves. A dump is there
 * until it was taken.
 *
 *	LIVE	all sources, each by itself
 *	MANUAL	all sources; the reason names those that came by hand
 *	DEGRADED	the fallback sources; the reason names what is missing
 *	DORMANT	neither; the reason names what is missing
 */
#ifndef DETECT_STATES_H
#define DETECT_STATES_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "detect/coverage.h"
#include "detect/rule.h"
#include "detect/run.h"
#include "detect/source.h"
#include "detect/streams.h"

struct jsonw;

struct state_span {
	int64_t from, to;
	enum rule_state state;
	sv reason; /* null when LIVE */
};

struct states {
	struct state_span *v; /* by time, without holes; neighbours differ */
	size_t n;             /* flips are one less */
};

/* Of a rule that is active and no posture. */
void states_make(struct arena *a, const struct source_fact *source,
    const struct streams *streams, const struct rule *r, struct span window,
    struct states *out);
/* One state throughout. */
void states_one(struct arena *a, struct span window, enum rule_state state,
    sv reason, struct states *out);

/* How the rule's own sources came when they were last there in the window:
 * LIVE or MANUAL, or `def` when they were not. */
enum rule_state states_newest(const struct states *s, enum rule_state def);

/* Members states, flips and last_flip. */
void states_write(struct jsonw *w, const struct states *s);

#endif
