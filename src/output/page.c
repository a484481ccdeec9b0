/* SPDX-License-Identifier: MIT */
#include "output/page.h"

#include <assert.h>

#include "base/attr.h"
#include "output/markdown.h"
#include "output/text.h"

const struct page_format page_formats[] = {
	{ "text", "plain text, 100 columns", text_render },
	{ "md", "Markdown (GitHub's dialect)", markdown_render },
};
const size_t page_nformats = countof(page_formats);

const struct page_format *
page_format_find(sv name)
{
	for (size_t i = 0; i < page_nformats; i++)
		if (sv_is(name, page_formats[i].name))
			return &page_formats[i];
	return NULL;
}

void
page_init(struct page *p, struct arena *a)
{
	*p = (struct page){ a, NULL, NULL };
}

static void
add_block(struct page *p, enum block_kind kind, const struct column *col,
    size_t ncols)
{
	struct block *b = arena_new(p->a, struct block);

	*b = (struct block){ NULL, kind, col, ncols, NULL, NULL };
	if (p->last)
		p->last->next = b;
	else
		p->first = b;
	p->last = b;
}

void
page_row(struct page *p, const struct cell *cell)
{
	struct block *b = p->last;
	struct row *row = arena_new(p->a, struct row);

	assert(b != NULL);
	row->cell = arena_array(p->a, b->ncols, sizeof(*cell));
	for (size_t i = 0; i < b->ncols; i++)
		row->cell[i] = cell[i];
	if (b->row_end)
		b->row_end->next = row;
	else
		b->row = row;
	b->row_end = row;
}

void
page_put(struct page *p, enum block_kind kind, struct cell c)
{
	assert(kind < BLOCK_FIELDS);
	add_block(p, kind, NULL, 1);
	page_row(p, &c);
}

void
page_fields(struct page *p)
{
	add_block(p, BLOCK_FIELDS, NULL, 2);
}

void
page_table(struct page *p, const struct column *col, size_t ncols)
{
	add_block(p, BLOCK_TABLE, col, ncols);
}

void
page_field(struct page *p, const char *label, struct cell value)
{
	assert(p->last && p->last->kind == BLOCK_FIELDS);
	page_row(p, (const struct cell[]){ { .text = sv_str(label) }, value });
}
