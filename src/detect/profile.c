/* SPDX-License-Identifier: MIT */
#include "detect/profile.h"

#include <math.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/jsonw.h"
#include "output/page.h"

struct profile_row *
profile_row(struct profile *p, sv rule)
{
	for (size_t i = 0; i < p->n; i++)
		if (sv_eq(p->row[i].rule, rule))
			return &p->row[i];
	if (p->n == p->cap) {
		struct profile_row *old = p->row;

		p->cap = p->cap ? 2 * p->cap : 32;
		p->row = arena_array(p->a, p->cap, sizeof(*p->row));
		if (p->n)
			memcpy(p->row, old, p->n * sizeof(*old));
	}
	p->row[p->n] = (struct profile_row){ .rule = arena_sv(p->a, rule) };
	return &p->row[p->n++];
}

static int
by_time(const void *pa, const void *pb)
{
	const struct profile_row *a = pa, *b = pb;
	int c = (a->seconds < b->seconds) - (a->seconds > b->seconds);

	return c ? c : sv_cmp(a->rule, b->rule);
}

void
profile_sort(struct profile *p)
{
	if (p->n)
		qsort(p->row, p->n, sizeof(*p->row), by_time);
}

/* Milliseconds to the hundredth. */
static double
wall_ms(const struct profile_row *r)
{
	return floor(r->seconds * 1e5 + 0.5) / 100;
}

static struct cell
number(struct page *page, double v)
{
	struct buf b = BUF_INIT;
	struct cell c = { .code = false };

	jsonw_double(&b, v);
	c.text = buf_keep(&b, page->a);
	return c;
}

void
profile_page(struct page *page, const struct profile *p)
{
	static const struct column col[] = { { "Rule", false },
		{ "Wall ms", true }, { "Statements", true },
		{ "VM steps", true }, { "Scan steps", true },
		{ "Sorts", true }, { "Rows", true }, { "Hits", true } };

	page_table(page, col, countof(col));
	for (size_t i = 0; i < p->n; i++) {
		const struct profile_row *r = &p->row[i];
		const struct cell row[] = { { .text = r->rule },
			number(page, wall_ms(r)), number(page, r->statements),
			number(page, (double)r->cost.steps),
			number(page, (double)r->cost.scanned),
			number(page, (double)r->cost.sorts),
			number(page, (double)r->cost.rows),
			number(page, (double)r->hits) };

		_Static_assert(countof(row) == countof(col), "a cell each");
		page_row(page, row);
	}
}

void
profile_ndjson(struct buf *b, const struct profile *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct profile_row *r = &p->row[i];
		struct jsonw w = JSONW_INIT(b);

		jsonw_open(&w, '{');
		jsonw_put_str(&w, "type", "profile");
		jsonw_put_sv(&w, "rule", r->rule);
		jsonw_put_real(&w, "wall_ms", wall_ms(r));
		jsonw_put_i64(&w, "statements", r->statements);
		jsonw_put_i64(&w, "vm_steps", (int64_t)r->cost.steps);
		jsonw_put_i64(&w, "scan_steps", (int64_t)r->cost.scanned);
		jsonw_put_i64(&w, "sorts", (int64_t)r->cost.sorts);
		jsonw_put_i64(&w, "rows", (int64_t)r->cost.rows);
		jsonw_put_i64(&w, "hits", (int64_t)r->hits);
		jsonw_close(&w, '}');
		buf_byte(b, '\n');
	}
}
