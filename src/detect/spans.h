/* SPDX-License-Identifier: MIT */
/* spans.h: times that begin somewhere and last as long as one another, and what
 * they cover together. */
#ifndef DETECT_SPANS_H
#define DETECT_SPANS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Appends [[start, stop], ...] as JSON: what starts[i] to starts[i] + length
 * cover, in order; what overlaps or touches is one. Sorts starts. */
void spans_merge(int64_t *start, size_t n, int64_t length, struct buf *out);

#endif
