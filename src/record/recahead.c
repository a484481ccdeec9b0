/* SPDX-License-Identifier: MIT */
#include "record/recahead.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/helper.h"
#include "base/oom.h"

enum {
	RING = 6,   /* blocks: one is the caller's; with fewer, each often waits */
	LINES = 256 /* of a block, at first */
};

/*
 * Blocks go round: read, given, each counted since the start. A block n is in
 * ring[n % RING]; the caller has the one that was given last.
 */
struct recahead {
	struct feed *feed;
	struct recahead_block ring[RING];
	uint64_t read, given;
	enum feed_end end; /* what the last read gave, if not FEED_OK */
	struct err err;
	struct helper helper;
};

/* --- a block --- */

static struct recline *
add_line(struct recahead_block *b)
{
	if (b->n == b->cap) {
		b->cap = b->cap ? 2 * b->cap : LINES;
		b->line = realloc(b->line, b->cap * sizeof(*b->line));
		if (b->line == NULL)
			oom();
	}
	return &b->line[b->n++];
}

static enum feed_end
read_block(struct feed *f, struct recahead_block *b, struct err *e)
{
	const struct arena_mark none = { NULL, 0 };
	enum feed_end end = feed_block(f, &b->bytes, e);
	sv rest = sv_of(b->bytes.p, b->bytes.n);

	arena_rewind(&b->arena, none);
	b->n = 0;
	while (end == FEED_OK && rest.n) {
		uint64_t at = b->bytes.offset + (uint64_t)(rest.p - b->bytes.p);

		recline_next(&b->arena, &rest, at, add_line(b));
	}
	return end;
}

/* --- threads --- */

static bool
has_room(const struct recahead *a)
{
	return a->end == FEED_OK && a->read - a->given < RING - 1;
}

/* With the lock held, but not while it works. */
static void
read_one(struct recahead *a)
{
	struct recahead_block *b = &a->ring[a->read % RING];
	enum feed_end end;

	helper_unlock(&a->helper);
	end = read_block(a->feed, b, &a->err);
	helper_lock(&a->helper);
	a->end = end;
	a->read += end == FEED_OK;
	helper_tell(&a->helper);
}

static void
help(void *ctx)
{
	struct recahead *a = ctx;

	if (has_room(a))
		read_one(a);
	else
		helper_wait(&a->helper);
}

/* --- */

struct recahead *
recahead_open(struct feed *feed, unsigned threads)
{
	struct recahead *a = calloc(1, sizeof(*a));

	if (a == NULL)
		oom();
	a->feed = feed;
	helper_open(&a->helper, threads > 1, help, a);
	return a;
}

enum feed_end
recahead_next(struct recahead *a, const struct recahead_block **out,
    struct err *e)
{
	enum feed_end end = FEED_OK;

	helper_lock(&a->helper);
	while (a->given == a->read && a->end == FEED_OK)
		if (a->helper.runs)
			helper_wait(&a->helper);
		else
			read_one(a);
	if (a->given < a->read) {
		*out = &a->ring[a->given++ % RING];
		helper_tell(&a->helper);
	} else {
		end = a->end;
		*e = a->err;
	}
	helper_unlock(&a->helper);
	return end;
}

void
recahead_close(struct recahead *a)
{
	helper_close(&a->helper);
	for (size_t i = 0; i < RING; i++) {
		feed_block_release(&a->ring[i].bytes);
		arena_release(&a->ring[i].arena);
		free(a->ring[i].line);
	}
	free(a);
}
