/* SPDX-License-Identifier: MIT */
/*
 * rawunit.h: where a unit of an input ends, given where it starts: a line, a
 * frame, a row of CSV whose quotes hold newlines, an item of JSON. Pure: bytes
 * in, a length out; the caller supplies more bytes when told.
 */
#ifndef RECORD_RAWUNIT_H
#define RECORD_RAWUNIT_H

#include <stdbool.h>

#include "base/sv.h"
#include "parse/format.h"

/*
 * *unit is what starts at text.p[0], without the line end behind it. False: the
 * text ends inside of it and more bytes are needed; never with `eof`. What is
 * no unit of the shape is a line.
 */
bool rawunit_cut(const struct format *f, char delim, sv text, bool eof,
    sv *unit);

#endif
