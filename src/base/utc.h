/* SPDX-License-Identifier: MIT */
/*
 * utc.h: time as int64 microseconds since 1970-01-01T00:00:00Z, years 0001 to
 * 9999. Our own reader because the C library and SQLite accept 30 February.
 */
#ifndef BASE_UTC_H
#define BASE_UTC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sv.h"

#define UTC_SECOND INT64_C(1000000)
#define UTC_MINUTE (60 * UTC_SECOND)
#define UTC_HOUR (60 * UTC_MINUTE)
#define UTC_DAY (24 * UTC_HOUR)
#define UTC_NONE INT64_MIN
/* The range of years 0001 to 9999. */
#define UTC_MIN (INT64_C(-719162) * UTC_DAY)
#define UTC_MAX (INT64_C(2932897) * UTC_DAY - 1)

/*
 * utc_read: reads one time off the front of *rest and moves *rest behind it.
 * Forms: date 'T' or one blank, hh:mm:ss, fraction of 0 to 9 digits (cut to
 * microseconds), zone "Z", "+00:00", "-07:00", "+0530", "+00", or " UTC",
 * or behind one blank an offset with minutes, " -0800" or " -08:00".
 * A leap second (:60) is kept as the last microsecond of its minute. False,
 * with *rest unmoved, for an impossible date or time, an offset beyond 15:59,
 * a missing zone unless `naive` (then the time is taken as UTC).
 */
bool utc_read(sv *rest, bool naive, int64_t *us);

/* The front of nearly every time, "2026-06-12T13:02:11.123456" or the same with a
 * blank: so many bytes, behind which no digit may stand. False means no more
 * than: ask utc_read. */
enum { UTC_COMMON = 26 };
bool utc_read_common(const char *p, int64_t *us);

/* "2026-06-12T13:02:11.123Z", in this very form. */
enum { UTC_MILLIS = 24 };
bool utc_read_millis(const char *p, int64_t *us);

/* "hh:mm:ss" with a fraction, as in utc_read, off the front of *rest: what has
 * passed of the day. False, with *rest unmoved, for an impossible one. */
bool utc_read_clock(sv *rest, int64_t *us);

/* The whole view as a time as people type it: everything utc_read takes, and
 * without seconds ("2026-06-12T13:00Z") or without time ("2026-06-12"). A
 * missing zone means UTC. */
bool utc_parse(sv v, int64_t *us);

/* Days since 1970-01-01 of a civil date; the date must be valid. */
int64_t utc_days(int64_t year, unsigned month, unsigned day);
bool utc_civil_valid(int64_t year, unsigned month, unsigned day);

/* "2026-06-12T13:02:11.123456Z"; always six digits, 27 bytes. The year must
 * be in range, as for everything that was read. */
void utc_write(struct buf *b, int64_t us);
/* As short as it stays exact: "2026-06-12T13:00Z", ":11Z" or full. */
void utc_write_short(struct buf *b, int64_t us);

/* A duration "90s", "1.5s", "10m", "24h", "7d", "2w", several joined with the
 * larger unit first ("1h30m"), or a bare number of seconds; false when not
 * positive or too large. */
bool utc_span_parse(sv v, int64_t *us);
/* "10m", "24h", "1h30m", "1.5s", from two days on "2d", "7d12h"; reads back
 * with utc_span_parse when positive. */
void utc_span_write(struct buf *b, int64_t us);

#endif
