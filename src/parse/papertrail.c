/* SPDX-License-Identifier: MIT */
#include "parse/papertrail.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/utc.h"
#include "parse/csv.h"

enum column {
	ID, GENERATED_AT, RECEIVED_AT, SOURCE_ID, SOURCE_NAME, SOURCE_IP,
	FACILITY_NAME, SEVERITY_NAME, PROGRAM, MESSAGE, COLUMNS
};

static const char *const names[] = {
	[ID] = "id", [GENERATED_AT] = "generated_at",
	[RECEIVED_AT] = "received_at", [SOURCE_ID] = "source_id",
	[SOURCE_NAME] = "source_name", [SOURCE_IP] = "source_ip",
	[FACILITY_NAME] = "facility_name", [SEVERITY_NAME] = "severity_name",
	[PROGRAM] = "program", [MESSAGE] = "message",
};
_Static_assert(countof(names) == COLUMNS, "a name per column");

/* The last column takes all that is left. */
static bool
split(sv line, sv col[COLUMNS])
{
	sv rest = line;

	for (int i = 0; i < MESSAGE; i++)
		col[i] = sv_cut(&rest, '\t');
	col[MESSAGE] = rest;
	return !sv_null(rest);
}

static bool
is_number(sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!is_digit(v.p[i]))
			return false;
	return v.n > 0;
}

static bool
read_time(sv v, int64_t *us)
{
	return utc_read(&v, true, us) && v.n == 0;
}

/* "app/web.1", maybe with a colon behind it; with nothing on one side of the
 * slash it is just a name. */
static void
split_program(sv program, struct envelope *out)
{
	size_t slash;
	sv dyno;

	if (program.n > 1 && sv_ends(program, SV(":")))
		program.n--;
	slash = sv_find_byte(program, '/');
	dyno = sv_skip(program, slash + 1);
	out->source = program;
	out->dyno = SV("");
	if (slash > 0 && dyno.n) {
		out->source = sv_take(program, slash);
		out->dyno = dyno;
	}
}

/* What the columns that are looked at must be. */
static const struct {
	const char *reason, *detail;
} wrong[COLUMNS] = {
	[ID] = { "no-header", "expected a number as id" },
	[GENERATED_AT] = { "bad-time", "generated_at is no time" },
	[PROGRAM] = { "no-header", "expected a program" },
};

/* All but origin. Gives the first column that is wrong, or COLUMNS. */
static enum column
read_columns(sv col[COLUMNS], struct envelope *out)
{
	if (!is_number(col[ID]))
		return ID;
	if (!read_time(col[GENERATED_AT], &out->ts))
		return GENERATED_AT;
	if (col[PROGRAM].n == 0)
		return PROGRAM;
	split_program(col[PROGRAM], out);
	envelope_message(out, col[MESSAGE]);
	out->drain = SV_NULL;
	return COLUMNS;
}

/* The line from a column on. */
static sv
from(sv line, const sv *col, enum column c)
{
	size_t at = 0;

	for (int i = 0; i < (int)c; i++)
		at += col[i].n + 1;
	return sv_skip(line, at);
}

static bool
read_row(sv line, sv col[COLUMNS], struct envelope *out, struct bad_line *bad)
{
	enum column c;

	if (!split(line, col))
		return envelope_bad(bad, "no-header",
		    "expected ten columns with tabs between them", line,
		    SV_NULL);
	c = read_columns(col, out);
	return c == COLUMNS || envelope_bad(bad, wrong[c].reason,
	    wrong[c].detail, line, from(line, col, c));
}

bool
papertrail_parse(sv line, struct arena *scratch, struct envelope *out,
    struct bad_line *bad)
{
	sv col[COLUMNS];

	if (!read_row(line, col, out, bad))
		return false;
	out->origin = envelope_origin(scratch, out->source, out->dyno);
	return true;
}

bool
papertrail_is(sv line)
{
	sv col[COLUMNS];
	struct envelope env;
	struct bad_line bad;

	return read_row(line, col, &env, &bad) &&
	    read_time(col[RECEIVED_AT], &env.ts);
}

static bool
are_names(const sv col[COLUMNS])
{
	for (int i = 0; i < COLUMNS; i++)
		if (!sv_is(col[i], names[i]))
			return false;
	return true;
}

bool
papertrail_is_header(sv line)
{
	sv col[COLUMNS];

	return split(sv_trim_right(line), col) && are_names(col);
}

static bool
split_csv(sv row, struct arena *scratch, sv col[COLUMNS])
{
	struct csv_row cells;

	if (csv_next(&row, ',', true, scratch, &cells) != CSV_ROW ||
	    cells.ncell != COLUMNS)
		return false;
	for (int i = 0; i < COLUMNS; i++)
		col[i] = cells.cell[i].text;
	return true;
}

bool
papertrail_csv(sv row, struct arena *scratch, struct envelope *out,
    struct bad_line *bad)
{
	sv col[COLUMNS];
	enum column c;

	if (!split_csv(row, scratch, col))
		return envelope_bad(bad, "no-header",
		    "expected ten cells with commas between them", row, row);
	c = read_columns(col, out);
	if (c != COLUMNS)
		return envelope_bad(bad, wrong[c].reason, wrong[c].detail, row,
		    row);
	out->origin = envelope_origin(scratch, out->source, out->dyno);
	return true;
}

bool
papertrail_is_csv_header(sv line)
{
	struct arena scratch = ARENA_INIT;
	sv col[COLUMNS];
	bool is = split_csv(sv_trim(line), &scratch, col) && are_names(col);

	arena_release(&scratch);
	return is;
}
