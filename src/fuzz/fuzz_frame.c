/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "parse/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* `used` is what one call took: blanks, and LEN and one newline of a frame,
 * else nothing but the frame. */
static void
check_used(enum frame_result got, sv used, sv frame, size_t skipped)
{
	size_t head, last;

	for (size_t i = 0; i < skipped; i++)
		assert(is_space(used.p[i]));
	used = sv_skip(used, skipped);
	if (got == FRAME_END) {
		assert(used.n == 0);
		return;
	}
	assert(used.n && !is_space(used.p[0]));
	if (got == FRAME_BAD) {
		assert(frame.p == used.p && frame.n == used.n);
		return;
	}
	head = sv_find_byte(used, '<');
	last = used.n - head - frame.n;
	assert(frame_is_head(used) && frame.p == used.p + head);
	assert(last == 0 || (last == 1 && sv_ends(used, SV("\n"))));
}

static void
note(struct buf *b, enum frame_result got, sv frame, size_t skipped)
{
	buf_printf(b, "%d %zu %zu:", (int)got, skipped,
	    got == FRAME_END ? 0 : frame.n);
	if (got != FRAME_END)
		buf_add(b, frame);
}

/* Reads text in pieces of `step` bytes, each in memory of just that size. */
static void
read_all(sv text, size_t step, struct buf *out)
{
	enum frame_result got = FRAME_MORE;
	size_t done = 0, have = 0;

	while (got != FRAME_END) {
		size_t n = have - done, skipped;
		char *part = malloc(n + 1);
		sv frame, rest = sv_of(part + 1, n);

		if (n)
			memcpy(part + 1, text.p + done, n);
		got = frame_next(&rest, have == text.n, &frame, &skipped);
		assert(rest.p == part + 1 + n - rest.n);
		if (got == FRAME_MORE) {
			assert(have < text.n && rest.n == n);
			have += step < text.n - have ? step : text.n - have;
		} else {
			assert(got == FRAME_END || rest.n < n);
			check_used(got, sv_of(part + 1, n - rest.n), frame,
			    skipped);
			note(out, got, frame, skipped);
		}
		done += n - rest.n;
		free(part);
	}
	assert(done == text.n);
}

/* Frames of any bytes with the right LEN come back: a client adds none. */
static void
check_round_trip(sv text, bool newline)
{
	struct buf b = BUF_INIT;
	sv rest, frame;
	size_t skipped;

	for (int i = 0; i < 2; i++) {
		buf_printf(&b, "%zu <190>1 ", 7 + text.n + newline);
		buf_add(&b, text);
		buf_printf(&b, "%s", newline ? "\n" : "");
	}
	rest = buf_sv(&b);
	for (int i = 0; i < 2; i++) {
		enum frame_result got = frame_next(&rest, true, &frame, &skipped);

		assert(got == FRAME_OK && skipped == 0);
		assert(sv_starts(frame, SV("<190>1 ")));
		if (newline || !sv_ends(text, SV("\n")))
			assert(sv_eq(sv_skip(frame, 7), text));
	}
	assert(rest.n == 0);
	buf_release(&b);
}

/* The first byte chooses the step. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole = BUF_INIT, parts = BUF_INIT;
	sv text = sv_skip(sv_of((const char *)data, size), 1);

	if (size == 0 || size > 4096)
		return 0;
	read_all(text, text.n, &whole);
	read_all(text, 1 + data[0] % 17, &parts);
	assert(sv_eq(buf_sv(&whole), buf_sv(&parts)));
	check_round_trip(text, true);
	check_round_trip(text, false);
	buf_release(&parts);
	buf_release(&whole);
	return 0;
}
