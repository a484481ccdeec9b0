/* SPDX-License-Identifier: MIT */
/*
 * trialgen.h: the inputs of a case as a user would hold them: the log as a
 * drain or as pulls, and the other files. Pure: the same case gives the same
 * bytes. The log shows a heartbeat (a metric of the dyno) every 20 s where the
 * case says that it covers, and of the events only those there.
 */
#ifndef DETECT_TRIALGEN_H
#define DETECT_TRIALGEN_H

#include "base/arena.h"
#include "detect/trialfile.h"

struct trial_input {
	sv name;        /* "raxx-api-prod.drain.20260612T120000Z.log" */
	sv bytes;
	int64_t taken;  /* UTC_NONE: see struct trial_file */
};

struct trial_inputs {
	struct trial_input *v;
	size_t n;
};

/* Everything in *out lives in the arena. */
void trialgen_inputs(struct arena *a, const struct trial_doc *d,
    const struct trial_case *c, struct trial_inputs *out);

#endif
