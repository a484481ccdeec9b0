/* SPDX-License-Identifier: MIT */
/* envshow.h: an envelope or a refusal as one line of text, for tables. */
#ifndef TEST_ENVSHOW_H
#define TEST_ENVSHOW_H

#include <stdbool.h>

#include "base/buf.h"
#include "parse/envelope.h"
#include "parse/jsonlog.h"

/* "TIME source[dyno] <message>", with " drain" if there is one, or
 * "reason at: detail". */
void envshow(struct buf *b, bool ok, const struct envelope *env,
    const struct bad_line *bad);

typedef bool envshow_reader(
    sv line, struct arena *scratch, struct envelope *out, struct bad_line *bad);

/* The reader, given the line, comes to what `want` says. */
void envshow_check(envshow_reader *read, sv line, const char *want);

/* "{record} " and the envelope or refusal, and a newline. */
void envshow_item(struct buf *b, const struct jsonlog_item *item);

#endif
