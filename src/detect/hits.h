/* SPDX-License-Identifier: MIT */
/*
 * hits.h: runs the SQL of a rule over a store and turns its rows into sorted
 * hits whose metric and firing are set. Evaluation and baselines share it.
 */
#ifndef DETECT_HITS_H
#define DETECT_HITS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/sv.h"
#include "detect/rule.h"
#include "detect/window.h"
#include "store/query.h"

struct sift;
struct store;
struct site;

/* What a run knows and statements of rules may ask for. */
struct hits_env {
	struct store *st;
	const struct site *site;
	double seconds; /* for one statement */
	int64_t now;
	int64_t covered_days; /* UTC days with 80 % of the logs seen */
	sv seen;        /* JSON: [[from, to], ...], spans of the logs */
	sv dumps;       /* JSON: {"waitlist_signups": time taken, ...} */
	const struct sift *sift; /* may be NULL */
};

/* What a row says whose column `result` is set: but for SAY_CLEAR, that its
 * arm cannot decide. */
enum hits_say {
	SAY_NOTHING,
	SAY_CLEAR, /* it could; the note says what it saw */
	SAY_INSUFFICIENT_DATA,
	SAY_NOT_EVALUATED,
	SAY_CANNOT_VERIFY, /* the gravest is kept */
	SAY_N
};

extern const char *const hits_say_name[SAY_N]; /* as in the column */

enum hits_end {
	HITS_DONE,
	HITS_LIMIT,  /* time, row or pattern limit: what was found is not all */
	HITS_FACT,   /* site.yml lacks a fact that the rule needs */
	HITS_FAILED, /* the statement is wrong or failed */
	HITS_END_N
};

struct hits_arm { /* what is known of one arm besides its hits */
	uint64_t dropped; /* rows without key or time */
	enum hits_say say;
	sv why;           /* the note of that row */
};

struct hits {
	struct buf mem;    /* of struct hit; see hits_at */
	struct hits_arm *arm; /* per arm of the rule */
	enum hits_end end;
	sv why;            /* when not HITS_DONE */
	struct query_cost cost;
	unsigned statements; /* that were run */
};

enum { HITS_MAX = 4000000 };

/*
 * Hits of every arm with times from..to and as far before `from` as the
 * windows of the arms need; sorted, arm names set, metric and fire set by
 * hits_fire(). Arms that are not `on` (NULL: all are) have none. Text lives in
 * the arena, the array until hits_release().
 */
void hits_collect(struct arena *a, const struct hits_env *env,
    const struct rule *r, const bool *on, int64_t from, int64_t to,
    struct hits *out);
void hits_release(struct hits *h);
struct hit *hits_at(const struct hits *h, size_t *n);

/* Sets metric and fire of sorted hits; only hits in from..to fire, since
 * those before `from` may lack part of their window; of a standing arm those
 * up to `to`. */
void hits_fire(struct arena *scratch, const struct rule *r, struct hit *h,
    size_t n, int64_t from, int64_t to);

/* The part of sorted hits that belongs to the arm called name. */
struct hit *hits_arm(struct hit *h, size_t n, sv name, size_t *count);

/* Index of the arm called name, or -1. */
int rule_arm(const struct rule *r, sv name);
/* The number an arm compares with and who set it ("rule", "site" ...); NAN and
 * NULL where its statement compares with none. */
double arm_threshold(const struct rule *r, const struct arm *arm,
    const char **from);
/* Smallest count that fires, 0 when the arm does not fire on high counts; 1
 * without a threshold. */
unsigned arm_least(const struct rule *r, const struct arm *arm);
bool condition_holds(enum cmp_op op, double metric, double number);
/*
 * How far the hits of an arm with times from..to came: the greatest metric of
 * those that fire. Where none does, the metric nearest to the threshold of those
 * that do not reach it, since a row that reaches it and does not fire was left
 * out for another reason. Without any, 0, or NAN where less than the threshold
 * fires.
 */
double hits_peak(const struct rule *r, const struct arm *arm,
    const struct hit *h, size_t n, int64_t from, int64_t to);

#endif
