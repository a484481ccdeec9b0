/* SPDX-License-Identifier: MIT */
#include "record/recahead.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/oom.h"

enum {
	RING = 3,   /* blocks: one is the caller's */
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
	bool closing;
	bool helped;       /* there is another thread: */
	pthread_t helper;
	pthread_mutex_t lock;
	pthread_cond_t changed;
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
	for (b->n = 0; end == FEED_OK && rest.n;) {
		sv line = sv_take(rest, sv_find_byte(rest, '\n'));

		rest = sv_skip(rest, line.n + 1);
		if (sv_trim(line).n)
			recline_read(&b->arena, feed_without_cr(line),
			    b->bytes.offset + (uint64_t)(line.p - b->bytes.p),
			    add_line(b));
	}
	return end;
}

/* --- threads --- */

static bool
has_room(const struct recahead *a)
{
	return a->end == FEED_OK && a->read - a->given < RING - 1;
}

/* With a->lock held, but not while it works. */
static void
read_one(struct recahead *a)
{
	struct recahead_block *b = &a->ring[a->read % RING];
	enum feed_end end;

	pthread_mutex_unlock(&a->lock);
	end = read_block(a->feed, b, &a->err);
	pthread_mutex_lock(&a->lock);
	a->end = end;
	a->read += end == FEED_OK;
	pthread_cond_broadcast(&a->changed);
}

static void *
help(void *arg)
{
	struct recahead *a = arg;

	pthread_mutex_lock(&a->lock);
	while (!a->closing)
		if (has_room(a))
			read_one(a);
		else
			pthread_cond_wait(&a->changed, &a->lock);
	pthread_mutex_unlock(&a->lock);
	return NULL;
}

/* --- */

struct recahead *
recahead_open(struct feed *feed, unsigned threads)
{
	struct recahead *a = calloc(1, sizeof(*a));

	if (a == NULL)
		oom();
	a->feed = feed;
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->changed, NULL);
	a->helped = threads > 1 &&
	    pthread_create(&a->helper, NULL, help, a) == 0;
	return a;
}

enum feed_end
recahead_next(struct recahead *a, const struct recahead_block **out,
    struct err *e)
{
	enum feed_end end = FEED_OK;

	pthread_mutex_lock(&a->lock);
	while (a->given == a->read && a->end == FEED_OK)
		if (a->helped)
			pthread_cond_wait(&a->changed, &a->lock);
		else
			read_one(a);
	if (a->given < a->read) {
		*out = &a->ring[a->given++ % RING];
		pthread_cond_broadcast(&a->changed);
	} else {
		end = a->end;
		*e = a->err;
	}
	pthread_mutex_unlock(&a->lock);
	return end;
}

void
recahead_close(struct recahead *a)
{
	pthread_mutex_lock(&a->lock);
	a->closing = true;
	pthread_cond_broadcast(&a->changed);
	pthread_mutex_unlock(&a->lock);
	if (a->helped)
		pthread_join(a->helper, NULL);
	for (size_t i = 0; i < RING; i++) {
		feed_block_release(&a->ring[i].bytes);
		arena_release(&a->ring[i].arena);
		free(a->ring[i].line);
	}
	pthread_cond_destroy(&a->changed);
	pthread_mutex_destroy(&a->lock);
	free(a);
}
