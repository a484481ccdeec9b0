/* SPDX-License-Identifier: MIT */
#include "detect/incident.h"

static bool
goes_on(const struct hit *h, const struct window_run *before,
    const struct window_run *run)
{
	const struct hit *end = &h[before->last], *fired = &h[run->first];

	return sv_eq(end->key, fired->key) &&
	    fired->ts - end->ts <= INCIDENT_GAP;
}

void
incident_chain(const struct hit *h, const struct window_run *run, size_t n,
    struct incident *out)
{
	for (size_t i = 0; i < n; i++)
		out[i] = i && goes_on(h, &run[i - 1], &run[i])
		    ? (struct incident){ out[i - 1].first,
			out[i - 1].repeats + 1 }
		    : (struct incident){ i, 0 };
}
