/* SPDX-License-Identifier: MIT */
#include "record/ahead.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/glance.h"
#include "base/helper.h"
#include "base/oom.h"
#include "base/prefetch.h"
#include "record/keyblock.h"

enum {
	RING = 4,   /* blocks: a thread can be that far ahead */
	SOON = 3,   /* lines before its turn, the place of one is fetched */
	LINES = 4096 /* of a block, at first: as many as most have */
};

/*
 * Blocks go round: cut, read, taken. A block n, counted from the start, is in
 * ring[n % RING]; done[] tells that it was read. One thread at a time cuts, since
 * a stream has one end; the same one reads the block, whose bytes it has at hand.
 */
struct ahead {
	struct feed *feed;
	const struct format *format;
	const struct normal *normal;
	bool brief;
	struct ahead_block ring[RING];
	bool done[RING];
	uint64_t cut;              /* how many were begun */
	uint64_t given, taken;     /* ... went to the caller, came back */
	bool cutting;
	enum feed_end end;         /* what the last cut gave, if not FEED_OK */
	struct err err;
	struct helper helper;
};

/* --- a line --- */

/* The envelope; otherwise the kind says what the line is. */
static bool
read_envelope(const struct format *f, struct bsdline_year *year, sv unit,
    bool plain, struct arena *a, struct ahead_line *out)
{
	struct envelope *env = &out->line.env;

	if (plain && f->plain && f->plain(unit, env, &out->bad)) {
		out->text = unit;
		return true;
	}
	*env = (struct envelope){ .named = false };
	out->text = format_text(f, unit);
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
	out->ntold = 0;
	if (!read_envelope(f, year, unit, plain, a, out))
		return;
	out->kind = AHEAD_GOOD;
	out->may_begin_key = true;
	line->byte = byte;
	line->length = 0;
	line->bare = line->stable = line->looked = false;
	line->opens = line->waits = false;
	line->ready = NULL;
}

/* --- a block --- */

/* The last line of a block so far, when it may be told briefly: if one with a
 * header follows it. Its brief is behind those of the block. */
struct teller {
	bool waits;
	bool plain; /* see ahead_read */
	sv text;
	size_t n; /* of lines before it that were told, behind the last that stays */
	const char *start; /* of them */
};

static attr_apart void
grow_lines(struct ahead_block *b)
{
	size_t cap = b->cap ? 2 * b->cap : LINES;
	void *p;

	if (posix_memalign(&p, PREFETCH_LINE, cap * sizeof(*b->line)) != 0)
		oom();
	if (b->n)
		memcpy(p, b->line, b->n * sizeof(*b->line));
	free(b->line);
	b->line = p;
	b->cap = cap;
	for (size_t i = 0; i < b->n; i++)
		if (b->line[i].kind == AHEAD_GOOD)
			b->line[i].line.ready = &b->line[i].rec;
}

static attr_apart void
grow_briefs(struct ahead_block *b)
{
	b->brief_cap = b->brief_cap ? 2 * b->brief_cap : LINES;
	b->brief = realloc(b->brief, b->brief_cap * sizeof(*b->brief));
	if (b->brief == NULL)
		oom();
}

/* Most lines are usual ones of the router (rec.h) that end with tls_version=tls1.3:
 * none of these opens a message of several lines or waits for a line without a
 * header. */
static inline bool
is_whole_request(const struct ahead_line *l)
{
	const struct envelope *env = &l->line.env;

	return l->rec.usual == '3' && !env->odd && sv_is(env->dyno, "router");
}

/* Reads it into the place behind the lines that the block has. */
static struct ahead_line *
read_line(const struct ahead *a, struct ahead_block *b, sv text, bool plain)
{
	struct ahead_line *l;

	if (unlikely(b->n == b->cap))
		grow_lines(b);
	l = &b->line[b->n];
	if (b->n + SOON < b->cap)
		prefetch_all_write(l + SOON,
		    offsetof(struct ahead_line, rec.v[AHEAD_FIELDS]));
	ahead_read(a->format, NULL, text, plain, b->bytes.offset +
	    (uint64_t)(text.p - b->bytes.p), &b->arena, l);
	if (l->kind != AHEAD_GOOD)
		return l;
	normal_line(a->normal, &l->line.env, &b->arena, &l->rec);
	if (likely(is_whole_request(l)))
		l->line.looked = true;
	else
		join_look(&l->line, a->format->bare_lines);
	l->line.stable = true;
	l->line.ready = &l->rec;
	l->may_begin_key = keyblock_may_begin(l->line.env.message);
	return l;
}

/* Another line with a header stands behind the one that waits. */
static inline void
tell(struct ahead_block *b, struct teller *t)
{
	if (unlikely(!t->waits))
		return;
	b->nbrief++;
	if (t->n++ == 0)
		t->start = t->text.p;
	t->waits = false;
}

static inline void
wait_to_tell(struct ahead_block *b, struct teller *t, sv text, bool plain,
    int64_t ts, uint32_t notes)
{
	if (unlikely(b->nbrief == b->brief_cap))
		grow_briefs(b);
	b->brief[b->nbrief].ts = ts;
	b->brief[b->nbrief].notes = notes;
	t->waits = true;
	t->plain = plain;
	t->text = text;
}

/* The line that was read last stays. */
static void
keep(struct ahead_block *b, struct teller *t)
{
	struct ahead_line *l = &b->line[b->n++];

	l->ntold = t->n;
	l->told = t->start;
	t->n = 0;
}

/* What waits may belong together with what follows. */
static void
keep_waiting(const struct ahead *a, struct ahead_block *b, struct teller *t)
{
	if (!t->waits)
		return;
	read_line(a, b, t->text, t->plain);
	keep(b, t);
	t->waits = false;
}

static void
tell_or_keep(const struct ahead *a, struct ahead_block *b, struct teller *t,
    sv text, bool plain)
{
	struct arena_mark mark = arena_mark(&b->arena);
	struct ahead_line *l = read_line(a, b, text, plain);

	if (l->kind != AHEAD_GOOD && t->waits) {
		keep_waiting(a, b, t);
		l = read_line(a, b, text, plain);
	}
	tell(b, t);
	if (l->kind != AHEAD_GOOD || l->line.opens || l->may_begin_key) {
		keep(b, t);
		return;
	}
	wait_to_tell(b, t, text, plain, l->rec.ts, l->rec.notes);
	if (!arena_is_at(&b->arena, mark))
		arena_rewind(&b->arena, mark);
}

static attr_inline void
read_briefly(const struct ahead *a, struct ahead_block *b, struct teller *t,
    sv text, bool plain)
{
	int64_t ts;

	if (plain && a->format->usual && a->format->usual(text, &ts)) {
		tell(b, t);
		wait_to_tell(b, t, text, plain, ts, 0);
	} else {
		tell_or_keep(a, b, t, text, plain);
	}
}

static void
read_block(const struct ahead *a, struct ahead_block *b)
{
	sv rest = sv_of(b->bytes.p, b->bytes.n);
	const struct arena_mark none = { NULL, 0 };
	struct teller t = { .waits = false };

	arena_rewind(&b->arena, none);
	for (b->n = b->nbrief = 0; rest.n;) {
		bool odd;
		size_t n = glance_line(rest, &odd);
		sv text = sv_take(rest, n);

		if (odd)
			text = feed_without_cr(text);
		if (a->brief) {
			read_briefly(a, b, &t, text, !odd);
		} else {
			read_line(a, b, text, !odd);
			b->n++;
		}
		rest = sv_skip(rest, n + 1);
	}
	keep_waiting(a, b, &t);
}

/* --- threads --- */

static struct ahead_block *
block_at(struct ahead *a, uint64_t n)
{
	return &a->ring[n % RING];
}

/* With the lock held, as all below but the work itself. The block that the caller
 * still has is not cut anew: `taken` counts it only when it is given back. */
static bool
can_cut(const struct ahead *a)
{
	return !a->cutting && a->end == FEED_OK && !a->helper.closing &&
	    a->cut - a->taken < RING;
}

static void
cut_one(struct ahead *a)
{
	struct feed_block *b = &block_at(a, a->cut++)->bytes;
	enum feed_end got;

	a->cutting = true;
	helper_unlock(&a->helper);
	got = feed_block(a->feed, b, &a->err);
	helper_lock(&a->helper);
	a->cutting = false;
	a->end = got;
	a->cut -= got != FEED_OK;
}

/* What is counted in the meantime is far from what the other thread counts, and
 * from what it only reads: else each write would cost both a fetch. */
static void
read_one(struct ahead *a, uint64_t n)
{
	struct ahead_block b = *block_at(a, n);

	helper_unlock(&a->helper);
	read_block(a, &b);
	b.reader = pthread_self();
	helper_lock(&a->helper);
	*block_at(a, n) = b;
	a->done[n % RING] = true;
}

static void
work_or_wait(void *ctx)
{
	struct ahead *a = ctx;
	uint64_t n = a->cut;

	if (!can_cut(a)) {
		helper_wait(&a->helper);
		return;
	}
	cut_one(a);
	helper_tell(&a->helper);
	if (a->cut == n)
		return;
	read_one(a, n);
	helper_tell(&a->helper);
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
    bool brief, unsigned threads)
{
	struct ahead *a = calloc(1, sizeof(*a));

	if (a == NULL)
		oom();
	a->feed = feed;
	a->format = f;
	a->normal = n;
	a->brief = brief;
	helper_open(&a->helper, threads > 1, work_or_wait, a);
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

	helper_lock(&a->helper);
	if (n > a->taken) {
		a->done[a->taken++ % RING] = false;
		helper_tell(&a->helper);
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
	helper_unlock(&a->helper);
	return end;
}

void
ahead_close(struct ahead *a)
{
	helper_close(&a->helper);
	for (size_t i = 0; i < RING; i++) {
		feed_block_release(&a->ring[i].bytes);
		arena_release(&a->ring[i].arena);
		free(a->ring[i].line);
		free(a->ring[i].brief);
	}
	free(a);
}
