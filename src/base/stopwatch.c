/* SPDX-License-Identifier: MIT */
#include "base/stopwatch.h"

#include <time.h>

static double
read_clock(clockid_t clock)
{
	struct timespec t = { 0, 0 };

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double
stopwatch_now(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

double
stopwatch_cpu(void)
{
	return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}
