/* SPDX-License-Identifier: MIT */
/*
 * format.h: the shapes of input, one row each: how a shape is told from its
 * first bytes, what it is cut into, and who reads a piece. Adding a shape is
 * one row and its reader.
 */
#ifndef PARSE_FORMAT_H
#define PARSE_FORMAT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/sv.h"
#include "parse/bsdline.h"
#include "parse/envelope.h"
#include "parse/naming.h"
#include "parse/otlp.h"
#include "parse/papertrailjson.h"

enum format_unit {
	UNIT_LINES,  /* newline-separated; one of the readers of lines below */
	UNIT_FRAMES, /* octet-counted, each with an envelope */
	UNIT_ROWS,   /* CSV */
	UNIT_CSVLOG, /* CSV, each row with an envelope */
	UNIT_TABLE,  /* aligned tables of psql */
	UNIT_DOCS,   /* items of JSON documents */
	UNIT_CONFIG, /* config vars as text */
	UNIT_NONE    /* recognised but not read: one reject for the whole */
};

/* A line that holds several log records. */
struct format_batch {
	union {
		struct otlp_it otlp;
		struct papertrailjson_it papertrail;
	} it;
};

struct format {
	const char *name;
	const char *doc;
	enum format_unit unit;
	bool drain; /* came through a drain: the feed is automatic */

	/* How it is told. `is` sees a line, without what a terminal put round
	 * it, `sniff` all of the head and the name, `table` is that of the first
	 * item of a JSON document (doc.h); one of the three. `why` says what told
	 * it, for people. A `late` shape is what nothing else is: more bytes of
	 * the head may still change it. */
	const char *why;
	bool (*is)(sv line);
	bool (*sniff)(sv head, const struct naming *name);
	const char *table;
	bool late;

	/* Of lines, frames and rows of logs one of these: an envelope from a
	 * piece; the same for times without a year; several records from a
	 * line. */
	/* ... from a line without odd bytes, if that is simpler; false: see above */
	bool (*plain)(sv line, struct envelope *out, struct bad_line *bad);
	/* ... is such a line one that says nothing but that a request was made?
	 * Then when. It opens no join (record/join.h), its record has no notes. */
	bool (*usual)(sv line, int64_t *ts);
	bool (*envelope)(sv unit, struct arena *scratch, struct envelope *out,
	    struct bad_line *bad);
	bool (*dated)(sv unit, struct bsdline_year *year, struct arena *scratch,
	    struct envelope *out, struct bad_line *bad);
	bool (*batch)(struct format_batch *it, sv line, bool first,
	    struct arena *scratch, struct jsonlog_item *out);

	/* Is it the header of the rows? NULL: there is none. */
	bool (*is_header)(sv line);
	/* Frames saved as lines: may the next one stand in the same line? */
	bool glued;
	/* May a line without a header belong to the message before it? */
	bool bare_lines;
};

/* In the order in which they are tried; the last one takes everything. */
extern const struct format formats[];
extern const size_t nformats;

const struct format *format_find(sv name);
/*
 * Never NULL. `head`: up to 64 KiB of the decoded input, BOM removed. The first
 * line that has a form decides, of the first 50 that are not blank: a prompt or
 * a note may stand above. But where what stands above is another document's
 * beginning, as the header of a CSV file is, it is that document, unless the
 * line is one of `heroku logs`.
 */
const struct format *format_sniff(sv head, const struct naming *name);
/* What the bytes of shape "binary" are and what to do with them; NULL when they
 * do not begin like it. */
const char *format_packed(sv head);
/* Would more bytes of the head tell the same? How the bytes of an input come
 * must not matter. */
bool format_is_settled(const struct format *f, sv head,
    const struct naming *name);
/* Of a log: what could not be read, is it a line that the tool itself wrote, or
 * a header, no part of the log? */
bool format_is_tool_line(const struct format *f, sv line);
/* The envelope of a unit of a log, by the format's reader of one. `year`: of
 * formats with dated lines, else NULL. */
bool format_envelope(const struct format *f, struct bsdline_year *year, sv unit,
    struct arena *a, struct envelope *out, struct bad_line *bad);
/* A unit as its reader wants it: of a line without the blanks, escape sequences
 * and byte order mark before it. */
sv format_text(const struct format *f, sv unit);

#endif
