/* SPDX-License-Identifier: MIT */
#include "parse/csv.h"

#include "base/attr.h"

/* A row being read. Cells grow in the arena; most rows fit the first piece. */
struct reader {
	sv rest;
	char delim;
	bool eof;
	struct arena *a;
	struct csv_row *row;
	size_t cap;
};

enum { CELLS_MIN = 32 };

static struct csv_cell *
add_cell(struct reader *rd)
{
	struct csv_row *row = rd->row;

	if (row->ncell == rd->cap) {
		struct csv_cell *old = row->cell;

		rd->cap = rd->cap ? rd->cap * 2 : CELLS_MIN;
		row->cell = arena_array(rd->a, rd->cap, sizeof(*old));
		if (row->ncell)
			memcpy(row->cell, old, row->ncell * sizeof(*old));
	}
	return &row->cell[row->ncell++];
}

/* Length of the row end that v starts with, 0 if it is none. The end of the
 * text is not meant here. */
static size_t
line_end(sv v)
{
	if (v.n && v.p[0] == '\n')
		return 1;
	return v.n > 1 && v.p[0] == '\r' && v.p[1] == '\n' ? 2 : 0;
}

/* May v, up to the end of the text, be (the start of) a row end? */
static bool
only_cr(sv v)
{
	return v.n == 0 || (v.n == 1 && v.p[0] == '\r');
}

static sv
undouble(struct arena *a, sv v)
{
	char *p = arena_alloc(a, v.n);
	size_t n = 0;

	for (size_t i = 0; i < v.n; i++) {
		p[n++] = v.p[i];
		i += v.p[i] == '"'; /* its twin follows */
	}
	return sv_of(p, n);
}

/* A cell whose opening quote is the first byte; rest then starts behind the
 * closing quote. False when the text ends before that. */
static bool
read_quoted(struct reader *rd, struct csv_cell *cell)
{
	sv inner = sv_skip(rd->rest, 1);
	size_t i = 0;
	bool doubled = false;

	for (;;) {
		i += sv_find_byte(sv_skip(inner, i), '"');
		if (i == inner.n)
			return false;
		if (i + 1 == inner.n || inner.p[i + 1] != '"')
			break;
		doubled = true;
		i += 2;
	}
	cell->quoted = true;
	cell->text = sv_take(inner, i);
	if (doubled)
		cell->text = undouble(rd->a, cell->text);
	rd->rest = sv_skip(inner, i + 1);
	return true;
}

static void
read_plain(struct reader *rd, struct csv_cell *cell)
{
	sv r = rd->rest;
	size_t n = 0;

	while (n < r.n && r.p[n] != rd->delim && r.p[n] != '\n')
		n++;
	/* A CR right before the LF, or before the end, is part of the end. */
	if (n && r.p[n - 1] == '\r' && (n == r.n || r.p[n] == '\n'))
		n--;
	cell->quoted = false;
	cell->text = sv_cut_n(&rd->rest, n);
}

static enum csv_result
read_cells(struct reader *rd)
{
	for (;;) {
		struct csv_cell *cell = add_cell(rd);
		size_t end;

		if (!sv_starts(rd->rest, SV("\"")))
			read_plain(rd, cell);
		else if (!read_quoted(rd, cell))
			return rd->eof ? CSV_OPEN_QUOTE : CSV_MORE;
		if (only_cr(rd->rest) && !rd->eof)
			return CSV_MORE;
		end = only_cr(rd->rest) ? rd->rest.n : line_end(rd->rest);
		if (end || rd->rest.n == 0) {
			rd->rest = sv_skip(rd->rest, end);
			return CSV_ROW;
		}
		if (rd->rest.p[0] != rd->delim)
			return CSV_BAD_QUOTE;
		rd->rest = sv_skip(rd->rest, 1);
	}
}

static size_t
count_lines(sv raw)
{
	size_t n = raw.n && raw.p[raw.n - 1] != '\n';

	while (raw.n) {
		size_t at = sv_find_byte(raw, '\n');

		n += at < raw.n;
		raw = sv_skip(raw, at + 1);
	}
	return n;
}

/* Cuts off the first line alone: what follows it is read as if the quote had
 * not been there. */
static enum csv_result
give_up(sv *rest, bool eof, struct csv_row *row, enum csv_result why)
{
	size_t at = sv_find_byte(*rest, '\n');

	if (at == rest->n && !eof)
		return CSV_MORE;
	row->raw = sv_cut_n(rest, at + 1);
	row->lines = 1;
	return why;
}

/* The end of data as COPY TO STDOUT of PostgreSQL up to 17 marks it: "\."
 * alone, the last row. PostgreSQL quotes a cell that reads so. */
static bool
is_end_mark(sv v)
{
	return sv_skip_lit(&v, SV("\\.")) &&
	    (only_cr(v) || line_end(v) == v.n);
}

enum csv_result
csv_next(sv *rest, char delim, bool eof, struct arena *a, struct csv_row *row)
{
	struct arena_mark mark = arena_mark(a);
	struct reader rd = { *rest, delim, eof, a, row, 0 };
	enum csv_result res;

	*row = (struct csv_row){ NULL, 0, SV_NULL, 0 };
	if (rest->n == 0)
		return eof ? CSV_END : CSV_MORE;
	if (line_end(*rest) || (eof && only_cr(*rest)))
		return give_up(rest, eof, row, CSV_BLANK);
	if (is_end_mark(*rest))
		return eof ? give_up(rest, eof, row, CSV_BLANK) : CSV_MORE;
	res = read_cells(&rd);
	if (res == CSV_ROW) {
		row->raw = sv_cut_n(rest, rest->n - rd.rest.n);
		row->lines = count_lines(row->raw);
		return res;
	}
	arena_rewind(a, mark);
	*row = (struct csv_row){ NULL, 0, SV_NULL, 0 };
	return res == CSV_MORE ? res : give_up(rest, eof, row, res);
}

/* Cells of the first line when c separates them. */
static size_t
count_cells(sv header, char c)
{
	bool quoted = false;
	size_t n = 1;

	for (size_t i = 0; i < header.n; i++) {
		quoted ^= header.p[i] == '"';
		if (!quoted && header.p[i] == '\n')
			break;
		n += !quoted && header.p[i] == c;
	}
	return n;
}

char
csv_delim(sv header)
{
	static const char choice[] = { ',', ';', '\t' };
	size_t most = 0;
	char best = ',';

	for (size_t i = 0; i < countof(choice); i++) {
		size_t n = count_cells(header, choice[i]);

		if (n > most) {
			most = n;
			best = choice[i];
		}
	}
	/* A name such as "a|b" is text where the header has another one. */
	return most == 1 && count_cells(header, '|') > 1 ? '|' : best;
}
