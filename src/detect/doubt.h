/* SPDX-License-Identifier: MIT */
/*
 * doubt.h: why a window of the log that counts as observed is still no ground
 * for CLEAR: lines in it that nobody could read (detect/flaw.h), a cross-check
 * that finds fewer lines than there must be (detect/crosscheck.h), and no line
 * of the apps that site.yml names.
 */
#ifndef DETECT_DOUBT_H
#define DETECT_DOUBT_H

#include <stdbool.h>

#include "base/err.h"
#include "base/sv.h"

struct coverage;
struct eval;

/* The cross-check of the window, ev->check: made when it is asked for first.
 * False when the store fails. */
bool doubt_check(struct eval *ev, struct err *e);

/* In words, what casts doubt on the streams of the mask, of which `c` is the
 * coverage; null: nothing. False when the store fails. */
bool doubt_find(struct eval *ev, unsigned mask, const struct coverage *c,
    sv *out, struct err *e);

#endif
