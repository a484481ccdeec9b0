/* SPDX-License-Identifier: MIT */
/*
 * sqlcheck.h: what can be told of a rule's statement from its text alone: that
 * quotes end, that it is a SELECT, that no date in it depends on when or where
 * it is run, and that constant patterns and networks are such.
 */
#ifndef DETECT_SQLCHECK_H
#define DETECT_SQLCHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/sv.h"

enum { SQLCHECK_WHY = 300 };

/* False with the byte of the statement in *at and the reason in `why`. */
bool sqlcheck_text(struct arena *scratch, sv sql, size_t *at,
    char why[SQLCHECK_WHY]);

#endif
