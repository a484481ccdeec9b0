/* SPDX-License-Identifier: MIT */
/*
 * envelope.h: what every Heroku log line has in common, whatever shape brought
 * it: time, source, dyno and message. Source of the grammar: heroku/logplex
 * src/logplex_utils.erl and doc/README.http_drains.md, heroku/cli colorize.ts.
 */
#ifndef PARSE_ENVELOPE_H
#define PARSE_ENVELOPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/sv.h"

struct envelope {
	int64_t ts;  /* microseconds UTC */
	sv source;   /* "app", "heroku" */
	sv dyno;     /* "web.1", "router", "api"; empty when there is none */
	sv origin;   /* "app[web.1]", or the source alone */
	sv message;  /* trimmed: the CLI trims, drains do not */
	sv drain;    /* drain token of a syslog drain, or null */
};

/* Why a line has no envelope: a code for reject.reason, and what was seen. */
struct bad_line {
	const char *reason; /* "no-header", "bad-time", "bad-frame" */
	const char *detail;
	size_t at;          /* byte in the line where parsing stopped */
};

/* One line of `heroku logs` text: "TIME source[dyno]: message". False, here and
 * below, with the reason in *bad; *out is then undefined. */
bool envelope_cli(sv line, struct envelope *out, struct bad_line *bad);

/* One syslog message as Logplex writes it: "<PRI>1 TIME HOST APP PROC MSGID
 * [SD] MSG". The structured data is missing from HTTPS drains and "-" in
 * syslog drains; HOST is missing from very old ones. `origin` is built in the
 * arena. */
bool envelope_syslog(sv frame, struct arena *scratch, struct envelope *out,
    struct bad_line *bad);

#endif
