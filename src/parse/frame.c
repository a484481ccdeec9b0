/* SPDX-License-Identifier: MIT */
#include "parse/frame.h"

#include "base/ascii.h"

/* "LEN " at the start: the digits' value and width; 0 when there are none. */
static size_t
read_length(sv v, uint64_t *len)
{
	size_t n = 0;

	while (n < v.n && n < 8 && is_digit(v.p[n]))
		n++;
	if (n == 0 || n >= v.n || v.p[n] != ' ' || !sv_to_u64(sv_take(v, n), len))
		return 0;
	return n + 1;
}

/* "<PRI>1 " */
static bool
is_priority(sv v)
{
	size_t n = 1;

	if (v.n < 5 || v.p[0] != '<')
		return false;
	while (n < v.n && n < 4 && is_digit(v.p[n]))
		n++;
	return n > 1 && sv_starts(sv_skip(v, n), SV(">1 "));
}

bool
frame_is_head(sv v)
{
	uint64_t len;
	size_t n = read_length(v, &len);

	return n && is_priority(sv_skip(v, n));
}

/* Offset of the next head at or after `from`, or v.n. */
static size_t
find_head(sv v, size_t from)
{
	for (size_t at = from; at < v.n; at++) {
		at += sv_find(sv_skip(v, at), SV(" <"));
		if (at >= v.n || !is_priority(sv_skip(v, at + 1)))
			continue;
		while (at > from && is_digit(v.p[at - 1]))
			at--;
		if (is_digit(v.p[at]))
			return at;
		at++;
	}
	return v.n;
}

static sv
without_newline(sv v)
{
	return sv_ends(v, SV("\n")) ? sv_take(v, v.n - 1) : v;
}

/* May a frame end where `after` begins? */
static bool
is_border(sv after, bool eof)
{
	return (after.n == 0 && eof) || sv_starts(after, SV("\n")) ||
	    frame_is_head(after);
}

/* Up to the next head: a frame whose length is wrong, or no frame at all. */
static enum frame_result
resync(sv *rest, bool eof, size_t head, sv *frame)
{
	size_t next = find_head(*rest, head ? head : 1);

	if (next == rest->n && !eof && rest->n < FRAME_MAX)
		return FRAME_MORE;
	*frame = sv_cut_n(rest, next);
	if (head == 0)
		return FRAME_BAD;
	*frame = without_newline(sv_skip(*frame, head));
	return FRAME_OK;
}

enum frame_result
frame_next(sv *rest, bool eof, sv *frame, size_t *skipped)
{
	uint64_t len;
	size_t head;
	sv body;

	for (*skipped = 0; sv_skip_lit(rest, SV("\n"));)
		++*skipped;
	if (rest->n == 0)
		return eof ? FRAME_END : FRAME_MORE;
	if (rest->n < FRAME_HEAD_MAX && !eof)
		return FRAME_MORE;
	head = read_length(*rest, &len);
	if (head == 0 || !is_priority(sv_skip(*rest, head)))
		return resync(rest, eof, 0, frame);
	body = sv_skip(*rest, head);
	if (len > FRAME_MAX)
		return resync(rest, eof, head, frame);
	if (body.n < len + FRAME_HEAD_MAX && !eof)
		return FRAME_MORE;
	if (body.n < len || !is_border(sv_skip(body, (size_t)len), eof))
		return resync(rest, eof, head, frame);
	*frame = without_newline(sv_take(body, (size_t)len));
	*rest = sv_skip(body, (size_t)len);
	return FRAME_OK;
}
