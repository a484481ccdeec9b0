/* SPDX-License-Identifier: MIT */
/*
 * feed.h: a window over a stream that always shows whole units: lines, or as
 * many bytes as a frame or CSV row needs. Views stay valid until the next call.
 * UTF-16 text is shown as UTF-8; offsets stay those of the bytes before that.
 */
#ifndef INPUT_FEED_H
#define INPUT_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/sha256.h"
#include "base/sv.h"
#include "input/stream.h"
#include "input/utf16.h"

enum {
	FEED_LINE_MAX = 16 * 1024 * 1024,
	FEED_LONG_HEAD = 4096,
	FEED_BLOCK = 512 * 1024 /* smaller ones are handed over too often */
};

struct feed {
	struct stream *in;
	char *p;
	size_t start, end, cap; /* unread bytes are p[start..end) */
	uint64_t offset;        /* of p[start] in the input, gunzipped */
	bool looked;            /* the first bytes told whether it is UTF-16 */
	bool wide;              /* it is: */
	struct utf16 utf16;
	struct buf raw;         /* what was read, before it is decoded */
	bool odd;               /* it ended in half a character */
	bool eof;
	bool asked;             /* FEED_WAIT was returned for this read */
	bool unended;           /* the last line given had no LF */
};

enum feed_end {
	FEED_OK,
	FEED_WAIT,  /* the next call may block: show what there is first */
	FEED_LONG,  /* the line exceeds FEED_LINE_MAX: see feed_skip_line */
	FEED_END,
	FEED_FAILED
};

void feed_open(struct feed *f, struct stream *in);
void feed_close(struct feed *f);

/* Unread bytes at hand, without reading. */
static inline sv
feed_view(const struct feed *f)
{
	return sv_of(f->p + f->start, f->end - f->start);
}

/* A line whose LF is taken off, without the CR before it. */
static inline sv
feed_without_cr(sv line)
{
	return sv_ends(line, SV("\r")) ? sv_take(line, line.n - 1) : line;
}

/* Bytes of the input up to the window's start, at the end all of them. */
uint64_t feed_position(const struct feed *f);
/* As stream_damage and stream_cut; half a character at the end is a cut. */
const char *feed_damage(const struct feed *f);
const char *feed_cut(const struct feed *f);

/* Reads at least one byte more, unless at the end (then f->eof). */
enum feed_end feed_more(struct feed *f, struct err *e);
/* Bytes that text of the window took in the input. */
size_t feed_width(const struct feed *f, sv text);
/* The first n unread bytes are done with. */
void feed_consume(struct feed *f, size_t n);
/*
 * The next line without its LF (and CR before it), and where it started. A last
 * line without LF counts. FEED_LONG gives the first FEED_LONG_HEAD bytes of a
 * line that is too long and consumes nothing: call feed_skip_line next.
 */
enum feed_end feed_line(struct feed *f, sv *line, uint64_t *at,
    uint64_t *length, struct err *e);
/* What was passed over. */
struct feed_skipped {
	uint64_t length;             /* bytes, as in the input */
	uint8_t digest[SHA256_LEN];  /* of the bytes as they are shown */
	char tail[FEED_LONG_HEAD];   /* the last of them */
	size_t ntail;
};

/* Passes over the bytes up to and including the next LF, which is not counted
 * among them. */
enum feed_end feed_skip_line(struct feed *f, struct feed_skipped *out,
    struct err *e);

/* Bytes of an input from one line's start to another's end. */
struct feed_block {
	char *p;         /* own memory; feed_block_release */
	size_t n, cap;
	uint64_t offset; /* of p[0] in the input, gunzipped */
	uint64_t position; /* of the stream, behind it, for progress */
	bool unended;    /* the last line has no LF: it is the input's last */
};

void feed_block_release(struct feed_block *b);
/*
 * The next whole lines, about FEED_BLOCK bytes of them, moved into *b; the feed
 * stands behind them. For input that is no UTF-16 and never waits. FEED_LONG: a
 * line exceeds FEED_LINE_MAX, and nothing was moved: feed_line is to go on.
 */
enum feed_end feed_block(struct feed *f, struct feed_block *b, struct err *e);

#endif
