/* SPDX-License-Identifier: MIT */
/*
 * seen.h: writes what a run could see: the members of its record, and of a
 * verdict, about coverage. run.h lists them.
 */
#ifndef DETECT_SEEN_H
#define DETECT_SEEN_H

#include <stdbool.h>

#include "base/err.h"

struct eval;
struct jsonw;
struct verdict;

/* Members coverage and cross_check. False when the store fails. */
bool seen_write_run(struct jsonw *w, struct eval *ev, struct err *e);

/* Members coverage, share_low, unknown_s and blind. */
void seen_write_verdict(struct jsonw *w, const struct verdict *v);

#endif
