/* SPDX-License-Identifier: MIT */
/*
 * evidence.h: the records of a finding with the lines that they were read from,
 * for people. What lines hold is masked and escaped here; that secrets in them
 * were replaced is the caller's to see to.
 */
#ifndef OUTPUT_EVIDENCE_H
#define OUTPUT_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sv.h"

enum evidence_state {
	EVIDENCE_VERIFIED, /* the file is the one that was read */
	EVIDENCE_MATCHED,  /* it is not, but holds the record */
	EVIDENCE_CHANGED,  /* nor does it hold it */
	EVIDENCE_MISSING,  /* there is no such file, or it cannot be read */
	EVIDENCE_NO_FILE,  /* it was read from standard input or a pipe */
	EVIDENCE_STATE_N
};

struct evidence_line {
	enum evidence_state state;
	sv file;       /* that was read; else the input's name */
	sv looked;     /* MISSING: where it was looked for */
	int64_t line;  /* as stored; of EVIDENCE_MATCHED where it is now */
	int64_t byte;
	sv bytes;      /* null unless VERIFIED or MATCHED */
	size_t input;  /* which one it is of, for whoever makes the page */
};

struct evidence_item {
	sv record;     /* content name */
	int64_t ts;
	sv summary, request_id; /* as stored; null: nothing to say */
	bool known;    /* in the store; else it has no lines */
	bool hidden;   /* a secret in the lines could not be replaced */
	struct evidence_line *line; /* a message of several has several */
	size_t nlines;
};

struct evidence_page {
	sv id, rule, title, arm, level, key_name, key;
	int64_t first, last, total; /* total: records of the finding */
	sv note;                    /* null: nothing to say */
	struct evidence_item *item;
	size_t n;
};

struct evidence_look {
	bool raw;      /* bytes as they are; a page of places without them */
	bool personal; /* e-mail addresses too */
};

/*
 * The page about what was found where. The bytes of a line stand in it, escaped
 * and with two blanks or more before them, so that none can pass for another
 * part of the page; with `raw` they do not.
 */
void evidence_write(struct buf *b, const struct evidence_page *p,
    const struct evidence_look *look);
/* Every line that is there, as it is, with a newline behind it. */
void evidence_write_raw(struct buf *b, const struct evidence_page *p);

/* Was every record found where it was read? */
bool evidence_is_whole(const struct evidence_page *p);

#endif
