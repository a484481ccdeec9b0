/* SPDX-License-Identifier: MIT */
/*
 * trace.h: from records of a store to the places in inputs that they were read
 * from: of a message of several lines every line, and of each line every input
 * that holds it.
 */
#ifndef DETECT_TRACE_H
#define DETECT_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/blake3.h"
#include "base/sv.h"

struct store;

struct trace_source {
	int64_t id;
	sv name, format, app, table;
	uint8_t digest[BLAKE3_LEN];
	int64_t arrived;
};

struct trace_place {
	size_t source; /* index */
	int64_t line, byte;
};

struct trace_line {
	struct trace_place *place; /* the record's home first */
	size_t nplaces;
};

struct trace_record {
	sv name;          /* content name: 16 digits, "#2" of a repeat */
	uint64_t hash;
	int64_t nth;
	int64_t ts, rec;
	bool known;       /* the store has it */
	struct trace_line *line;
	size_t nlines;
	sv stored;        /* every text of it, for the marks of secrets in it */
};

struct trace {
	struct trace_source *source; /* by id */
	size_t nsources;
};

bool trace_open(struct arena *a, struct store *st, struct trace *out,
    struct err *e);
/* A record by its content name, of a time from first to last. */
bool trace_named(struct arena *a, struct store *st, const struct trace *t,
    sv name, int64_t first, int64_t last, struct trace_record *out,
    struct err *e);
/* A record by its number in the store; its name is made. */
bool trace_numbered(struct arena *a, struct store *st, const struct trace *t,
    int64_t rec, struct trace_record *out, struct err *e);

#endif
