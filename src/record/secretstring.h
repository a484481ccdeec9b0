/* SPDX-License-Identifier: MIT */
/*
 * secretstring.h: strings with quotes, as the languages and encodings that meet
 * in a log line write them: "x", 'x', \"x\" inside JSON, ""x"" inside CSV,
 * &quot;x&quot;, %22x%22, b'x', ["a", "b"]. A string that is open at the end of
 * the text goes up to there. Positions are indexes into the text.
 */
#ifndef RECORD_SECRETSTRING_H
#define RECORD_SECRETSTRING_H

#include <stdbool.h>

#include "base/sv.h"

/* The quote that closes a string: behind as many backslashes as the one that
 * opened it, those of escaped backslashes not counted. text.n when open. */
size_t secretstring_close(sv text, size_t from, int quote, size_t slashes);
/* The inside of the string whose opening quote, behind `slashes` backslashes,
 * is text[at]. */
sv secretstring_inside(sv text, size_t at, size_t slashes);
/* Of the list that text[at] opens, from inside the first string to inside the
 * last; empty when the list does not start with a string. When the two differ
 * in their quotes, these belong to it and *wrap is what stands for them. */
sv secretstring_list(sv text, size_t at, sv *wrap);

/* The quote at text[at] as other languages spell it, or empty; percent-encoded
 * only where `encoded`. */
sv secretstring_quote(sv text, size_t at, bool encoded);
/* The inside of the string that such a quote at text[at] opens. */
sv secretstring_spelled(sv text, size_t at, sv quote);
/* Index before the spelled quote that ends at text[end], and the backslashes
 * before it; `end` when there is none. */
size_t secretstring_before(sv text, size_t end);
/* Index behind what may stand before a string: b'x', N'x', SecretStr('x');
 * `at` when no string follows. */
size_t secretstring_prefix(sv text, size_t at);

#endif
