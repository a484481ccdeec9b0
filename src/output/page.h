/* SPDX-License-Identifier: MIT */
/*
 * page.h: a page as pieces, so that what it says is written once
 * (dashboard.c) and a format only says how pieces look (text.c, markdown.c).
 * Texts are raw: the renderer escapes each exactly once. They are borrowed
 * and must live as long as the page, whose pieces live in the arena.
 */
#ifndef OUTPUT_PAGE_H
#define OUTPUT_PAGE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/sv.h"

enum tone { TONE_PLAIN, TONE_GOOD, TONE_WARN, TONE_BAD, TONE_N };

struct cell {
	sv text;
	enum tone tone; /* colour, where there are colours */
	bool code;      /* a value rather than words */
};

struct column {
	const char *name;
	bool right; /* numbers */
};

enum block_kind {
	BLOCK_TITLE,   /* of the page; text in row 1, cell 1, as for the next 3 */
	BLOCK_SECTION,
	BLOCK_ITEM,    /* heading of one finding */
	BLOCK_PARA,
	BLOCK_FIELDS,  /* rows of label and value; an empty label continues */
	BLOCK_TABLE,
	BLOCK_KIND_N
};

struct row {
	struct row *next;
	struct cell *cell; /* block.ncols of them */
};

struct block {
	struct block *next;
	enum block_kind kind;
	const struct column *col; /* BLOCK_TABLE only */
	size_t ncols;
	struct row *row, *row_end;
};

struct page {
	struct arena *a;
	struct block *first, *last;
};

void page_init(struct page *p, struct arena *a);

/* kind: TITLE, SECTION, ITEM or PARA. */
void page_put(struct page *p, enum block_kind kind, struct cell c);
/* Starts a block of rows; they are added to the last block of the page. */
void page_fields(struct page *p);
void page_table(struct page *p, const struct column *col, size_t ncols);
void page_field(struct page *p, const char *label, struct cell value);
/* The block's ncols cells are copied. */
void page_row(struct page *p, const struct cell *cell);

struct look {
	bool colour;
	size_t width; /* columns, for text */
};

/* How a page can be written. */
struct page_format {
	const char *name, *doc;
	void (*render)(struct buf *b, const struct page *p,
	    const struct look *look);
};

extern const struct page_format page_formats[];
extern const size_t page_nformats;

/* NULL when there is no such format. */
const struct page_format *page_format_find(sv name);

#endif
