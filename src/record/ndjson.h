/* SPDX-License-Identifier: MIT */
/*
 * ndjson.h: records as lines of JSON, both ways. A pipe carries, per input, a
 * line {"kind":"input",...} first, its records and rejects, and a line
 * {"kind":"input_end",...} with digest, counts and spans. Reading back what was
 * written gives the same records (ids, places, values).
 */
#ifndef RECORD_NDJSON_H
#define RECORD_NDJSON_H

#include "base/arena.h"
#include "base/buf.h"
#include "record/rec.h"
#include "record/sink.h"

/* Each appends one line with its newline. `input` names the source. */
void ndjson_rec(struct buf *b, const struct rec *r, const struct source *src);
void ndjson_reject(struct buf *b, const struct reject *j,
    const struct source *src);
void ndjson_begin(struct buf *b, const struct source *src);
void ndjson_end(struct buf *b, const struct source *src);
/* An object of the notes by name, without those that are 0. */
void ndjson_notes(struct buf *b, const struct source *src);

enum ndjson_line {
	NDJSON_BEGIN,
	NDJSON_RECORD,
	NDJSON_REJECT,
	NDJSON_INPUT_END,
	NDJSON_BLANK, /* told by recline.h alone */
	NDJSON_BAD /* *why says what is wrong */
};

/* Reads one line, whatever its form; recread_next is faster where it has the
 * usual one. Text is borrowed from `line` or lives in the arena. For BEGIN and
 * INPUT_END *src is filled, for RECORD *r, for REJECT *j. */
enum ndjson_line ndjson_read(struct arena *scratch, sv line, struct rec *r,
    struct reject *j, struct source *src, const char **why);

/* A sink that writes to an open descriptor. `fd` stays the caller's. */
struct ndjson_sink {
	struct sink sink;
	struct buf out;
	int fd;
	const struct source *src;
};

void ndjson_sink_init(struct ndjson_sink *s, int fd);
/* Writes what is buffered. */
bool ndjson_sink_flush(struct ndjson_sink *s, struct err *e);
void ndjson_sink_release(struct ndjson_sink *s);

#endif
