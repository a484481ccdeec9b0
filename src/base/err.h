/* SPDX-License-Identifier: MIT */
/*
 * err.h: why something cannot go on. One kind, one message. The text says
 * what, where and which value: "a.sql:3:12: unknown level 'hihg'".
 * A bad input line is not an error but a reject; see record/reject.h.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/sv.h"

/* Exit status of every program. */
enum status {
	ST_OK = 0,      /* done and complete */
	ST_PARTIAL = 1, /* done, but something rejected, blind or undecided */
	ST_USAGE = 2,   /* usage, configuration or rule error; nothing done */
	ST_FAIL = 3,    /* I/O or store failure; nothing lost */
	ST_FOUND = 10,  /* --exit-findings: something was found */
	ST_BLIND = 11   /* --exit-findings: nothing found, but partly blind */
};

struct err {
	enum status status;
	char msg[512]; /* printable: control bytes were escaped */
};

#define ERR_INIT { ST_OK, "" }

/* Formats the message and returns false, so that callers can
 * `return err_set(e, ST_USAGE, ...)`. Bytes outside printable ASCII
 * become \xNN. The first error wins. */
bool err_set(struct err *e, enum status st, const char *fmt, ...)
    attr_printf(3, 4);
/* As err_set, with ": " and the text of errno appended. */
bool err_sys(struct err *e, enum status st, const char *fmt, ...)
    attr_printf(3, 4);

#endif
