/* SPDX-License-Identifier: MIT */
#include "input/feed.h"

#include <stdlib.h>

#include "base/oom.h"

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
}

static void
make_room(struct feed *f)
{
	if (f->start) {
		memmove(f->p, f->p + f->start, f->end - f->start);
		f->end -= f->start;
		f->start = 0;
	}
	if (f->cap - f->end >= BLOCK / 4)
		return;
	f->cap *= 2;
	f->p = realloc(f->p, f->cap);
	if (f->p == NULL)
		oom();
}

enum feed_end
feed_more(struct feed *f, struct err *e)
{
	size_t n;

	if (f->eof)
		return FEED_END;
	if (!f->asked && stream_would_wait(f->in)) {
		f->asked = true;
		return FEED_WAIT;
	}
	f->asked = false;
	make_room(f);
	if (!stream_read(f->in, f->p + f->end, f->cap - f->end, &n, e))
		return FEED_FAILED;
	f->end += n;
	f->eof = n == 0;
	return f->eof ? FEED_END : FEED_OK;
}

void
feed_consume(struct feed *f, size_t n)
{
	f->start += n;
	f->offset += n;
}

enum feed_end
feed_skip_line(struct feed *f, uint64_t *length, struct err *e)
{
	for (*length = 0;;) {
		sv view = feed_view(f);
		size_t n = sv_find_byte(view, '\n');
		enum feed_end got;

		*length += n;
		feed_consume(f, n < view.n ? n + 1 : n);
		if (n < view.n)
			return FEED_OK;
		got = feed_more(f, e);
		if (got == FEED_WAIT)
			got = feed_more(f, e);
		if (got != FEED_OK)
			return got;
	}
}

static sv
without_cr(sv line)
{
	return line.n && line.p[line.n - 1] == '\r' ? sv_take(line, line.n - 1) :
	    line;
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
		*length = n;
		if (n > FEED_LINE_MAX) {
			*line = sv_take(view, FEED_LONG_HEAD);
			return FEED_LONG;
		}
		if (n < view.n || (f->eof && view.n)) {
			f->unended = n == view.n;
			*line = without_cr(sv_take(view, n));
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
