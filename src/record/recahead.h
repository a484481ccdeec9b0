/* SPDX-License-Identifier: MIT */
/*
 * recahead.h: lines of a pipe of records, read ahead by a thread of its own. They
 * come in their order, whatever the number of threads.
 */
#ifndef RECORD_RECAHEAD_H
#define RECORD_RECAHEAD_H

#include "input/feed.h"
#include "record/recline.h"

struct recahead_block {
	struct feed_block bytes;
	struct recline *line; /* blank lines are left out */
	size_t n, cap;
	struct arena arena;   /* what they point to, but the bytes */
};

struct recahead;

/* The feed, which is no UTF-16, is in use until recahead_close. One thread: lines
 * are read when they are asked for. */
struct recahead *recahead_open(struct feed *feed, unsigned threads);
/* The next block: FEED_OK. It is the caller's until the next call. Otherwise see
 * feed_block; the feed stands behind the last block then. */
enum feed_end recahead_next(struct recahead *a,
    const struct recahead_block **out, struct err *e);
/* Waits for the read that is under way. */
void recahead_close(struct recahead *a);

#endif
