/* SPDX-License-Identifier: MIT */
/* spans.h: spans of time of records, and what they cover together. */
#ifndef DETECT_SPANS_H
#define DETECT_SPANS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct spans_one {
	int64_t start, stop;    /* one that stops sooner counts as empty */
	int64_t rec, hash, nth; /* whose it is */
};

/* Appends [[start, stop, rec, hash, nth], ...] as JSON, in order: spans that
 * overlap or touch are one, of the record that is first by start, stop, hash and
 * nth. Sorts v. */
void spans_join(struct spans_one *v, size_t n, struct buf *out);

#endif
