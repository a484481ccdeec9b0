/* SPDX-License-Identifier: MIT */
#include "detect/sigma_column.h"

#include <stdio.h>

bool
sigma_column_is(const struct sigma_field *f)
{
	return f->type == SIGMA_WORD || f->type == SIGMA_TEXT;
}

/* The table of the dictionary's strings that pass, `before` and `after` round
 * them; its number. Two that would be equal are one. */
static size_t
make_table(struct sigma_sql *c, const struct sigma_tests *t,
    const char *before, const char *after)
{
	struct buf body = BUF_INIT;
	size_t at, number;

	buf_lit(&body, "(id) AS MATERIALIZED (SELECT id FROM str WHERE ");
	sigma_tests_text(&body, t, before, "s", after);
	buf_lit(&body, ")\n");
	at = sv_find(buf_sv(&c->with), buf_sv(&body));
	number = sv_count_byte(sv_take(buf_sv(&c->with), at), '\n') + 1;
	if (at == c->with.n) {
		buf_printf(&c->with, ", k%zu", number);
		buf_add(&c->with, buf_sv(&body));
	}
	buf_release(&body);
	return number;
}

static void
in_table(struct buf *b, size_t table, const struct sigma_field *f, bool first)
{
	buf_printf(b, "%s\"%s\" IN k%zu", first ? "" : " OR ", f->column,
	    table);
	if (f->also)
		buf_printf(b, " OR \"%s\" IN k%zu", f->also, table);
}

static void
or_itself(struct sigma_sql *c, const struct sigma_tests *t,
    const struct sigma_field *f, const char *column)
{
	char name[64];

	snprintf(name, sizeof(name), "\"%s\"", column);
	buf_printf(&c->sql, " OR (typeof(%s) = 'text' AND ", name);
	sigma_tests_text(&c->sql, t, f->before, name, f->after);
	buf_lit(&c->sql, ")");
}

void
sigma_columns(struct sigma_sql *c, const struct sigma_tests *t,
    const struct sigma_field *const *f, size_t n)
{
	size_t table = make_table(c, t, f[0]->before, f[0]->after);

	buf_printf(&c->sql, "((EXISTS (SELECT 1 FROM k%zu) AND (", table);
	for (size_t i = 0; i < n; i++)
		in_table(&c->sql, table, f[i], i == 0);
	buf_lit(&c->sql, "))");
	for (size_t i = 0; i < n; i++) {
		if (f[i]->type == SIGMA_WORD)
			continue;
		or_itself(c, t, f[i], f[i]->column);
		if (f[i]->also)
			or_itself(c, t, f[i], f[i]->also);
	}
	buf_lit(&c->sql, ")");
}

void
sigma_column(struct sigma_sql *c, const struct sigma_tests *t,
    const struct sigma_field *f)
{
	sigma_columns(c, t, &f, 1);
}
