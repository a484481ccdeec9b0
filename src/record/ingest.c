/* SPDX-License-Identifier: MIT */
#include "record/ingest.h"

#include <assert.h>

#include "base/utc.h"
#include "input/feed.h"
#include "parse/csv.h"
#include "parse/frame.h"
#include "record/dump.h"
#include "record/minutes.h"

enum {
	SNIFF_BYTES = 64 * 1024,
	ROW_MAX = 4 << 20,    /* bytes of a CSV row; a quote open longer is bad */
	REJECT_END = 4096,    /* bytes kept of each end of a long reject */
	PROGRESS_UNITS = 4096 /* lines between two calls of on_progress */
};

/* A silence longer than this in a stream or drain, or between the last line of
 * a pull and the time it was taken, is not vouched for. */
#define SILENCE (15 * UTC_MINUTE)

/* One input under way. */
struct run {
	const struct ingest *g;
	struct source *src;
	const struct format *format;
	struct naming naming;
	bool taken_known;    /* the time of the pull was stated, not guessed */
	struct feed feed;
	struct arena scratch; /* one record; rewound after each */
	struct arena *perm;
	struct minutes minutes;
	const struct dump *dump; /* of rows, once the header is known */
	uint64_t line;       /* number of the current unit, from 1 */
	bool sink_failed;
	struct err *e;
};

bool
source_balances(const struct source *s)
{
	return s->read == s->stored + s->duplicates + s->rejected + s->blank;
}

static bool
sink_bad(struct run *r)
{
	r->sink_failed = true;
	return false;
}

static void
progress(const struct run *r)
{
	const struct stream *in = r->feed.in;

	if (r->g->on_progress && r->src->read % PROGRESS_UNITS == 0)
		r->g->on_progress(r->g->ctx, r->src, stream_position(in),
		    stream_is_regular(in) ? stream_size(in) : 0);
}

static bool
keep(struct run *r, struct rec *rec, uint64_t byte)
{
	struct sink *sink = r->g->sink;
	bool dup = false;

	progress(r);
	rec->line = r->line;
	rec->byte = byte;
	if (rec->ts == UTC_NONE)
		rec->ts = r->src->arrived;
	minutes_add(&r->minutes, rec->ts);
	if (sink && !sink->ops->record(sink, rec, &dup, r->e))
		return sink_bad(r);
	if (dup)
		r->src->duplicates++;
	else
		r->src->stored++;
	return true;
}

/* Of long bytes the two ends. */
static sv
two_ends(struct run *r, sv bytes)
{
	struct buf b = BUF_INIT;

	if (bytes.n <= 2 * REJECT_END)
		return bytes;
	buf_add(&b, sv_take(bytes, REJECT_END));
	buf_lit(&b, "...");
	buf_add(&b, sv_skip(bytes, bytes.n - REJECT_END));
	bytes = arena_sv(&r->scratch, buf_sv(&b));
	buf_release(&b);
	return bytes;
}

/* The bytes of a reject. Secrets are replaced first: a cut could part one from
 * its key. */
static sv
reject_bytes(struct run *r, sv bytes)
{
	bytes = r->dump ? dump_reject(r->dump, bytes, &r->scratch) :
	    redact_text(&r->g->normal->redact, bytes, &r->scratch);
	return two_ends(r, bytes);
}

static bool
refuse(struct run *r, const char *reason, sv detail, sv bytes, uint64_t byte,
    uint64_t length)
{
	struct reject j = { r->line, byte, length, reason, detail,
	    reject_bytes(r, bytes) };
	struct sink *sink = r->g->sink;

	r->src->rejected++;
	if (r->g->on_reject)
		r->g->on_reject(r->g->ctx, r->src, &j);
	if (sink && !sink->ops->reject(sink, &j, r->e))
		return sink_bad(r);
	return true;
}

static bool
idle(struct run *r)
{
	struct sink *sink = r->g->sink;

	if (sink && sink->ops->idle && !sink->ops->idle(sink, r->e))
		return sink_bad(r);
	return true;
}

/* A line or a frame. */
static bool
take_unit(struct run *r, sv unit, uint64_t byte)
{
	struct arena_mark mark = arena_mark(&r->scratch);
	struct envelope env;
	struct bad_line bad;
	struct rec rec;
	bool ok;

	r->line++;
	r->src->read++;
	if (sv_trim(unit).n == 0) {
		r->src->blank++;
		return true;
	}
	if (r->format->envelope(unit, &r->scratch, &env, &bad)) {
		normal_line(r->g->normal, &env, &r->scratch, &rec);
		ok = keep(r, &rec, byte);
	} else {
		ok = refuse(r, bad.reason, sv_str(bad.detail), unit, byte, unit.n);
	}
	arena_rewind(&r->scratch, mark);
	return ok;
}

static bool
take_long_line(struct run *r, sv head, uint64_t at)
{
	struct arena_mark mark = arena_mark(&r->scratch);
	uint64_t length;
	bool ok;

	r->line++;
	r->src->read++;
	head = arena_sv(&r->scratch, head);
	if (feed_skip_line(&r->feed, &length, r->e) == FEED_FAILED)
		return false;
	ok = refuse(r, "line-too-long", SV("at most 16 MiB"), head, at, length);
	arena_rewind(&r->scratch, mark);
	return ok;
}

/* The last line of a damaged input, cut where the damage is. */
static bool
take_stump(struct run *r, sv line, uint64_t at)
{
	r->line++;
	r->src->read++;
	return refuse(r, "cut-line", sv_str(feed_damage(&r->feed)), line, at,
	    line.n);
}

static bool
read_lines(struct run *r)
{
	for (;;) {
		uint64_t at, length;
		bool ok = true;
		sv line;

		switch (feed_line(&r->feed, &line, &at, &length, r->e)) {
		case FEED_OK:
			ok = r->feed.unended && feed_damage(&r->feed) ?
			    take_stump(r, line, at) : take_unit(r, line, at);
			break;
		case FEED_WAIT:
			ok = idle(r);
			break;
		case FEED_LONG:
			ok = take_long_line(r, line, at);
			break;
		case FEED_END:
			return true;
		case FEED_FAILED:
			return false;
		}
		if (!ok)
			return false;
	}
}

/* More bytes for a unit that needs them; at the end that is fine too. */
static bool
more(struct run *r)
{
	enum feed_end got = feed_more(&r->feed, r->e);

	if (got == FEED_WAIT)
		return idle(r);
	return got != FEED_FAILED;
}

static bool
take_bad_frame(struct run *r, sv bytes, uint64_t at)
{
	r->line++;
	r->src->read++;
	return refuse(r, "bad-frame", SV("expected LENGTH <PRIORITY>1"), bytes,
	    at, bytes.n);
}

/* Do the bytes of a unit end where decoding ended, by a damage? */
static bool
is_stump(const struct run *r, sv raw)
{
	return r->feed.eof && raw.n == feed_view(&r->feed).n &&
	    !sv_ends(raw, SV("\n")) && feed_damage(&r->feed);
}

static bool
take_frame(struct run *r, enum frame_result got, sv frame, uint64_t at, sv raw)
{
	if (is_stump(r, raw))
		return take_stump(r, frame, at);
	return got == FRAME_OK ? take_unit(r, frame, at) :
	    take_bad_frame(r, frame, at);
}

static bool
read_frames(struct run *r)
{
	for (;;) {
		sv view = feed_view(&r->feed), rest = view, frame;
		uint64_t at = r->feed.offset;
		enum frame_result got;
		size_t skipped;
		bool ok;

		got = frame_next(&rest, r->feed.eof, &frame, &skipped);
		if (got == FRAME_END) {
			feed_consume(&r->feed, view.n);
			return true;
		}
		if (got == FRAME_MORE) {
			if (!more(r))
				return false;
			continue;
		}
		ok = take_frame(r, got, frame, at + skipped,
		    sv_take(view, view.n - rest.n));
		feed_consume(&r->feed, view.n - rest.n);
		if (!ok)
			return false;
	}
}

static bool
take_row(struct run *r, const struct dump *d, const struct csv_row *row,
    uint64_t at)
{
	struct bad_line bad;
	struct rec rec;

	r->src->read++;
	if (dump_row(d, row, &r->scratch, &rec, &bad))
		return keep(r, &rec, at);
	return refuse(r, bad.reason, sv_str(bad.detail), row->raw, at,
	    row->raw.n);
}

/* What csv_next found, but for CSV_MORE and CSV_END. */
static bool
take_csv(struct run *r, const struct dump *d, enum csv_result got,
    const struct csv_row *row, uint64_t at)
{
	switch (got) {
	case CSV_ROW:
		return take_row(r, d, row, at);
	case CSV_BLANK:
		r->src->read++;
		r->src->blank++;
		return true;
	case CSV_OPEN_QUOTE:
		r->src->read++;
		return refuse(r, "csv-open-quote",
		    SV("a quote of this row is never closed"), row->raw, at,
		    row->raw.n);
	case CSV_BAD_QUOTE:
		r->src->read++;
		return refuse(r, "csv-quote",
		    SV("bytes behind a closing quote"), row->raw, at,
		    row->raw.n);
	case CSV_MORE:
	case CSV_END:
		break;
	}
	return true;
}

/* Twice the bytes, or up to the limit or the end: each time the row is read
 * from its start. */
static bool
more_for_row(struct run *r)
{
	size_t want = feed_view(&r->feed).n * 2;

	do
		if (!more(r))
			return false;
	while (!r->feed.eof && feed_view(&r->feed).n < want &&
	    feed_view(&r->feed).n < FEED_LINE_MAX);
	return true;
}

/* The next row, with as many bytes as it needs, at most FEED_LINE_MAX: a quote
 * that is never closed must not take in all that follows. */
static enum csv_result
next_row(struct run *r, char delim, struct csv_row *row, size_t *used, bool *ok)
{
	for (;;) {
		sv view = sv_take(feed_view(&r->feed), FEED_LINE_MAX), rest = view;
		enum csv_result got = csv_next(&rest, delim, r->feed.eof ||
		    view.n == FEED_LINE_MAX, &r->scratch, row);

		*used = view.n - rest.n;
		if (got != CSV_MORE)
			return got;
		*ok = more_for_row(r);
		if (!*ok)
			return CSV_END;
	}
}

/* Is it a row that is cut: at the limit of its length, or by a damage? */
static bool
take_cut_row(struct run *r, const struct csv_row *row, size_t used,
    uint64_t at, bool *ok)
{
	if (used == FEED_LINE_MAX && !sv_ends(row->raw, SV("\n"))) {
		*ok = take_long_line(r, sv_take(row->raw, FEED_LONG_HEAD), at);
		return true;
	}
	if (!is_stump(r, row->raw))
		return false;
	*ok = take_stump(r, row->raw, at);
	feed_consume(&r->feed, used);
	return true;
}

/* The table's name as the option or the file's name gives it, or null. */
static sv
stated_table(const struct run *r)
{
	return sv_null(r->g->table) ? r->naming.table : r->g->table;
}

static bool
read_header(struct run *r, struct dump *d, char *delim, bool *empty)
{
	struct csv_row header;
	enum csv_result got;
	size_t used;
	bool ok = true;
	sv view;

	while (view = feed_view(&r->feed), !r->feed.eof &&
	    view.n < FEED_LINE_MAX && sv_find_byte(view, '\n') == view.n)
		if (!more_for_row(r))
			return false;
	*delim = csv_delim(sv_take(view, sv_find_byte(view, '\n')));
	got = next_row(r, *delim, &header, &used, &ok);
	*empty = got == CSV_END;
	if (!ok || *empty)
		return ok;
	if (got != CSV_ROW || used == FEED_LINE_MAX)
		return err_set(r->e, ST_FAIL,
		    "csv-header: the first line is no list of column names");
	ok = dump_open(d, r->perm, stated_table(r), &header,
	    &r->g->normal->redact, r->e);
	r->line += header.lines;
	feed_consume(&r->feed, used);
	r->dump = d;
	return ok;
}

static bool begin(struct run *r, const char *why);

static bool
read_rows(struct run *r, const char *why)
{
	struct dump d;
	bool ok = true, empty;
	char delim;

	if (!read_header(r, &d, &delim, &empty))
		return false;
	r->src->dump = empty ? stated_table(r) : d.table;
	if (!begin(r, why))
		return false;
	while (ok && !empty) {
		struct arena_mark mark = arena_mark(&r->scratch);
		uint64_t at = r->feed.offset;
		struct csv_row row;
		enum csv_result got;
		size_t used;

		got = next_row(r, delim, &row, &used, &ok);
		if (!ok || got == CSV_END)
			return ok;
		if (!take_cut_row(r, &row, used, at, &ok)) {
			r->line++;
			ok = take_csv(r, &d, got, &row, at);
			r->line += row.lines ? row.lines - 1 : 0;
			feed_consume(&r->feed, used);
		}
		arena_rewind(&r->scratch, mark);
	}
	return ok;
}

/* Form of the feed before anything was counted; see final_form. */
static sv
first_form(const struct run *r)
{
	if (r->format->unit == UNIT_ROWS)
		return SV("dump");
	return r->format->drain || r->naming.drain ? SV("drain") : SV("stream");
}

/* A pull is what one call of `heroku logs` gives: at most PULL_MAX lines. */
static void
final_form(struct run *r)
{
	if (sv_is(r->src->form, "stream") &&
	    (r->naming.pull || r->src->read <= PULL_MAX))
		r->src->form = SV("pull");
}

static bool
begin(struct run *r, const char *why)
{
	struct sink *sink = r->g->sink;

	if (r->g->on_format)
		r->g->on_format(r->g->ctx, r->src, why);
	if (sink && !sink->ops->begin(sink, r->src, r->e))
		return sink_bad(r);
	return true;
}

static void
set_spans(struct run *r)
{
	struct source *s = r->src;
	struct span *span;

	if (!sv_is(s->form, "pull")) {
		s->nspans = sv_is(s->form, "dump") ?
		    minutes_whole(&r->minutes, r->perm, &s->span) :
		    minutes_spans(&r->minutes, SILENCE, r->perm, &s->span);
		return;
	}
	s->nspans = minutes_whole(&r->minutes, r->perm, &s->span);
	if (s->nspans == 0)
		return;
	span = arena_new(r->perm, struct span);
	*span = s->span[0];
	if (r->taken_known && s->arrived > span->stop)
		span->stop = s->arrived - span->stop > SILENCE ?
		    span->stop + SILENCE : s->arrived;
	span->head_cut = s->read >= PULL_MAX;
	s->span = span;
}

static bool
finish(struct run *r)
{
	struct source *s = r->src;
	struct sink *sink = r->g->sink;
	const char *damage = feed_damage(&r->feed);

	s->bytes = feed_position(&r->feed);
	stream_digest(r->feed.in, s->digest);
	if (damage)
		s->damaged = arena_sv(r->perm, sv_str(damage));
	else if (stream_changed(r->feed.in))
		s->damaged = SV("input-changed while it was read");
	final_form(r);
	set_spans(r);
	assert(source_balances(s));
	if (sink && !sink->ops->end(sink, s, r->e))
		return sink_bad(r);
	return source_balances(s) || err_set(r->e, ST_FAIL,
	    "%.*s: accounting does not balance", SV_ARG(s->name));
}

static bool
read_all(struct run *r, const char *why)
{
	if (r->format->unit == UNIT_ROWS)
		return read_rows(r, why);
	if (!begin(r, why))
		return false;
	if (r->format->unit == UNIT_FRAMES)
		return read_frames(r);
	return read_lines(r);
}

/* The shape that the options name, or NULL. */
static const struct format *
forced_format(const struct run *r, const char **why)
{
	*why = "forced by --format";
	if (r->g->format || sv_null(r->g->table))
		return r->g->format;
	*why = "forced by --table";
	return format_find(SV("csv"));
}

/* Do more bytes not change what was sniffed? A log tells itself by a line,
 * whatever follows; CSV and unknown text are what nothing else is. A byte order
 * mark is whole by then too. */
static bool
is_settled(const struct format *f, sv head)
{
	return sv_find_byte(head, '\n') < head.n && f->unit != UNIT_ROWS &&
	    f != &formats[nformats - 1];
}

static const sv bom = { "\xef\xbb\xbf", 3 };

/* Reads as many bytes as it takes to tell the shape: of a live pipe no more
 * than the first line of a log. How the bytes come does not matter. */
static bool
look(struct run *r, const char **why)
{
	sv head;

	do {
		if (!more(r))
			return false;
		head = sv_take(feed_view(&r->feed), SNIFF_BYTES);
		sv_skip_lit(&head, bom);
		r->format = forced_format(r, why);
		if (r->format == NULL)
			r->format = format_sniff(head, &r->naming, why);
	} while (!r->feed.eof && feed_view(&r->feed).n < SNIFF_BYTES &&
	    !is_settled(r->format, head));
	if (sv_starts(feed_view(&r->feed), bom))
		feed_consume(&r->feed, bom.n);
	r->src->format = sv_str(r->format->name);
	r->src->form = first_form(r);
	return true;
}

static void
set_arrival(struct run *r)
{
	struct source *s = r->src;

	r->taken_known = true;
	if (r->g->taken != UTC_NONE)
		s->arrived = r->g->taken;
	else if (r->naming.taken != UTC_NONE)
		s->arrived = r->naming.taken;
	else if (stream_is_regular(r->feed.in)) {
		s->arrived = stream_mtime(r->feed.in);
		r->taken_known = false;
	} else {
		s->arrived = r->g->now;
	}
}

enum ingest_end
ingest_input(const struct ingest *g, const char *path, struct arena *perm,
    struct source *out, struct err *e)
{
	struct run r = { .g = g, .src = out, .perm = perm, .e = e };
	const char *why;
	struct stream *in = stream_open(path, e);
	bool ok;

	if (in == NULL)
		return INGEST_BAD_INPUT;
	*out = (struct source){ .name = sv_str(path), .app = g->app };
	naming_read(out->name, &r.naming);
	if (sv_null(out->app))
		out->app = r.naming.app;
	feed_open(&r.feed, in);
	minutes_init(&r.minutes);
	set_arrival(&r);
	ok = look(&r, &why) && read_all(&r, why) && finish(&r);
	if (!ok && g->sink && g->sink->ops->cancel)
		g->sink->ops->cancel(g->sink);
	minutes_release(&r.minutes);
	arena_release(&r.scratch);
	feed_close(&r.feed);
	stream_close(in);
	if (ok)
		return INGEST_DONE;
	return r.sink_failed ? INGEST_BAD_SINK : INGEST_BAD_INPUT;
}
