/* SPDX-License-Identifier: MIT */
/*
 * papertrail.h: rows of Papertrail's permanent archives (*.tsv.gz): ten columns
 * with tabs between them, no header: id, generated_at, received_at, source_id,
 * source_name, source_ip, facility_name, severity_name, program, message.
 * Source: Papertrail's help page "Permanent log archives".
 */
#ifndef PARSE_PAPERTRAIL_H
#define PARSE_PAPERTRAIL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/sv.h"
#include "parse/envelope.h"

/*
 * The time is generated_at, which Heroku gave; one without a zone is UTC.
 * Tabs in the message are not escaped and stay. A program "app/web.1" is source
 * and dyno, any other the source alone; a colon behind it is dropped. `origin` is
 * built in the arena, the other views lie in the row. False with the reason in
 * *bad; *out is then undefined.
 */
bool papertrail_parse(sv line, struct arena *scratch, struct envelope *out,
    struct bad_line *bad);

/* Would papertrail_parse take it, and is received_at a time, too? */
bool papertrail_is(sv line);

/* The row of column names that some download tools put on top. */
bool papertrail_is_header(sv line);

/* The same of tools that write CSV, quoted where it must be. */
bool papertrail_csv(sv row, struct arena *scratch, struct envelope *out,
    struct bad_line *bad);
bool papertrail_is_csv_header(sv line);

#endif
