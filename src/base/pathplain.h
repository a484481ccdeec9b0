/* SPDX-License-Identifier: MIT */
/*
 * pathplain.h: the path that a lenient server takes a request target for. What
 * checks access may read a path otherwise than what serves it; to know that two
 * spellings mean one page is how a rule sees that.
 */
#ifndef BASE_PATHPLAIN_H
#define BASE_PATHPLAIN_H

#include "base/arena.h"
#include "base/sv.h"

/*
 * Without query and fragment; percent-escapes resolved, also those of escapes;
 * '\' is '/'; empty segments, "." and parameters of a segment (";x=1") are left
 * out, ".." is undone; no segment ends with a dot or blank, the path not with a
 * slash. Letters keep their case. "/" for a target without segments. Lives in
 * the arena.
 */
sv pathplain(sv target, struct arena *a);

#endif
