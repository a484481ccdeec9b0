/* SPDX-License-Identifier: MIT */
#include "parse/format.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "parse/ansi.h"
#include "parse/betterstack.h"
#include "parse/configtext.h"
#include "parse/configvar.h"
#include "parse/csv.h"
#include "parse/datadog.h"
#include "parse/doc.h"
#include "parse/draintext.h"
#include "parse/fluentjson.h"
#include "parse/frame.h"
#include "parse/jsonseq.h"
#include "parse/papertrail.h"
#include "parse/pgtable.h"
#include "parse/routerusual.h"
#include "parse/toolline.h"
#include "parse/vectorjson.h"

enum { SNIFF_LINES = 50 };

/* What no reader here opens, by its first bytes. */
static const struct {
	sv magic;
	const char *what;
} packed[] = {
	{ { "\x1f\x8b", 2 }, "gzip inside gzip: unpack it once more" },
	{ { "PK\x03\x04", 4 }, "a zip archive: unpack it first" },
	{ { "\x28\xb5\x2f\xfd", 4 }, "zstd: unpack it first" },
	{ { "\xfd" "7zXZ\0", 6 }, "xz: unpack it first" },
	{ { "SQLite format 3\0", 16 }, "an SQLite database" },
};

const char *
format_packed(sv head)
{
	for (size_t i = 0; i < countof(packed); i++)
		if (sv_starts(head, packed[i].magic))
			return packed[i].what;
	return NULL;
}

static bool
sniff_packed(sv head, const struct naming *name)
{
	(void)name;
	return format_packed(head) != NULL;
}

/* Files that were put one behind the other have a byte order mark each. */
static sv
plain_line(sv line)
{
	if (line.n && is_digit(line.p[0]))
		return line;
	line = ansi_skip(line);
	return sv_skip_lit(&line, SV("\xef\xbb\xbf")) ? ansi_skip(line) : line;
}

bool
format_is_tool_line(const struct format *f, sv line)
{
	return toolline_is(line) || (f->is_header && f->is_header(line));
}

/* Colours of a message are its own, those of a header in the way. */
bool
format_envelope(const struct format *f, struct bsdline_year *year, sv unit,
    struct arena *a, struct envelope *out, struct bad_line *bad)
{
	struct bad_line again;
	sv plain;

	if (f->dated ? f->dated(unit, year, a, out, bad) :
	    f->envelope(unit, a, out, bad))
		return true;
	plain = ansi_strip(unit, a);
	return plain.p != unit.p &&
	    (f->dated ? f->dated(plain, year, a, out, &again) :
	    f->envelope(plain, a, out, &again));
}

sv
format_text(const struct format *f, sv unit)
{
	return f->unit == UNIT_LINES ? plain_line(unit) : unit;
}

/* Of a line whose colours were taken out. Always true. */
static bool
set_raw(sv unit, sv plain, struct envelope *out)
{
	if (plain.p != unit.p)
		out->raw = ansi_behind(unit,
		    (size_t)(out->whole.p - plain.p)).n;
	return true;
}

/* A time and a source that can be read, whatever stands round them. */
static bool
read_cli(sv unit, struct arena *scratch, struct envelope *out,
    struct bad_line *bad)
{
	sv plain;

	if (envelope_cli(plain_line(unit), out, bad) &&
	    !out->odd)
		return true;
	plain = ansi_strip(unit, scratch);
	return envelope_cli(plain_line(plain), out, bad) &&
	    set_raw(unit, plain, out);
}

/* A terminal's lines are coloured, too. */
static bool
read_bsd(sv unit, struct bsdline_year *year, struct arena *scratch,
    struct envelope *out, struct bad_line *bad)
{
	sv plain = ansi_strip(unit, scratch);

	return bsdline_parse(plain_line(plain), year, scratch, out, bad) &&
	    set_raw(unit, plain, out);
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
is_cli(sv line)
{
	struct envelope env;
	struct bad_line bad;

	return envelope_cli(line, &env, &bad);
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
	char delim = csv_delim(header);
	size_t columns = 0;

	if (!sv_null(name->table))
		return true;
	for (; !sv_null(header); columns++)
		if (!is_column_name(sv_cut(&header, delim)))
			return false;
	return columns >= 3;
}

static bool
sniff_config(sv head, const struct naming *name)
{
	struct arena scratch = ARENA_INIT;
	bool is = sv_null(name->table) && configtext_is(head, &scratch);

	arena_release(&scratch);
	return is;
}

static bool
sniff_table(sv head, const struct naming *name)
{
	(void)name;
	return pgtable_is(head);
}

/* The first item of a JSON document, cut off as far as the head holds it. An
 * item cut by the head's end is none. */
static enum jsonseq_result
first_item(sv *head, struct json_value *item)
{
	struct jsonseq seq = JSONSEQ_INIT(SIZE_MAX - 1);
	size_t lines;

	return jsonseq_next(&seq, head, false, item, &lines);
}

/* An object with nothing behind it, or on lines of its own as the client prints
 * it: a log has one on each line. */
static bool
is_config(sv head, const struct json_value *item, sv rest)
{
	return sv_starts(sv_trim_left(head), SV("{")) &&
	    (sv_trim(rest).n == 0 || sv_has(item->raw, SV("\n"))) &&
	    configvar_is_document(item);
}

static bool
sniff_doc(sv head, const struct format *f)
{
	struct json_value item;
	const struct doc_shape *shape;
	sv rest = head;

	if (first_item(&rest, &item) != JSONSEQ_ITEM)
		return false;
	shape = doc_find(&item);
	if (shape == NULL && is_config(head, &item, rest))
		shape = &configvar_shape;
	return shape && sv_is(sv_str(f->table), shape->table);
}

/* Also an empty document of a name that tells its table. */
static bool
sniff_json(sv head, const struct naming *name)
{
	struct json_value item;
	sv text = sv_trim(head);

	if (!sv_starts(text, SV("[")) && !sv_starts(text, SV("{")))
		return false;
	return !sv_null(name->doc) ||
	    first_item(&head, &item) == JSONSEQ_MORE;
}

static bool
sniff_any(sv head, const struct naming *name)
{
	(void)head;
	(void)name;
	return true;
}

#define DOC(name, of, doc) \
	{ name, doc, UNIT_DOCS, false, \
	    .why = "the first item has the members of one", \
	    .table = of }

const struct format formats[] = {
	{ "binary", "packed bytes; refused with a message",
	    UNIT_NONE, false, .why = "starts like a packed file",
	    .sniff = sniff_packed },
	{ "drain-frames", "octet-counted bodies of a Logplex HTTPS drain",
	    UNIT_FRAMES, true, .why = "starts with LENGTH <PRIORITY>1",
	    .is = frame_is_head, .envelope = envelope_syslog },
	{ "rfc5424", "syslog lines without a count",
	    UNIT_LINES, true, .why = "starts with <PRIORITY>1",
	    .is = is_syslog, .envelope = envelope_syslog, .glued = true },
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
	DOC("heroku-releases", "release",
	    "`heroku releases --json`: releases of an app"),
	DOC("heroku-ps", "dyno", "`heroku ps --json`: dynos"),
	DOC("heroku-formation", "formation", "formation of the Platform API"),
	DOC("heroku-drains", "drain", "`heroku drains --json`: log drains"),
	DOC("sentry-issues", "sentry_issue", "issues of Sentry's REST API"),
	DOC("sentry-events", "sentry_event",
	    "events of Sentry, of its REST API or as an SDK sends them"),
	DOC("heroku-usage", "usage", "usage of a team or enterprise account"),
	{ "heroku-config", "`heroku config --json`",
	    UNIT_DOCS, false, .why = "an object of names and texts",
	    .table = "config_var", .late = true },
	{ "json", "JSON whose first item is too long to tell by its head",
	    UNIT_DOCS, false, .why = "starts with a bracket", .late = true,
	    .sniff = sniff_json },
	{ "papertrail", "rows of Papertrail's archives (.tsv.gz)",
	    UNIT_LINES, true, .why = "ten columns with tabs between them",
	    .is = is_papertrail, .envelope = papertrail_parse,
	    .is_header = papertrail_is_header },
	{ "papertrail-csv", "such rows as CSV with a header row",
	    UNIT_CSVLOG, true, .why = "a header row with their ten columns",
	    .is = papertrail_is_csv_header, .envelope = papertrail_csv,
	    .is_header = papertrail_is_csv_header },
	{ "drain-text", "a syslog drain as text: TIME TOKEN source[dyno] message",
	    UNIT_LINES, true, .why = "a line of the form TIME TOKEN source[dyno]",
	    .is = draintext_is, .envelope = read_draintext },
	{ "bsd", "syslog text with times without a year (rsyslog, Papertrail)",
	    UNIT_LINES, true, .why = "a line of the form Jun  9 23:27:08 HOST "
	    "source", .is = bsdline_is, .dated = read_bsd },
	{ "heroku-text", "text of `heroku logs`",
	    UNIT_LINES, false,
	    .why = "a line of the form TIME source[dyno]: message",
	    .is = is_cli, .envelope = read_cli, .plain = envelope_cli_plain,
	    .usual = routerusual_line,
	    .bare_lines = true },
	{ "config-text", "config vars of `heroku config`, as text",
	    UNIT_CONFIG, false, .why = "lines of the form NAME=value",
	    .sniff = sniff_config, .late = true },
	{ "pg-table", "aligned tables of psql: pg:outliers, pg:calls",
	    UNIT_TABLE, false, .why = "a header with a rule under it",
	    .sniff = sniff_table, .late = true },
	{ "csv", "CSV with a header row",
	    UNIT_ROWS, false, .why = "a name in .csv, or a first line of column names",
	    .sniff = sniff_csv, .late = true },
	{ "unknown", "none of the above; lines are rejected one by one",
	    UNIT_LINES, false, .why = "no line of the first 50 has a known form",
	    .sniff = sniff_any, .late = true, .envelope = read_unknown },
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

/* The shape of which the line has the form, or NULL. */
static const struct format *
shape_of_line(sv line)
{
	struct arena scratch = ARENA_INIT;
	const struct format *found = NULL;
	sv text = plain_line(ansi_strip(line, &scratch));

	if (sv_ends(text, SV("\r")))
		text = sv_take(text, text.n - 1);
	for (size_t i = 0; i < nformats && found == NULL; i++)
		if (formats[i].is && formats[i].is(text))
			found = &formats[i];
	arena_release(&scratch);
	return found;
}

/* Of the first line that has one, and what stands before it; or NULL. */
static const struct format *
shape_by_line(sv head, const struct naming *name, sv *before)
{
	/* A cell of a .csv may hold lines: only its header counts. */
	int lines = sv_null(name->table) ? SNIFF_LINES : 1;
	const struct format *found = NULL;
	sv rest = head;

	while (found == NULL && lines > 0 && !sv_null(rest)) {
		sv line = sv_cut(&rest, '\n');

		*before = sv_of(head.p, (size_t)(line.p - head.p));
		if (sv_trim(line).n) {
			found = shape_of_line(line);
			lines--;
		}
	}
	return found;
}

/* The last shape takes all. */
static const struct format *
shape_by_head(sv head, const struct naming *name)
{
	size_t i = 0;

	while (formats[i].table ? !sniff_doc(head, &formats[i]) :
	    formats[i].sniff == NULL || !formats[i].sniff(head, name))
		i++;
	return &formats[i];
}

/* Told by all of it, whatever its lines look like. */
static bool
is_one_whole(const struct format *f)
{
	return f->unit == UNIT_DOCS || f->unit == UNIT_NONE;
}

const struct format *
format_sniff(sv head, const struct naming *name)
{
	sv before = head;
	const struct format *line = shape_by_line(head, name, &before), *doc;

	if (line && sv_trim(before).n == 0)
		return line;
	doc = shape_by_head(head, name);
	if (line == NULL || is_one_whole(doc))
		return doc;
	return line->bare_lines ||
	    shape_by_head(before, name) == &formats[nformats - 1] ? line : doc;
}

bool
format_is_settled(const struct format *f, sv head, const struct naming *name)
{
	size_t end = sv_rfind(head, SV("\n"));

	return !f->late && end < head.n &&
	    format_sniff(sv_take(head, end + 1), name) == f;
}
