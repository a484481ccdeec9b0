/* SPDX-License-Identifier: MIT */
/*
 * recjson.h: a record as a line of JSON, in the one form that raxx-parse writes:
 * no blanks, kind, ts, app, id and src first, then the fields in their order. It
 * is written, and read back, in one straight run. What others wrote may have
 * another form: ndjson.h reads any.
 */
#ifndef RECORD_RECJSON_H
#define RECORD_RECJSON_H

#include "base/arena.h"
#include "base/buf.h"
#include "record/rec.h"

/* Appends the value of a field that the record has as JSON. */
void recjson_value(struct buf *b, const struct rec *r, int field);
/* Appends the line with its newline. `source` names the input; `app` may be
 * null. */
void recjson_write(struct buf *b, const struct rec *r, sv source, sv app);

/*
 * Reads such a line off the front of *rest, with what ends it there. Text is borrowed
 * from it or lives in the arena; nothing is believed that ndjson_read would not find
 * in it too. The samples of a metric are a list of lists then, and r->samples has
 * them apart. False: the line is of another form, or no record at all, which
 * ndjson_read tells; *rest is unmoved, *r and *source are not defined.
 */
bool recjson_next(struct arena *a, sv *rest, struct rec *r, sv *source);

#endif
