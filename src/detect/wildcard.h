/* SPDX-License-Identifier: MIT */
/*
 * wildcard.h: Sigma's patterns. '*' is any run of bytes, '?' one UTF-8
 * character (or stray byte), '\' makes the next byte plain; ASCII letters
 * equal each other in either case unless `cased`. A set holds many patterns
 * and is asked once for all of them: rules bring lists of thousands.
 */
#ifndef DETECT_WILDCARD_H
#define DETECT_WILDCARD_H

#include <stdbool.h>

#include "base/sv.h"

/* Does the whole text match the pattern? */
bool wildcard_match(sv pattern, sv text, bool cased);

struct wildset;

/* `patterns`: one after the other, a newline without '\' before it between
 * them; so an empty text is one empty pattern. The text is copied. */
struct wildset *wildset_open(sv patterns, bool cased);
/* NULL is allowed. */
void wildset_close(struct wildset *w);
/* Does the whole text match any of them? Not for two threads at once. */
bool wildset_match(struct wildset *w, sv text);

#endif
