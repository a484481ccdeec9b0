/* SPDX-License-Identifier: MIT */
/*
 * betterstack.h: JSON lines of Better Stack (Logtail): dt, message, and what
 * the drain's header said as "syslog": {appname, procid, hostname, ...} or as
 * "syslog.appname" and so on. The SQL interface gives {"dt", "raw"}, where raw
 * is the text of such an object. Sources: an exported line in public code
 * ("platform":"Syslog", procid a number, dt with microseconds and Z), and
 * betterstack.com/docs/logs/query-api/connect-remotely (dt, raw,
 * JSONEachRow); ClickHouse writes dt with a blank and no zone, in UTC.
 */
#ifndef PARSE_BETTERSTACK_H
#define PARSE_BETTERSTACK_H

#include <stdbool.h>

#include "parse/envelope.h"

/* Known by dt together with syslog.appname. */
bool betterstack_is(sv line);

/* False: "bad-json", "no-header" or "bad-time". */
bool betterstack_envelope(
    sv line, struct arena *scratch, struct envelope *out, struct bad_line *bad);

#endif
