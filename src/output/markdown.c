/* SPDX-License-Identifier: MIT */
#include "output/markdown.h"

#include "base/attr.h"
#include "output/escape.h"
#include "output/page.h"

static void
put_cell(struct buf *b, const struct cell *c, bool in_table)
{
	if (c->text.n == 0)
		return;
	if (c->code)
		escape_md_code(b, c->text, in_table);
	else
		escape_md(b, c->text);
}

static void
put_line(struct buf *b, const char *mark, const struct cell *c)
{
	buf_str(b, mark);
	put_cell(b, c, false);
	buf_byte(b, '\n');
}

static void
put_columns(struct buf *b, const struct block *t)
{
	for (size_t i = 0; i < t->ncols; i++) {
		buf_lit(b, "| ");
		escape_md(b, sv_str(t->col[i].name));
		buf_byte(b, ' ');
	}
	buf_lit(b, "|\n");
	for (size_t i = 0; i < t->ncols; i++)
		buf_str(b, t->col[i].right ? "| ---: " : "| --- ");
	buf_lit(b, "|\n");
}

static void
put_table(struct buf *b, const struct block *t)
{
	put_columns(b, t);
	for (const struct row *r = t->row; r; r = r->next) {
		for (size_t i = 0; i < t->ncols; i++) {
			buf_lit(b, "| ");
			put_cell(b, &r->cell[i], true);
			buf_byte(b, ' ');
		}
		buf_lit(b, "|\n");
	}
}

/* "- **label**: value"; a row without a label is an item below. */
static void
put_fields(struct buf *b, const struct block *f)
{
	for (const struct row *r = f->row; r; r = r->next) {
		if (r->cell[0].text.n == 0) {
			put_line(b, "    - ", &r->cell[1]);
			continue;
		}
		buf_lit(b, "- **");
		escape_md(b, r->cell[0].text);
		put_line(b, "**: ", &r->cell[1]);
	}
}

static void
put_block(struct buf *b, const struct block *block)
{
	switch (block->kind) {
	case BLOCK_TITLE:
		put_line(b, "# ", block->row->cell);
		break;
	case BLOCK_SECTION:
		put_line(b, "## ", block->row->cell);
		break;
	case BLOCK_ITEM:
		put_line(b, "### ", block->row->cell);
		break;
	case BLOCK_PARA:
		put_line(b, "", block->row->cell);
		break;
	case BLOCK_FIELDS:
		put_fields(b, block);
		break;
	case BLOCK_TABLE:
		put_table(b, block);
		break;
	case BLOCK_KIND_N:
		break;
	}
}

void
markdown_render(struct buf *b, const struct page *p, const struct look *look)
{
	(void)look;
	for (const struct block *block = p->first; block; block = block->next) {
		if (block != p->first)
			buf_byte(b, '\n');
		put_block(b, block);
	}
}
