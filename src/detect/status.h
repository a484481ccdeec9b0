/* SPDX-License-Identifier: MIT */
/*
 * status.h: what a run adds to its findings from elsewhere than events and
 * rule: were they there in the run before, of which incident are they, how much
 * of their time was seen, do they raise an alert. It has lines of its own, so that
 * finding lines stay the same in live use, replay and on a pipe.
 */
#ifndef DETECT_STATUS_H
#define DETECT_STATUS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/sv.h"
#include "detect/allow.h"
#include "detect/past.h"

struct catalog;
struct eval;
struct finding;
struct run_before;
struct verdict;

struct status_run {
	struct eval *ev;
	const struct catalog *catalog;
	struct past past;
	bool *there;             /* per past finding: it is in this run too */
	const struct verdict **verdict; /* per rule of the catalog */
	struct allow allow;
};

/* The run before is what was printed, or with NULL the recorded one. False when
 * that is no output of raxx-eval, or the store fails. */
bool status_open(struct status_run *s, struct eval *ev,
    const struct catalog *c, const struct run_before *before, struct err *e);

/*
 * Once per rule, after it was evaluated: looks its findings up in the allow
 * list and in the past. v->suppressed counts those that are allowed; when all
 * are, the reason says so. *v is kept and must live as long as *s.
 */
bool status_take(struct status_run *s, struct verdict *v, struct err *e);

/* The `status` line of a finding of a rule that was taken. */
void status_write(struct buf *b, const struct status_run *s,
    const struct verdict *v, const struct finding *f);
/* After all rules: `resolved`, `unresolved` and `allow` lines. */
void status_write_rest(struct buf *b, const struct status_run *s);

#endif
