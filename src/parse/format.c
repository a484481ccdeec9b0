/* SPDX-License-Identifier: MIT */
#include "parse/format.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "parse/ansi.h"
#include "parse/betterstack.h"
#include "parse/datadog.h"
#include "parse/draintext.h"
#include "parse/fluentjson.h"
#include "parse/frame.h"
#include "parse/papertrail.h"
#include "parse/toolline.h"
#include "parse/vectorjson.h"

enum { SNIFF_LINES = 50 };

/* A time and a source that can be read, whatever stands round them. */
static bool
read_cli(sv unit, struct arena *scratch, struct envelope *out,
    struct bad_line *bad)
{
	return envelope_cli(sv_trim_left(ansi_strip(unit, scratch)), out, bad);
}

static bool
read_draintext(sv unit, struct arena *scratch, struct envelope *out,
    struct bad_line *bad)
{
	(void)scratch;
	return draintext_parse(unit, out, bad);
}

static bool
read_unknown(sv unit, struct arena *scratch, struct envelope *out,
    struct bad_line *bad)
{
	if (read_cli(unit, scratch, out, bad))
		return true;
	bad->reason = "unknown-format";
	return false;
}

static bool
next_otlp(struct format_batch *b, sv line, bool first, struct arena *scratch,
    struct jsonlog_item *out)
{
	if (first)
		otlp_begin(&b->it.otlp, line);
	return otlp_next(&b->it.otlp, scratch, out);
}

static bool
next_papertrail(struct format_batch *b, sv line, bool first,
    struct arena *scratch, struct jsonlog_item *out)
{
	if (first)
		papertrailjson_begin(&b->it.papertrail, line);
	return papertrailjson_next(&b->it.papertrail, scratch, out);
}

static bool
is_syslog(sv line)
{
	size_t close = sv_find_byte(sv_take(line, 5), '>');

	return sv_starts(line, SV("<")) && is_digit(line.n > 1 ? line.p[1] : 0) &&
	    sv_starts(sv_skip(line, close), SV(">1 "));
}

static bool
is_papertrail(sv line)
{
	return papertrail_is_header(line) || papertrail_is(line);
}

static bool
sniff_cli(sv head, const struct naming *name)
{
	/* A cell of a .csv may hold lines: only its header counts. */
	int lines = sv_null(name->table) ? SNIFF_LINES : 1;
	struct arena scratch = ARENA_INIT;
	struct bad_line bad;
	struct envelope env;
	bool found = false;

	for (int i = 0; i < lines && !found && !sv_null(head); i++)
		found = read_cli(sv_cut(&head, '\n'), &scratch, &env, &bad);
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
sniff_csv(sv head, const struct naming *name)
{
	sv header = sv_cut(&head, '\n');
	size_t columns = 0;

	if (!sv_null(name->table))
		return true;
	for (; !sv_null(header); columns++)
		if (!is_column_name(sv_cut(&header, ',')))
			return false;
	return columns >= 3;
}

static bool
sniff_any(sv head, const struct naming *name)
{
	(void)head;
	(void)name;
	return true;
}

const struct format formats[] = {
	{ "drain-frames", "octet-counted bodies of a Logplex HTTPS drain",
	    UNIT_FRAMES, true, .why = "starts with LENGTH <PRIORITY>1",
	    .is = frame_is_head, .envelope = envelope_syslog },
	{ "rfc5424", "syslog lines without a count",
	    UNIT_LINES, true, .why = "starts with <PRIORITY>1",
	    .is = is_syslog, .envelope = envelope_syslog },
	{ "vector", "JSON lines of vector's source heroku_logs",
	    UNIT_LINES, true, .why = "a JSON line with source_type heroku_logs",
	    .is = vectorjson_is, .envelope = vectorjson_envelope },
	{ "betterstack", "JSON lines exported by Better Stack",
	    UNIT_LINES, true, .why = "a JSON line with dt, message and syslog",
	    .is = betterstack_is, .envelope = betterstack_envelope },
	{ "datadog", "JSON lines exported by Datadog",
	    UNIT_LINES, true, .why = "a JSON line with attributes.syslog",
	    .is = datadog_is, .envelope = datadog_envelope },
	{ "fluent", "JSON lines of fluentd's plugins for Heroku",
	    UNIT_LINES, true, .why = "a JSON line with drain_id, ident and pid",
	    .is = fluentjson_is, .envelope = fluentjson_envelope },
	{ "otlp", "OTLP logs as JSON lines (Fir)",
	    UNIT_LINES, true, .why = "a JSON line with resourceLogs",
	    .is = otlp_is, .batch = next_otlp },
	{ "papertrail-json", "events of Papertrail's search API",
	    UNIT_LINES, true, .why = "a JSON line with events of a program",
	    .is = papertrailjson_is, .batch = next_papertrail },
	{ "papertrail", "rows of Papertrail's archives (.tsv.gz)",
	    UNIT_LINES, true, .why = "ten columns with tabs between them",
	    .is = is_papertrail, .envelope = papertrail_parse,
	    .is_tool_line = papertrail_is_header },
	{ "drain-text", "a syslog drain as text: TIME TOKEN source[dyno] message",
	    UNIT_LINES, true, .why = "a line of the form TIME TOKEN source[dyno]",
	    .is = draintext_is, .envelope = read_draintext },
	{ "bsd", "syslog text with times without a year (rsyslog, Papertrail)",
	    UNIT_LINES, true, .why = "a line of the form Jun  9 23:27:08 HOST "
	    "source", .is = bsdline_is, .dated = bsdline_parse },
	{ "heroku-text", "text of `heroku logs`",
	    UNIT_LINES, false,
	    .why = "a line of the form TIME source[dyno]: message",
	    .sniff = sniff_cli, .envelope = read_cli,
	    .is_tool_line = toolline_is, .bare_lines = true },
	{ "csv", "CSV with a header row",
	    UNIT_ROWS, false, .why = "a name in .csv, or a first line of column names",
	    .sniff = sniff_csv, .late = true },
	{ "unknown", "none of the above; lines are rejected one by one",
	    UNIT_LINES, false, .why = "no line of the first 50 has a known form",
	    .sniff = sniff_any, .late = true, .envelope = read_unknown,
	    .is_tool_line = toolline_is },
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

/* The first line that is not blank, without its end. */
static sv
first_line(sv head)
{
	sv line = SV("");

	while (sv_trim(line).n == 0 && !sv_null(head))
		line = sv_cut(&head, '\n');
	return sv_ends(line, SV("\r")) ? sv_take(line, line.n - 1) : line;
}

const struct format *
format_sniff(sv head, const struct naming *name)
{
	sv line = first_line(head);
	size_t i = 0;

	while (formats[i].is ? !formats[i].is(line) :
	    !formats[i].sniff(head, name))
		i++;
	return &formats[i];
}

bool
format_is_settled(const struct format *f, sv head)
{
	sv rest = sv_trim_left(head);

	return !f->late && sv_find_byte(rest, '\n') < rest.n;
}
