/* SPDX-License-Identifier: MIT */
/*
 * needles.h: which of many literals stand in a text, found in one walk over it
 * (Aho and Corasick, 1975). ASCII letters equal each other in either case.
 */
#ifndef DETECT_NEEDLES_H
#define DETECT_NEEDLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sv.h"

struct needles;

struct needles *needles_open(void);
/* NULL is allowed. */
void needles_close(struct needles *n);

/* Number of the literal, from 0; the same one again has the same number. At the
 * start and at the end of a text: where alone it counts. Not empty; before the
 * first needles_find. */
size_t needles_add(struct needles *n, sv literal, bool at_start, bool at_end);
size_t needles_count(const struct needles *n);
/* Bytes of literal i. */
size_t needles_length(const struct needles *n, size_t i);

/* Sets the bit of every literal that the text has: needles_count() of them, 64
 * a word, all else zero. False when it has none. */
bool needles_find(struct needles *n, sv text, uint64_t *bits);

#endif
