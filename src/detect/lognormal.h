/* SPDX-License-Identifier: MIT */
/*
 * lognormal.h: estimates of a quantile where only mean, standard deviation and
 * maximum are known. A value that is never negative and has a long tail is taken
 * for lognormal, cut at the maximum. An estimate, not a measurement: for what
 * has two humps (cache hit and miss) it can be 3 times too low or 30 times too
 * high, so compare it only with itself. Pure.
 */
#ifndef DETECT_LOGNORMAL_H
#define DETECT_LOGNORMAL_H

#include <stddef.h>

struct lognormal {
	double mean, sd; /* sd 0: always the mean */
	double max;      /* none is above it; 0 or less: not known */
	double weight;   /* share in a mix, in any unit */
};

/* Share of the values that are at most x. */
double lognormal_below(const struct lognormal *d, double x);
/* The value that the share p (0 < p < 1) does not exceed. */
double lognormal_quantile(const struct lognormal *d, double p);
/* The same of a mix, by bisection: quantiles of its parts cannot be averaged.
 * 0 when nothing has weight. */
double lognormal_mix(const struct lognormal *d, size_t n, double p);

#endif
