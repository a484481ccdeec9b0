/* SPDX-License-Identifier: MIT */
/*
 * fluentjson.h: records of fluentd's Heroku inputs: drain_id, ident (the
 * source), pid (the dyno), message, pri, facility, priority or loglevel.
 * Sources: hakobera/fluent-plugin-heroku-syslog and
 * ApplauseOSS/fluent-plugin-heroku-http, lib/fluent/plugin and test/plugin.
 *
 * The time is no member there unless kept or injected (time, timestamp);
 * fluentd's file output writes "TIME<tab>TAG<tab>{...}", which is read too.
 * The input for syslog drains leaves the MSGID in the message ("- text"): it
 * is dropped where the platform speaks, not where an app may have said so.
 */
#ifndef PARSE_FLUENTJSON_H
#define PARSE_FLUENTJSON_H

#include <stdbool.h>

#include "parse/envelope.h"

/* Known by drain_id, ident and message. */
bool fluentjson_is(sv line);

/* False: "bad-json", "no-header" or "bad-time". */
bool fluentjson_envelope(
    sv line, struct arena *scratch, struct envelope *out, struct bad_line *bad);

#endif
