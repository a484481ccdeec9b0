/* SPDX-License-Identifier: MIT */
/*
 * docket.h: one finding found again by its id, or by the first digits of it, in
 * what raxx-eval printed or in the runs that a store recorded.
 */
#ifndef DETECT_DOCKET_H
#define DETECT_DOCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sv.h"

struct store;

enum { DOCKET_DIGITS = 6 }; /* of an id, at least */

struct docket {
	bool found;
	sv id, rule, title, arm, level, key_name, key, rule_digest;
	int64_t first, last, total;
	int64_t from, to, now; /* of the run; UTC_NONE: not known */
	sv *evidence;  /* content names of records */
	size_t nevidence;
};

/* Six to sixteen hexadecimal digits? */
bool docket_is_id(sv v);

/* Both leave out->found false when there is none. False with ST_USAGE when
 * several findings begin so, ST_FAIL when the store fails. Text lives in the
 * arena or in the input. */
bool docket_read(struct arena *a, sv ndjson, sv id, struct docket *out,
    struct err *e);
/* As the newest run has it that recorded it. */
bool docket_recorded(struct arena *a, struct store *st, sv id,
    struct docket *out, struct err *e);

#endif
