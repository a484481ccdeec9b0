/* SPDX-License-Identifier: MIT */
#include "record/ingest.h"

#include <assert.h>

#include "base/attr.h"
#include "base/swar.h"
#include "base/utc.h"
#include "record/ahead.h"
#include "record/dump.h"
#include "record/intake.h"

enum {
	SNIFF_BYTES = 64 * 1024,
	PROGRESS_UNITS = 4096 /* lines between two calls of on_progress */
};

/* A silence longer than this in a stream or drain, or between the last line of
 * a pull and the time it was taken, is not vouched for. */
#define SILENCE (15 * UTC_MINUTE)

bool
source_balances(const struct source *s)
{
	return s->read == s->stored + s->duplicates + s->rejected + s->blank;
}

bool
intake_sink_failed(struct intake *in)
{
	in->sink_failed = true;
	return false;
}

static attr_apart void
tell_progress(const struct intake *in)
{
	const struct stream *s = in->feed.in;

	in->g->on_progress(in->g->ctx, in->src,
	    in->position ? in->position : stream_position(s),
	    stream_is_regular(s) ? stream_size(s) : 0);
}

/* Of `read` these are the last n. */
static inline void
progress(const struct intake *in, size_t n)
{
	if (in->g->on_progress && in->src->read % PROGRESS_UNITS < n)
		tell_progress(in);
}

/* What has no time happened when it came. */
static inline int64_t
time_of(const struct intake *in, int64_t ts)
{
	return ts == UTC_NONE ? in->src->arrived : ts;
}

static inline void
note_record(struct intake *in, int64_t ts, uint32_t notes)
{
	uint64_t *note = in->src->note;

	minutes_add(&in->minutes, ts);
	for (; unlikely(notes); notes &= notes - 1)
		note[swar_low_bit(notes)]++;
	if (ts < in->newest)
		note[NOTE_OUT_OF_ORDER]++;
	in->newest = ts;
}

bool
intake_keep(struct intake *in, struct rec *rec, uint64_t line, uint64_t byte)
{
	struct sink *sink = in->g->sink;
	bool dup = false;

	progress(in, 1);
	rec->line = line;
	rec->byte = byte;
	rec->ts = time_of(in, rec->ts);
	note_record(in, rec->ts, rec->notes);
	if (sink && !sink->ops->record(sink, rec, &dup, in->e))
		return intake_sink_failed(in);
	if (dup)
		in->src->duplicates++;
	else
		in->src->stored++;
	return true;
}

void
intake_count(struct intake *in, const struct ahead_brief *brief, size_t n)
{
	for (size_t i = 0; i < n; i++)
		note_record(in, time_of(in, brief[i].ts), brief[i].notes);
	in->line += n;
	in->messages += n;
	in->src->read += n;
	in->src->stored += n;
	progress(in, n);
}

bool
intake_idle(struct intake *in)
{
	struct sink *sink = in->g->sink;

	if (sink && sink->ops->idle && !sink->ops->idle(sink, in->e))
		return intake_sink_failed(in);
	return true;
}

bool
intake_more(struct intake *in)
{
	enum feed_end got = feed_more(&in->feed, in->e);

	if (got == FEED_WAIT)
		return intake_idle(in);
	return got != FEED_FAILED;
}

bool
intake_double(struct intake *in)
{
	size_t want = feed_view(&in->feed).n * 2;

	do
		if (!intake_more(in))
			return false;
	while (!in->feed.eof && feed_view(&in->feed).n < want &&
	    feed_view(&in->feed).n < FEED_LINE_MAX);
	return true;
}

sv
intake_name(const struct intake *in, sv name)
{
	return redact_text(&in->g->normal->redact, name, in->perm);
}

/* Form of the feed before anything was counted; see final_form. */
static sv
first_form(const struct intake *in)
{
	if (in->format->envelope == NULL && in->format->dated == NULL &&
	    in->format->batch == NULL)
		return SV("dump");
	return in->format->drain || in->naming.drain ? SV("drain") : SV("stream");
}

/* A pull is what one call of `heroku logs` gives: at most PULL_MAX messages,
 * however many lines it printed or a terminal added. */
static void
final_form(struct intake *in)
{
	if (sv_is(in->src->form, "stream") &&
	    (in->naming.pull || in->messages <= PULL_MAX))
		in->src->form = SV("pull");
}

bool
intake_begin(struct intake *in)
{
	struct sink *sink = in->g->sink;

	if (in->g->on_format)
		in->g->on_format(in->g->ctx, in->src);
	if (sink && !sink->ops->begin(sink, in->src, in->e))
		return intake_sink_failed(in);
	return true;
}

static void
set_spans(struct intake *in)
{
	struct source *s = in->src;
	struct span *span;

	if (!sv_is(s->form, "pull")) {
		s->nspans = sv_is(s->form, "dump") ?
		    minutes_whole(&in->minutes, in->perm, &s->span) :
		    minutes_spans(&in->minutes, SILENCE, in->perm, &s->span);
		return;
	}
	s->nspans = minutes_whole(&in->minutes, in->perm, &s->span);
	if (s->nspans == 0)
		return;
	span = arena_new(in->perm, struct span);
	*span = s->span[0];
	if (in->taken_known && s->arrived > span->stop)
		span->stop = s->arrived - span->stop > SILENCE ?
		    span->stop + SILENCE : s->arrived;
	span->head_cut = in->messages >= PULL_MAX ||
	    in->messages == PULL_DEFAULT;
	s->span = span;
}

/* Bytes behind the last gzip member are a unit that was not understood. */
static bool
refuse_trailing(struct intake *in)
{
	static const struct bad_line bad = { "gzip-trailing",
	    "expected another gzip member or the end", 0 };
	uint64_t n;
	sv head;

	n = stream_trailing(in->feed.in, &head);
	if (n == 0)
		return true;
	in->src->read++;
	return intake_refuse(in, &bad, head, in->line + 1,
	    feed_position(&in->feed), n);
}

/* Lists without an item are equal whatever is not there: which table it is tells
 * them apart. */
static void
name_empty_dump(struct source *s)
{
	struct blake3 sum;

	if (!sv_is(s->form, "dump") || s->read > s->blank)
		return;
	blake3_init(&sum);
	blake3_add(&sum, s->digest, sizeof(s->digest));
	blake3_add(&sum, s->dump.p, s->dump.n);
	blake3_end(&sum, s->digest);
}

static bool
finish(struct intake *in)
{
	struct source *s = in->src;
	struct sink *sink = in->g->sink;
	const char *damage = feed_damage(&in->feed);

	s->bytes = feed_position(&in->feed);
	s->size = stream_position(in->feed.in);
	stream_digest(in->feed.in, s->digest);
	name_empty_dump(s);
	if (damage)
		s->damaged = arena_sv(in->perm, sv_str(damage));
	else if (stream_changed(in->feed.in))
		s->damaged = SV("input-changed while it was read");
	final_form(in);
	set_spans(in);
	assert(source_balances(s));
	if (sink && !sink->ops->end(sink, s, in->e))
		return intake_sink_failed(in);
	return source_balances(s) || err_set(in->e, ST_FAIL,
	    "%.*s: accounting does not balance", SV_ARG(s->name));
}

/* What is recognised but not read: one reject, told by how it begins. */
static bool
refuse_whole(struct intake *in)
{
	struct bad_line bad = { in->format->name, NULL, 0 };
	char head[256];
	sv view;

	while (!in->feed.eof && feed_view(&in->feed).n < sizeof(head))
		if (!intake_more(in))
			return false;
	view = sv_take(feed_view(&in->feed), sizeof(head));
	memcpy(head, view.p, view.n);
	view.p = head;
	bad.detail = format_packed(view);
	if (bad.detail == NULL)
		bad.detail = in->src->why;
	in->line = in->src->read = 1;
	do {
		feed_consume(&in->feed, feed_view(&in->feed).n);
		if (!intake_more(in))
			return false;
	} while (feed_view(&in->feed).n || !in->feed.eof);
	return intake_refuse(in, &bad, view, 1, 0, in->feed.offset);
}

static bool
read_all(struct intake *in)
{
	switch (in->format->unit) {
	case UNIT_LINES:
		return intake_begin(in) && intake_lines(in);
	case UNIT_FRAMES:
		return intake_begin(in) && intake_frames(in);
	case UNIT_CSVLOG:
		return intake_begin(in) && intake_csvlog(in);
	case UNIT_ROWS:
		return intake_rows(in);
	case UNIT_TABLE:
		return intake_table(in);
	case UNIT_DOCS:
		return intake_docs(in);
	case UNIT_CONFIG:
		return intake_config(in);
	case UNIT_NONE:
		return intake_begin(in) && refuse_whole(in);
	}
	return false;
}

static const struct format *
choose_format(struct intake *in, sv head)
{
	const struct ingest *g = in->g;
	const struct format *f;

	if (g->format || !sv_null(g->table)) {
		in->src->why = g->format ? "forced by --format" :
		    "forced by --table";
		return g->format ? g->format : format_find(SV("csv"));
	}
	f = format_sniff(head, &in->naming);
	in->src->why = f->why;
	return f;
}

/* The bytes decide; a name that says otherwise may be a mistake. */
static bool
is_misnamed(const struct intake *in)
{
	const struct stream *s = in->feed.in;

	return stream_is_regular(s) && stream_position(s) > 0 &&
	    !sv_is(in->src->name, "-") &&
	    sv_ends(in->src->name, SV(".gz")) != stream_is_gzip(s);
}

static const sv bom = { "\xef\xbb\xbf", 3 };

/* Reads as many bytes as it takes to tell the shape: of a live pipe no more
 * than the first line of a log. How the bytes come does not matter. */
static bool
look(struct intake *in)
{
	sv head;

	do {
		if (!intake_more(in))
			return false;
		head = sv_take(feed_view(&in->feed), SNIFF_BYTES);
		sv_skip_lit(&head, bom);
		in->format = choose_format(in, head);
	} while (!in->feed.eof && feed_view(&in->feed).n < SNIFF_BYTES &&
	    !format_is_settled(in->format, head, &in->naming));
	if (sv_starts(feed_view(&in->feed), bom))
		feed_consume(&in->feed, bom.n);
	in->src->format = sv_str(in->format->name);
	in->src->form = first_form(in);
	in->src->note[NOTE_UTF16] = in->feed.wide;
	in->src->note[NOTE_NAME] = is_misnamed(in);
	return true;
}

/* Bytes that one of gzip can unpack to, and some more. Source: zlib's technical
 * details, "Maximum Compression Factor". */
enum { GZIP_RATIO = 1100 };

/* Is it told by its bytes alone what an input is, and how it is read? A short
 * log may be a pull, which vouches for more than its lines. */
static bool
may_recall(const struct intake *in, const char *path)
{
	const struct ingest *g = in->g;
	const struct stream *s = in->feed.in;
	uint64_t max = stream_is_gzip(s) ? g->max_plain / GZIP_RATIO :
	    g->max_plain;

	if (g->max_plain && stream_size(s) > max)
		return false;

	return g->sink && g->sink->ops->recall && stream_is_regular(s) &&
	    in->format->envelope && !in->naming.pull && g->format == NULL &&
	    sv_null(g->table) && !sv_is(sv_str(path), "-");
}

static bool
recall(struct intake *in, const char *path)
{
	struct source *s = in->src;

	if (!may_recall(in, path))
		return true;
	s->size = stream_size(in->feed.in);
	if (!in->g->sink->ops->recall(in->g->sink, s, path,
	    in->g->threads, in->e))
		return intake_sink_failed(in);
	if (s->known && in->g->on_format)
		in->g->on_format(in->g->ctx, s);
	return true;
}

static void
set_arrival(struct intake *in)
{
	struct source *s = in->src;

	in->taken_known = true;
	if (in->g->taken != UTC_NONE)
		s->arrived = in->g->taken;
	else if (in->naming.taken != UTC_NONE)
		s->arrived = in->naming.taken;
	else if (stream_is_regular(in->feed.in)) {
		s->arrived = stream_mtime(in->feed.in);
		in->taken_known = false;
	} else {
		s->arrived = in->g->now;
	}
	in->year = (struct bsdline_year)BSDLINE_YEAR_INIT;
	in->year.year = in->g->year;
	in->year.taken = in->taken_known ? s->arrived : UTC_NONE;
}

/* Reads the stream to its end and closes it; NULL is one that did not open. */
static enum ingest_end
ingest_stream(const struct ingest *g, struct stream *in, const char *path,
    struct arena *perm, struct source *out, struct err *e)
{
	struct intake r = { .g = g, .src = out, .perm = perm, .e = e,
	    .newest = INT64_MIN };
	bool ok;

	if (in == NULL)
		return INGEST_BAD_INPUT;
	*out = (struct source){ .app = g->app };
	out->name = intake_name(&r, sv_str(path));
	naming_read(sv_str(path), &r.naming);
	if (sv_null(out->app))
		out->app = intake_name(&r, r.naming.app);
	if (g->sink == NULL)
		stream_undigested(in);
	if (g->max_plain)
		stream_limit(in, g->max_plain);
	feed_open(&r.feed, in);
	minutes_init(&r.minutes);
	set_arrival(&r);
	ok = look(&r) && recall(&r, path) && (out->known ||
	    (read_all(&r) && refuse_trailing(&r) && finish(&r)));
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

enum ingest_end
ingest_input(const struct ingest *g, const char *path, struct arena *perm,
    struct source *out, struct err *e)
{
	return ingest_stream(g, stream_open(path, e), path, perm, out, e);
}

enum ingest_end
ingest_bytes(const struct ingest *g, const char *path, sv bytes,
    struct arena *perm, struct source *out, struct err *e)
{
	return ingest_stream(g, stream_open_bytes(bytes, path), path, perm, out,
	    e);
}
