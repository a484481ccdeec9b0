/* SPDX-License-Identifier: MIT */
/*
 * datadog.h: logs out of Datadog, one JSON object per line: timestamp (in
 * archives "date"), message, service, and "attributes" that hold "syslog":
 * {appname, procid, hostname, prival, ...} of the drain. The API wraps it: v2
 * as {"id", "type": "log", "attributes": {...}}, v1 as {"id", "content":
 * {...}}. Sources: docs.datadoghq.com, "Search logs" (wrapper), "Collect
 * Heroku logs" (the intake takes Logplex bodies itself) and syslog.appname in
 * the pages on log configuration; the members of syslog as Datadog's
 * forerunner documented them for rsyslog. No sample of a Heroku log out of an
 * archive was to be had.
 */
#ifndef PARSE_DATADOG_H
#define PARSE_DATADOG_H

#include <stdbool.h>

#include "parse/envelope.h"

/* Known by message, a time and attributes.syslog.appname. */
bool datadog_is(sv line);

/* False: "bad-json", "no-header" or "bad-time". */
bool datadog_envelope(
    sv line, struct arena *scratch, struct envelope *out, struct bad_line *bad);

#endif
