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

/* True when the line has at least one sample#, measure# or count# pair; then
 * *subject is its source= and *addon its addon= (null views when absent), and
 * the samples were appended to *json as [[name, value, unit], ...]. A value that
 * is no number is kept as text, and so is that of a tag#, whatever it is: it
 * tells samples apart. False leaves *json as it was. */
bool metric_parse(sv message, sv *subject, sv *addon, struct buf *json);

#endif
