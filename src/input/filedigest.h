/* SPDX-License-Identifier: MIT */
/* filedigest.h: the digest of a file by itself, which is not read for anything else. */
#ifndef INPUT_FILEDIGEST_H
#define INPUT_FILEDIGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/blake3.h"
#include "base/err.h"

/* Of the first `size` bytes of a regular file, by so many threads. ST_FAIL: it cannot
 * be read. *whole: has it as many? Otherwise there is no digest. */
bool filedigest(const char *path, uint64_t size, unsigned threads,
    uint8_t out[BLAKE3_LEN], bool *whole, struct err *e);

#endif
