/* SPDX-License-Identifier: MIT */
/*
 * cleantext.h: texts in which no secret was found, a few for each thread. User
 * agents, names of dynos and what the platform says come again in line after
 * line. Compared byte by byte: no text passes for another.
 */
#ifndef RECORD_CLEANTEXT_H
#define RECORD_CLEANTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"

/* Shorter texts are searched as fast, longer ones are mostly seen once. */
enum { CLEANTEXT_MIN = 16, CLEANTEXT_MAX = 128 };

/* Was the text added for the same search? `search` is a number for all that a
 * search depends on beside the text. */
bool cleantext_has(uint64_t search, sv text);
/* It may take the place of another one. */
void cleantext_add(uint64_t search, sv text);

#endif
