/* SPDX-License-Identifier: MIT */
/*
 * incident.h: findings that come back. A run of one arm and key that fires
 * again at most a day after the run before it ended is the same incident. Told
 * from the events alone, so that live use and replay agree.
 */
#ifndef DETECT_INCIDENT_H
#define DETECT_INCIDENT_H

#include <stddef.h>

#include "base/utc.h"
#include "detect/window.h"

#define INCIDENT_GAP UTC_DAY

struct incident {
	size_t first;     /* the run that began it */
	unsigned repeats; /* runs of it before this one */
};

/* The incident of each run, out[0..n). Runs are as window_runs gives them, over
 * the hits h. */
void incident_chain(const struct hit *h, const struct window_run *run,
    size_t n, struct incident *out);

#endif
