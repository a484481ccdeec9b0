/* SPDX-License-Identifier: MIT */
/*
 * trialtext.h: the placeholders of a rule's tests. One line of a test file is
 * many events, which differ in what these stand for:
 *
 *   $i $n        number of the event, from 0 and from 1
 *   $(i*7%5+1)   reckoned from it, from left to right with + - * / %
 *   $(i+1:02)    with zeros in front, $(i:x) $(i:04x) in hexadecimal
 *   $time        when it is; $time(5m) $time(-2d) so much later or earlier
 *   $rid         a uuid that belongs to the seed of the line and $i
 *   $$           a dollar
 *
 * Numbers stay within a thousand million: what would leave that range is its
 * end. So whether a text resolves does not depend on the event.
 */
#ifndef DETECT_TRIALTEXT_H
#define DETECT_TRIALTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sv.h"

struct trialevent {
	int64_t i;
	int64_t ts;
	bool dump;  /* $time as psql prints it, else as RFC 3339 */
	sv seed;    /* of $rid */
};

/* Appends the text as it is for the event. False: the bytes from *at on are no
 * placeholder, or divide by zero. */
bool trialtext_put(struct buf *b, sv text, const struct trialevent *ev,
    size_t *at);

#endif
