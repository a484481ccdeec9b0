/* SPDX-License-Identifier: MIT */
/*
 * docrec.h: rows of JSON documents (parse/doc.h) -> records of kind `row`: one
 * JSON object of the row's cells, secrets replaced. A secret cell becomes its
 * keyed hash.
 */
#ifndef RECORD_DOCREC_H
#define RECORD_DOCREC_H

#include "base/arena.h"
#include "parse/docrow.h"
#include "record/rec.h"
#include "record/redact.h"

/* Fills *out but for line and byte; ts is UTC_NONE when the row has none. Views
 * go to `table` or the arena. */
void docrec_make(const struct redact *redact, sv table,
    const struct doc_row *row, struct arena *scratch, struct rec *out);

#endif
