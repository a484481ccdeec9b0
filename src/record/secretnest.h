/* SPDX-License-Identifier: MIT */
/*
 * secretnest.h: an object or a list under a secret key, as in
 * "credentials":{"a":"x","b":["y"]}: it is secret as a whole. JSON, repr() of
 * Python and Ruby, maps without quotes; in every spelling of quotes that
 * secretstring.h knows.
 */
#ifndef RECORD_SECRETNEST_H
#define RECORD_SECRETNEST_H

#include "record/secretkey.h"

/* Length of the one that opens at text[at], the value of the key; up to the end
 * of the string that holds the key when it is cut. 0: there is none, what it
 * holds tells nothing, or it is a list of strings or bare words only, which
 * secretvalue.h knows. */
size_t secretnest_length(sv text, size_t at, const struct secretkey *k);

#endif
