/* SPDX-License-Identifier: MIT */
/*
 * dump.h: rows of a CSV dump -> records. Columns are found by name in any
 * order; columns raxx does not know are kept in `extra`. The tables of the
 * deployment are told by name or, failing that, by a header that has all
 * columns which they need.
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

enum { DUMP_COLUMNS_MAX = 512, DUMP_NAME_MAX = 256 /* bytes */ };
/* What a column is, if no field of the kind. */
enum { DUMP_TIME = -1, DUMP_EXTRA = -2 };

struct dump {
	enum rec_kind kind;
	sv table;
	size_t ncolumns;
	sv *name;    /* header cells */
	int *field;  /* per column: field of the kind, DUMP_TIME or DUMP_EXTRA */
	size_t time; /* the column that says when, if one does */
	bool timeless; /* a row may have no time */
	bool secret; /* a column is secret by its name */
	const struct redact *redact;
	/* What stands for NULL in a cell without quotes, such as "\N"; then an
	 * empty cell is an empty text. Null or empty: an empty cell without
	 * quotes is NULL. dump_open() sets null, the caller what it knows. */
	sv null_text;
};

/* False with ST_FAIL "csv-header: ..." when a cell of the first row of a CSV
 * is a time, a number, a UUID or an e-mail address: names of columns are none
 * of these. */
bool dump_is_header(const struct csv_row *first, struct err *e);

/*
 * Reads the header. `table` is a null view when neither option nor file name
 * gives one. False with ST_FAIL "csv-header: ..." for an empty or repeated
 * column name, one that is too long or not one line of UTF-8 without controls,
 * too many columns, or a known table that lacks columns which it needs.
 * pg_stat_statements needs no time, for the view itself has none. Its columns
 * are those of any server: total_time of PostgreSQL 12 and before is
 * total_exec_time, what is newer than the fields stays in `extra`.
 */
bool dump_open(struct dump *d, struct arena *perm, sv table,
    const struct csv_row *header, const struct redact *redact, struct err *e);

/*
 * One row; views into it or the scratch arena. False: *bad says why. A dump of
 * an unknown table and one of pg_stat_statements may have no time: ts is then
 * UTC_NONE. A cell that is no value of its field's type ("", "NaN" or "1,5" of
 * a number, "infinity" of a time) keeps its text in `extra`; out->notes has
 * NOTE_BAD_NUMBER or NOTE_BAD_TIME then.
 */
bool dump_row(const struct dump *d, const struct csv_row *row,
    struct arena *scratch, struct rec *out, struct bad_line *bad);
/* The bytes of a row that became no record, without secrets: of a table with a
 * secret column only their hash, since its cells may have moved. */
sv dump_reject(const struct dump *d, sv raw, struct arena *scratch);

#endif
