/* SPDX-License-Identifier: MIT */
/*
 * rawfind.h: where records stand in a file that is no longer the one that was
 * read: it is read anew as an input, and records are known by their content.
 */
#ifndef RECORD_RAWFIND_H
#define RECORD_RAWFIND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sv.h"
#include "parse/format.h"
#include "record/normal.h"

struct raw_place {
	struct raw_place *next;
	uint64_t line, byte;
};

struct raw_find {
	uint64_t hash;  /* of the record */
	uint64_t nth;   /* the n-th of equal content, from 1 */
	uint64_t seen;  /* how many of them were met */
	struct raw_place *place, *end; /* out: the record, then its parts; or
	                                * NULL */
};

/* How the input was read when it was stored. */
struct raw_as {
	const struct normal *normal;
	const struct format *format;
	sv table, app;  /* null: none */
	int64_t taken;
};

/* Of fewer repeats than nth the last one is taken. Places live in the arena.
 * False when the file cannot be read in that way. */
bool rawfind_read(struct arena *a, const char *path, const struct raw_as *as,
    struct raw_find *want, size_t n, struct err *e);

#endif
