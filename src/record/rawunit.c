/* SPDX-License-Identifier: MIT */
#include "record/rawunit.h"

#include "parse/csv.h"
#include "parse/frame.h"
#include "parse/json.h"

static sv
without_end(sv v)
{
	if (sv_ends(v, SV("\n")))
		v.n--;
	return sv_ends(v, SV("\r")) ? sv_take(v, v.n - 1) : v;
}

static bool
cut_line(sv text, bool eof, sv *unit)
{
	size_t n = sv_find_byte(text, '\n');

	if (n == text.n && !eof)
		return false;
	*unit = without_end(sv_take(text, n));
	return true;
}

static bool
cut_frame(sv text, bool eof, sv *unit)
{
	sv rest = text, frame;
	size_t skipped;
	enum frame_result got = frame_next(&rest, eof, &frame, &skipped);

	if (got == FRAME_MORE && !eof)
		return false;
	if (got != FRAME_OK || skipped > 0)
		return cut_line(text, eof, unit);
	*unit = without_end(sv_take(text, text.n - rest.n));
	return true;
}

static bool
cut_row(char delim, sv text, bool eof, sv *unit)
{
	struct arena scratch = ARENA_INIT;
	struct csv_row row = { .raw = SV_NULL };
	sv rest = text;
	enum csv_result got = csv_next(&rest, delim, eof, &scratch, &row);

	arena_release(&scratch);
	if (got == CSV_MORE)
		return false;
	*unit = got == CSV_END ? text : without_end(row.raw);
	return true;
}

/* psql ends a line of a cell that goes on in the next line with a '+'. */
static bool
goes_on(sv line)
{
	line = sv_trim_right(line);
	return sv_ends(line, SV("+")) || sv_has(line, SV("+|"));
}

static bool
cut_table(sv text, bool eof, sv *unit)
{
	size_t n = 0;
	sv line;

	do {
		if (!cut_line(sv_skip(text, n), eof, &line))
			return false;
		n += sv_find_byte(sv_skip(text, n), '\n') + 1;
	} while (goes_on(line) && n < text.n);
	*unit = without_end(sv_take(text, n));
	return true;
}

/* Whether it is cut or broken only its end tells. */
static bool
cut_item(sv text, bool eof, sv *unit)
{
	struct json_value v;
	sv rest = text;

	if (json_value(&rest, &v)) {
		*unit = sv_take(text, text.n - rest.n);
		return true;
	}
	return eof && cut_line(text, eof, unit);
}

bool
rawunit_cut(const struct format *f, char delim, sv text, bool eof, sv *unit)
{
	switch (f->unit) {
	case UNIT_FRAMES:
		return cut_frame(text, eof, unit);
	case UNIT_ROWS:
	case UNIT_CSVLOG:
		return cut_row(delim, text, eof, unit);
	case UNIT_TABLE:
		return cut_table(text, eof, unit);
	case UNIT_DOCS:
		return cut_item(text, eof, unit);
	case UNIT_LINES:
		if (f->batch && sv_starts(text, SV("{")))
			return cut_item(text, eof, unit);
		break;
	case UNIT_CONFIG:
	case UNIT_NONE:
		break;
	}
	return cut_line(text, eof, unit);
}
