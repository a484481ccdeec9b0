/* SPDX-License-Identifier: MIT */
/*
 * csv.h: rows of RFC 4180 as psql writes them. Only quoting tells NULL (nothing
 * between commas) from the empty string (""), so every cell keeps it.
 * Pure: bytes in, views out; the caller supplies more bytes when told.
 */
#ifndef PARSE_CSV_H
#define PARSE_CSV_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/sv.h"

struct csv_cell {
	sv text;     /* without quotes and with "" resolved */
	bool quoted;
};

struct csv_row {
	struct csv_cell *cell;
	size_t ncell;
	sv raw;      /* the row's bytes, line end included */
	size_t lines; /* physical lines it spans, at least 1 */
};

enum csv_result {
	CSV_ROW,   /* a row was read */
	CSV_BLANK, /* an empty line, or COPY's end mark "\." as the last: row.raw
	              is set, no cells */
	CSV_MORE,  /* the text ends inside a row: give more bytes */
	CSV_END,   /* nothing left */
	CSV_OPEN_QUOTE, /* at eof: a quote is never closed. raw = first line only */
	CSV_BAD_QUOTE   /* bytes after a closing quote; raw = first line only */
};

/*
 * csv_next: reads one row off the front of *rest. `eof` says that no bytes will
 * follow. Row ends are LF, CRLF, at eof also nothing or a lone CR. A quote
 * opens only at the start of a cell; elsewhere it is an ordinary byte. An
 * embedded newline belongs to the cell.
 * Cells are allocated in the arena, text only when "" had to be resolved.
 * An open quote at eof never swallows the rows after it: the result is
 * CSV_OPEN_QUOTE, *rest moves to the line after the one that opened the row;
 * the same after CSV_BAD_QUOTE.
 * CSV_MORE leaves *rest at the start of the row, and the next call reads the
 * row anew: double the bytes each time. Set a limit to a row and pass eof at
 * it, because after an open quote each line behind it may be read to the end.
 */
enum csv_result csv_next(sv *rest, char delim, bool eof, struct arena *a,
    struct csv_row *row);

/* The delimiter of a header line: ',' unless ';' or tab gives more cells, or
 * '|' is the only one. */
char csv_delim(sv header);

#endif
