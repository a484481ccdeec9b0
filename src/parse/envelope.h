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
	sv whole;    /* the message as it came, without the header's blank */
	sv message;  /* trimmed: the CLI trims, drains do not */
	bool named;  /* source and dyno are names, see envelope_name */
	bool odd;    /* one of the message may be */
	size_t raw;  /* bytes of whole before colours were taken out of it */
	sv drain;    /* drain token of a syslog drain, or null */
};

/* Why a line has no envelope: a code for reject.reason, and what was seen. */
struct bad_line {
	const char *reason; /* "no-header", "bad-time", "no-year", ... */
	const char *detail;
	size_t at;          /* byte in the line where parsing stopped */
};

/* One line of `heroku logs` text: "TIME source[dyno]: message". False, here and
 * below, with the reason in *bad; *out is then undefined. */
bool envelope_cli(sv line, struct envelope *out, struct bad_line *bad);

/* The same of a line that has no odd byte (glance.h). */
bool envelope_cli_plain(sv line, struct envelope *out, struct bad_line *bad);

/* One syslog message as Logplex writes it: "<PRI>1 TIME HOST APP PROC MSGID
 * [SD] MSG". The structured data is missing from HTTPS drains and "-" in
 * syslog drains; HOST is missing from very old ones. `origin` is built in the
 * arena. */
bool envelope_syslog(sv frame, struct arena *scratch, struct envelope *out,
    struct bad_line *bad);

/* The parts of the above, for the other shapes. */

/* "d." and a UUID. */
bool envelope_is_token(sv v);

/* Fills *bad and is false; `rest` is the end of `line` where parsing stopped,
 * null for all of it read. */
bool envelope_bad(struct bad_line *bad, const char *reason, const char *detail,
    sv line, sv rest);

/* The same for a line without a time at its start: "bad-time" if it begins
 * like a date, else "no-header", which says what was wanted. */
bool envelope_bad_start(struct bad_line *bad, const char *want, sv line);

/* Cuts a run of [A-Za-z0-9_.-] off the front; may be empty. */
sv envelope_name(sv *rest);

/* Cuts "source[dyno]" or "source" off the front: source, dyno and origin of
 * *out. The source may come out empty. False for a bracket that holds no name
 * or does not end; *rest is where it stopped. */
bool envelope_source(sv *rest, struct envelope *out);

/* Sets whole, raw, message and odd. */
void envelope_message(struct envelope *out, sv whole);

/* The message of a line whose "source[dyno]" was cut off: behind a ':', or
 * behind a blank; where there may be a `nil`, "- ", that rsyslog leaves before
 * it, without it. False when something else follows the source. */
bool envelope_tail(sv rest, bool nil, struct envelope *out);

/* "source[dyno]" built in the arena; the source itself without a dyno. */
sv envelope_origin(struct arena *a, sv source, sv dyno);

/* Cuts "<158" off the front, priority 0-191; *rest may move when false. What
 * follows, ">1 " or ">", says which syslog it is. */
bool envelope_priority(sv *rest);

#endif
