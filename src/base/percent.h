/* SPDX-License-Identifier: MIT */
/*
 * percent.h: percent escapes of URLs (RFC 3986, 2.1), resolved once: "%2541"
 * is "%41". What is no escape ("%", "%4", "%zz") stays as it is; '+' is a plus.
 */
#ifndef BASE_PERCENT_H
#define BASE_PERCENT_H

#include "base/arena.h"
#include "base/sv.h"

/* The byte that text[at] stands for, 0 to 255, and in *n how many bytes of the
 * text it takes: 3 for an escape, else 1. `at` is inside the text. */
int percent_byte(sv text, size_t at, size_t *n);

/* The text itself when it has no escape, else a copy in the arena. It may hold
 * any byte: "%00" gives a NUL, "%ff" is no UTF-8. */
sv percent_decode(sv text, struct arena *a);

#endif
