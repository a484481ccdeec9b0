/* SPDX-License-Identifier: MIT */
/*
 * textclass.h: texts by what literals (needles.h) they have: those that have the
 * same are a class, and nearly all have none. The texts of the dictionary are
 * looked at once, and then known by their numbers.
 */
#ifndef DETECT_TEXTCLASS_H
#define DETECT_TEXTCLASS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/sv.h"

struct needles;
struct store;
struct textclass;

enum { TEXTCLASS_NONE = 0 }; /* of texts without any */

/* The needles stay the caller's; there are no more of them from now on. */
struct textclass *textclass_open(struct needles *n);
/* NULL is allowed. */
void textclass_close(struct textclass *t);

/* One for another thread, which knows the same classes of the dictionary, and
 * may make others of other texts. To be closed before `of` is. */
struct textclass *textclass_share(const struct textclass *of);

/* Reads the dictionary with so many threads; between rowscan_begin and rowscan_end. *usable: its
 * numbers are such that a table of them fits into memory. False when the store
 * fails. */
bool textclass_load(struct textclass *t, struct store *st, size_t threads,
    bool *usable, struct err *e);

uint32_t textclass_of_number(const struct textclass *t, int64_t id);
/* A new class may come of it. */
uint32_t textclass_of_text(struct textclass *t, sv text);
/* Bit per needle, as needles_find sets them, NULL for TEXTCLASS_NONE; until a
 * new class comes. */
const uint64_t *textclass_bits(const struct textclass *t, uint32_t class);

#endif
