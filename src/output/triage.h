/* SPDX-License-Identifier: MIT */
/*
 * triage.h: findings as somebody goes through them: one line per incident, what
 * is over since the run before, and what the allow list hid.
 */
#ifndef OUTPUT_TRIAGE_H
#define OUTPUT_TRIAGE_H

#include <stdbool.h>

#include "output/report.h"
#include "output/say.h"

/* A table of the open findings, or of those that are suppressed: the worst
 * first, each incident once. Nothing when there are none. */
void triage_incidents(struct say *d, const struct report_run *run, bool open);
/* Sections; nothing when the run says nothing of it. */
void triage_gone(struct say *d, const struct report_run *run);
/* A paragraph: how many findings are suppressed. */
void triage_suppressed(struct say *d, size_t n);
void triage_allowed(struct say *d, const struct report_run *run);

#endif
