/* SPDX-License-Identifier: MIT */
/*
 * rowscan.h: all rows of one table, some of its columns, as fast as they can
 * be read. A store in a file is read as the pages it consists of
 * (https://www.sqlite.org/fileformat2.html), since SQLite takes five times as
 * long to hand out a row; a private store, and one that is looked at as of an
 * earlier time, through a statement. Both give the same rows.
 */
#ifndef STORE_ROWSCAN_H
#define STORE_ROWSCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/sv.h"
#include "store/query.h"

struct store;
struct rowscan;

enum rowcell_kind {
	ROWCELL_NULL,
	ROWCELL_INT,
	ROWCELL_TEXT, /* its bytes */
	ROWCELL_OTHER /* a blob, its bytes; a real, without */
};

struct rowcell {
	enum rowcell_kind kind;
	int64_t i;
	sv text; /* until the next row */
};

enum { ROWSCAN_COLUMNS = 40 };

/* One state of the file for all scans in between: nobody writes meanwhile.
 * False when the store is busy or fails. */
bool rowscan_begin(struct store *st, struct err *e);
void rowscan_end(struct store *st);

/* Columns by name, ROWSCAN_COLUMNS at most, none of them twice or "id"; asserts
 * that the table has them. Between begin and end. NULL with *e set when the store
 * fails. */
struct rowscan *rowscan_open(struct store *st, const char *table,
    const char *const *column, size_t n, struct err *e);
/* The same in parts, one behind the other, of which each may be read by a
 * thread of its own: how many there are, `max` at most, and fewer of a small
 * table, or if it is not read as pages; 0 when the store fails. */
size_t rowscan_open_parts(struct store *st, const char *table,
    const char *const *column, size_t n, struct rowscan **out, size_t max,
    struct err *e);
/* NULL is allowed. */
void rowscan_close(struct rowscan *r);

/* Next row: its id in *id, its columns in cell, in the order they were asked
 * for. QUERY_MORE, QUERY_DONE or QUERY_FAILED. */
enum query_end rowscan_next(struct rowscan *r, int64_t *id,
    const struct rowcell **cell, struct err *e);

#endif
