/* SPDX-License-Identifier: MIT */
/*
 * card.h: one finding as a person reads it: who, how much against which
 * threshold, when, what to do, and the lines that show it.
 */
#ifndef OUTPUT_CARD_H
#define OUTPUT_CARD_H

struct say;
struct report_run;

/* The findings of a run, worst level first; of one rule and level only the
 * first few, and then how many more there are. */
void card_put_all(struct say *s, const struct report_run *run);

#endif
