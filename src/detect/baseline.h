/* SPDX-License-Identifier: MIT */
/*
 * baseline.h: what thresholds the observed traffic supports. For every arm
 * with a movable threshold the metric of the rule itself is sampled, judged by
 * fixed guards, and a proposal is printed. Nothing is changed.
 */
#ifndef DETECT_BASELINE_H
#define DETECT_BASELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "detect/finding.h"
#include "detect/rule.h"
#include "detect/window.h"

struct store;
struct site;

enum baseline_format { BASELINE_TEXT, BASELINE_NDJSON };

enum baseline_status {
	BASELINE_ADOPT,
	BASELINE_KEEP_FLOOR,
	BASELINE_INSUFFICIENT_DATA,
	BASELINE_CONTAMINATED,
	BASELINE_NEEDS_ACK,
	BASELINE_NOT_BASELINED,
	BASELINE_STATUS_N
};

extern const char *const baseline_status_name[BASELINE_STATUS_N];

enum {
	BASELINE_DAYS = 5,      /* covered days needed */
	BASELINE_KEYS = 5,      /* distinct keys needed */
	BASELINE_SAMPLES = 59,  /* Wilks: bounds p95 with 95 % confidence */
	BASELINE_SAMPLES99 = 299
};

/* The highest metric of one key in one day-part or day that had a hit. */
struct sample {
	sv key;
	int64_t from, to;
	double max;
	bool excluded; /* overlaps a finding, or over three times the floor */
};

struct spread { /* order statistics, nearest rank */
	size_t n;
	double min, p50, p90, p95, p99, max;
};

struct baseline {
	const struct rule *rule;
	const struct arm *arm;
	enum baseline_status status;
	sv reason;
	int64_t have, need; /* INSUFFICIENT_DATA; need 0: nothing to count */
	size_t days, keys, excluded;
	struct spread all, clean;
	double estimate; /* largest clean sample */
	double floor, old, proposed;
};

/* Samples of sorted hits of one arm that lie in the given days (starts of UTC
 * days, ascending), by key and time. */
size_t baseline_samples(struct arena *a, const struct arm *arm,
    const struct hit *h, size_t n, const int64_t *day, size_t ndays,
    struct sample **out);
/* Marks what is not normal traffic. */
void baseline_exclude(struct sample *s, size_t n, const struct findings *f,
    double floor);
/* Fills everything but rule, arm, floor, old and days, which are set. */
void baseline_judge(struct arena *a, struct baseline *b,
    const struct sample *s, size_t n);

bool baseline_print(struct store *st, const struct catalog *c,
    const struct site *site, enum baseline_format format, struct buf *out,
    struct err *e);

#endif
