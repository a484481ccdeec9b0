/* SPDX-License-Identifier: MIT */
/*
 * The usual table of prefixes, of which only the diagonal band is kept that a
 * distance of max can reach: cell k of row i stands for column i + k - max.
 */
#include "detect/editdistance.h"

#include "base/attr.h"

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Row i of the band from the row above it; `far` is beyond any distance. */
static void
next_row(const unsigned *above, unsigned *row, sv a, sv b, size_t i,
    unsigned max)
{
	unsigned far = max + 1;

	for (size_t k = 0; k <= 2 * (size_t)max; k++) {
		size_t j = i + k; /* of the band; column j - max */
		unsigned best = far;

		if (j < max || j - max > b.n) {
			row[k] = far;
			continue;
		}
		j -= max;
		if (j > 0)
			best = above[k] + (a.p[i - 1] != b.p[j - 1]);
		if (k < 2 * (size_t)max)
			best = least(best, above[k + 1] + 1);
		if (j > 0 && k > 0)
			best = least(best, row[k - 1] + 1);
		row[k] = least(best, far);
	}
}

unsigned
edit_distance(sv a, sv b, unsigned max)
{
	unsigned band[2][2 * EDIT_DISTANCE_MAX + 1];
	size_t i, longer = a.n > b.n ? a.n : b.n;

	max = least(max, EDIT_DISTANCE_MAX);
	if (longer - (a.n < b.n ? a.n : b.n) > max)
		return max + 1;
	for (size_t k = 0; k <= 2 * (size_t)max; k++)
		band[0][k] = k < max || k - max > b.n ? max + 1
		    : (unsigned)k - max;
	for (i = 1; i <= a.n; i++)
		next_row(band[(i - 1) % 2], band[i % 2], a, b, i, max);
	return band[a.n % 2][b.n + max - a.n];
}
