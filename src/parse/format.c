/* SPDX-License-Identifier: MIT */
#include "parse/format.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "parse/ansi.h"
#include "parse/frame.h"
#include "parse/toolline.h"

enum { SNIFF_LINES = 50 };

static bool
sniff_frames(sv head, const struct naming *name, const char **why)
{
	(void)name;
	*why = "starts with LENGTH <PRIORITY>1";
	return frame_is_head(head);
}

static bool
sniff_syslog(sv head, const struct naming *name, const char **why)
{
	size_t close = sv_find_byte(sv_take(head, 5), '>');

	(void)name;
	*why = "starts with <PRIORITY>1";
	return sv_starts(head, SV("<")) && is_digit(head.n > 1 ? head.p[1] : 0) &&
	    sv_starts(sv_skip(head, close), SV(">1 "));
}

static bool
read_cli(sv unit, struct format_state *state, struct arena *scratch,
    struct envelope *out, struct bad_line *bad)
{
	(void)state;
	return envelope_cli(sv_trim_left(ansi_strip(unit, scratch)), out, bad);
}

static bool
read_syslog(sv unit, struct format_state *state, struct arena *scratch,
    struct envelope *out, struct bad_line *bad)
{
	(void)state;
	return envelope_syslog(unit, scratch, out, bad);
}

static bool
sniff_cli(sv head, const struct naming *name, const char **why)
{
	/* A cell of a .csv may hold lines: only its header counts. */
	int lines = sv_null(name->table) ? SNIFF_LINES : 1;
	struct arena scratch = ARENA_INIT;
	struct bad_line bad;
	struct envelope env;
	bool found = false;

	*why = "a line of the form TIME source[dyno]: message";
	for (int i = 0; i < lines && !found && !sv_null(head); i++)
		found = read_cli(sv_cut(&head, '\n'), NULL, &scratch, &env,
		    &bad);
	arena_release(&scratch);
	return found;
}

static bool
is_column_name(sv v)
{
	v = sv_trim(v);
	if (v.n > 1 && v.p[0] == '"' && v.p[v.n - 1] == '"')
		v = sv_of(v.p + 1, v.n - 2);
	for (size_t i = 0; i < v.n; i++)
		if (!is_alnum(v.p[i]) && v.p[i] != '_' && v.p[i] != ' ' &&
		    v.p[i] != '.' && v.p[i] != '-')
			return false;
	return v.n > 0 && !is_digit(v.p[0]);
}

static bool
sniff_csv(sv head, const struct naming *name, const char **why)
{
	sv header = sv_cut(&head, '\n');
	size_t columns = 0;

	*why = "the file name ends in .csv";
	if (!sv_null(name->table))
		return true;
	*why = "the first line is a list of column names";
	for (; !sv_null(header); columns++)
		if (!is_column_name(sv_cut(&header, ',')))
			return false;
	return columns >= 3;
}

static bool
sniff_any(sv head, const struct naming *name, const char **why)
{
	(void)head;
	(void)name;
	*why = "no line of the first 50 has a known form";
	return true;
}

static bool
read_unknown(sv unit, struct format_state *state, struct arena *scratch,
    struct envelope *out, struct bad_line *bad)
{
	if (read_cli(unit, state, scratch, out, bad))
		return true;
	bad->reason = "unknown-format";
	return false;
}

const struct format formats[] = {
	{ "drain-frames", "octet-counted bodies of a Logplex HTTPS drain",
	    UNIT_FRAMES, true, sniff_frames, read_syslog, NULL },
	{ "rfc5424", "syslog lines without a count",
	    UNIT_LINES, true, sniff_syslog, read_syslog, NULL },
	{ "heroku-text", "text of `heroku logs`",
	    UNIT_LINES, false, sniff_cli, read_cli, toolline_is },
	{ "csv", "CSV with a header row",
	    UNIT_ROWS, false, sniff_csv, NULL, NULL },
	{ "unknown", "none of the above; lines are rejected one by one",
	    UNIT_LINES, false, sniff_any, read_unknown, toolline_is },
};

const size_t nformats = countof(formats);

const struct format *
format_find(sv name)
{
	for (size_t i = 0; i < nformats; i++)
		if (sv_is(name, formats[i].name))
			return &formats[i];
	return NULL;
}

const struct format *
format_sniff(sv head, const struct naming *name, const char **why)
{
	size_t i = 0;

	while (!formats[i].sniff(head, name, why))
		i++;
	return &formats[i];
}
