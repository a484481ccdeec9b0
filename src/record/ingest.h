/* SPDX-License-Identifier: MIT */
/*
 * ingest.h: one input from its first byte to its accounting: open, recognise,
 * split, normalise, hand to a sink. read = stored + duplicates + rejected +
 * blank is checked for every input.
 */
#ifndef RECORD_INGEST_H
#define RECORD_INGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "parse/format.h"
#include "record/normal.h"
#include "record/sink.h"

struct ingest {
	const struct normal *normal;
	struct sink *sink;           /* NULL: --dry-run */
	const struct format *format; /* forced, or NULL */
	sv table;                    /* forced, or null */
	sv app;                      /* forced, or null */
	int year;                    /* of lines that tell none, or 0 */
	char delim;                  /* of CSV cells, or 0: the header tells */
	sv null_text;                /* of CSV: see struct dump */
	int64_t taken;               /* forced, or UTC_NONE */
	unsigned threads;            /* 2: a second one reads ahead */
	uint64_t max_plain;          /* decoded bytes of an input; 0: any */
	int64_t now;                 /* when standard input was taken */
	/* Called for every reject, also with a sink; may be NULL. */
	void (*on_reject)(void *ctx, const struct source *src,
	    const struct reject *j);
	/* Called once the shape is known; may be NULL. */
	void (*on_format)(void *ctx, const struct source *src);
	/* Called now and then with the bytes read of how many (0: unknown); may
	 * be NULL. */
	void (*on_progress)(void *ctx, const struct source *src, uint64_t done,
	    uint64_t size);
	void *ctx;
};

enum ingest_end {
	INGEST_DONE,
	INGEST_BAD_INPUT, /* could not be opened or read; nothing of it was kept */
	INGEST_BAD_SINK   /* nothing more can be kept: stop */
};

/* Views in *out live until the next call with the same arena. */
enum ingest_end ingest_input(const struct ingest *g, const char *path,
    struct arena *perm, struct source *out, struct err *e);

/* The same of bytes in memory, as if they were read from a pipe with the file
 * name `path`: without a time in it they were taken at g->now. */
enum ingest_end ingest_bytes(const struct ingest *g, const char *path,
    sv bytes, struct arena *perm, struct source *out, struct err *e);

/* Does the accounting equation hold? */
bool source_balances(const struct source *s);

#endif
