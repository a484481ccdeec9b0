/* SPDX-License-Identifier: MIT */
/*
 * samplejson.h: the samples of a metric as a pipe of records has nearly all of
 * them: [["name",12.5,"unit"],...] without blanks, of plain names and numbers. In one
 * run, and taken apart at once, for sampletext.h takes any.
 */
#ifndef PARSE_SAMPLEJSON_H
#define PARSE_SAMPLEJSON_H

#include "base/arena.h"
#include "parse/sampleline.h"

/* Takes them off the front of *rest; the views of *text are in the arena, and what
 * sampletext_split() makes of them. False means no more than: it may be JSON of
 * another form; *rest is unmoved. */
bool samplejson_cut(sv *rest, struct arena *a, struct sampleline *text);

#endif
