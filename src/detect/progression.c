/* SPDX-License-Identifier: MIT */
#include "detect/progression.h"

static int
differs(double a, double b)
{
	return a < b || a > b;
}

size_t
progression_longest(const double *v, size_t n)
{
	size_t run = n > 0, best = run;
	double step = 0;

	for (size_t i = 1; i < n; i++) {
		double gap = v[i] - v[i - 1];

		if (!differs(gap, 0))
			continue;
		run = run > 1 && differs(gap, step) ? 2 : run + 1;
		step = gap;
		if (run > best)
			best = run;
	}
	return best;
}
