/* SPDX-License-Identifier: MIT */
/*
 * spill.h: a temporary file for what does not stay in memory, where SQLite puts
 * its own (SQLITE_TMPDIR, TMPDIR, /var/tmp ...). It has no name: nothing is left
 * of it, however the program ends.
 */
#ifndef STORE_SPILL_H
#define STORE_SPILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct spill {
	struct sqlite3_file *file; /* NULL until the first write */
	int64_t size;
};

#define SPILL_INIT { NULL, 0 }

/* Appends. */
bool spill_write(struct spill *s, const void *p, size_t n, struct err *e);
/* Bytes that were written. */
bool spill_read(struct spill *s, int64_t at, void *p, size_t n, struct err *e);
/* Forgets what was written; the file is used again. */
void spill_clear(struct spill *s);
void spill_release(struct spill *s);

#endif
