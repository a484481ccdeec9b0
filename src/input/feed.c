/* SPDX-License-Identifier: MIT */
#include "input/feed.h"

#include <stdlib.h>

#include "base/oom.h"
#include "base/tail.h"

enum { BLOCK = 1024 * 1024 };

void
feed_open(struct feed *f, struct stream *in)
{
	*f = (struct feed){ .in = in };
	f->cap = BLOCK;
	f->p = malloc(f->cap);
	if (f->p == NULL)
		oom();
}

void
feed_close(struct feed *f)
{
	free(f->p);
	f->p = NULL;
	buf_release(&f->raw);
}

static void
make_room(struct feed *f, size_t need)
{
	if (f->start) {
		memmove(f->p, f->p + f->start, f->end - f->start);
		f->end -= f->start;
		f->start = 0;
	}
	if (f->cap - f->end >= need)
		return;
	while (f->cap - f->end < need)
		f->cap *= 2;
	f->p = realloc(f->p, f->cap);
	if (f->p == NULL)
		oom();
}

/* The raw bytes go into the window as UTF-8. */
static void
decode(struct feed *f)
{
	struct buf out = BUF_INIT;

	utf16_add(&f->utf16, buf_sv(&f->raw), &out);
	f->odd = f->eof && !utf16_end(&f->utf16, &out);
	make_room(f, out.n);
	if (out.n)
		memcpy(f->p + f->end, out.p, out.n);
	f->end += out.n;
	buf_clear(&f->raw);
	buf_release(&out);
}

/* Once enough bytes are there, or the end: is it UTF-16? Sets f->looked. */
static void
look_at_start(struct feed *f)
{
	sv view = feed_view(f);
	size_t mark;

	if (view.n < utf16_needs(view) && !f->eof)
		return;
	f->looked = true;
	f->wide = utf16_start(&f->utf16, view, &mark);
	if (!f->wide)
		return;
	buf_add(&f->raw, sv_skip(view, mark));
	f->end = f->start;
	f->offset = mark;
	decode(f);
}

static bool
read_plain(struct feed *f, struct err *e)
{
	size_t n, room;

	do {
		make_room(f, BLOCK / 4);
		/* no more, however large it has become: behind what a block
		 * takes no second line is too long */
		room = f->cap - f->end;
		room = room < BLOCK ? room : BLOCK;
		if (!stream_read(f->in, f->p + f->end, room, &n, e))
			return false;
		f->end += n;
		f->eof = n == 0;
		if (!f->looked)
			look_at_start(f);
	} while (!f->looked);
	return true;
}

/* One byte more may be none yet, once decoded. */
static bool
read_wide(struct feed *f, struct err *e)
{
	size_t before = f->end - f->start, n;

	do {
		char *to = buf_reserve(&f->raw, BLOCK / 4);

		if (!stream_read(f->in, to, BLOCK / 4, &n, e))
			return false;
		f->raw.n += n;
		f->eof = n == 0;
		decode(f);
	} while (!f->eof && f->end - f->start == before);
	return true;
}

uint64_t
feed_position(const struct feed *f)
{
	return f->offset + (f->odd && f->start == f->end);
}

const char *
feed_cut(const struct feed *f)
{
	const char *cut = stream_cut(f->in);

	return cut || !f->odd ? cut : "utf16-odd: ends in half a character";
}

const char *
feed_damage(const struct feed *f)
{
	const char *damage = stream_damage(f->in);

	return damage ? damage : feed_cut(f);
}

enum feed_end
feed_more(struct feed *f, struct err *e)
{
	if (f->eof)
		return FEED_END;
	if (!f->asked && stream_would_wait(f->in)) {
		f->asked = true;
		return FEED_WAIT;
	}
	f->asked = false;
	if (!(f->wide ? read_wide(f, e) : read_plain(f, e)))
		return FEED_FAILED;
	return f->eof ? FEED_END : FEED_OK;
}

size_t
feed_width(const struct feed *f, sv text)
{
	return f->wide ? utf16_width(text) : text.n;
}

void
feed_consume(struct feed *f, size_t n)
{
	f->offset += feed_width(f, sv_take(feed_view(f), n));
	f->start += n;
}

enum feed_end
feed_skip_line(struct feed *f, struct feed_skipped *out, struct err *e)
{
	enum feed_end got = FEED_OK;
	struct sha256 sum;
	bool ended = false;

	out->length = out->ntail = 0;
	sha256_init(&sum);
	while (!ended && got == FEED_OK) {
		sv view = feed_view(f);
		size_t n = sv_find_byte(view, '\n');
		sv piece = sv_take(view, n);

		ended = n < view.n;
		out->length += feed_width(f, piece);
		sha256_add(&sum, piece.p, piece.n);
		out->ntail = tail_add(out->tail, out->ntail, sizeof(out->tail),
		    piece);
		feed_consume(f, n + ended);
		while (!ended && (got = feed_more(f, e)) == FEED_WAIT)
			;
	}
	sha256_end(&sum, out->digest);
	return got;
}

enum feed_end
feed_line(struct feed *f, sv *line, uint64_t *at, uint64_t *length,
    struct err *e)
{
	size_t seen = 0;

	for (;;) {
		sv view = feed_view(f);
		size_t n = seen + sv_find_byte(sv_skip(view, seen), '\n');
		enum feed_end got;

		*at = f->offset;
		*length = feed_width(f, sv_take(view, n));
		if (n > FEED_LINE_MAX) {
			*line = sv_take(view, FEED_LONG_HEAD);
			return FEED_LONG;
		}
		if (n < view.n || (f->eof && view.n)) {
			f->unended = n == view.n;
			*line = feed_without_cr(sv_take(view, n));
			feed_consume(f, n < view.n ? n + 1 : n);
			return FEED_OK;
		}
		if (f->eof)
			return FEED_END;
		seen = n;
		got = feed_more(f, e);
		if (got == FEED_WAIT || got == FEED_FAILED)
			return got;
	}
}

void
feed_block_release(struct feed_block *b)
{
	free(b->p);
	*b = (struct feed_block){ .p = NULL };
}

static void
block_room(struct feed_block *b, size_t need)
{
	if (b->cap >= need)
		return;
	b->cap = need;
	b->p = realloc(b->p, b->cap);
	if (b->p == NULL)
		oom();
}

/* Index behind the last LF, or 0. */
static size_t
whole_lines(sv v, size_t seen)
{
	while (v.n > seen && v.p[v.n - 1] != '\n')
		v.n--;
	return v.n > seen ? v.n : 0;
}

/* Reads until the block holds a whole line and is full, or to the end. */
static bool
fill_block(struct feed *f, struct feed_block *b, size_t *whole, struct err *e)
{
	size_t seen = 0, n;

	for (*whole = 0; !f->eof && *whole == 0 && b->n <= FEED_LINE_MAX;) {
		size_t full = b->n + FEED_BLOCK; /* there may be more room */

		block_room(b, full);
		while (!f->eof && b->n < full) {
			if (!stream_read(f->in, b->p + b->n, full - b->n,
			    &n, e))
				return false;
			b->n += n;
			f->eof = n == 0;
		}
		*whole = whole_lines(sv_of(b->p, b->n), seen);
		seen = b->n;
	}
	return true;
}

/* What is not given goes back into the window, which is empty. */
static void
give_back(struct feed *f, sv rest)
{
	f->start = f->end = 0;
	make_room(f, rest.n);
	if (rest.n)
		memcpy(f->p, rest.p, rest.n);
	f->end = rest.n;
}

enum feed_end
feed_block(struct feed *f, struct feed_block *b, struct err *e)
{
	sv window = feed_view(f);
	size_t whole;

	block_room(b, window.n + FEED_BLOCK);
	memcpy(b->p, window.p, window.n);
	b->n = window.n;
	if (!fill_block(f, b, &whole, e))
		return FEED_FAILED;
	if (f->eof) {
		whole = whole_lines(sv_of(b->p, b->n), 0);
		if (b->n - whole <= FEED_LINE_MAX)
			whole = b->n;
	}
	if (sv_find_byte(sv_of(b->p, whole), '\n') > FEED_LINE_MAX)
		whole = 0;
	give_back(f, sv_skip(sv_of(b->p, b->n), whole));
	if (whole == 0)
		return b->n ? FEED_LONG : FEED_END;
	b->n = whole;
	b->unended = f->eof && b->p[whole - 1] != '\n';
	b->offset = f->offset;
	b->position = stream_position(f->in);
	f->offset += whole;
	return FEED_OK;
}
