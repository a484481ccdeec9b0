/* SPDX-License-Identifier: MIT */
/* armtext.h: an arm of a rule in words: what it compares with what, and since
 * when. For people; the same numbers are in the NDJSON of a listing. */
#ifndef DETECT_ARMTEXT_H
#define DETECT_ARMTEXT_H

#include "base/buf.h"
#include "detect/rule.h"

/* "10m", or "-" for an arm without a window. */
void armtext_window(struct buf *b, const struct arm *arm);
/* "distinct tokens per client >= 8 and < 20"; for a statement that decides
 * itself "distinct tokens per client: 8". */
void armtext_condition(struct buf *b, const struct rule *r,
    const struct arm *arm);
/* Who set its numbers: "rule", or "site; 5 in the rule". */
void armtext_origin(struct buf *b, const struct rule *r, const struct arm *arm);
/* "fallback", "any state", "needs x, y": when it runs at all; empty when that
 * is as usual. */
void armtext_when(struct buf *b, const struct arm *arm);

#endif
