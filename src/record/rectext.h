/* SPDX-License-Identifier: MIT */
/*
 * rectext.h: texts of a record that follow from others: the samples of most
 * metrics, and the fields of a message in logfmt. A store keeps them otherwise, so
 * they are made when somebody asks; until then the record has the field, and the
 * view is null.
 */
#ifndef RECORD_RECTEXT_H
#define RECORD_RECTEXT_H

#include "base/buf.h"
#include "record/rec.h"

/* Appends the text of a field of type F_JSON that the record has. */
void rectext_write(struct buf *b, const struct rec *r, int field);
/* The same text as a view. If it is made, it takes the place of what is in *b. */
sv rectext_get(const struct rec *r, int field, struct buf *b);

#endif
