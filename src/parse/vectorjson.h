/* SPDX-License-Identifier: MIT */
/*
 * vectorjson.h: JSON lines of vector's source heroku_logs: timestamp, message,
 * host, app_name, proc_id, source_type and URL parameters under any name.
 * Source: vectordotdev/vector src/sources/heroku_logs.rs. It cuts the drain's
 * body at newlines and each line at blanks; a line of less than eight words
 * (any with an empty message) is passed whole as message, LEN in front, with
 * the time it came; then message is read as a syslog frame.
 *
 * When vector was told to decode JSON, a member of the app's JSON called
 * app_name stays and hides Heroku's; nothing in the line tells.
 */
#ifndef PARSE_VECTORJSON_H
#define PARSE_VECTORJSON_H

#include <stdbool.h>

#include "parse/envelope.h"

/* Known by its source_type, "heroku_logs" or the older "logplex". */
bool vectorjson_is(sv line);

/* False: "bad-json", "no-header" or "bad-time". */
bool vectorjson_envelope(
    sv line, struct arena *scratch, struct envelope *out, struct bad_line *bad);

#endif
