/* SPDX-License-Identifier: MIT */
#include "record/rawfile.h"

#include "input/feed.h"
#include "parse/csv.h"
#include "record/rawunit.h"

struct reading {
	struct arena *a;
	const struct format *format;
	struct feed feed;
	char delim;
	struct err *e;
};

static bool
more(struct reading *r)
{
	enum feed_end got;

	while ((got = feed_more(&r->feed, r->e)) == FEED_WAIT)
		;
	return got != FEED_FAILED;
}

/* At least one byte, or the end. */
static bool
some(struct reading *r)
{
	while (feed_view(&r->feed).n == 0 && !r->feed.eof)
		if (!more(r))
			return false;
	return true;
}

/* How far to go at once. What UTF-16 took is counted, so by lines, and inside
 * of the line in question by characters. */
static size_t
step(const struct feed *f, uint64_t want)
{
	sv view = feed_view(f);
	size_t n = sv_find_byte(view, '\n') + 1;
	sv line = sv_take(view, n);

	if (!f->wide)
		return want - f->offset < view.n ? (size_t)(want - f->offset)
		    : view.n;
	if (f->offset + utf16_width(line) <= want)
		return line.n;
	for (n = 1; n < view.n; n++)
		if (((unsigned char)view.p[n] & 0xc0) != 0x80)
			break;
	return n;
}

/* The window starts at `byte` then, or behind it if no character does. */
static bool
go_to(struct reading *r, uint64_t byte)
{
	while (r->feed.offset < byte) {
		if (!some(r))
			return false;
		if (feed_view(&r->feed).n == 0)
			return true;
		feed_consume(&r->feed, step(&r->feed, byte));
	}
	return true;
}

static bool
take(struct reading *r, struct raw_want *want)
{
	sv unit;

	if (!go_to(r, want->byte) || !some(r))
		return false;
	if (r->feed.offset != want->byte || feed_view(&r->feed).n == 0)
		return true;
	for (;;) {
		sv view = sv_take(feed_view(&r->feed), FEED_LINE_MAX);
		bool end = r->feed.eof || view.n == FEED_LINE_MAX;

		if (rawunit_cut(r->format, r->delim, view, end, &unit))
			break;
		if (!more(r))
			return false;
	}
	want->bytes = arena_sv(r->a, unit);
	return true;
}

/* The first line tells the delimiter and the names of columns. */
static bool
take_header(struct reading *r, struct rawfile *out)
{
	static const sv bom = { "\xef\xbb\xbf", 3 };
	sv view;

	r->delim = ',';
	if (r->format->unit != UNIT_ROWS)
		return true;
	while (view = feed_view(&r->feed), !r->feed.eof &&
	    view.n < FEED_LINE_MAX && sv_find_byte(view, '\n') == view.n)
		if (!more(r))
			return false;
	sv_skip_lit(&view, bom);
	view = sv_take(view, sv_find_byte(view, '\n'));
	r->delim = csv_delim(view);
	out->header = arena_sv(r->a, view);
	return true;
}

static bool
read_rest(struct reading *r)
{
	while (!r->feed.eof) {
		feed_consume(&r->feed, feed_view(&r->feed).n);
		if (!more(r))
			return false;
	}
	return true;
}

bool
rawfile_read(struct arena *a, const char *path, const struct format *f,
    struct raw_want *want, size_t n, struct rawfile *out, struct err *e)
{
	struct reading r = { .a = a, .format = f, .e = e };
	struct stream *in = stream_open(path, e);
	bool ok;

	*out = (struct rawfile){ .header = SV_NULL };
	if (!in)
		return false;
	feed_open(&r.feed, in);
	ok = take_header(&r, out);
	for (size_t i = 0; ok && i < n; i++) {
		want[i].bytes = SV_NULL;
		ok = take(&r, &want[i]);
	}
	ok = ok && read_rest(&r);
	if (ok)
		stream_digest(in, out->digest);
	feed_close(&r.feed);
	stream_close(in);
	return ok;
}
