/* SPDX-License-Identifier: MIT */
/*
 * pytrace.h: the lines of a Python traceback, told one by one, without
 * indentation (the Heroku CLI takes it away). Source of the forms: CPython
 * Lib/traceback.py up to 3.14 (exception groups, carets, `...<3 lines>...`),
 * real `heroku logs` files.
 *
 * A traceback is a machine that knows which lines it can take next. Several may
 * be open at once (workers of one dyno share a stream): offer a line to each,
 * take it where it fits best.
 */
#ifndef PARSE_PYTRACE_H
#define PARSE_PYTRACE_H

#include <stdbool.h>

#include "base/sv.h"

enum pytrace_kind {
	PYTRACE_BLANK,
	PYTRACE_HEADER,   /* "Traceback (most recent call last):" */
	PYTRACE_BEHIND,   /* the same behind other text */
	PYTRACE_GROUP,    /* "+ Exception Group Traceback (most recent ..." */
	PYTRACE_GROUP_BEHIND,
	PYTRACE_FRAME,    /* File "PATH", line N, in NAME */
	PYTRACE_PLACE,    /* File "PATH", line N: where a syntax error is */
	PYTRACE_REPEATED, /* [Previous line repeated N more times] */
	PYTRACE_MARK,     /* ~~~^^^ */
	PYTRACE_DOTS,     /* ...<3 lines>... */
	PYTRACE_CHAIN,    /* "During handling ...", "... direct cause of ..." */
	PYTRACE_BAR,      /* "| text", inside a group */
	PYTRACE_RULE,     /* "+-+---- 1 ----" */
	PYTRACE_RULE_END, /* "+--------------" */
	PYTRACE_ERROR,    /* "KeyError: 'x'", "a.b.SomeException" */
	PYTRACE_NAMED,    /* "B", "a.b: text": one too, where one can stand */
	PYTRACE_FOREIGN,  /* evidently no source: JSON, access line, log head */
	PYTRACE_TEXT      /* anything, source for instance */
};

enum pytrace_state {
	PYTRACE_OPENED,    /* behind the header: a File line must follow */
	PYTRACE_IN_FRAME,  /* behind a File line: its source may follow */
	PYTRACE_IN_CODE,   /* behind source or marks */
	PYTRACE_ENDED,     /* the exception is named */
	PYTRACE_GAP,       /* and a blank line followed */
	PYTRACE_CHAINED,   /* a chain line promises one more traceback */
	PYTRACE_CHAIN_GAP,
	PYTRACE_IN_GROUP,  /* lines with bars */
	PYTRACE_GROUP_END, /* behind a rule that can be the last */
};

struct pytrace {
	enum pytrace_state state;
	bool sourceless; /* the frame is of <frozen ...> or such */
	bool unfinished; /* the last source line goes on in a next one */
};

enum pytrace_fit { PYTRACE_NO, PYTRACE_MAYBE, PYTRACE_YES };

/* What the line (trimmed) is by itself. */
enum pytrace_kind pytrace_look(sv line);

/* Does the line begin a traceback? A PYTRACE_PLACE does too: Python prints a
 * syntax error in the main file without a header. */
bool pytrace_open(struct pytrace *t, enum pytrace_kind kind, sv line);

/* Whether `t` can take the line next, of kind pytrace_look(line); then *next is
 * its state behind it. MAYBE: it stands where source or a blank can stand. */
enum pytrace_fit pytrace_step(const struct pytrace *t, enum pytrace_kind kind,
    sv line, struct pytrace *next);

/* May it end here? In PYTRACE_GAP the blank line is not part of it. */
bool pytrace_is_whole(const struct pytrace *t);

#endif
