/* SPDX-License-Identifier: MIT */
/*
 * keyblock.h: a private key (PEM, RFC 7468) that an app prints line by line. Only
 * its first line tells; the last of the others may have any length.
 */
#ifndef RECORD_KEYBLOCK_H
#define RECORD_KEYBLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"

/* All 0 at first. One key is followed at a time. */
struct keyblock {
	bool open;
	uint64_t origin; /* hash of what prints it */
};

/* Only such a message can be the first line of a key. */
static inline bool
keyblock_may_begin(sv message)
{
	return sv_ends(message, SV("-----"));
}

/* Is the message, the next of its origin, a line inside of a key? A null origin:
 * of a line without a header, which is of any. */
bool keyblock_holds(struct keyblock *k, sv origin, sv message);

#endif
