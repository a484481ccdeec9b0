/* SPDX-License-Identifier: MIT */
/* intakerow.c: rows of CSV dumps, of intake.h. */
#include "parse/csv.h"
#include "parse/pgtable.h"
#include "record/dump.h"
#include "record/intake.h"

/* What writes dumps ends every row, the last one too. One that does not end may
 * be broken off inside its last cell, and rows behind it with it. */
static void
tell_cut(struct intake *in, sv raw, bool open)
{
	if (in->feed.eof && raw.n == feed_view(&in->feed).n &&
	    (open || !sv_ends(raw, SV("\n"))))
		in->src->damaged = SV("row-cut: the last row has no line end");
}

static bool
take_row(struct intake *in, const struct dump *d, const struct csv_row *row,
    uint64_t at)
{
	struct bad_line bad;
	struct rec rec;

	in->src->read++;
	tell_cut(in, row->raw, false);
	if (dump_row(d, row, &in->scratch, &rec, &bad))
		return intake_keep(in, &rec, in->line, at);
	return intake_refuse(in, &bad, row->raw, in->line, at, row->raw.n);
}

/* What csv_next found, but for CSV_MORE and CSV_END. */
static bool
take_csv(struct intake *in, const struct dump *d, enum csv_result got,
    const struct csv_row *row, uint64_t at)
{
	static const struct bad_line open_quote = { "csv-open-quote",
	    "a quote of this row is never closed", 0 };
	static const struct bad_line bad_quote = { "csv-quote",
	    "bytes behind a closing quote", 0 };

	in->line++;
	if (got == CSV_ROW)
		return take_row(in, d, row, at);
	in->src->read++;
	if (got == CSV_BLANK) {
		in->src->blank++;
		return true;
	}
	tell_cut(in, row->raw, got == CSV_OPEN_QUOTE);
	return intake_refuse(in, got == CSV_OPEN_QUOTE ? &open_quote :
	    &bad_quote, row->raw, in->line, at, row->raw.n);
}

/* The next row, with as many bytes as it needs, at most FEED_LINE_MAX: a quote
 * that is never closed must not take in all that follows. */
static enum csv_result
next_row(struct intake *in, char delim, struct csv_row *row, size_t *used,
    bool *ok)
{
	for (;;) {
		sv view = sv_take(feed_view(&in->feed), FEED_LINE_MAX), rest = view;
		enum csv_result got = csv_next(&rest, delim, in->feed.eof ||
		    view.n == FEED_LINE_MAX, &in->scratch, row);

		*used = view.n - rest.n;
		if (got != CSV_MORE)
			return got;
		*ok = intake_double(in);
		if (!*ok)
			return CSV_END;
	}
}

/* Is it a row that is cut: at the limit of its length, or by a damage? */
static bool
take_cut_row(struct intake *in, const struct csv_row *row, size_t used,
    uint64_t at, bool *ok)
{
	if (used == FEED_LINE_MAX && !sv_ends(row->raw, SV("\n"))) {
		*ok = intake_long(in, sv_take(row->raw, FEED_LONG_HEAD), at);
		return true;
	}
	if (!intake_is_stump(in, row->raw))
		return false;
	*ok = intake_stump(in, row->raw, at);
	feed_consume(&in->feed, used);
	return true;
}

/* The table's name as the option or the file's name gives it, or null. */
static sv
stated_table(const struct intake *in)
{
	return intake_name(in, sv_null(in->g->table) ? in->naming.table :
	    in->g->table);
}

static bool
bad_header(struct intake *in, const char *why)
{
	return err_set(in->e, ST_FAIL, "%.*s: %s", SV_ARG(in->src->name), why);
}

static bool
read_header(struct intake *in, struct dump *d, char *delim, bool *empty)
{
	struct err bad = ERR_INIT;
	struct csv_row header;
	enum csv_result got;
	size_t used;
	bool ok = true;
	sv view;

	while (view = feed_view(&in->feed), !in->feed.eof &&
	    view.n < FEED_LINE_MAX && sv_find_byte(view, '\n') == view.n)
		if (!intake_double(in))
			return false;
	*delim = in->g->delim ? in->g->delim :
	    csv_delim(sv_take(view, sv_find_byte(view, '\n')));
	got = next_row(in, *delim, &header, &used, &ok);
	*empty = got == CSV_END;
	if (!ok || *empty)
		return ok;
	if (got != CSV_ROW || used == FEED_LINE_MAX)
		return bad_header(in,
		    "csv-header: the first line is no list of column names");
	ok = (dump_is_header(&header, &bad) &&
	    dump_open(d, in->perm, stated_table(in), &header,
	    &in->g->normal->redact, &bad)) || bad_header(in, bad.msg);
	d->null_text = in->g->null_text;
	tell_cut(in, header.raw, false);
	in->line += header.lines;
	feed_consume(&in->feed, used);
	in->dump = d;
	return ok;
}

/* Of a dump, or without one of a log. */
static bool
each_row(struct intake *in, const struct dump *d, char delim)
{
	bool ok = true;

	while (ok) {
		struct arena_mark mark = arena_mark(&in->scratch);
		uint64_t at = in->feed.offset;
		struct csv_row row;
		enum csv_result got;
		size_t used;

		got = next_row(in, delim, &row, &used, &ok);
		if (!ok || got == CSV_END)
			return ok;
		if (!take_cut_row(in, &row, used, at, &ok)) {
			ok = d ? take_csv(in, d, got, &row, at) :
			    intake_unit(in, row.raw, at);
			in->line += row.lines ? row.lines - 1 : 0;
			feed_consume(&in->feed, used);
		}
		arena_rewind(&in->scratch, mark);
	}
	return ok;
}

bool
intake_rows(struct intake *in)
{
	struct dump *d = arena_new(in->perm, struct dump);
	bool empty;
	char delim;

	if (!read_header(in, d, &delim, &empty))
		return false;
	in->src->dump = empty ? stated_table(in) : d->table;
	return intake_begin(in) && (empty || each_row(in, d, delim));
}

bool
intake_logrows(struct intake *in)
{
	return each_row(in, NULL, ',');
}

/* An aligned table of psql: its rows are those of a dump. */
struct table {
	struct dump *dump;
	struct pgtable reader;
	bool headed;
};

static void
as_csv(const struct pgtable_row *in, struct arena *a, struct csv_row *out)
{
	*out = (struct csv_row){ arena_array(a, in->ncell, sizeof(*out->cell)),
	    in->ncell, in->raw, in->lines };
	for (size_t i = 0; i < in->ncell; i++)
		out->cell[i] = (struct csv_cell){ in->cell[i], false };
}

static sv
table_name(const struct intake *in)
{
	sv stated = stated_table(in);

	return sv_null(stated) ? SV("pg_table") : stated;
}

/* The first header opens the dump; a later one must be the same. */
static bool
take_head(struct intake *in, struct table *t, const struct csv_row *row)
{
	struct err bad = ERR_INIT;

	in->src->read++;
	in->src->blank++;
	if (t->headed)
		return true;
	t->headed = true;
	if (!dump_open(t->dump, in->perm, table_name(in), row,
	    &in->g->normal->redact, &bad))
		return bad_header(in, bad.msg);
	in->dump = t->dump;
	in->src->dump = t->dump->table;
	return intake_begin(in);
}

static bool
refuse_text(struct intake *in, const struct pgtable_row *row, uint64_t at)
{
	static const struct bad_line bad = { "no-row",
	    "expected a row of the table", 0 };

	in->src->read++;
	return intake_refuse(in, &bad, row->raw, in->line, at, row->raw.n);
}

static bool
take_table(struct intake *in, struct table *t, enum pgtable_result got,
    const struct pgtable_row *row, uint64_t at)
{
	struct csv_row cells;

	in->line++;
	if (got == PGTABLE_HEADER || got == PGTABLE_ROW)
		as_csv(row, &in->scratch, &cells);
	if (got == PGTABLE_HEADER)
		return take_head(in, t, &cells);
	if (got == PGTABLE_ROW)
		return take_row(in, t->dump, &cells, at);
	if (got == PGTABLE_BAD && t->headed)
		return refuse_text(in, row, at);
	/* a foot, a blank line, or what stands before the table */
	in->src->read++;
	in->src->blank++;
	in->src->note[NOTE_TOOL_LINES] += got == PGTABLE_BAD;
	return true;
}

/* What stands before the table may be long too. */
static bool
take_long(struct intake *in, const struct table *t, sv view)
{
	struct feed_skipped skipped;

	if (t->headed)
		return intake_long_unit(in, view, in->feed.offset);
	in->line++;
	in->src->read++;
	in->src->blank++;
	in->src->note[NOTE_TOOL_LINES]++;
	return feed_skip_line(&in->feed, &skipped, in->e) != FEED_FAILED;
}

/* The next item of the view, which holds at most FEED_LINE_MAX bytes; *whole:
 * it ends in there. Where the next line decides and is not whole either, enough
 * of it must be there to tell. */
static enum pgtable_result
next_of_table(struct intake *in, struct table *t, sv *view,
    struct pgtable_row *row, bool *whole)
{
	bool eof = in->feed.eof && view->n == feed_view(&in->feed).n;
	struct pgtable before = t->reader;
	enum pgtable_result got;

	got = pgtable_next(&t->reader, view, eof, &in->scratch, row);
	*whole = true;
	if (got != PGTABLE_MORE || view->n < FEED_LINE_MAX)
		return got;
	got = pgtable_next(&t->reader, view, true, &in->scratch, row);
	*whole = view->n > FEED_LINE_MAX / 2;
	if (!*whole)
		t->reader = before;
	return got;
}

bool
intake_table(struct intake *in)
{
	struct table t = { .dump = arena_new(in->perm, struct dump),
		.reader = PGTABLE_INIT };

	for (;;) {
		struct arena_mark mark = arena_mark(&in->scratch);
		sv view = sv_take(feed_view(&in->feed), FEED_LINE_MAX);
		sv rest = view;
		uint64_t at = in->feed.offset;
		struct pgtable_row row;
		enum pgtable_result got;
		bool ok, whole;

		got = next_of_table(in, &t, &rest, &row, &whole);
		if (got == PGTABLE_END)
			return t.headed || intake_begin(in);
		if (!whole) {
			ok = take_long(in, &t, view);
		} else if (got == PGTABLE_MORE) {
			ok = intake_double(in);
		} else {
			ok = take_table(in, &t, got, &row, at);
			in->line += row.lines ? row.lines - 1 : 0;
			feed_consume(&in->feed, view.n - rest.n);
		}
		arena_rewind(&in->scratch, mark);
		if (!ok)
			return false;
	}
}
