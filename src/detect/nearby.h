/* SPDX-License-Identifier: MIT */
/*
 * nearby.h: what was changed or restarted in the ten minutes before a finding:
 * the newest release, dyno restart and change of config vars. It explains, and
 * mutes nothing.
 */
#ifndef DETECT_NEARBY_H
#define DETECT_NEARBY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/jsonw.h"
#include "base/sv.h"
#include "base/utc.h"

struct store;

#define NEARBY_BEFORE (10 * UTC_MINUTE)

/* The ts of what was not there is UTC_NONE. */
struct nearby {
	struct {
		int64_t ts, version;
	} release;
	struct {
		int64_t ts;
		sv dyno;
		sv event; /* restart, stop, exit, or the state it came to */
	} restart;        /* of a dyno that stays: no one-off */
	struct {
		int64_t ts;
		sv names;
	} config;
};

#define NEARBY_NONE ((struct nearby){ { UTC_NONE, 0 }, \
	{ UTC_NONE, SV_NULL, SV_NULL }, { UTC_NONE, SV_NULL } })

/* Looks back from `first`. Text lives in the arena. */
bool nearby_load(struct arena *a, struct store *st, int64_t first,
    struct nearby *out, struct err *e);
/* near_release, near_restart and near_config, each an object or null. */
void nearby_write(struct jsonw *w, const struct nearby *n);

#endif
