/* SPDX-License-Identifier: MIT */
/*
 * sampletext.h: the samples of a metric line, [[name, value, unit], ...], apart:
 * names and units, of which there are few, and values. The names are that text
 * with 0 for every value, the values an array of them as they were written.
 */
#ifndef STORE_SAMPLETEXT_H
#define STORE_SAMPLETEXT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/sv.h"

/* Replaces what is in both buffers. False: the text, which is JSON, is not of
 * this form without blanks, or a value is no number or string. */
bool sampletext_split(sv text, struct buf *names, struct buf *values);

#endif
