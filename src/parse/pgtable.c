/* SPDX-License-Identifier: MIT */
#include "parse/pgtable.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/utc.h"

enum { LINES_BEFORE_MAX = 20 };

/* The first line of v, without its end. */
static sv
line_of(sv v)
{
	sv line = sv_take(v, sv_find_byte(v, '\n'));

	return sv_ends(line, SV("\r")) ? sv_take(line, line.n - 1) : line;
}

static bool
is_whole(sv v, bool eof)
{
	return eof || sv_find_byte(v, '\n') < v.n;
}

static sv
skip_line(sv v)
{
	return sv_skip(v, sv_find_byte(v, '\n') + 1);
}

/* What a character of a rule draws, cut off: '-', '+' where lines cross or end,
 * or 0. '|' crosses as in Markdown. */
static char
take_drawn(sv *line, bool unicode)
{
	static const sv crossings[] = {
		{ "\xe2\x94\x8c", 3 }, { "\xe2\x94\x90", 3 },
		{ "\xe2\x94\x94", 3 }, { "\xe2\x94\x98", 3 },
		{ "\xe2\x94\x9c", 3 }, { "\xe2\x94\xa4", 3 },
		{ "\xe2\x94\xac", 3 }, { "\xe2\x94\xb4", 3 },
		{ "\xe2\x94\xbc", 3 }
	};

	if (!unicode) {
		char c = sv_cut_n(line, 1).p[0];

		return c == '|' ? '+' : c == '-' || c == '+' ? c : 0;
	}
	if (sv_skip_lit(line, SV("\xe2\x94\x80")))
		return '-';
	for (size_t i = 0; i < countof(crossings); i++)
		if (sv_skip_lit(line, crossings[i]))
			return '+';
	return 0;
}

/* "-----+----", in either style, or in a box "+-----+----+". Its crossings. */
static bool
read_rule(sv line, struct pgtable *t)
{
	char c, before = 0;
	size_t column = 0;

	line = sv_trim_right(line);
	*t = (struct pgtable){ .ncolumn = 1 };
	t->unicode = sv_starts(line, SV("\xe2"));
	for (; line.n; before = c) {
		c = take_drawn(&line, t->unicode);
		if (c == 0 || (c == '+' && before == '+'))
			return false;
		if (c == '+' && before == 0) {
			t->boxed = true;
			continue;
		}
		if (c == '+' && line.n) {
			if (t->ncolumn == PGTABLE_COLUMNS_MAX)
				return false;
			t->bar[t->ncolumn++ - 1] = column;
		}
		column++;
	}
	return column && before == (t->boxed ? '+' : '-');
}

static sv
bar_of(const struct pgtable *t)
{
	return t->unicode ? SV("\xe2\x94\x82") : SV("|");
}

/* Takes the sides of the box off. */
static bool
unbox(const struct pgtable *t, sv *line)
{
	sv bar = bar_of(t);

	if (!t->boxed)
		return true;
	*line = sv_trim_right(*line);
	if (!sv_skip_lit(line, bar) || !sv_ends(*line, bar))
		return false;
	*line = sv_take(*line, line->n - bar.n);
	return true;
}

static size_t
count_bars(const struct pgtable *t, sv line)
{
	sv bar = bar_of(t);
	size_t n = 0, at;

	while ((at = sv_find(line, bar)) < line.n) {
		line = sv_skip(line, at + bar.n);
		n++;
	}
	return n;
}

/* Is this line a header, the next its rule? */
static bool
is_header(sv line, sv next, struct pgtable *t)
{
	return sv_trim(line).n && read_rule(line_of(next), t) &&
	    unbox(t, &line) && count_bars(t, line) == t->ncolumn - 1;
}

/* The top or bottom of a box; inside one no row looks so. */
static bool
is_border(const struct pgtable *t, sv line)
{
	struct pgtable found;

	return (t->ncolumn == 0 || t->boxed) && read_rule(line, &found) &&
	    found.boxed;
}

/* Do bars stand at all crossings of the rule? Their bytes. */
static bool
find_bars(const struct pgtable *t, sv line, size_t *at)
{
	size_t i = 0, column = 0;

	for (size_t byte = 0; byte < line.n && i + 1 < t->ncolumn; byte++) {
		if (((unsigned char)line.p[byte] & 0xc0) == 0x80)
			continue; /* not the first of its character */
		if (column++ != t->bar[i])
			continue;
		if (!sv_starts(sv_skip(line, byte), bar_of(t)))
			return false;
		at[i++] = byte;
	}
	return i + 1 == t->ncolumn;
}

/* The cells with their padding; false when there are too few. */
static bool
split(const struct pgtable *t, sv line, sv *cell)
{
	size_t bar[PGTABLE_COLUMNS_MAX];
	bool aligned;
	sv rest;

	if (!unbox(t, &line))
		return false;
	rest = line;
	aligned = find_bars(t, line, bar);
	for (size_t i = 0; i + 1 < t->ncolumn; i++) {
		size_t at = aligned ? bar[i] - (line.n - rest.n) :
		    sv_find(rest, bar_of(t));

		if (at == rest.n)
			return false;
		cell[i] = sv_cut_n(&rest, at);
		rest = sv_skip(rest, bar_of(t).n);
	}
	cell[t->ncolumn - 1] = rest;
	return true;
}

/* What ends a line of a cell that goes on. */
static sv
mark_of(const struct pgtable *t)
{
	return t->unicode ? SV("\xe2\x86\xb5") : SV("+");
}

static bool
any_goes_on(const sv *cell, size_t n, sv mark)
{
	for (size_t i = 0; i < n; i++)
		if (sv_ends(cell[i], mark))
			return true;
	return false;
}

/* Has this line nothing but cells that the line before, where some go on,
 * announced? */
static bool
continues(const sv *before, const sv *cell, size_t n, sv mark)
{
	for (size_t i = 0; i < n; i++)
		if (!sv_ends(before[i], mark) && sv_trim(cell[i]).n)
			return false;
	return true;
}

/* A line of a cell without its mark, which may be empty, and padding. Text that
 * goes on keeps what indents it, behind the one blank of the padding. */
static sv
inner(sv cell, sv mark, bool first)
{
	cell = sv_take(cell, cell.n - mark.n);
	if (first)
		return sv_trim(cell);
	sv_skip_lit(&cell, SV(" "));
	return sv_trim_right(cell);
}

/* One row that is being joined. */
struct joined {
	size_t n; /* columns */
	sv mark;
	sv *cell; /* lines of all columns, one after the other */
	size_t lines, cap;
};

static void
add_line(struct arena *a, struct joined *j, const sv *cell)
{
	if (j->lines == j->cap) {
		sv *old = j->cell;

		j->cap = j->cap ? j->cap * 2 : 1;
		j->cell = arena_array(a, j->cap * j->n, sizeof(*old));
		if (j->lines)
			memcpy(j->cell, old, j->lines * j->n * sizeof(*old));
	}
	memcpy(j->cell + j->lines++ * j->n, cell, j->n * sizeof(*cell));
}

/* Lines i.. of a column as long as they go on. */
static sv
join_cell(struct arena *a, const struct joined *j, size_t column)
{
	size_t room = 0, n = 0, last = 0;
	char *p;

	while (last + 1 < j->lines &&
	    sv_ends(j->cell[last * j->n + column], j->mark))
		room += j->cell[last++ * j->n + column].n;
	if (last == 0)
		return inner(j->cell[column], SV(""), true);
	room += j->cell[last * j->n + column].n;
	p = arena_alloc(a, room);
	for (size_t i = 0; i <= last; i++) {
		sv part = inner(j->cell[i * j->n + column],
		    i < last ? j->mark : SV(""), i == 0);

		if (part.n)
			memcpy(p + n, part.p, part.n);
		n += part.n;
		if (i < last)
			p[n++] = '\n';
	}
	return sv_of(p, n);
}

/* A row and the lines that go on with it. */
static enum pgtable_result
read_row(const struct pgtable *t, sv *rest, bool eof, struct arena *a,
    struct pgtable_row *out)
{
	sv cell[PGTABLE_COLUMNS_MAX], next[PGTABLE_COLUMNS_MAX];
	struct joined j = { t->ncolumn, mark_of(t), NULL, 0, 0 };
	size_t size = t->ncolumn * sizeof(*cell);
	sv after = skip_line(*rest);

	if (!split(t, line_of(*rest), cell))
		return PGTABLE_BAD;
	add_line(a, &j, cell);
	while (any_goes_on(cell, t->ncolumn, j.mark)) {
		if (!is_whole(after, eof))
			return PGTABLE_MORE;
		if (after.n == 0 || !split(t, line_of(after), next) ||
		    !continues(cell, next, t->ncolumn, j.mark))
			break;
		memcpy(cell, next, size);
		add_line(a, &j, cell);
		after = skip_line(after);
	}
	out->cell = arena_array(a, t->ncolumn, sizeof(*cell));
	out->ncell = t->ncolumn;
	for (size_t i = 0; i < t->ncolumn; i++)
		out->cell[i] = join_cell(a, &j, i);
	*rest = after;
	return PGTABLE_ROW;
}

/* "(10 rows)" */
static bool
is_foot(sv line)
{
	uint64_t n;

	line = sv_trim(line);
	if (!sv_skip_lit(&line, SV("(")))
		return false;
	return sv_to_u64(sv_cut(&line, ' '), &n) &&
	    (sv_is(line, "rows)") || sv_is(line, "row)"));
}

static enum pgtable_result
read_header(const struct pgtable *t, sv line, struct arena *a,
    struct pgtable_row *out)
{
	out->ncell = t->ncolumn;
	out->cell = arena_array(a, t->ncolumn, sizeof(*out->cell));
	unbox(t, &line);
	for (size_t i = 0; i < t->ncolumn; i++) {
		out->cell[i] = sv_trim(sv_cut_n(&line,
		    sv_find(line, bar_of(t))));
		line = sv_skip(line, bar_of(t).n);
	}
	return PGTABLE_HEADER;
}

static enum pgtable_result
read_item(struct pgtable *t, sv *rest, bool eof, struct arena *a,
    struct pgtable_row *out)
{
	sv line = line_of(*rest), next = skip_line(*rest);
	struct pgtable found;

	if (!is_whole(*rest, eof))
		return PGTABLE_MORE;
	if (line.n == 0 || (sv_trim(line).n == 0 && t->ncolumn != 1)) {
		*rest = next;
		return PGTABLE_BLANK;
	}
	if (is_border(t, line)) {
		*rest = next;
		t->ncolumn = 0;
		return PGTABLE_BLANK;
	}
	if (is_foot(line)) {
		*rest = next;
		t->ncolumn = 0;
		return PGTABLE_FOOT;
	}
	if (!is_whole(next, eof))
		return PGTABLE_MORE;
	/* The last row of a box has a rule under it as well. */
	if (!(t->ncolumn && t->boxed) && is_header(line, next, &found)) {
		*t = found;
		*rest = skip_line(next);
		return read_header(t, line, a, out);
	}
	if (t->ncolumn) {
		enum pgtable_result res = read_row(t, rest, eof, a, out);

		if (res != PGTABLE_BAD)
			return res;
	}
	*rest = next;
	return PGTABLE_BAD;
}

enum pgtable_result
pgtable_next(struct pgtable *t, sv *rest, bool eof, struct arena *a,
    struct pgtable_row *out)
{
	struct arena_mark mark = arena_mark(a);
	enum pgtable_result res;
	sv at = *rest;

	*out = (struct pgtable_row){ NULL, 0, SV_NULL, 0 };
	if (rest->n == 0)
		return eof ? PGTABLE_END : PGTABLE_MORE;
	res = read_item(t, &at, eof, a, out);
	if (res == PGTABLE_MORE) {
		arena_rewind(a, mark);
		return res;
	}
	out->raw = sv_cut_n(rest, rest->n - at.n);
	out->lines = sv_count_lines(out->raw);
	return res;
}

bool
pgtable_is(sv head)
{
	struct pgtable t;

	for (int i = 0; i < LINES_BEFORE_MAX && head.n; i++) {
		sv next = skip_line(head);

		if (is_header(line_of(head), next, &t) && t.ncolumn > 1)
			return true;
		head = next;
	}
	return false;
}

/* At least two digits up to `end`. */
static bool
take_number(sv *v, char end, int64_t *n)
{
	sv digits = sv_cut(v, end);

	for (size_t i = 0; i < digits.n; i++)
		if (!is_digit(digits.p[i]))
			return false;
	return digits.n >= 2 && sv_to_i64(digits, n);
}

/* "00:03:21.123456" */
static bool
read_clock(sv v, int64_t *us)
{
	int64_t hour, minute, second, micro = 0, unit = UTC_SECOND;
	sv whole;

	if (!take_number(&v, ':', &hour) || sv_null(v) ||
	    !take_number(&v, ':', &minute) || sv_null(v))
		return false;
	whole = sv_cut(&v, '.');
	if (!take_number(&whole, '.', &second) || minute > 59 || second > 59 ||
	    hour > INT64_MAX / UTC_HOUR / 4 || v.n > 6 ||
	    (v.n == 0 && !sv_null(v)))
		return false;
	for (size_t i = 0; i < v.n; i++) {
		if (!is_digit(v.p[i]))
			return false;
		unit /= 10;
		micro += (v.p[i] - '0') * unit;
	}
	*us = hour * UTC_HOUR + minute * UTC_MINUTE + second * UTC_SECOND +
	    micro;
	return true;
}

bool
pgtable_interval(sv v, int64_t *us)
{
	int64_t days = 0, clock = 0;
	size_t at = sv_find(v, SV(" day"));
	bool minus, dated = at < v.n;

	if (dated) {
		if (!sv_to_i64(sv_take(v, at), &days) ||
		    days > INT64_MAX / UTC_DAY / 4 ||
		    days < INT64_MIN / UTC_DAY / 4)
			return false;
		v = sv_skip(v, at + 4);
		sv_skip_lit(&v, SV("s"));
		if (v.n && !sv_skip_lit(&v, SV(" ")))
			return false;
	}
	minus = sv_skip_lit(&v, SV("-"));
	if (dated && !minus)
		sv_skip_lit(&v, SV("+"));
	if ((v.n || minus || !dated) && !read_clock(v, &clock))
		return false;
	*us = days * UTC_DAY + (minus ? -clock : clock);
	return true;
}

bool
pgtable_count(sv v, int64_t *n)
{
	char digits[20] = { 0 };
	size_t len = 0;
	bool group = sv_find_byte(v, ',') < v.n;
	sv rest = v;

	for (bool first = true; !sv_null(rest); first = false) {
		sv part = sv_cut(&rest, ',');

		if (part.n == 0 || (group && part.n > 3) ||
		    (!first && part.n != 3) || part.n > sizeof(digits) - len)
			return false;
		memcpy(digits + len, part.p, part.n);
		len += part.n;
	}
	return is_digit(digits[0]) && sv_to_i64(sv_of(digits, len), n);
}
