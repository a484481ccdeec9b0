/* SPDX-License-Identifier: MIT */
/*
 * format.h: the shapes of input, one row each, and how a shape is told from its
 * first bytes. Adding a shape is one row and its reader.
 */
#ifndef PARSE_FORMAT_H
#define PARSE_FORMAT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/sv.h"
#include "parse/envelope.h"
#include "parse/naming.h"

enum format_unit {
	UNIT_LINES,  /* newline-separated, each with an envelope */
	UNIT_FRAMES, /* octet-counted, each with an envelope */
	UNIT_ROWS    /* CSV */
};

/* What a line does not say by itself: from its input and the lines before. */
struct format_state {
	int year;      /* given by the user for times without one, or 0 */
	int64_t taken; /* when the input was taken, or UTC_NONE */
};

struct format {
	const char *name;
	const char *doc;
	enum format_unit unit;
	bool drain; /* came through a drain: the feed is automatic */
	/* Do the first bytes look like it? `why` gets the reason, for -v. */
	bool (*sniff)(sv head, const struct naming *name, const char **why);
	bool (*envelope)(sv unit, struct format_state *state,
	    struct arena *scratch, struct envelope *out, struct bad_line *bad);
	/* Is it a line that the tool itself wrote, no part of the log? NULL:
	 * there are none. */
	bool (*is_tool_line)(sv line);
};

/* In the order in which they are tried; the last one takes everything. */
extern const struct format formats[];
extern const size_t nformats;

const struct format *format_find(sv name);
/* Never NULL. `head`: up to 64 KiB of the decoded input, BOM removed. */
const struct format *format_sniff(sv head, const struct naming *name,
    const char **why);

#endif
