/* SPDX-License-Identifier: MIT */
/*
 * complete.h: how complete the dumps of a table are. Where its numbers follow
 * each other without a gap (ids of the waitlist, seq of the console, seq of
 * each tenant), the count of rows and the highest number say what is there.
 */
#ifndef DETECT_COMPLETE_H
#define DETECT_COMPLETE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "detect/source.h"

struct store;

struct complete {
	int64_t rows;   /* of the table as the newest dumps have them */
	int64_t max_id; /* -1: no numbers, or some are or may be missing */
};

/* Of a FEED_DUMP source that is there. False when the store fails. */
bool complete_load(struct store *st, int source, const struct source_fact *f,
    struct complete *out, struct err *e);

#endif
