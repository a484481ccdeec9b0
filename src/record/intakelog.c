/* SPDX-License-Identifier: MIT */
/* intakelog.c: lines and frames of logs, of intake.h. */
#include "parse/frame.h"
#include "record/intake.h"

static bool
take_record(struct intake *in, const struct envelope *env, uint64_t byte)
{
	struct rec rec;

	normal_line(in->g->normal, env, &in->scratch, &rec);
	return intake_keep(in, &rec, in->line, byte);
}

static bool
skip_blank(struct intake *in)
{
	in->src->blank++;
	return true;
}

static bool
skip_tool_line(struct intake *in)
{
	in->src->note[NOTE_TOOL_LINES]++;
	return skip_blank(in);
}

static bool
read_envelope(struct intake *in, sv unit, struct envelope *env,
    struct bad_line *bad)
{
	const struct format *f = in->format;

	return f->dated ? f->dated(unit, &in->year, &in->scratch, env, bad) :
	    f->envelope(unit, &in->scratch, env, bad);
}

/* A year that is not known is no fault of the line: the input is refused before
 * it is known as one that was read. */
static bool
refuse_unit(struct intake *in, const struct bad_line *bad, sv unit,
    uint64_t byte)
{
	if (sv_is(sv_str(bad->reason), "no-year"))
		return err_set(in->e, ST_FAIL, "%.*s:%llu: %s: %s",
		    SV_ARG(in->src->name), (unsigned long long)in->line,
		    bad->reason, bad->detail);
	return intake_refuse(in, bad, unit, byte, unit.n);
}

/* A line or a frame. */
static bool
take_unit(struct intake *in, sv unit, uint64_t byte)
{
	struct arena_mark mark = arena_mark(&in->scratch);
	const struct format *f = in->format;
	struct envelope env;
	struct bad_line bad;
	bool ok;

	in->line++;
	in->src->read++;
	if (sv_trim(unit).n == 0)
		return skip_blank(in);
	if (read_envelope(in, unit, &env, &bad))
		ok = take_record(in, &env, byte);
	else if (f->is_tool_line && f->is_tool_line(unit))
		ok = skip_tool_line(in);
	else
		ok = refuse_unit(in, &bad, unit, byte);
	arena_rewind(&in->scratch, mark);
	return ok;
}

/* The records of a line that holds several: each is a unit of its own. */
static bool
take_batch(struct intake *in, sv line, uint64_t byte)
{
	struct format_batch batch;
	struct jsonlog_item item;
	bool ok = true, first = true;

	in->line++;
	if (sv_trim(line).n == 0) {
		in->src->read++;
		return skip_blank(in);
	}
	for (; ok; first = false) {
		struct arena_mark mark = arena_mark(&in->scratch);
		uint64_t at;

		if (!in->format->batch(&batch, line, first, &in->scratch, &item))
			break;
		in->src->read++;
		at = byte + (uint64_t)(item.record.p - line.p);
		ok = item.ok ? take_record(in, &item.env, at) :
		    intake_refuse(in, &item.bad, item.record, at, item.record.n);
		arena_rewind(&in->scratch, mark);
	}
	return ok;
}

static bool
take_line(struct intake *in, sv line, uint64_t byte)
{
	if (in->feed.unended && feed_damage(&in->feed))
		return intake_stump(in, line, byte);
	return in->format->batch ? take_batch(in, line, byte) :
	    take_unit(in, line, byte);
}

bool
intake_lines(struct intake *in)
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
			ok = intake_idle(in);
			break;
		case FEED_LONG:
			ok = intake_long(in, line, at);
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

static bool
take_bad_frame(struct intake *in, sv bytes, uint64_t at)
{
	static const struct bad_line bad = { "bad-frame",
	    "expected LENGTH <PRIORITY>1", 0 };

	in->line++;
	in->src->read++;
	return intake_refuse(in, &bad, bytes, at, bytes.n);
}

static bool
take_frame(struct intake *in, enum frame_result got, sv frame, uint64_t at,
    sv raw)
{
	if (intake_is_stump(in, raw))
		return intake_stump(in, frame, at);
	return got == FRAME_OK ? take_unit(in, frame, at) :
	    take_bad_frame(in, frame, at);
}

bool
intake_frames(struct intake *in)
{
	for (;;) {
		sv view = feed_view(&in->feed), rest = view, frame;
		uint64_t at = in->feed.offset;
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
		ok = take_frame(in, got, frame, at + skipped,
		    sv_take(view, view.n - rest.n));
		feed_consume(&in->feed, view.n - rest.n);
		if (!ok)
			return false;
	}
}
