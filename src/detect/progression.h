/* SPDX-License-Identifier: MIT */
/* progression.h: numbers that follow each other at one distance. */
#ifndef DETECT_PROGRESSION_H
#define DETECT_PROGRESSION_H

#include <stddef.h>

/* Of n numbers in rising order: how many different neighbours in a row lie
 * equally far from one another, at most. 1 when all are equal; 0 for none. */
size_t progression_longest(const double *v, size_t n);

#endif
