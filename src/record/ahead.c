/* SPDX-License-Identifier: MIT */
#include "record/ahead.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/glance.h"
#include "base/oom.h"

enum {
	RING = 6,   /* blocks: a thread can be that far ahead */
	LINES = 512 /* of a block, at first */
};

/* What a thread can do next. */
enum work { NOTHING, CUT, READ };

/*
 * Blocks go round: cut, read, taken, each counted since the start. A block n is
 * in ring[n % RING]; done[] tells that it was read. One thread at a time cuts,
 * since a stream has one end.
 */
struct ahead {
	struct feed *feed;
	const struct format *format;
	const struct normal *normal;
	struct ahead_block ring[RING];
	bool done[RING];
	uint64_t cut, read;        /* how many were begun */
	uint64_t given, taken;     /* ... went to the caller, came back */
	bool cutting;
	enum feed_end end;         /* what the last cut gave, if not FEED_OK */
	struct err err;
	bool closing;
	bool helped;               /* there is another thread: */
	pthread_t helper;
	pthread_mutex_t lock;
	pthread_cond_t changed;
};

/* --- a line --- */

static sv
without_cr(sv line)
{
	return sv_ends(line, SV("\r")) ? sv_take(line, line.n - 1) : line;
}

/* The envelope; otherwise the kind says what the line is. */
static bool
read_envelope(const struct format *f, struct bsdline_year *year, bool plain,
    struct arena *a, struct ahead_line *out)
{
	struct envelope *env = &out->line.env;

	*env = (struct envelope){ .named = false };
	if (plain && f->plain && f->plain(out->unit, env, &out->bad)) {
		out->text = out->unit;
		return true;
	}
	out->text = format_text(f, out->unit);
	out->kind = AHEAD_BLANK;
	if (sv_trim(out->text).n == 0)
		return false;
	out->kind = AHEAD_BAD;
	return format_envelope(f, year, out->text, a, env, &out->bad);
}

void
ahead_read(const struct format *f, struct bsdline_year *year, sv unit,
    bool plain, uint64_t byte, struct arena *a, struct ahead_line *out)
{
	struct join_line *line = &out->line;

	out->unit = unit;
	out->byte = byte;
	if (!read_envelope(f, year, plain, a, out))
		return;
	out->kind = AHEAD_GOOD;
	line->whole = line->env.whole;
	line->byte = byte;
	line->length = 0;
	line->bare = line->stable = line->looked = false;
	line->ready = NULL;
}

/* --- a block --- */

static struct ahead_line *
add_line(struct ahead_block *b)
{
	if (b->n == b->cap) {
		b->cap = b->cap ? 2 * b->cap : LINES;
		b->line = realloc(b->line, b->cap * sizeof(*b->line));
		if (b->line == NULL)
			oom();
	}
	return &b->line[b->n++];
}

static void
read_line(const struct ahead *a, struct ahead_block *b, sv unit, bool plain)
{
	struct ahead_line *l = add_line(b);

	ahead_read(a->format, NULL, unit, plain, b->bytes.offset +
	    (uint64_t)(unit.p - b->bytes.p), &b->arena, l);
	if (l->kind != AHEAD_GOOD)
		return;
	normal_line(a->normal, &l->line.env, &b->arena, &l->rec);
	join_look(&l->line, a->format->bare_lines);
	l->line.stable = true;
}

static void
read_block(const struct ahead *a, struct ahead_block *b)
{
	sv rest = sv_of(b->bytes.p, b->bytes.n);
	const struct arena_mark none = { NULL, 0 };

	arena_rewind(&b->arena, none);
	for (b->n = 0; rest.n;) {
		bool odd;
		size_t n = glance_line(rest, &odd);

		read_line(a, b, without_cr(sv_take(rest, n)), !odd);
		rest = sv_skip(rest, n + 1);
	}
	/* the array moved while it grew */
	for (size_t i = 0; i < b->n; i++)
		if (b->line[i].kind == AHEAD_GOOD)
			b->line[i].line.ready = &b->line[i].rec;
}

/* --- threads --- */

static struct ahead_block *
block_at(struct ahead *a, uint64_t n)
{
	return &a->ring[n % RING];
}

/* With a->lock held, as all below but the work itself. */
static enum work
find_work(const struct ahead *a)
{
	if (a->read < a->cut - a->cutting)
		return READ;
	return !a->cutting && a->end == FEED_OK && !a->closing &&
	    a->cut - a->taken < RING ? CUT : NOTHING;
}

/* The block that the caller still has is not cut anew: `taken` counts it only
 * when it is given back. */
static void
cut_one(struct ahead *a)
{
	struct feed_block *b = &block_at(a, a->cut++)->bytes;
	enum feed_end got;

	a->cutting = true;
	pthread_mutex_unlock(&a->lock);
	got = feed_block(a->feed, b, &a->err);
	pthread_mutex_lock(&a->lock);
	a->cutting = false;
	a->end = got;
	a->cut -= got != FEED_OK;
}

static void
read_one(struct ahead *a)
{
	uint64_t n = a->read++;

	pthread_mutex_unlock(&a->lock);
	read_block(a, block_at(a, n));
	pthread_mutex_lock(&a->lock);
	a->done[n % RING] = true;
}

static void
work_or_wait(struct ahead *a)
{
	switch (find_work(a)) {
	case CUT:
		cut_one(a);
		break;
	case READ:
		read_one(a);
		break;
	case NOTHING:
		pthread_cond_wait(&a->changed, &a->lock);
		return;
	}
	pthread_cond_broadcast(&a->changed);
}

static void *
help(void *arg)
{
	struct ahead *a = arg;

	pthread_mutex_lock(&a->lock);
	while (!a->closing)
		work_or_wait(a);
	pthread_mutex_unlock(&a->lock);
	return NULL;
}

/* --- */

bool
ahead_can(const struct format *f, const struct feed *feed)
{
	return f->unit == UNIT_LINES && f->envelope && !f->glued &&
	    !feed->wide && stream_is_regular(feed->in);
}

struct ahead *
ahead_open(struct feed *feed, const struct format *f, const struct normal *n,
    unsigned threads)
{
	struct ahead *a = calloc(1, sizeof(*a));

	if (a == NULL)
		oom();
	a->feed = feed;
	a->format = f;
	a->normal = n;
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->changed, NULL);
	a->helped = threads > 1 &&
	    pthread_create(&a->helper, NULL, help, a) == 0;
	return a;
}

/* Is block n read, or known never to come? */
static bool
is_settled(const struct ahead *a, uint64_t n)
{
	return n < a->cut - a->cutting ? a->done[n % RING] :
	    !a->cutting && a->end != FEED_OK;
}

enum feed_end
ahead_next(struct ahead *a, const struct ahead_block **out, struct err *e)
{
	enum feed_end end = FEED_OK;
	uint64_t n = a->given;

	pthread_mutex_lock(&a->lock);
	if (n > a->taken) {
		a->done[a->taken++ % RING] = false;
		pthread_cond_broadcast(&a->changed);
	}
	while (!is_settled(a, n))
		work_or_wait(a);
	if (n < a->cut) {
		*out = block_at(a, n);
		a->given++;
	} else {
		end = a->end;
		*e = a->err;
	}
	pthread_mutex_unlock(&a->lock);
	return end;
}

void
ahead_close(struct ahead *a)
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
