/* SPDX-License-Identifier: MIT */
/*
 * waking.h: the section that says what to do next for sight: what would wake
 * dormant rules or lift those that run on less than they could, best first;
 * then the dormant rules for which no source would do it.
 */
#ifndef OUTPUT_WAKING_H
#define OUTPUT_WAKING_H

struct say;
struct report_run;

void waking_put(struct say *s, const struct report_run *run);

#endif
