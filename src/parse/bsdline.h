/* SPDX-License-Identifier: MIT */
/*
 * bsdline.h: lines with the time of BSD syslog (RFC 3164), which has no zone
 * and mostly no year: "Jul 28 06:27:46 HOST app/worker.1 message" as
 * Papertrail's screen and command line print it, and
 * "Jun  9 23:27:08 d.TOKEN heroku[router] - message" as rsyslog's traditional
 * format does. Before it may stand "<PRI>", behind the day a year, behind the
 * program a colon. Times are UTC. A drain token as HOST becomes the drain.
 * The nil of rsyslog, "- ", is dropped behind a drain token and behind
 * heroku[...], whatever HOST is.
 * Source: papertrail/papertrail-cli, rsyslog's reserved templates.
 */
#ifndef PARSE_BSDLINE_H
#define PARSE_BSDLINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/sv.h"
#include "base/utc.h"
#include "parse/envelope.h"

/*
 * Where the years of one file come from. `year` wins; with neither no line
 * without a year is read, for its year would be a guess.
 *
 * From `taken`, a line has the latest year that puts it at or before taken
 * and one day.
 *
 * `year` is that of the first line and is kept up to date: a time more than
 * 180 days before that of the line before is one of the next year (December,
 * then January). Right after such a leap, up to 30 days by the lines' own
 * times, another one leads back to where the first began: a late line of
 * December keeps its year, and one stray line does not move all that follow.
 *
 * A year in the line counts for that line alone.
 */
struct bsdline_year {
	int year;      /* 0: unknown; else 1 to 9999 */
	int64_t taken; /* when the file was made; UTC_NONE: unknown */
	int64_t last;  /* time of the line before; UTC_NONE at the first */
	int64_t from;  /* the line before the last leap; UTC_NONE: no leap */
	int64_t to;    /* the line that leapt */
};

#define BSDLINE_YEAR_INIT { 0, UTC_NONE, UTC_NONE, UTC_NONE, UTC_NONE }

/* `origin` is built in the arena, the other views lie in the line. False with
 * the reason in *bad ("no-header", "bad-time", "no-year"); *out is then
 * undefined and *year as it was. */
bool bsdline_parse(sv line, struct bsdline_year *year, struct arena *scratch,
    struct envelope *out, struct bad_line *bad);

/* Would bsdline_parse take it, given a year, and has it a drain token or a
 * dyno of "app" or "heroku"? For files of an unknown kind: other machines write
 * such times, too. */
bool bsdline_is(sv line);

#endif
