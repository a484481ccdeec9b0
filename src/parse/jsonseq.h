/* SPDX-License-Identifier: MIT */
/*
 * jsonseq.h: cuts a text of JSON values into items: one value behind the other
 * with or without white space between them (JSON lines, concatenated
 * documents), and the items of each outermost array one by one, so that an
 * export of any size needs memory for one item only.
 * Pure: bytes in, views out; the caller supplies more bytes when told.
 */
#ifndef PARSE_JSONSEQ_H
#define PARSE_JSONSEQ_H

#include <stdbool.h>

#include "base/sv.h"
#include "parse/json.h"

enum jsonseq_result {
	JSONSEQ_ITEM, /* a value was read */
	JSONSEQ_MORE, /* the text ends inside a value: give more bytes */
	JSONSEQ_BAD,  /* item->raw is no JSON, or a piece of an item too long */
	JSONSEQ_END   /* nothing left */
};

/* What BAD bytes are passed over up to. */
enum jsonseq_skip {
	JSONSEQ_SKIP_NONE,
	JSONSEQ_SKIP_LINE, /* the next newline */
	JSONSEQ_SKIP_ITEM  /* the end of the item, told by brackets alone */
};

struct jsonseq {
	size_t limit; /* bytes of an item, at least 1 */
	bool open;    /* inside an outermost array; so at the end: it was cut */
	bool due;     /* in it: a comma or the end must be next */
	bool comma;   /* in it: a comma was just read */
	/* the rest of an item that was longer than the limit */
	enum jsonseq_skip skip;
	size_t depth;
	bool quote, escape;
};

#define JSONSEQ_INIT(max) { .limit = (max) }

/*
 * jsonseq_next: cuts one item off the front of *rest; `eof` says that no bytes
 * will follow. *skipped is how many newlines between items were passed over,
 * for every result. JSONSEQ_MORE leaves *rest at the start of the item, which
 * the next call reads anew: double the bytes each time. Whatever way the bytes
 * come, items and BAD bytes are the same.
 *
 * BAD is as little as can be told: outside an array the bytes up to and with
 * the next newline (at the end of the text: what follows is tried too); inside
 * one the item up to the comma or bracket behind it, found by counting
 * brackets and quotes, where no string goes beyond its line. A stray comma or
 * a bracket behind a comma is BAD alone. An item longer than the limit comes as
 * BAD pieces of `limit` bytes, the last one shorter.
 */
enum jsonseq_result jsonseq_next(struct jsonseq *s, sv *rest, bool eof,
    struct json_value *item, size_t *skipped);

#endif
