/* SPDX-License-Identifier: MIT */
/* intakerow.c: rows of CSV dumps, of intake.h. */
#include "parse/csv.h"
#include "record/dump.h"
#include "record/intake.h"

static bool
take_row(struct intake *in, const struct dump *d, const struct csv_row *row,
    uint64_t at)
{
	struct bad_line bad;
	struct rec rec;
	bool odd;

	in->src->read++;
	if (!dump_row(d, row, &in->scratch, &rec, &odd, &bad))
		return intake_refuse(in, &bad, row->raw, in->line, at, row->raw.n);
	if (odd)
		rec.notes |= NOTE_BIT(NOTE_BAD_NUMBER);
	return intake_keep(in, &rec, in->line, at);
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

	if (got == CSV_ROW)
		return take_row(in, d, row, at);
	in->src->read++;
	if (got == CSV_BLANK) {
		in->src->blank++;
		return true;
	}
	return intake_refuse(in, got == CSV_OPEN_QUOTE ? &open_quote :
	    &bad_quote, row->raw, in->line, at, row->raw.n);
}

/* Twice the bytes, or up to the limit or the end: each time the row is read
 * from its start. */
static bool
more_for_row(struct intake *in)
{
	size_t want = feed_view(&in->feed).n * 2;

	do
		if (!intake_more(in))
			return false;
	while (!in->feed.eof && feed_view(&in->feed).n < want &&
	    feed_view(&in->feed).n < FEED_LINE_MAX);
	return true;
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
		*ok = more_for_row(in);
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
	return sv_null(in->g->table) ? in->naming.table : in->g->table;
}

static bool
read_header(struct intake *in, struct dump *d, char *delim, bool *empty)
{
	struct csv_row header;
	enum csv_result got;
	size_t used;
	bool ok = true;
	sv view;

	while (view = feed_view(&in->feed), !in->feed.eof &&
	    view.n < FEED_LINE_MAX && sv_find_byte(view, '\n') == view.n)
		if (!more_for_row(in))
			return false;
	*delim = in->g->delim ? in->g->delim :
	    csv_delim(sv_take(view, sv_find_byte(view, '\n')));
	got = next_row(in, *delim, &header, &used, &ok);
	*empty = got == CSV_END;
	if (!ok || *empty)
		return ok;
	if (got != CSV_ROW || used == FEED_LINE_MAX)
		return err_set(in->e, ST_FAIL,
		    "csv-header: the first line is no list of column names");
	ok = dump_open(d, in->perm, stated_table(in), &header,
	    &in->g->normal->redact, in->e);
	d->null_text = in->g->null_text;
	in->line += header.lines;
	feed_consume(&in->feed, used);
	in->dump = d;
	return ok;
}

bool
intake_rows(struct intake *in)
{
	struct dump *d = arena_new(in->perm, struct dump);
	bool ok = true, empty;
	char delim;

	if (!read_header(in, d, &delim, &empty))
		return false;
	in->src->dump = empty ? stated_table(in) : d->table;
	if (!intake_begin(in))
		return false;
	while (ok && !empty) {
		struct arena_mark mark = arena_mark(&in->scratch);
		uint64_t at = in->feed.offset;
		struct csv_row row;
		enum csv_result got;
		size_t used;

		got = next_row(in, delim, &row, &used, &ok);
		if (!ok || got == CSV_END)
			return ok;
		if (!take_cut_row(in, &row, used, at, &ok)) {
			in->line++;
			ok = take_csv(in, d, got, &row, at);
			in->line += row.lines ? row.lines - 1 : 0;
			feed_consume(&in->feed, used);
		}
		arena_rewind(&in->scratch, mark);
	}
	return ok;
}
