/* SPDX-License-Identifier: MIT */
/*
 * hole.h: continuity of pulls is proved, not assumed. Two successive pulls of
 * an app (by arrival) that share no line have a hole between them, from where
 * the earlier one ends to where the later one begins.
 */
#ifndef STORE_HOLE_H
#define STORE_HOLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct store;

/* A pull was added: looks again at it and its neighbours. Inside the
 * transaction that adds it. */
bool hole_update(struct store *st, int64_t source, struct err *e);
/* Its place among the pulls or its span will change: forgets its holes. Then
 * change it and call hole_update. */
bool hole_leave(struct store *st, int64_t source, struct err *e);

#endif
