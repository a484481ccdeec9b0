/* SPDX-License-Identifier: MIT */
/*
 * sigma_word.h: keywords -> an SQL expression that is 0 or 1 and never NULL.
 * They are searched in every field of a record's text; in the line as a whole,
 * as it was written, those that could stand in several fields ("status=503
 * bytes") or hold a wildcard inside, and regular expressions. Names of keys
 * alone are not found.
 */
#ifndef DETECT_SIGMA_WORD_H
#define DETECT_SIGMA_WORD_H

#include <stdbool.h>

#include "detect/sigma_mod.h"
#include "detect/sigma_sql.h"

/* Appends the expression of a keyword or a list of them; mods may be NULL. */
bool sigma_words(struct sigma_sql *c, const struct yaml *y,
    const struct sigma_mods *mods);

#endif
