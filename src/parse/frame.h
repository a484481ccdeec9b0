/* SPDX-License-Identifier: MIT */
/*
 * frame.h: octet-counted frames (RFC 6587) as Logplex posts them to drains:
 * "LEN <PRI>1 ...", LEN in bytes, frames glued together. Lengths in saved bodies
 * are often wrong, so LEN is believed only when a frame, an uncounted newline
 * or the end follows; else the next frame head is searched. Between LEN and
 * the priority a newline is taken for the blank: so bodies look that were cut
 * into lines there.
 */
#ifndef PARSE_FRAME_H
#define PARSE_FRAME_H

#include <stdbool.h>

#include "base/sv.h"

enum { FRAME_MAX = 1024 * 1024, FRAME_HEAD_MAX = 32 };

enum frame_result {
	FRAME_OK,
	FRAME_MORE, /* more bytes are needed to decide */
	FRAME_BAD,  /* bytes that are no frame, up to the next head or the end */
	FRAME_END
};

/*
 * Cuts one frame off the front of *rest. *frame is the message without LEN and
 * without a final newline, or for FRAME_BAD the bytes in question; *skipped is
 * how many blanks and newlines between frames were passed over before it. FRAME_MORE
 * leaves *rest as it was, and the answer is the same however the bytes came. What is
 * longer than FRAME_MAX is cut there.
 */
enum frame_result frame_next(sv *rest, bool eof, sv *frame, size_t *skipped);

/* A frame that stands in a line behind another, which ended without a newline:
 * cuts it off *line, with its LEN, which *next is without. */
bool frame_split(sv *line, sv *next);

/* "LEN <PRI>1 " at the start? */
bool frame_is_head(sv v);

#endif
