/* SPDX-License-Identifier: MIT */
/* intakelog.c: lines and frames of logs, of intake.h. */
#include "parse/ansi.h"
#include "parse/frame.h"
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
	struct rec lone;

	if (j->memo->known)
		return;
	normal_line(in->g->normal, &head->env, &in->scratch, &lone);
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

static bool
take_joined(struct intake *in, const struct joined *j)
{
	struct arena_mark mark = arena_mark(&in->scratch);
	bool alone = is_alone(in, j), ok;
	struct rec rec;

	in->src->note[NOTE_BROKEN] += j->broken;
	if (alone && j->own->bare)
		return refuse_bare(in, j->own);
	in->src->note[NOTE_JOINED] += !alone && j->role == JOIN_PART;
	if (alone)
		normal_line(in->g->normal, &j->own->env, &in->scratch, &rec);
	else
		make_record(in, j, &rec);
	ok = intake_keep(in, &rec, j->own->line, j->own->byte);
	arena_rewind(&in->scratch, mark);
	return ok;
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
	line->whole = redact_value(&in->g->normal->redact, line->env.message,
	    &in->scratch);
	line->env.whole = line->env.message = line->whole;
	line->env.raw = line->whole.n;
}

static bool
take_record(struct intake *in, const struct envelope *env, uint64_t byte)
{
	struct join_line line = { .env = *env, .whole = env->whole,
		.line = in->line, .byte = byte };

	hide_key(in, env->origin, &line);
	in->listing = false;
	in->messages++;
	join_add(&in->join, &line);
	return pass_on(in, JOIN_MORE);
}

static bool
take_bare(struct intake *in, sv unit, uint64_t byte)
{
	struct join_line line = { .whole = intake_hide(in, unit),
		.line = in->line, .byte = byte, .length = unit.n,
		.bare = true };

	line.env.message = sv_trim(line.whole);
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

static bool
read_plain(struct intake *in, sv unit, struct envelope *env,
    struct bad_line *bad)
{
	const struct format *f = in->format;

	return f->dated ? f->dated(unit, &in->year, &in->scratch, env, bad) :
	    f->envelope(unit, &in->scratch, env, bad);
}

/* Colours of a message are its own, those of a header in the way. */
static bool
read_envelope(struct intake *in, sv unit, struct envelope *env,
    struct bad_line *bad)
{
	struct bad_line again;
	sv plain;

	if (read_plain(in, unit, env, bad))
		return true;
	plain = ansi_strip(unit, &in->scratch);
	return plain.p != unit.p && read_plain(in, plain, env, &again);
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

/* *next: what stands behind it in the same line, or null. */
static bool
take_piece(struct intake *in, sv unit, uint64_t byte, sv *next)
{
	struct arena_mark mark = arena_mark(&in->scratch);
	const struct format *f = in->format;
	struct envelope env;
	struct bad_line bad;
	sv text = format_text(f, unit), piece = text;
	bool ok;

	*next = SV_NULL;
	in->src->read++;
	if (sv_trim(text).n == 0)
		return skip_blank(in);
	if (read_envelope(in, text, &env, &bad))
		ok = (!is_glued(in, &env, &piece, next) ||
		    read_envelope(in, piece, &env, &bad)) &&
		    take_record(in, &env, byte);
	else if (!sv_is(sv_str(bad.reason), "bad-time") &&
	    format_is_tool_line(f, unit))
		ok = skip_tool_line(in, unit);
	else if (!is_wide(unit, &bad) && f->bare_lines && bad.at == 0 &&
	    sv_is(sv_str(bad.reason), "no-header"))
		ok = take_bare(in, unit, byte);
	else
		ok = refuse_unit(in, &bad, text, unit, byte);
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

/* The records of a line that holds several: each is a unit of its own. */
static bool
take_batch(struct intake *in, sv line, uint64_t byte)
{
	sv text = format_text(in->format, line);
	struct format_batch batch;
	struct jsonlog_item item;
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
		at = byte + (uint64_t)(item.record.p - line.p);
		if (item.ok)
			ok = take_record(in, &item.env, at);
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
