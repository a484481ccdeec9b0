/* SPDX-License-Identifier: MIT */
/*
 * sight.h: the sections that say what a run could see: its telemetry sources,
 * its inputs and their accounting, its coverage.
 */
#ifndef OUTPUT_SIGHT_H
#define OUTPUT_SIGHT_H

struct say;
struct report_run;

void sight_sources(struct say *s, const struct report_run *run);
void sight_inputs(struct say *s, const struct report_run *run);
void sight_coverage(struct say *s, const struct report_run *run);

#endif
