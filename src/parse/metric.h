/* SPDX-License-Identifier: MIT */
/*
 * metric.h: samples in log lines: runtime metrics of dynos, Postgres, Redis:
 * "source=web.1 dyno=heroku.1.uuid sample#load_avg_1m=2.46 ...".
 */
#ifndef PARSE_METRIC_H
#define PARSE_METRIC_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/sv.h"

struct metric {
	sv subject;  /* source=: the dyno, or the attachment of an add-on */
	sv instance; /* dyno=: which run of the dyno, "heroku.APP.UUID" */
	sv addon;    /* addon= */
	size_t samples;  /* of the line, tags not counted */
	bool texts;      /* a value was kept as text */
	bool bad_number; /* the value of one is no decimal number and unit */
};

/*
 * True when the line has at least one sample#, measure# or count# pair; then
 * *out has what it is about (null views where absent), and the samples were
 * appended to *json as [[name, value, unit], ...], those that are no sample# as
 * [name, value, unit, "measure"], "count" or "tag". A value that is no number,
 * and that of a tag, is kept as text. What else the line says was appended to
 * *more: pairs of other keys, a second source=, words. False leaves both as
 * they were.
 */
bool metric_parse(sv message, struct metric *out, struct buf *json,
    struct buf *more);

#endif
