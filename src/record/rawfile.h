/* SPDX-License-Identifier: MIT */
/*
 * rawfile.h: units of an input read again from the user's own file, plain or
 * gzip, at the offsets that a store keeps.
 */
#ifndef RECORD_RAWFILE_H
#define RECORD_RAWFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/blake3.h"
#include "base/err.h"
#include "base/sv.h"
#include "parse/format.h"

struct raw_want {
	uint64_t byte; /* where it starts in the decoded input */
	sv bytes;      /* out: without a line end; null when nothing is there */
};

struct rawfile {
	uint8_t digest[BLAKE3_LEN]; /* of the file as it is now */
	sv header;     /* of CSV: its first row; else null */
};

/*
 * Reads the file once, from end to end. The wants must be sorted by byte; their
 * bytes and the header are copied to the arena. What the file does not hold at
 * an offset as whole units is no error. False with ST_FAIL when it cannot be
 * read.
 */
bool rawfile_read(struct arena *a, const char *path, const struct format *f,
    struct raw_want *want, size_t n, struct rawfile *out, struct err *e);

#endif
