/* SPDX-License-Identifier: MIT */
/* trialcheck.h: what a rule said against what its test expected. */
#ifndef DETECT_TRIALCHECK_H
#define DETECT_TRIALCHECK_H

#include "base/arena.h"
#include "base/buf.h"
#include "detect/trialfile.h"

struct verdict;

/* Appends what differs, as "expected ..., got ..."; nothing when all is as
 * expected. Findings are matched whatever their order. */
void trialcheck_verdict(struct arena *a, struct buf *why,
    const struct trial_expect *want, const struct verdict *got);

#endif
