/* SPDX-License-Identifier: MIT */
/*
 * sampleline.h: a line of samples as Heroku writes nearly all of them: pairs
 * source=, dyno=, addon=, each at most once, and sample#NAME=NUMBER and a unit,
 * of plain names, a blank between them. In one run, for metric.h takes any.
 */
#ifndef PARSE_SAMPLELINE_H
#define PARSE_SAMPLELINE_H

#include <stdbool.h>

#include "base/arena.h"
#include "parse/metric.h"

/* What metric_parse makes of the samples, as two texts: with 0 for every value,
 * and the values as a list. */
struct sampleline {
	sv names, values;
};

/* Does it differ from a line that was read in nothing but numbers and what it is
 * about? Then sampleline_parse takes it. */
bool sampleline_is_known(sv message);

/* False means no more than: ask metric_parse. The views of *text are in the
 * arena. */
bool sampleline_parse(sv message, struct arena *a, struct metric *out,
    struct sampleline *text);

/* Appends what metric_parse makes of the samples. */
void sampleline_write(struct buf *b, const struct sampleline *text);

#endif
