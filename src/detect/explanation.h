/* SPDX-License-Identifier: MIT */
/*
 * explanation.h: what one rule is, what it gets in a store, and where the
 * events went that it did not find.
 */
#ifndef DETECT_EXPLANATION_H
#define DETECT_EXPLANATION_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "detect/eval.h"
#include "detect/rule.h"
#include "detect/stage.h"

struct explained_arm {
	uint64_t rows;  /* in the window */
	uint64_t fire;  /* of them */
	double peak;    /* highest metric of them */
};

struct explanation {
	struct arena *a;
	const struct rule *rule;
	const struct site *site;
	bool counted;          /* there is a store: what follows is set */
	struct eval ev;
	struct verdict verdict;
	struct explained_arm *arm;
	sv why;                /* the arms could not be counted; else null */
	struct stages stages;
};

/* Without a store (NULL) nothing is counted. False when the store fails. */
bool explanation_make(struct arena *a, struct store *st,
    const struct site *site, const struct rule *r,
    const struct run_options *opt, struct explanation *out, struct err *e);

/* The value of a fact as JSON, mail addresses masked; null view: unknown. */
sv explanation_fact(const struct explanation *x, sv name);

struct explained_zero {
	sv arm;      /* null: all ways share it, or it is of no arm */
	sv of, what; /* as in struct stage */
};

/* Where way k ended with no row; false when it did not, or when way 0 says
 * it for all. */
bool explanation_zero(const struct explanation *x, size_t k,
    struct explained_zero *out);

/* Why arm i was not counted, or did not run; null when it did. */
sv explanation_arm_why(const struct explanation *x, size_t i);

/*
 * explain {type, rule, title, description, file, line, level, route, status,
 *         state, result, reason, missing[], prerequisite, window{from,to},
 *         sources[{name,role,status,records,first,last}],
 *         facts[{name,value,leaves_out}],      value: JSON, null: unknown
 *         zero[{arm,of,what}]}                 first step that left nothing
 * stage   {type, rule, of, what, in, out, why} in order; null: not counted
 * arm     {type, rule, arm, window_s, fires_at, threshold, threshold_from,
 *         runs, rows, fire, peak, why}
 *
 * What depends on a store is null without one.
 */
void explanation_ndjson(struct buf *b, const struct explanation *x);

#endif
