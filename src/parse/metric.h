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
};

/* True when the line has at least one sample#, measure# or count# pair; then
 * *out has what it is about (null views where absent), and the samples were
 * appended to *json as [[name, value, unit], ...]. A value that is no number is
 * kept as text, and so is a tag#. False leaves *json as it was. */
bool metric_parse(sv message, struct metric *out, struct buf *json);

#endif
