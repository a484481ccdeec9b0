/* SPDX-License-Identifier: MIT */
/*
 * papertrailjson.h: Papertrail's search result, {"events": [...], "min_id",
 * ...} on one line, or one event object per line. An event has id,
 * generated_at (Heroku's time), received_at (Papertrail's), program
 * ("app/web.1"), source_name, severity, message and more. Source:
 * documentation.solarwinds.com, Papertrail "Search API"; real payloads in
 * public tests, where generated_at is missing before about 2015.
 */
#ifndef PARSE_PAPERTRAILJSON_H
#define PARSE_PAPERTRAILJSON_H

#include <stdbool.h>

#include "parse/jsonlog.h"

struct papertrailjson_it {
	sv rest;                   /* events not given yet */
	struct jsonlog_item whole; /* the line as one reject ... */
	bool refused;              /* ... if this is set */
};

/* Known by an event with program, source_name, received_at and message; a
 * search result may be cut behind its first event. */
bool papertrailjson_is(sv line);

/*
 * The records of a line in order. A line that cannot be read at all is one
 * record that is not ok ("bad-json", "no-header"); no event, no record. The
 * arena may be rewound between two calls.
 */
void papertrailjson_begin(struct papertrailjson_it *it, sv line);
bool papertrailjson_next(struct papertrailjson_it *it, struct arena *scratch,
    struct jsonlog_item *out);

#endif
