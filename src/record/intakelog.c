/* SPDX-License-Identifier: MIT */
/* intakelog.c: lines and frames of logs, of intake.h. */
#include "base/attr.h"
#include "base/prefetch.h"
#include "parse/frame.h"
#include "record/ahead.h"
#include "record/apppayload.h"
#include "record/intake.h"

/* A line without a header that follows no line it could belong to. */
static bool
refuse_bare(struct intake *in, const struct join_line *own)
{
	static const struct bad_line bad = { "no-header",
	    "expected TIME source[dyno]: message", 0 };

	return intake_refuse_hidden(in, &bad, own);
}

/* Has the line a form of its own that no other line can go on with? Then what
 * has no header behind it is no part of it. Broken router lines go on, texts and
 * what stands behind a logger's head too. */
static bool
is_closed(const struct rec *lone)
{
	if (lone->kind == REC_APP)
		return apppayload_is_closed(lone);
	return lone->kind != REC_PLATFORM && lone->kind != REC_REQUEST;
}

/* The head of a message is read by itself once, however many lines follow. */
static void
know_head(struct intake *in, const struct joined *j)
{
	const struct join_line *head = j->role == JOIN_HEAD ? j->own : j->head;
	struct normal seen;
	struct rec lone;

	if (j->memo->known)
		return;
	seen = *in->g->normal; /* without its secrets it may be none of its form */
	seen.unseen = false;
	normal_line(&seen, &head->env, &in->scratch, &lone);
	*j->memo = (struct join_memo){ true, is_closed(&lone), lone.hash };
}

static void
make_record(struct intake *in, const struct joined *j, struct rec *rec)
{
	const struct normal *n = in->g->normal;
	struct normal_join join = { j->text, join_how_name[j->how], j->lines,
		j->nth };
	const struct envelope *env = &j->own->env;

	if (j->role == JOIN_HEAD)
		normal_head(n, env, &join, &in->scratch, rec);
	else
		normal_part(n, env, j->memo->hash, &join, &in->scratch, rec);
}

/* Is it a line by itself? So are those behind a line that is closed. */
static bool
is_alone(struct intake *in, const struct joined *j)
{
	if (j->role == JOIN_LONE)
		return true;
	know_head(in, j);
	return j->how == JOIN_CONTINUED && j->memo->closed;
}

/* What was not read ahead, or not by itself. */
static bool
keep_new(struct intake *in, const struct joined *j, bool alone)
{
	struct arena_mark mark = arena_mark(&in->scratch);
	struct rec rec;
	bool ok;

	if (alone)
		normal_line(in->g->normal, &j->own->env, &in->scratch, &rec);
	else
		make_record(in, j, &rec);
	ok = intake_keep(in, &rec, j->own->line, j->own->byte);
	arena_rewind(&in->scratch, mark);
	return ok;
}

static bool
take_joined(struct intake *in, const struct joined *j)
{
	bool alone = is_alone(in, j);

	in->src->note[NOTE_BROKEN] += j->broken;
	if (alone && j->own->bare)
		return refuse_bare(in, j->own);
	in->src->note[NOTE_JOINED] += !alone && j->role == JOIN_PART;
	if (alone && j->own->ready)
		return intake_keep(in, j->own->ready, j->own->line,
		    j->own->byte);
	return keep_new(in, j, alone);
}

/* What is settled goes on. */
static bool
pass_on(struct intake *in, enum join_flush flush)
{
	struct joined j;

	while (join_next(&in->join, flush, &j))
		if (!take_joined(in, &j))
			return false;
	return true;
}

/* What a line inside of a private key says. */
static void
hide_key(struct intake *in, sv origin, struct join_line *line)
{
	if (!keyblock_holds(&in->key, origin, line->env.message))
		return;
	line->env.whole = redact_value(&in->g->normal->redact,
	    line->env.message, &in->scratch);
	line->env.message = line->env.whole;
	line->env.raw = line->env.whole.n;
	line->env.odd = true;
	line->ready = NULL;
	line->looked = line->stable = false; /* it is another, in scratch */
}

/* A line by itself whose record is not there yet. */
static attr_apart bool
take_unready(struct intake *in, const struct join_line *line)
{
	struct joined j = { .role = JOIN_LONE, .how = JOIN_CONTINUED,
		.own = line, .lines = 1 };

	return take_joined(in, &j);
}

/* Lines by themselves that go out of the join. */
static bool
take_lone(struct intake *in, const struct join_line *line)
{
	return likely(line->ready) ? intake_keep(in, line->ready, line->line,
	    line->byte) : take_unready(in, line);
}

/* `may_begin_key`: see keyblock.h. */
static bool
take_record(struct intake *in, struct join_line *line, bool may_begin_key)
{
	const struct join_line *lone[2];
	int n;

	line->line = in->line;
	if (may_begin_key || in->key.open)
		hide_key(in, line->env.origin, line);
	if (unlikely(!line->looked))
		join_look(line, in->format->bare_lines);
	in->listing = false;
	in->messages++;
	n = join_add_lone(&in->join, line, lone);
	if (likely(n >= 0))
		return (n < 1 || take_lone(in, lone[0])) &&
		    (n < 2 || take_lone(in, lone[1]));
	join_add(&in->join, line);
	return pass_on(in, JOIN_MORE);
}

static bool
take_bare(struct intake *in, sv unit, uint64_t byte)
{
	struct join_line line = { .env = { .whole = intake_hide(in, unit) },
		.line = in->line, .byte = byte, .length = unit.n,
		.bare = true };

	line.env.message = sv_trim(line.env.whole);
	line.env.odd = true;
	hide_key(in, SV_NULL, &line);
	join_add(&in->join, &line);
	return pass_on(in, JOIN_MORE);
}

static bool
skip_blank(struct intake *in)
{
	in->src->blank++;
	return true;
}

static bool
skip_tool_line(struct intake *in, sv line)
{
	in->listing = sv_has(line, SV("heroku config"));
	in->src->note[NOTE_TOOL_LINES]++;
	return skip_blank(in);
}

/* `text`: the unit from where it was read on. A year that is not known is no
 * fault of the line: the input is refused before it is known as one that was
 * read. */
static bool
refuse_unit(struct intake *in, struct bad_line *bad, sv text, sv unit,
    uint64_t byte)
{
	if (bad->at)
		bad->at += unit.n - text.n;
	if (sv_is(sv_str(bad->reason), "no-year"))
		return err_set(in->e, ST_FAIL, "%.*s:%llu: %s: %s",
		    SV_ARG(in->src->name), (unsigned long long)in->line,
		    bad->reason, bad->detail);
	in->messages++;
	/* What follows without a header belonged to this line. */
	return pass_on(in, JOIN_IDLE) &&
	    intake_refuse(in, bad, unit, in->line, byte, unit.n);
}

/* A notice of Logplex has no newline, and what follows it in a line is a frame of
 * its own. In other messages it can be text that a client sent. */
static bool
is_glued(const struct intake *in, const struct envelope *env, sv *unit,
    sv *next)
{
	return in->format->glued && sv_is(env->source, "heroku") &&
	    sv_is(env->dyno, "logplex") && frame_split(unit, next);
}

/* PowerShell appends UTF-16 to a file that is none; then *bad says so. */
static bool
is_wide(sv unit, struct bad_line *bad)
{
	bool wide = utf16_is_within(unit);

	if (wide)
		*bad = (struct bad_line){ "utf16-line",
			"UTF-16 in a file that is not: save it in one encoding", 0 };
	return wide;
}

/* A line without an envelope. */
static attr_apart bool
take_other(struct intake *in, struct ahead_line *l)
{
	const struct format *f = in->format;

	if (l->kind == AHEAD_BLANK)
		return skip_blank(in);
	if (!sv_is(sv_str(l->bad.reason), "bad-time") &&
	    format_is_tool_line(f, l->unit))
		return skip_tool_line(in, l->unit);
	if (!is_wide(l->unit, &l->bad) && f->bare_lines && l->bad.at == 0 &&
	    sv_is(sv_str(l->bad.reason), "no-header"))
		return take_bare(in, l->unit, l->byte);
	return refuse_unit(in, &l->bad, l->text, l->unit, l->byte);
}

/* A line that was read, where nothing stands behind it. */
static bool
take_read(struct intake *in, struct ahead_line *l)
{
	in->src->read++;
	return likely(l->kind == AHEAD_GOOD) ?
	    take_record(in, &l->line, l->may_begin_key) : take_other(in, l);
}

/* *next: what stands behind it in the same line, or null. */
static bool
take_piece(struct intake *in, sv unit, uint64_t byte, sv *next)
{
	struct arena_mark mark = arena_mark(&in->scratch);
	struct ahead_line l;
	bool ok = true;
	sv piece;

	ahead_read(in->format, &in->year, unit, false, byte, &in->scratch, &l);
	*next = SV_NULL;
	piece = l.text;
	if (l.kind == AHEAD_GOOD && is_glued(in, &l.line.env, &piece, next))
		ahead_read(in->format, &in->year, piece, false, byte,
		    &in->scratch, &l);
	ok = take_read(in, &l);
	arena_rewind(&in->scratch, mark);
	return ok;
}

bool
intake_unit(struct intake *in, sv unit, uint64_t byte)
{
	bool ok;
	sv next;

	in->line++;
	do {
		ok = take_piece(in, unit, byte, &next);
		byte += unit.n - next.n;
		unit = next;
	} while (ok && !sv_null(unit));
	return ok;
}

static bool
take_item(struct intake *in, const struct envelope *env, uint64_t at)
{
	struct join_line line = { .env = *env, .byte = at };

	return take_record(in, &line, true);
}

/* The records of a line that holds several: each is a unit of its own. */
static bool
take_batch(struct intake *in, sv line, uint64_t byte)
{
	sv text = format_text(in->format, line);
	struct format_batch batch;
	struct jsonlog_item item = { .ok = false };
	bool ok = true, first = true;

	in->line++;
	if (text.n == 0) {
		in->src->read++;
		return skip_blank(in);
	}
	for (; ok; first = false) {
		struct arena_mark mark = arena_mark(&in->scratch);
		uint64_t at;

		if (!in->format->batch(&batch, text, first, &in->scratch, &item))
			break;
		in->src->read++;
		at = byte + feed_width(&in->feed, sv_take(line,
		    (size_t)(item.record.p - line.p)));
		if (item.ok)
			ok = take_item(in, &item.env, at);
		else if (first && format_is_tool_line(in->format, line))
			ok = skip_tool_line(in, line);
		else
			ok = intake_refuse(in, &item.bad, item.record, in->line,
			    at, item.record.n);
		arena_rewind(&in->scratch, mark);
	}
	return ok;
}

static bool
take_line(struct intake *in, sv line, uint64_t byte)
{
	if (in->feed.unended && feed_cut(&in->feed))
		return pass_on(in, JOIN_IDLE) && intake_stump(in, line, byte);
	return in->format->batch ? take_batch(in, line, byte) :
	    intake_unit(in, line, byte);
}

static bool
take_ahead(struct intake *in, struct ahead_line *l, bool unended)
{
	if (unended && feed_cut(&in->feed))
		return pass_on(in, JOIN_IDLE) &&
		    intake_stump(in, l->unit, l->byte);
	in->line++;
	return take_read(in, l);
}

/* The lines before one, of which there are briefs; *brief moves behind them. Those
 * that can belong to lines that wait, or to a key, are read once more. */
static bool
take_told(struct intake *in, const struct ahead_line *l,
    const struct ahead_brief **brief)
{
	const struct ahead_brief *end = *brief + l->ntold;
	sv rest = *brief < end ? sv_of(l->told,
	    (size_t)(l->unit.p - l->told)) : SV_NULL;

	for (; *brief < end && !(join_is_idle(&in->join) && !in->key.open);
	    ++*brief) {
		sv line = sv_cut(&rest, '\n');

		if (!intake_unit(in, feed_without_cr(line),
		    l->byte - (uint64_t)(l->unit.p - line.p)))
			return false;
	}
	if (*brief == end)
		return true;
	if (!pass_on(in, JOIN_IDLE)) /* the line before them */
		return false;
	in->listing = false;
	intake_count(in, *brief, (size_t)(end - *brief));
	*brief = end;
	return true;
}

/* Line i of the block will come, if it has one. */
static inline void
announce(struct sink *sink, const struct ahead_block *b, size_t i)
{
	if (i < b->n && likely(b->line[i].kind == AHEAD_GOOD))
		sink->ops->soon(sink, &b->line[i].rec);
}

static bool
take_block(struct intake *in, const struct ahead_block *b)
{
	bool afar = !pthread_equal(b->reader, pthread_self());
	struct arena_mark mark = arena_mark(&in->scratch);
	const struct ahead_brief *brief = b->brief;
	struct sink *sink = in->g->sink;
	bool soon = sink && sink->ops->soon, ok = true;

	in->position = b->bytes.position;
	for (size_t i = 0; ok && i < b->n; i++) {
		if (afar && i + 2 * SINK_SOON < b->n)
			ahead_prefetch(&b->line[i + 2 * SINK_SOON]);
		if (soon)
			announce(sink, b, i + SINK_SOON);
		ok = take_told(in, &b->line[i], &brief) &&
		    take_ahead(in, &b->line[i],
		    b->bytes.unended && i + 1 == b->n);
		if (!arena_is_at(&in->scratch, mark))
			arena_rewind(&in->scratch, mark);
	}
	join_detach(&in->join);
	return ok;
}

/* Whole blocks of lines, as long as no line is too long for one. */
static bool
read_blocks(struct intake *in)
{
	bool brief = in->g->normal->unseen && in->g->sink == NULL;
	struct ahead *a = ahead_open(&in->feed, in->format, in->g->normal,
	    brief, in->g->threads);
	const struct ahead_block *b;
	enum feed_end end = FEED_OK;
	bool ok = true;

	while (ok && (end = ahead_next(a, &b, in->e)) == FEED_OK)
		ok = take_block(in, b);
	ahead_close(a);
	return ok && end != FEED_FAILED;
}

/* Nothing to read just now: what was read is shown, but for a message that is
 * not whole yet. */
static bool
rest_a_while(struct intake *in)
{
	return (feed_view(&in->feed).n || pass_on(in, JOIN_IDLE)) &&
	    intake_idle(in);
}

static bool
read_lines(struct intake *in)
{
	if (ahead_can(in->format, &in->feed) && !read_blocks(in))
		return false;
	for (;;) {
		uint64_t at, length;
		bool ok = true;
		sv line;

		switch (feed_line(&in->feed, &line, &at, &length, in->e)) {
		case FEED_OK:
			ok = take_line(in, line, at);
			break;
		case FEED_WAIT:
			ok = rest_a_while(in);
			break;
		case FEED_LONG:
			ok = pass_on(in, JOIN_IDLE) &&
			    intake_long(in, line, at);
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

/* A prompt stands above the first frame, the end of a fence below the last. */
static bool
take_bad_frame(struct intake *in, sv bytes, uint64_t at)
{
	static const struct bad_line bad = { "bad-frame",
	    "expected LENGTH <PRIORITY>1", 0 };
	sv rest = bytes, line;

	while (line = sv_cut(&rest, '\n'),
	    format_is_tool_line(in->format, line)) {
		in->line++;
		in->src->read++;
		skip_tool_line(in, line);
		rest = sv_trim_left(rest);
		at += bytes.n - rest.n;
		bytes = rest;
		if (bytes.n == 0)
			return true;
	}
	in->line++;
	in->src->read++;
	return intake_refuse(in, &bad, bytes, in->line, at, bytes.n);
}

static bool
take_frame(struct intake *in, enum frame_result got, sv frame, uint64_t at,
    sv raw)
{
	if (intake_is_stump(in, raw))
		return intake_stump(in, frame, at);
	return got == FRAME_OK ? intake_unit(in, frame, at) :
	    take_bad_frame(in, frame, at);
}

static bool
read_frames(struct intake *in)
{
	for (;;) {
		sv view = feed_view(&in->feed), rest = view, frame;
		enum frame_result got;
		size_t skipped;
		bool ok;

		got = frame_next(&rest, in->feed.eof, &frame, &skipped);
		if (got == FRAME_END) {
			feed_consume(&in->feed, view.n);
			return true;
		}
		if (got == FRAME_MORE) {
			if (!intake_more(in))
				return false;
			continue;
		}
		feed_consume(&in->feed, skipped);
		view = sv_skip(view, skipped);
		ok = take_frame(in, got, frame, in->feed.offset,
		    sv_take(view, view.n - rest.n));
		feed_consume(&in->feed, view.n - rest.n);
		if (!ok)
			return false;
	}
}

/* Reads all units; at the end no message is awaited any more. */
static bool
join_all(struct intake *in, bool (*read)(struct intake *))
{
	bool ok;

	join_init(&in->join, in->format->bare_lines);
	ok = read(in) && pass_on(in, JOIN_END);
	join_release(&in->join);
	return ok;
}

bool
intake_lines(struct intake *in)
{
	return join_all(in, read_lines);
}

bool
intake_csvlog(struct intake *in)
{
	return join_all(in, intake_logrows);
}

bool
intake_frames(struct intake *in)
{
	return join_all(in, read_frames);
}
