/* SPDX-License-Identifier: MIT */
/*
 * draintext.h: lines of a syslog drain as relays print them into text files:
 * "TIME d.TOKEN source[dyno] message", with RFC 3339 time. The dyno may be
 * missing, a colon may follow. rsyslog (RSYSLOG_FileFormat) leaves the nil of
 * Logplex, "- ", before the message. Source: heroku/logplex
 * doc/README.http_drains.md, rsyslog's reserved templates.
 */
#ifndef PARSE_DRAINTEXT_H
#define PARSE_DRAINTEXT_H

#include <stdbool.h>

#include "base/sv.h"
#include "parse/envelope.h"

/* All views lie in the line. False with the reason in *bad; *out is then
 * undefined. */
bool draintext_parse(sv line, struct envelope *out, struct bad_line *bad);

/* Would draintext_parse take it? */
bool draintext_is(sv line);

#endif
