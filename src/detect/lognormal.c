/* SPDX-License-Identifier: MIT */
#include "detect/lognormal.h"

#include <math.h>

/* Variance of the logarithm. */
static double
log_variance(const struct lognormal *d)
{
	double cv = d->sd / d->mean;

	return log(1 + cv * cv);
}

double
lognormal_below(const struct lognormal *d, double x)
{
	double v, mu;

	if (d->max > 0 && x >= d->max)
		return 1;
	if (!(d->mean > 0) || !(d->sd > 0))
		return x >= d->mean;
	if (!(x > 0))
		return 0;
	v = log_variance(d);
	mu = log(d->mean) - v / 2;
	return 0.5 * erfc(-(log(x) - mu) / sqrt(2 * v));
}

/* The smallest x in lo..hi at which `share` is reached, to the last digits. */
static double
bisect(const struct lognormal *d, size_t n, double share, double lo, double hi)
{
	for (int i = 0; i < 200; i++) {
		double mid = lo + (hi - lo) / 2, sum = 0;

		if (!(mid > lo) || !(mid < hi))
			break;
		for (size_t k = 0; k < n; k++)
			sum += d[k].weight * lognormal_below(&d[k], mid);
		if (sum >= share)
			hi = mid;
		else
			lo = mid;
	}
	return hi;
}

double
lognormal_quantile(const struct lognormal *d, double p)
{
	struct lognormal one = *d;
	double hi;

	if (!(d->mean > 0) || !(d->sd > 0))
		return d->mean;
	/* Cantelli's inequality: no distribution has it above this */
	hi = d->mean + d->sd * sqrt(p / (1 - p));
	if (d->max > 0 && d->max < hi)
		hi = d->max;
	one.weight = 1;
	return bisect(&one, 1, p, 0, hi);
}

double
lognormal_mix(const struct lognormal *d, size_t n, double p)
{
	double lo = INFINITY, hi = 0, weight = 0;

	for (size_t i = 0; i < n; i++) {
		double q = lognormal_quantile(&d[i], p);

		if (!(d[i].weight > 0))
			continue;
		weight += d[i].weight;
		lo = q < lo ? q : lo;
		hi = q > hi ? q : hi;
	}
	if (!(weight > 0) || !(lo < hi))
		return hi;
	return bisect(d, n, p * weight, lo, hi);
}
