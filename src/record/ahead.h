/* SPDX-License-Identifier: MIT */
/*
 * ahead.h: lines of a log, read ahead of their turn. What a line says does not
 * depend on those before it; whether it belongs to one of them does. So blocks
 * of lines are cut and read by any thread that has time, their envelopes and the
 * records that they are by themselves; then they are taken in their order by
 * one. The result is the same for any number of threads.
 *
 * Where nobody will see the records, most lines need not go from one thread to
 * the other: of a line by itself only its brief does.
 */
#ifndef RECORD_AHEAD_H
#define RECORD_AHEAD_H

#include <pthread.h>
#include <stddef.h>

#include "base/prefetch.h"
#include "input/feed.h"
#include "parse/format.h"
#include "record/join.h"
#include "record/normal.h"

enum ahead_kind {
	AHEAD_BLANK,
	AHEAD_GOOD,
	AHEAD_BAD /* no envelope: see bad */
};

/* All that is asked of a line by itself whose record nobody will see. */
struct ahead_brief {
	int64_t ts;
	uint32_t notes;
};

/* A line that was read. Who takes one by itself looks at the start of the struct
 * and of rec alone (ahead_prefetch): the rest stays with the thread that read it. */
struct ahead_line {
	enum ahead_kind kind;
	bool may_begin_key; /* see keyblock_may_begin */
	size_t ntold;   /* lines before it that there are briefs of */
	struct join_line line; /* GOOD: all but its number */
	const char *told; /* where the first of these starts */
	sv unit;        /* as it came */
	sv text;        /* what of it was read: see format_text */
	uint64_t byte;  /* where it starts in the input */
	struct rec rec;        /* what line.ready points to, in a block */
	struct bad_line bad;
};

/* As many fields as most records have at most. */
enum { AHEAD_FIELDS = 17 };

/* Fetches a line that another thread has read, some lines before it is taken. */
static inline void
ahead_prefetch(const struct ahead_line *l)
{
	prefetch(l);
	prefetch_all(&l->rec, offsetof(struct rec, v[AHEAD_FIELDS]));
}

/* Reads a line by itself, into the arena; `year` is that of formats with dated
 * lines, else NULL. `plain`: no byte of it is odd. The record stays open. */
void ahead_read(const struct format *f, struct bsdline_year *year, sv unit,
    bool plain, uint64_t byte, struct arena *a, struct ahead_line *out);

struct ahead_block {
	struct feed_block bytes;
	struct ahead_line *line; /* in order, records ready; always the last; from
	                          * the start of a line of the cache on */
	size_t n, cap;
	/* Of lines with an envelope that stand in `line` only as `told`. They are
	 * by themselves, unless something waits (join.h) or a key is open
	 * (keyblock.h): then read them again. No bare line follows them. */
	struct ahead_brief *brief;
	size_t nbrief, brief_cap;
	struct arena arena;      /* what they point to, but the bytes */
	pthread_t reader;        /* in whose cache they may still be */
};

struct ahead;

/* Can lines of the format be read out of their turn, and the input without
 * waiting for the other end? */
bool ahead_can(const struct format *f, const struct feed *feed);

/*
 * The feed, format and normal are in use until ahead_close. Of two threads one
 * is the caller's: it reads too while it would have to wait. `brief`: nobody
 * will see the records.
 */
struct ahead *ahead_open(struct feed *feed, const struct format *f,
    const struct normal *n, bool brief, unsigned threads);
/* The next block: FEED_OK. It is the caller's until the next call. Otherwise see
 * feed_block; the feed stands behind the last block then. */
enum feed_end ahead_next(struct ahead *a, const struct ahead_block **out,
    struct err *e);
void ahead_close(struct ahead *a);

#endif
