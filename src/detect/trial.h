/* SPDX-License-Identifier: MIT */
/*
 * trial.h: the tests that rules ship, for `raxx-rules test`. Beside the rules
 * of a directory, in tests/ID.yml, each rule has cases that say what it finds
 * and what not; a rule that is active must have them, of every kind.
 */
#ifndef DETECT_TRIAL_H
#define DETECT_TRIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct trial_options {
	const char *rules;  /* directory of the catalog */
	const char *site;   /* site.yml, or NULL */
	const char **rule;  /* ids; none: all */
	size_t nrules;
	const char *only;   /* cases whose name contains this; NULL: all */
	const char *keep;   /* keep the store of the one case here; or NULL */
	bool verbose;       /* tell the cases that pass too */
};

struct trial_total {
	size_t passed, failed;
};

/*
 * Runs the cases and appends to *out, in the order of rules and cases:
 *   DET-X: FILE:LINE: 'case': expected ..., got ...       each that failed
 *   DET-X: 12 cases, 1 failed
 *   rules: 240 passed, 1 failed
 * A rule without a file or without a kind of case is a failure, unless `only`
 * chooses among the cases. False with ST_USAGE: a file of tests that cannot be
 * read (file:line:col), a rule that there is not; ST_FAIL: the store failed.
 */
bool trial_all(struct arena *perm, const struct trial_options *o,
    struct buf *out, struct trial_total *total, struct err *e);

#endif
