/* SPDX-License-Identifier: MIT */
/*
 * explain.h: what raxx-parse saw in each line, for people: the record it became
 * with every field, or where reading stopped and what was expected there. A
 * sink, so that it shows what a store or a pipe would get.
 */
#ifndef OUTPUT_EXPLAIN_H
#define OUTPUT_EXPLAIN_H

#include "base/buf.h"
#include "record/sink.h"

struct rec;

/* Each appends a block of lines that ends in a newline. */
void explain_rec(struct buf *b, const struct rec *r);
void explain_reject(struct buf *b, const struct reject *j);

/* Writes to an open descriptor, which stays the caller's. */
struct explain_sink {
	struct sink sink;
	int fd;
};

void explain_sink_init(struct explain_sink *s, int fd);

#endif
