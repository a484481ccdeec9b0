/* SPDX-License-Identifier: MIT */
#include "base/ascii.h"
#include "parse/ansi.h"
#include "parse/configtext.h"
#include "parse/configvar.h"
#include "record/dump.h"
#include "record/intake.h"

enum { REJECT_END = 4096 }; /* bytes kept of each end of a long reject */

/* Of long bytes the two ends. */
static sv
two_ends(struct intake *in, sv bytes)
{
	struct buf b = BUF_INIT;

	if (bytes.n <= 2 * REJECT_END)
		return bytes;
	buf_add(&b, sv_take(bytes, REJECT_END));
	buf_lit(&b, "...");
	buf_add(&b, sv_skip(bytes, bytes.n - REJECT_END));
	bytes = arena_sv(&in->scratch, buf_sv(&b));
	buf_release(&b);
	return bytes;
}

static bool
is_private_name(sv name)
{
	return configvar_is_upper(name) && !configtext_is_level(name);
}

/* Index of the value in NAME=value, NAME: value; 0: it is neither. */
static size_t
variable_value(sv line)
{
	size_t start = line.n - sv_trim_left(line).n, end = start;

	while (end < line.n && line.p[end] != '=' && line.p[end] != ':')
		end++;
	return end < line.n && is_private_name(sv_trim(sv_of(line.p + start,
	    end - start))) ? end + 1 : 0;
}

/* Of the first member "NAME": value in the line. */
static size_t
member_value(sv line)
{
	for (size_t at = 0; at < line.n; at++) {
		sv rest = sv_skip(line, at + 1), name, behind;

		if (line.p[at] != '"')
			continue;
		name = sv_take(rest, sv_find_byte(rest, '"'));
		behind = sv_trim_left(sv_skip(rest, name.n + 1));
		if (is_private_name(name) && sv_starts(behind, SV(":")))
			return line.n - behind.n + 1;
		at += name.n;
	}
	return 0;
}

static size_t
private_value(sv line)
{
	size_t at = variable_value(line);

	return at ? at : member_value(line);
}

static bool
is_heading(sv line)
{
	return sv_has(line, SV("===")) && sv_has(line, SV(" Config Vars"));
}

/* Is it a variable among what is no log? Of a file of variables with a line that
 * is none, of a terminal's text. Its value is nobody's business, and behind the
 * heading of such a list nothing is. */
static bool
is_private(const struct intake *in, sv line)
{
	return in->format->unit == UNIT_LINES &&
	    (in->listing || private_value(line));
}

/* Does the line begin a list? */
static bool
note_heading(struct intake *in, sv line)
{
	bool heading = is_heading(line);

	in->listing |= heading;
	return heading;
}

sv
intake_hide(struct intake *in, sv raw)
{
	const struct redact *r = &in->g->normal->redact;
	sv line = ansi_strip(raw, &in->scratch);
	size_t value = private_value(line);
	struct buf b = BUF_INIT;

	if (note_heading(in, line) || !(in->listing || value))
		return raw;
	while (value < line.n && is_space(line.p[value]))
		value++;
	buf_add(&b, sv_take(line, value));
	buf_add(&b, redact_value(r, sv_skip(line, value), &in->scratch));
	line = arena_sv(&in->scratch, buf_sv(&b));
	buf_release(&b);
	return line;
}

/* The bytes of a reject. Secrets are replaced first: a cut could part one from
 * its key. In UTF-16 none would be seen. */
static sv
reject_bytes(struct intake *in, sv bytes)
{
	sv line = ansi_strip(bytes, &in->scratch);

	note_heading(in, line);
	bytes = in->secret || utf16_is_within(bytes) || is_private(in, line) ?
	    redact_value(&in->g->normal->redact, bytes, &in->scratch) :
	    in->dump ? dump_reject(in->dump, bytes, &in->scratch) :
	    redact_text(&in->g->normal->redact, bytes, &in->scratch);
	return two_ends(in, bytes);
}

static bool
refuse(struct intake *in, const struct bad_line *bad, sv bytes, uint64_t line,
    uint64_t byte, uint64_t length)
{
	struct reject j = { line, byte, length, bad->reason,
	    redact_text(&in->g->normal->redact, sv_str(bad->detail),
	    &in->scratch), bytes, bad->at };
	struct sink *sink = in->g->sink;

	in->src->rejected++;
	if (in->g->on_reject)
		in->g->on_reject(in->g->ctx, in->src, &j);
	if (sink && !sink->ops->reject(sink, &j, in->e))
		return intake_sink_failed(in);
	return true;
}

bool
intake_refuse(struct intake *in, const struct bad_line *bad, sv bytes,
    uint64_t line, uint64_t byte, uint64_t length)
{
	return refuse(in, bad, reject_bytes(in, bytes), line, byte, length);
}

bool
intake_refuse_hidden(struct intake *in, const struct bad_line *bad,
    const struct join_line *own)
{
	return refuse(in, bad, two_ends(in, redact_text(
	    &in->g->normal->redact, own->env.whole, &in->scratch)), own->line,
	    own->byte, own->length);
}

/* Both ends of a line. Its tail begins with a whole word: the end of one may be
 * that of a secret. */
static sv
join_ends(struct intake *in, sv head, sv tail)
{
	struct buf b = BUF_INIT;
	size_t word = 0;
	sv out;

	while (word < tail.n && !is_space(tail.p[word]))
		word++;
	buf_add(&b, head);
	buf_lit(&b, "...");
	buf_add(&b, sv_skip(tail, word));
	out = arena_sv(&in->scratch, buf_sv(&b));
	buf_release(&b);
	return out;
}

bool
intake_long(struct intake *in, sv head, uint64_t byte)
{
	struct arena_mark mark = arena_mark(&in->scratch);
	struct feed_skipped rest;
	struct bad_line bad = { "line-too-long", NULL, FEED_LINE_MAX };
	struct buf detail = BUF_INIT;
	bool ok;

	in->line++;
	in->src->read++;
	head = arena_sv(&in->scratch, head);
	if (feed_skip_line(&in->feed, &rest, in->e) == FEED_FAILED)
		return false;
	buf_lit(&detail, "at most 16 MiB; its SHA-256 is ");
	buf_hex(&detail, rest.digest, sizeof(rest.digest));
	bad.detail = arena_str(&in->scratch, buf_sv(&detail));
	buf_release(&detail);
	ok = intake_refuse(in, &bad, join_ends(in, head, sv_of(rest.tail,
	    rest.ntail)), in->line, byte, rest.length);
	arena_rewind(&in->scratch, mark);
	return ok;
}

bool
intake_long_unit(struct intake *in, sv view, uint64_t byte)
{
	static const struct bad_line bad = { "line-too-long",
	    "at most 16 MiB", FEED_LINE_MAX };
	size_t end = sv_rfind(view, SV("\n"));
	bool ok;

	if (end == view.n)
		return intake_long(in, sv_take(view, FEED_LONG_HEAD), byte);
	view = sv_take(view, end + 1);
	in->line++;
	in->src->read++;
	ok = intake_refuse(in, &bad, view, in->line, byte, view.n);
	in->line += sv_count_lines(view) - 1;
	feed_consume(&in->feed, view.n);
	return ok;
}

/* The last line of an input that ended early. */
bool
intake_stump(struct intake *in, sv bytes, uint64_t byte)
{
	struct bad_line bad = { "cut-line", feed_cut(&in->feed), bytes.n };

	in->line++;
	in->src->read++;
	return intake_refuse(in, &bad, bytes, in->line, byte, bytes.n);
}

bool
intake_is_stump(const struct intake *in, sv raw)
{
	return in->feed.eof && raw.n == feed_view(&in->feed).n &&
	    !sv_ends(raw, SV("\n")) && feed_cut(&in->feed);
}
