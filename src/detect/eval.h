/* SPDX-License-Identifier: MIT */
/*
 * eval.h: one rule over one window: its state from the sources that are there,
 * its hits, its findings, and what may be claimed when there is none.
 */
#ifndef DETECT_EVAL_H
#define DETECT_EVAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "detect/coverage.h"
#include "detect/crosscheck.h"
#include "detect/finding.h"
#include "detect/hits.h"
#include "detect/rule.h"
#include "detect/run.h"
#include "detect/source.h"
#include "detect/states.h"
#include "detect/streams.h"

struct store;
struct site;

/* What every rule of one run shares. */
struct eval {
	struct arena *a;
	struct store *st;
	const struct site *site;
	struct span window;
	bool open_end;       /* no one named the window's end */
	bool empty;          /* no event in the store and no window given */
	int64_t now;         /* UTC_NONE in an empty store */
	int64_t first, last; /* events of the whole store; UTC_NONE: none */
	struct hits_env env;
	struct source_fact source[SRC_N];
	struct streams streams;
	struct crosscheck check; /* if checked: see detect/doubt.h */
	bool checked;
};

/* Readies the store for rules; reads sources and coverage. False when the store fails or the window ends
 * before it begins. */
bool eval_open(struct arena *a, struct store *st, const struct site *site,
    const struct run_options *opt, struct eval *out, struct err *e);

struct arm_result {
	bool on;           /* it ran */
	sv why;            /* why it did not, or could not decide */
	enum hits_say say; /* of an arm that ran */
	double peak;       /* in the window; see hits_peak */
	uint64_t hits;     /* in the window */
	uint64_t dropped;  /* rows without a key */
	size_t findings;
	unsigned smallest; /* see coverage_smallest; 0: none or not needed */
	/* Of the length that it looks back from the window's end, the share
	 * that was not seen; 0 too when that lies within the window. */
	double unseen;
};

struct verdict {
	const struct rule *rule;
	enum rule_state state; /* what it runs on: as its own sources came last */
	struct states states;  /* over the window; none when it is empty */
	enum result result;
	sv reason;         /* null when there is nothing to say */
	sv *missing;       /* sources */
	size_t nmissing;
	sv prerequisite;
	int64_t last_seen; /* newest record of the source that is behind most */
	bool observed;     /* coverage is known */
	struct coverage coverage;
	sv doubt;          /* of what was observed, see detect/doubt.h; or null */
	sv flaw;           /* of a dump that it reads; null: none in the window */
	bool clean;        /* all of the window was seen, no notice in it, and
	                    * there is neither doubt nor flaw */
	bool blind;        /* "no finding" may not be read as "nothing there" */
	struct arm_result *arm;
	bool *on;          /* arm[i].on */
	size_t narms_on;
	struct findings findings;
	struct query_cost cost; /* of its statements, and how many were run */
	unsigned statements;
	size_t suppressed; /* of them, by the allow list: set by status_take */
};

/* False when the store fails; an error of the rule is a verdict. */
bool eval_rule(struct eval *ev, const struct rule *r, struct verdict *out,
    struct err *e);

/* The parts of it that are pure, or that a baseline needs too. */
void eval_state(struct arena *a, const struct source_fact *source,
    const struct rule *r, struct verdict *v);
/* Which arms run: those of the rule's state, as far as what they need is
 * there. Sets arm, on and narms_on; false when the store fails. */
bool eval_arms(struct eval *ev, struct verdict *v, struct err *e);
/* Is it DORMANT although its sources are there, since each of its arms lacks
 * something else? False when the store fails. */
bool eval_sleeps(struct eval *ev, const struct rule *r, bool *out,
    struct err *e);
/* What of the window the rule could see; false when it has no such notion. */
struct stream eval_stream(const struct eval *ev, const struct verdict *v);
/* By share alone, for a rule without findings. */
enum result eval_gate(double share);

#endif
