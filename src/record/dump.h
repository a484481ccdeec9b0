/* SPDX-License-Identifier: MIT */
/*
 * dump.h: rows of a CSV dump -> records. Columns are found by name in any
 * order; columns raxx does not know are kept in `extra`. The tables of the
 * deployment are told by name or, failing that, by their header.
 */
#ifndef RECORD_DUMP_H
#define RECORD_DUMP_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "parse/csv.h"
#include "parse/envelope.h"
#include "record/rec.h"
#include "record/redact.h"

enum { DUMP_COLUMNS_MAX = 512 };

struct dump {
	enum rec_kind kind;
	sv table;
	size_t ncolumns;
	sv *name;    /* header cells */
	int *field;  /* per column: field of the kind; negative: time or extra */
	size_t time; /* the column that says when, if one does */
	bool secret; /* a column is secret by its name */
	const struct redact *redact;
};

/*
 * Reads the header. `table` is a null view when neither option nor file name
 * gives one. False with ST_FAIL "csv-header: ..." for an empty or repeated
 * column, or a known table whose time column is missing.
 */
bool dump_open(struct dump *d, struct arena *perm, sv table,
    const struct csv_row *header, const struct redact *redact, struct err *e);

/* One row; views into it or the scratch arena. False: *bad says why. A dump of
 * an unknown table may have no time: ts is then UTC_NONE. */
bool dump_row(const struct dump *d, const struct csv_row *row,
    struct arena *scratch, struct rec *out, struct bad_line *bad);
/* The bytes of a row that became no record, without secrets: of a table with a
 * secret column only their hash, since its cells may have moved. */
sv dump_reject(const struct dump *d, sv raw, struct arena *scratch);

#endif
