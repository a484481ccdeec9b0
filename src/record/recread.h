/* SPDX-License-Identifier: MIT */
/*
 * recread.h: a record read from a line in the form that recjson.h writes, in one
 * straight run.
 */
#ifndef RECORD_RECREAD_H
#define RECORD_RECREAD_H

#include "base/arena.h"
#include "record/rec.h"

/*
 * Reads such a line off the front of *rest, with what ends it there. Text is borrowed
 * from it or lives in the arena; nothing is believed that ndjson_read would not find
 * in it too. The samples of a metric are a list of lists then, and r->samples has
 * them apart. False: the line is of another form, or no record at all, which
 * ndjson_read tells; *rest is unmoved, *r and *source are not defined.
 */
bool recread_next(struct arena *a, sv *rest, struct rec *r, sv *source);

#endif
