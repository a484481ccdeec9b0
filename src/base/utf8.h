/* SPDX-License-Identifier: MIT */
/* utf8.h: text that any sink can take. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/sv.h"

/* Bytes of the valid UTF-8 character (RFC 3629) at the start of v, 1-4; 0 when
 * there is none: empty, overlong, surrogate, cut, beyond U+10FFFF. */
size_t utf8_len(sv v);
/* The same, and the character itself in *cp (untouched for 0). */
size_t utf8_decode(sv v, uint32_t *cp);

/* Is the character not seen, but acts on what is: C1 controls, marks of
 * direction, joiners and other zero-width ones, line separators, tags? ASCII
 * controls are told by ascii.h. */
bool utf8_is_unsafe(uint32_t cp);

/* Is all of it valid UTF-8? */
bool utf8_valid(sv v);

/* The text with NUL bytes and every byte that is no valid UTF-8 written as the
 * four characters \xNN; the text itself when there are none. A NUL inside a
 * value would hide the rest of it from SQL. */
sv utf8_clean(sv v, struct arena *scratch);

#endif
