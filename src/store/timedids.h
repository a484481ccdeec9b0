/* SPDX-License-Identifier: MIT */
/*
 * timedids.h: the rows of a table by their request ids, for joins by these. SQLite
 * makes an index on the fly for a join by equal values, but of no virtual table;
 * this is what timed.c has in its place, in memory, made when it is asked often.
 */
#ifndef STORE_TIMEDIDS_H
#define STORE_TIMEDIDS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define TIMEDIDS_COLUMN "request_id"

struct timedid {
	uint64_t hash; /* of the request id */
	int64_t id;    /* of the row */
};

struct timedids {
	struct buf mem;    /* of struct timedid, by hash, then id */
	uint32_t version;  /* of the store */
	unsigned asked;
	bool made, usable; /* tried; and it is one */
};

/* Rows that may have a value. */
struct timedids_range {
	const struct timedid *v;
	size_t n;
};

/* Of a table of the store as of `version`. False: it is not to be used, because
 * it was not asked for often yet, has too many rows, or the value is none that ids
 * are; or the store fails, with a code of SQLite in *rc. */
bool timedids_find(struct timedids *x, sqlite3 *db, const char *table,
    uint32_t version, sqlite3_value *value, struct timedids_range *out, int *rc);
void timedids_release(struct timedids *x);

#endif
