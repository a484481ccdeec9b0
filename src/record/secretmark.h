/* SPDX-License-Identifier: MIT */
/*
 * secretmark.h: what stands where a secret stood: "<secret:HEX>" or
 * "<token:HEX>", 16 hex digits. Texts are redacted more than once, so marks of
 * an earlier pass are known and left alone. Forged ones are harmless: they hold
 * 16 digits of anyone's choice.
 */
#ifndef RECORD_SECRETMARK_H
#define RECORD_SECRETMARK_H

#include <stdbool.h>

#include "base/sv.h"

enum { SECRETMARK_DIGITS = 16 };

/* Length of the mark that v starts with, or 0. */
size_t secretmark_length(sv v);
/* Is v a mark and nothing else? */
bool secretmark_is(sv v);
bool secretmark_has(sv v);
/* Is text[at] the colon of a mark? */
bool secretmark_around(sv text, size_t at);

#endif
