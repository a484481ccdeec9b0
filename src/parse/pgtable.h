/* SPDX-License-Identifier: MIT */
/*
 * pgtable.h: tables as psql prints them aligned, as `heroku pg:outliers`,
 * `pg:calls` and `pg:psql` do: a header line, a rule of dashes, rows with cells
 * between bars, "(10 rows)". Also in a box (border 2), and with the lines of
 * linestyle unicode. Source: postgres/postgres src/fe_utils/print.c,
 * print_aligned_text; heroku/cli src/commands/pg/outliers.ts.
 * Pure: bytes in, views out; the caller supplies more bytes when told.
 */
#ifndef PARSE_PGTABLE_H
#define PARSE_PGTABLE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/sv.h"

enum { PGTABLE_COLUMNS_MAX = 64 };

enum pgtable_result {
	PGTABLE_HEADER, /* column names; the rule is part of raw */
	PGTABLE_ROW,
	PGTABLE_FOOT,   /* "(10 rows)": the table is over */
	PGTABLE_BLANK,  /* an empty line, or the top or bottom of a box */
	PGTABLE_MORE,   /* give more bytes */
	PGTABLE_BAD,    /* a line that is no row of a table */
	PGTABLE_END     /* nothing left */
};

struct pgtable {
	size_t ncolumn; /* 0: outside of a table */
	/* Where the rule, without the sides of its box, has its crossings, in
	 * characters. */
	size_t bar[PGTABLE_COLUMNS_MAX];
	bool boxed;
	bool unicode;
};

#define PGTABLE_INIT { .ncolumn = 0 }

struct pgtable_row {
	sv *cell;    /* as many as the header has, without padding */
	size_t ncell;
	sv raw;      /* the bytes, line ends included */
	size_t lines; /* that it spans */
};

/*
 * pgtable_next: cuts one item off the front of *rest; `eof` says that no bytes
 * will follow. Cells are allocated in the arena, text only if it spans lines.
 *
 * A row is cut where the rule has its crossings if bars stand there, else at
 * the first bars: the last column keeps those in its text. NULL and the empty
 * text look the same. psql ends a line of a cell that goes on with '+' or, in
 * unicode, U+21B5: lines that have nothing but such cells are joined, with a
 * newline.
 * PGTABLE_MORE leaves *rest at the start of the item, which is then read anew:
 * double the bytes each time.
 */
enum pgtable_result pgtable_next(struct pgtable *t, sv *rest, bool eof,
    struct arena *a, struct pgtable_row *out);

/* Is there a header of two columns or more with its rule among the first lines
 * of head? What is before it may be a prompt or a notice. */
bool pgtable_is(sv head);

/* "00:03:21.123456", "3 days 04:11:52", "-00:00:01" as microseconds; false for
 * months and years, whose length varies, and for anything else. */
bool pgtable_interval(sv v, int64_t *us);
/* "1,234,567", as to_char writes it. */
bool pgtable_count(sv v, int64_t *n);

#endif
