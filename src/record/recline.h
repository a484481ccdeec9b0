/* SPDX-License-Identifier: MIT */
/*
 * recline.h: a line of a pipe of records, read and checked: it holds what
 * raxx-parse could have written, or is bad. What it says does not depend on the
 * lines before it.
 */
#ifndef RECORD_RECLINE_H
#define RECORD_RECLINE_H

#include "record/ndjson.h"
#include "record/rec.h"

struct recline {
	sv text;     /* the line, without its newline */
	uint64_t at; /* where it starts in the input */
	enum ndjson_line kind;
	const char *why;             /* BAD */
	struct rec rec;              /* RECORD */
	const struct reject *reject; /* REJECT */
	const struct source *src;    /* BEGIN, INPUT_END */
};

/* A line without its newline, that starts at `at`. Text is borrowed from it, the
 * rest lives in the arena. */
void recline_read(struct arena *a, sv line, uint64_t at, struct recline *out);
/* The same of the first line of *rest, which moves behind it. */
void recline_next(struct arena *a, sv *rest, uint64_t at, struct recline *out);

#endif
