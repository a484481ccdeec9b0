/* SPDX-License-Identifier: MIT */
/*
 * editdistance.h: how many bytes must be put in, taken out or replaced to make
 * one text of another.
 */
#ifndef DETECT_EDITDISTANCE_H
#define DETECT_EDITDISTANCE_H

#include "base/sv.h"

enum { EDIT_DISTANCE_MAX = 16 };

/* The distance when it is `max` or less, else max + 1; a larger max counts as
 * EDIT_DISTANCE_MAX. The work grows with max times the shorter length. */
unsigned edit_distance(sv a, sv b, unsigned max);

#endif
