/* SPDX-License-Identifier: MIT */
/* hash.h: 64-bit hashes of bytes, equal on every machine (little-endian reads
 * are made explicit). Not for secrets: see sha256.h. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdint.h>

#include "base/sv.h"

/* It names a record by its content, so it may never change once stores exist. */
uint64_t hash64(sv v, uint64_t seed);
/* Faster, and weaker: for tables in memory. */
uint64_t hash_text(sv text);

#endif
