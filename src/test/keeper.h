/* SPDX-License-Identifier: MIT */
/*
 * keeper.h: a sink that keeps what it is given as NDJSON, and standard input
 * made of bytes at hand, in pieces.
 */
#ifndef TEST_KEEPER_H
#define TEST_KEEPER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "record/sink.h"

struct keeper {
	struct sink sink; /* its ops are keeper_ops */
	struct buf text;
	const struct source *src;
	uint64_t dup_each; /* records of lines that are a multiple: duplicates */
	uint64_t fail_at;  /* records until one fails; 0: never */
	bool cancelled;
};

extern const struct sink_ops keeper_ops;

/* As many as a socket holds, were each of one byte. */
enum { KEEPER_PIECES = 200 };

/*
 * Standard input becomes the text: a piece up to `from`, KEEPER_PIECES of `step`
 * bytes, and the rest. A read gives one of them. All are ready before the first
 * read, for an input that pauses shows what it has.
 */
void keeper_feed(sv text, size_t from, size_t step);

#endif
