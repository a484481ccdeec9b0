/* SPDX-License-Identifier: MIT */
/*
 * trialrun.h: one case of a rule's tests: its inputs are read into a store of
 * their own, the rule is evaluated over the window, its verdict is compared.
 */
#ifndef DETECT_TRIALRUN_H
#define DETECT_TRIALRUN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "detect/trialfile.h"

struct catalog;
struct site;
struct yaml;

/* What the cases share. */
struct trial_base {
	const char *rules;            /* directory of the catalog */
	const struct yaml *facts;     /* site.yml as it was read; NULL: none */
	const struct site *site;      /* of these facts */
	const struct catalog *catalog; /* with the thresholds of this site */
	const char *keep;             /* make the store in this file; or NULL */
};

/* Appends to *why what is not as expected; nothing: the case passed. False when
 * the case cannot run: a fact that is wrong (ST_USAGE, with its place), a store
 * that fails. */
bool trialrun_case(struct arena *a, const struct trial_base *base,
    const struct trial_doc *d, const struct trial_case *c, struct buf *why,
    struct err *e);

#endif
