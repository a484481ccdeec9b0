/* SPDX-License-Identifier: MIT */
/*
 * db.h: the store file: open, checks, transactions, pragmas. One connection
 * per struct; not for use by two threads at once.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/sv.h"

struct store;
struct sqlite3;

enum store_mode {
	STORE_READ,  /* read-only; fails when the file does not exist */
	STORE_WRITE, /* creates the file (0600) with the schema when missing */
	STORE_MEMORY /* private and temporary, for records from a pipe */
};

enum {
	STORE_APPLICATION_ID = 0x52415858, /* "RAXX" */
	STORE_VERSION = 6
};

/*
 * NULL with *e set when it cannot be opened or is no store of ours: wrong
 * application_id, version, schema text, damaged ("store-refused: ..."), not a
 * regular file ("output-refused"), busy ("store-busy"). Nothing is changed in
 * a refused file.
 */
struct store *store_open(const char *path, enum store_mode mode, struct err *e);
/* NULL is allowed. */
void store_close(struct store *st);
/* True when opening it undid a write that had not ended: of a run that was
 * killed, or at a loss of power. None of its input is in the store. */
bool store_recovered(const struct store *st);

/*
 * From now on the connection shows only what had arrived by `us`: inputs taken
 * later and records whose home they are do not exist for it. A record's home is
 * the earliest input that holds it, so this is what a run at that time would
 * have seen; but that a message of several lines is as it is known now: with
 * lines that only later inputs hold, and away when its first line is one.
 * The file is not changed.
 */
bool store_as_of(struct store *st, int64_t us, struct err *e);

/* For store/ and detect/sqlfn.c only. */
struct sqlite3 *store_handle(struct store *st);
/* True once a pattern function hit a limit: the running query is undecided. */
void store_set_undecided(struct store *st);

#endif
