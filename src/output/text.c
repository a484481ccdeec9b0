/* SPDX-License-Identifier: MIT */
#include "output/text.h"

#include <assert.h>

#include "base/attr.h"
#include "output/escape.h"
#include "output/page.h"

enum {
	COLUMNS_MAX = 12,
	GAP = 2,        /* between columns */
	COLUMN_MIN = 4, /* no column is squeezed below this */
	WORD_MAX = 20,  /* a word up to this long is not cut if it can be */
	LABEL_MAX = 20  /* of a field */
};

static const char *const tone_on[] = {
	[TONE_PLAIN] = "",
	[TONE_GOOD] = "\033[32m",
	[TONE_WARN] = "\033[33m",
	[TONE_BAD] = "\033[1;31m",
};
_Static_assert(countof(tone_on) == TONE_N, "a colour per tone");

static void
put_many(struct buf *b, char c, size_t n)
{
	while (n--)
		buf_byte(b, c);
}

static void
trim_line(struct buf *b)
{
	while (b->n && b->p[b->n - 1] == ' ')
		b->n--;
}

static void
put_toned(struct buf *b, sv shown, enum tone tone, const struct look *look)
{
	bool colour = look->colour && tone != TONE_PLAIN && shown.n;

	if (colour)
		buf_str(b, tone_on[tone]);
	buf_add(b, shown);
	if (colour)
		buf_lit(b, "\033[0m");
}

/* Bytes of v that fit in `width` columns; at least one character. */
static size_t
fitting(sv v, size_t width)
{
	size_t n = 0, columns = 0;

	while (n < v.n) {
		sv rest = sv_skip(v, n);
		size_t len = escape_char(rest);

		columns += escape_width(sv_take(rest, len));
		if (columns > width && n)
			break;
		n += len;
	}
	return n;
}

/* Cuts the next line of at most `width` columns off *rest, at a blank if there
 * is one; a longer word is cut where it must. */
static sv
wrap(sv *rest, size_t width)
{
	sv v = sv_trim_left(*rest);
	size_t n = fitting(v, width);
	sv line;

	/* Without a blank sv_rfind gives n itself. */
	if (n < v.n && v.p[n] != ' ')
		n = sv_rfind(sv_take(v, n), SV(" "));
	line = sv_take(v, n);
	*rest = sv_trim_left(sv_skip(v, n));
	return sv_trim_right(line);
}

/* One line of a row: each column takes what it holds of its cell. */
struct line {
	const struct look *look;
	const struct column *col; /* NULL: all left */
	size_t ncols;
	size_t width[COLUMNS_MAX];
	size_t least[COLUMNS_MAX]; /* width that cuts no word */
};

static bool
put_row_line(struct buf *b, const struct line *l, sv *rest,
    const struct cell *cell)
{
	bool more = false;

	for (size_t i = 0; i < l->ncols; i++) {
		sv part = wrap(&rest[i], l->width[i]);
		size_t used = escape_width(part);
		size_t pad = used < l->width[i] ? l->width[i] - used : 0;
		bool right = l->col && l->col[i].right;

		put_many(b, ' ', right ? pad : 0);
		put_toned(b, part, cell[i].tone, l->look);
		put_many(b, ' ', (right ? 0 : pad) + GAP);
		more = more || rest[i].n;
	}
	trim_line(b);
	buf_byte(b, '\n');
	return more;
}

static void
put_row(struct buf *b, const struct line *l, const struct cell *cell)
{
	struct buf shown[COLUMNS_MAX];
	sv rest[COLUMNS_MAX];

	for (size_t i = 0; i < l->ncols; i++) {
		shown[i] = (struct buf)BUF_INIT;
		escape_text(&shown[i], cell[i].text);
		rest[i] = buf_sv(&shown[i]);
	}
	while (put_row_line(b, l, rest, cell))
		;
	for (size_t i = 0; i < l->ncols; i++)
		buf_release(&shown[i]);
}

/* Width of a cell; *word is raised to the width of its longest word. */
static size_t
cell_width(struct buf *tmp, sv text, size_t *word)
{
	sv rest;

	buf_clear(tmp);
	escape_text(tmp, text);
	rest = buf_sv(tmp);
	while (rest.n) {
		size_t w = escape_width(sv_word(&rest));

		*word = w > *word ? w : *word;
	}
	return escape_width(buf_sv(tmp));
}

static void
widen(struct line *l, size_t i, struct buf *tmp, sv text)
{
	size_t w = cell_width(tmp, text, &l->least[i]);

	l->width[i] = w > l->width[i] ? w : l->width[i];
}

static void
natural_widths(const struct block *t, struct line *l)
{
	struct buf tmp = BUF_INIT;

	for (size_t i = 0; i < t->ncols; i++) {
		if (t->col)
			widen(l, i, &tmp, sv_str(t->col[i].name));
		for (const struct row *r = t->row; r; r = r->next)
			widen(l, i, &tmp, r->cell[i].text);
		if (l->least[i] > WORD_MAX)
			l->least[i] = WORD_MAX;
	}
	buf_release(&tmp);
}

/* The widest column that can still give a column away, or ncols. */
static size_t
widest(const struct line *l, bool cut_words)
{
	size_t best = l->ncols;

	for (size_t i = 0; i < l->ncols; i++) {
		size_t least = cut_words ? COLUMN_MIN : l->least[i];

		if (l->width[i] > least &&
		    (best == l->ncols || l->width[i] >= l->width[best]))
			best = i;
	}
	return best;
}

/* The widest columns give way first, so that short ones stay whole. */
static void
fit_widths(struct line *l, size_t width)
{
	size_t sum = GAP * (l->ncols - 1);

	for (size_t i = 0; i < l->ncols; i++)
		sum += l->width[i];
	for (; sum > width; sum--) {
		size_t i = widest(l, false);

		if (i == l->ncols)
			i = widest(l, true);
		if (i == l->ncols)
			return;
		l->width[i]--;
	}
}

static void
put_columns(struct buf *b, const struct line *l)
{
	struct cell name[COLUMNS_MAX] = { { SV_NULL, TONE_PLAIN, false } };

	for (size_t i = 0; i < l->ncols; i++)
		name[i].text = sv_str(l->col[i].name);
	put_row(b, l, name);
	for (size_t i = 0; i < l->ncols; i++) {
		put_many(b, '-', l->width[i]);
		put_many(b, ' ', i + 1 < l->ncols ? GAP : 0);
	}
	buf_byte(b, '\n');
}

static void
put_table(struct buf *b, const struct block *t, const struct look *look)
{
	struct line l = { .look = look, .col = t->col, .ncols = t->ncols };

	assert(t->ncols >= 1 && t->ncols <= COLUMNS_MAX);
	natural_widths(t, &l);
	fit_widths(&l, look->width);
	put_columns(b, &l);
	for (const struct row *r = t->row; r; r = r->next)
		put_row(b, &l, r->cell);
}

static void
put_fields(struct buf *b, const struct block *f, const struct look *look)
{
	struct line l = { .look = look, .ncols = 2 };

	natural_widths(f, &l);
	if (l.width[0] > LABEL_MAX)
		l.width[0] = LABEL_MAX;
	l.width[1] = look->width > l.width[0] + GAP + COLUMN_MIN ?
	    look->width - l.width[0] - GAP : COLUMN_MIN;
	for (const struct row *r = f->row; r; r = r->next)
		put_row(b, &l, r->cell);
}

/* A heading and its underline, or a paragraph without. */
static void
put_words(struct buf *b, const struct cell *c, char underline,
    const struct look *look)
{
	struct line l = { .look = look, .ncols = 1, .width = { look->width } };
	struct buf tmp = BUF_INIT;
	size_t word = 0, width = cell_width(&tmp, c->text, &word);

	put_row(b, &l, c);
	if (underline) {
		put_many(b, underline, width < look->width ? width : look->width);
		buf_byte(b, '\n');
	}
	buf_release(&tmp);
}

static void
put_block(struct buf *b, const struct block *block, const struct look *look)
{
	switch (block->kind) {
	case BLOCK_TITLE:
		put_words(b, block->row->cell, '=', look);
		break;
	case BLOCK_SECTION:
		put_words(b, block->row->cell, '-', look);
		break;
	case BLOCK_ITEM:
	case BLOCK_PARA:
		put_words(b, block->row->cell, 0, look);
		break;
	case BLOCK_FIELDS:
		put_fields(b, block, look);
		break;
	case BLOCK_TABLE:
		put_table(b, block, look);
		break;
	case BLOCK_KIND_N:
		break;
	}
}

/* What belongs to a heading follows it without a blank line. */
static bool
needs_gap(const struct block *before)
{
	return before && before->kind != BLOCK_SECTION &&
	    before->kind != BLOCK_ITEM;
}

void
text_render(struct buf *b, const struct page *p, const struct look *look)
{
	const struct block *before = NULL;

	for (const struct block *block = p->first; block; block = block->next) {
		if (needs_gap(before))
			buf_byte(b, '\n');
		put_block(b, block, look);
		before = block;
	}
}
