/* SPDX-License-Identifier: MIT */
/*
 * keyfile.h: the key of keyed hashes, one per user, so that pulls of different
 * days agree. A file of 64 hexadecimal digits, mode 0600, made on first use.
 */
#ifndef RECORD_KEYFILE_H
#define RECORD_KEYFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "record/redact.h"

/* Reads the key; with `create` makes the file and its folder when missing.
 * ST_USAGE when it is no key, or readable by others. */
bool keyfile_load(const char *path, bool create, uint8_t key[REDACT_KEY_LEN],
    struct err *e);

#endif
