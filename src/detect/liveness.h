/* SPDX-License-Identifier: MIT */
/*
 * liveness.h: when the logs of an app were alive. Where dynos write samples of
 * themselves (log-runtime-metrics, every 20 s or so), a minute without one and
 * without a router line shows that lines are missing. Where none writes any, a
 * silence of a quarter of an hour may be a quiet app and counts as seen; of a
 * longer one nobody knows.
 */
#ifndef DETECT_LIVENESS_H
#define DETECT_LIVENESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "detect/coverage.h"

struct site;
struct store;
struct tally;

/* Longer than this without a sample of a dyno or a router line: a gap. */
#define LIVENESS_BEAT COVERAGE_SLACK
/* Longer than this without any line, where there are no samples: unknown. */
#define LIVENESS_QUIET (15 * INT64_C(60000000))

struct liveness {
	int64_t beat;       /* first sample of a dyno; INT64_MAX: none */
	bool expected;      /* site.yml does not say that no dyno runs */
	struct span *still; /* over LIVENESS_BEAT without sample, router line */
	size_t nstill;
	struct span *quiet; /* over LIVENESS_QUIET without any line */
	size_t nquiet;
};

/* Of the app's lines in all inputs; a null app: of all lines. Times before the
 * first and after the last line are silences too. `tally` is what a pass over
 * the store found, NULL: the store itself is asked. False: the store failed. */
bool liveness_load(struct arena *a, struct store *st, const struct site *site,
    struct tally *tally, sv app, struct liveness *out, struct err *e);

/* Does site.yml leave room for a dyno of the app? Only one whose process
 * types are all there with quantity 0 has none. */
bool liveness_expects(const struct site *site, sv app);

/*
 * Why parts of `piece`, united spans that inputs vouch for, are not seen: by
 * time. A piece that ends before the first sample is judged by its silences. A
 * silence counts as far as it lies inside the piece.
 */
size_t liveness_gaps(struct arena *a, const struct liveness *l,
    const struct span *piece, size_t n, struct blind **out);

#endif
