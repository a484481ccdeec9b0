/* SPDX-License-Identifier: MIT */
#include "parse/frame.h"

#include "base/ascii.h"
#include "base/attr.h"

enum {
	LEN_DIGITS = 16, /* at most: with the year, a head fits FRAME_HEAD_MAX */
	LEN_WRONG = 2    /* bytes by which LEN is off when an editor was at it */
};

/* What stands between LEN and the priority; a newline where a body was cut into
 * lines before its priorities. */
static bool
is_gap(int c)
{
	return c == ' ' || c == '\n';
}

/* "LEN " at the start: the digits' value and width; 0 when there are none. */
static size_t
read_length(sv v, uint64_t *len)
{
	size_t n = 0;

	while (n < v.n && n < LEN_DIGITS && is_digit(v.p[n]))
		n++;
	if (n == 0 || n >= v.n || !is_gap(v.p[n]) ||
	    !sv_to_u64(sv_take(v, n), len))
		return 0;
	return n + 1;
}

/* "<PRI>1 " at the start: its width; 0 when it is not there. */
static size_t
read_priority(sv v)
{
	size_t n = 1;

	if (v.n < 5 || v.p[0] != '<')
		return 0;
	while (n < v.n && n < 4 && is_digit(v.p[n]))
		n++;
	return n > 1 && sv_starts(sv_skip(v, n), SV(">1 ")) ? n + 3 : 0;
}

/* "<PRI>1 2026-": what a head is known by in the midst of other bytes. */
static bool
is_dated(sv v)
{
	size_t n = read_priority(v);
	sv year = sv_take(sv_skip(v, n), 5);

	if (n == 0 || year.n < 5 || year.p[4] != '-')
		return false;
	for (size_t i = 0; i < 4; i++)
		if (!is_digit(year.p[i]))
			return false;
	return true;
}

bool
frame_is_head(sv v)
{
	uint64_t len;
	size_t n = read_length(v, &len);

	return n && read_priority(sv_skip(v, n));
}

/* How many digits end at `at`, as far as they can be a LEN. */
static size_t
digits_before(sv v, size_t at, size_t from)
{
	size_t n = 0;

	while (n < LEN_DIGITS && at - n > from && is_digit(v.p[at - n - 1]))
		n++;
	return n;
}

/* Offset of the next head at or after `from`, or v.n. */
static size_t
find_head(sv v, size_t from)
{
	for (size_t at = from; at < v.n; at++) {
		size_t n;

		at += sv_find_byte(sv_skip(v, at), '<');
		if (at >= v.n || at == from || !is_gap(v.p[at - 1]))
			continue;
		n = digits_before(v, at - 1, from);
		if (n && is_dated(sv_skip(v, at)))
			return at - 1 - n;
	}
	return v.n;
}

bool
frame_split(sv *line, sv *next)
{
	size_t at = find_head(*line, 0);
	sv head = sv_skip(*line, at);

	if (at == line->n)
		return false;
	*next = sv_skip(head, sv_find_byte(head, '<'));
	*line = sv_take(*line, at);
	return true;
}

static sv
without_newline(sv v)
{
	return sv_ends(v, SV("\n")) ? sv_take(v, v.n - 1) : v;
}

/* "59 <1": a head that the end of the input cut. Digits alone may as well be
 * the end of a message whose LEN is short. */
static bool
is_cut_head(sv v)
{
	uint64_t len;
	size_t n = read_length(v, &len);

	v = sv_skip(v, n);
	if (n == 0 || !sv_skip_lit(&v, SV("<")))
		return false;
	for (n = 0; n < 3 && v.n && is_digit(v.p[0]); n++)
		v = sv_skip(v, 1);
	return sv_starts(SV(">1 "), v);
}

/* May a frame end where `after` begins? */
static bool
is_border(sv after, bool eof)
{
	return sv_starts(after, SV("\n")) || sv_starts(after, SV("\r\n")) ||
	    frame_is_head(after) ||
	    (eof && (after.n == 0 || is_cut_head(after)));
}

/* Does a counted newline end the frame? Then its LEN is right, whatever
 * follows. */
static bool
ends_in_newline(sv body, uint64_t len)
{
	return len > 0 && body.n >= len && body.p[len - 1] == '\n';
}

/* Is the number at the start the LEN of the frame behind it, or nearly so? */
static enum frame_result
measures(sv v, bool eof)
{
	uint64_t len;
	sv body = sv_skip(v, read_length(v, &len));

	if (len > FRAME_MAX)
		return FRAME_BAD;
	if (body.n < len + FRAME_HEAD_MAX && !eof)
		return FRAME_MORE;
	for (size_t end = (size_t)len > LEN_WRONG ? (size_t)len - LEN_WRONG : 0;
	    end <= len + LEN_WRONG && end <= body.n; end++)
		if (is_border(sv_skip(body, end), eof))
			return FRAME_OK;
	return FRAME_BAD;
}

/*
 * The digits at *next, up to the gap at `gap`: the first may be the end of the
 * message, which by its LEN ends at `end`. LEN is mostly one too long, since a
 * newline was lost. The number that is left must fit the next frame.
 */
static enum frame_result
part_digits(sv v, size_t *next, size_t gap, size_t end, bool eof)
{
	static const size_t early[] = { 3, 2, 4, 1, 0 };

	for (size_t i = 0; i < countof(early); i++) {
		size_t at = end + LEN_WRONG - early[i];
		enum frame_result got;

		if (at < *next || at >= gap)
			continue;
		got = measures(sv_skip(v, at), eof);
		if (got != FRAME_BAD) {
			*next = got == FRAME_OK ? at : *next;
			return got;
		}
	}
	if (end > *next + 1 && end - 1 < gap)
		*next = end - 1;
	return FRAME_OK;
}

/* Up to the next head: a frame whose length is wrong, or no frame at all. It is
 * looked for so far and no farther, however many bytes are there. */
static enum frame_result
resync(sv *rest, bool eof, size_t head, uint64_t len, sv *frame)
{
	enum { FAR = FRAME_MAX + FRAME_HEAD_MAX };
	size_t from = head ? head + read_priority(sv_skip(*rest, head)) : 1;
	sv look = sv_take(*rest, FAR);
	size_t next = find_head(look, from);

	if (next == look.n && look.n < FAR && !eof)
		return FRAME_MORE;
	if (next == FAR)
		next = FRAME_MAX;
	if (head && len <= FRAME_MAX && next < rest->n &&
	    rest->p[next - 1] != '\n' &&
	    part_digits(*rest, &next, next + sv_find_byte(sv_skip(*rest, next),
	    '<') - 1, head + (size_t)len, eof) == FRAME_MORE)
		return FRAME_MORE;
	*frame = sv_cut_n(rest, next);
	if (head == 0)
		return FRAME_BAD;
	*frame = without_newline(sv_skip(*frame, head));
	return FRAME_OK;
}

/* Is the number at the start the LEN of the frame behind it? */
static enum frame_result
is_exact(sv v, bool eof)
{
	uint64_t len;
	size_t head = read_length(v, &len);
	sv body = sv_skip(v, head);

	if (head == 0 || len > FRAME_MAX)
		return FRAME_BAD;
	if (body.n < len + FRAME_HEAD_MAX && !eof)
		return FRAME_MORE;
	return body.n >= len && is_border(sv_skip(body, (size_t)len), eof) ?
	    FRAME_OK : FRAME_BAD;
}

/*
 * A frame without a newline, before the LEN of another that is wrong: when it
 * ends in a digit, its own may be too long and took digits of the next; when
 * the next is right without its first digit, that is the end of the message.
 */
static enum frame_result
look_further(sv body, size_t len, bool eof)
{
	sv after = sv_skip(body, len);
	enum frame_result got;
	uint64_t next;

	if (len == 0 || read_length(after, &next) == 0)
		return FRAME_OK;
	got = is_exact(after, eof);
	if (got != FRAME_BAD || is_digit(body.p[len - 1]))
		return got;
	got = is_exact(sv_skip(after, 1), eof);
	return got == FRAME_OK ? FRAME_BAD : got == FRAME_BAD ? FRAME_OK : got;
}

/* FRAME_BAD: there is no border at LEN. */
static enum frame_result
trust_length(sv body, uint64_t len, bool eof)
{
	if (len > FRAME_MAX)
		return FRAME_BAD;
	if (body.n < len + FRAME_HEAD_MAX && !eof)
		return FRAME_MORE;
	if (ends_in_newline(body, len))
		return FRAME_OK;
	if (body.n < len || !is_border(sv_skip(body, (size_t)len), eof))
		return FRAME_BAD;
	return look_further(body, (size_t)len, eof);
}

static enum frame_result
cut_frame(sv *rest, bool eof, sv *frame, size_t *skipped)
{
	enum frame_result got;
	uint64_t len;
	size_t head, priority;
	sv body;

	*skipped = rest->n;
	*rest = sv_trim_left(*rest);
	*skipped -= rest->n;
	if (rest->n == 0)
		return eof ? FRAME_END : FRAME_MORE;
	if (rest->n < FRAME_HEAD_MAX && !eof)
		return FRAME_MORE;
	head = read_length(*rest, &len);
	body = sv_skip(*rest, head);
	priority = read_priority(body);
	if (head == 0 || priority == 0)
		return resync(rest, eof, 0, 0, frame);
	got = len < priority ? FRAME_BAD : trust_length(body, len, eof);
	if (got == FRAME_BAD)
		return resync(rest, eof, head, len, frame);
	if (got == FRAME_OK) {
		*frame = without_newline(sv_take(body, (size_t)len));
		*rest = sv_skip(body, (size_t)len);
	}
	return got;
}

enum frame_result
frame_next(sv *rest, bool eof, sv *frame, size_t *skipped)
{
	sv start = *rest;
	enum frame_result got = cut_frame(rest, eof, frame, skipped);

	if (got == FRAME_MORE)
		*rest = start;
	return got;
}
