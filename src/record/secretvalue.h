/* SPDX-License-Identifier: MIT */
/*
 * secretvalue.h: what follows a key: a string, a list, the rest of a header
 * line, the word behind "Bearer", or bytes up to what ends them.
 */
#ifndef RECORD_SECRETVALUE_H
#define RECORD_SECRETVALUE_H

#include <stdbool.h>

#include "record/secretkey.h"

/* The value of the key, a view into text without its quotes; empty when there
 * is none or others follow in it. *wrap: quotes that a replacement needs, left
 * as it is when it needs none. */
sv secretvalue_of(sv text, const struct secretkey *k, sv *wrap);
/* The value at text[at] that no quotes hold. */
sv secretvalue_bare(sv text, size_t at);
/* Does the value tell nothing? Literals, small numbers, "[FILTERED]", what was
 * replaced before. */
bool secretvalue_is_harmless(sv value);

#endif
