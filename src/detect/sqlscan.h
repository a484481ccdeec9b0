/* SPDX-License-Identifier: MIT */
/*
 * sqlscan.h: SQL text cut into tokens as SQLite cuts it; blanks and comments
 * are between them. Pure: views into the text, nothing is allocated.
 */
#ifndef DETECT_SQLSCAN_H
#define DETECT_SQLSCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/sv.h"

enum sqltok_kind {
	SQLTOK_WORD,   /* a keyword or a name without quotes */
	SQLTOK_NAME,   /* "x", `x`, [x] */
	SQLTOK_TEXT,   /* 'x', x'00' */
	SQLTOK_NUMBER,
	SQLTOK_PARAM,  /* :x, @x, $x, ?, ?1 */
	SQLTOK_SIGN,   /* ( ) , ; . and operators */
	SQLTOK_OPEN    /* a quote or comment that does not end */
};

struct sqltok {
	enum sqltok_kind kind;
	sv text;
	size_t at; /* byte of the scanned text where it starts */
};

struct sqlscan {
	sv text;
	size_t at; /* where the search for the next token starts */
};

/* Next token; false at the end of the text. */
bool sqlscan_next(struct sqlscan *s, struct sqltok *t);

/* The word, letters in either case; false for quoted names. */
bool sqltok_is(const struct sqltok *t, const char *word);
bool sqltok_is_sign(const struct sqltok *t, const char *sign);
/* A name without its quotes; doubled quotes inside stay. Null view for what
 * cannot be a name. */
sv sqltok_name(const struct sqltok *t);

/* Line and column of a byte, both from 1; columns are bytes. */
void sqlscan_place(sv text, size_t at, int *line, int *col);

/* The text on one line: no comments, one blank where blanks were. */
void sqlscan_plain(struct buf *b, sv text);

#endif
