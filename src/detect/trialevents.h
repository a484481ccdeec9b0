/* SPDX-License-Identifier: MIT */
/* trialevents.h: what happened in a case: `log` and `files` of a test file. */
#ifndef DETECT_TRIALEVENTS_H
#define DETECT_TRIALEVENTS_H

#include "detect/trialfile.h"
#include "detect/trialread.h"

bool trialevents_log(struct trialread *r, const struct yaml *y,
    struct trial_events *out);
bool trialevents_files(struct trialread *r, const struct yaml *y,
    struct trial_case *out);

#endif
