/* SPDX-License-Identifier: MIT */
/* stopwatch.h: how long something took. For limits and for people who look at
 * cost; what it says must never reach a verdict. */
#ifndef BASE_STOPWATCH_H
#define BASE_STOPWATCH_H

/* Seconds since some moment of this machine's past; it never goes back. */
double stopwatch_now(void);
/* Seconds that the processor worked for this process: other processes do not
 * count, and asking takes longer. */
double stopwatch_cpu(void);

#endif
