/* SPDX-License-Identifier: MIT */
/*
 * patlit.h: a literal that every text has which fits a pattern. Whoever looks for
 * many patterns can look for these first.
 */
#ifndef DETECT_PATLIT_H
#define DETECT_PATLIT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/sv.h"

/* The longest one that is sure, false without; of letters in whatever case. The
 * first is for one pattern of wildcard.h, and tells whether the literal stands at
 * the start and at the end of the text; the other for one of regex.h. */
bool patlit_wildcard(struct arena *a, sv pattern, sv *literal,
    bool *at_start, bool *at_end);
bool patlit_regex(struct arena *a, sv pattern, sv *literal);

#endif
