/* SPDX-License-Identifier: MIT */
/*
 * exactsum.h: a sum of doubles that is exact, so that adding and taking away in
 * any order gives the same bits: a window that slides holds what a window that
 * is summed afresh holds.
 */
#ifndef BASE_EXACTSUM_H
#define BASE_EXACTSUM_H

#include <stdint.h>

/* Fixed point in digits of 32 bits, from 2^-1152 to 2^1088. */
enum { EXACTSUM_DIGITS = 70 };

struct exactsum { /* starts as all zero */
	int64_t digit[EXACTSUM_DIGITS]; /* lowest first; may be negative */
	uint32_t pending; /* additions since carries were made */
};

/* d must be finite. */
void exactsum_add(struct exactsum *s, double d);
void exactsum_sub(struct exactsum *s, double d);
/* The sum as a double, at most one unit of its last bit away; DBL_MAX with its
 * sign when it is beyond. Whole numbers below 2^53 are exact. */
double exactsum_value(struct exactsum *s);

#endif
