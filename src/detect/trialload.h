/* SPDX-License-Identifier: MIT */
/*
 * trialload.h: the inputs of a case into a store, the way raxx-parse reads
 * files. The key of the keyed hashes is the same in every run.
 */
#ifndef DETECT_TRIALLOAD_H
#define DETECT_TRIALLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "detect/trialgen.h"

struct site;
struct store;

struct trial_rejects {
	uint64_t n;
	sv first; /* "NAME:LINE: reason: detail"; null: none */
};

/* Inputs without a time were taken at `now`. One that cannot be read at all is
 * a reject too. False when the store fails. */
bool trialload_inputs(struct arena *a, const struct trial_inputs *in,
    const struct site *site, int64_t now, struct store *st,
    struct trial_rejects *out, struct err *e);

/* The keyed hash of the secret segment of a path ("/api/beta/preview/t1/nda"),
 * as the `token` of its request; null when it has none. */
sv trialload_token(struct arena *a, const struct site *site, sv path);

#endif
