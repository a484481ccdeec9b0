/* SPDX-License-Identifier: MIT */
/*
 * utf16.h: UTF-16 to UTF-8, piece by piece, as the pieces come. PowerShell
 * writes `heroku logs > file` that way, with a byte order mark, and some tools
 * without: then every other byte at the start is NUL. A surrogate
 * without its other half becomes the three bytes that would be its own: no
 * valid UTF-8, so that it is seen, and nothing of it is lost.
 */
#ifndef INPUT_UTF16_H
#define INPUT_UTF16_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sv.h"

enum {
	UTF16_MARK = 2, /* bytes of the byte order mark */
	UTF16_HEAD = 64 /* bytes that tell without one */
};

struct utf16 {
	bool big;      /* high byte first */
	bool half;     /* the first byte of a unit came, the second did not */
	uint8_t first; /* that byte */
	uint16_t high; /* a high surrogate that waits for the low one, or 0 */
};

/* How many bytes at the start utf16_start must see, or all that there are. */
size_t utf16_needs(sv text);
/* Is it UTF-16, by a byte order mark or by its NULs? Then *u is made ready for
 * what is behind the *mark bytes of it. */
bool utf16_start(struct utf16 *u, sv text, size_t *mark);
/* Are there four ASCII characters as UTF-16 in the text, in either order? */
bool utf16_is_within(sv text);
/* Appends what is complete. */
void utf16_add(struct utf16 *u, sv text, struct buf *out);
/* At the end: appends a high surrogate that waits. False when half a unit is
 * left, which is dropped. */
bool utf16_end(struct utf16 *u, struct buf *out);
/* How many bytes decoded text took as UTF-16. */
size_t utf16_width(sv decoded);

#endif
