/* SPDX-License-Identifier: MIT */
/*
 * recjson.h: a record as a line of JSON, in the one form that raxx-parse writes:
 * no blanks, kind, ts, app, id and src first, then the fields in their order.
 * recread.h reads it back in one straight run; what others wrote may have another
 * form, and ndjson.h reads any.
 */
#ifndef RECORD_RECJSON_H
#define RECORD_RECJSON_H

#include "base/buf.h"
#include "record/rec.h"

/* Appends the value of a field that the record has as JSON. */
void recjson_value(struct buf *b, const struct rec *r, int field);
/* Appends the line with its newline. `source` names the input; `app` may be
 * null. */
void recjson_write(struct buf *b, const struct rec *r, sv source, sv app);

#endif
