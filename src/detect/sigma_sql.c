/* SPDX-License-Identifier: MIT */
#include "detect/sigma_sql.h"

#include <stdio.h>

enum {
	SQL_MAX = 900000, /* SQLite takes a million bytes */
	BINDS_MAX = 30000, /* and 32766 parameters */
	SHARED_MAX = 200
};

void
sigma_sql_release(struct sigma_sql *c)
{
	buf_release(&c->sql);
	buf_release(&c->with);
}

size_t
sigma_bind(struct sigma_sql *c, struct bind b)
{
	if (c->nbinds == c->cap) {
		struct bind *old = c->bind;

		c->cap = c->cap ? c->cap * 2 : 16;
		c->bind = arena_array(c->a, c->cap, sizeof(*c->bind));
		if (old)
			memcpy(c->bind, old, c->nbinds * sizeof(*old));
	}
	c->bind[c->nbinds] = b;
	return ++c->nbinds;
}

/* The same text again is the same parameter, so that what is made of it is the
 * same too; not looked for among very many. */
size_t
sigma_bind_text(struct sigma_sql *c, sv v)
{
	for (size_t i = 0; i < c->nbinds && i < SHARED_MAX; i++)
		if (c->bind[i].kind == BIND_TEXT && sv_eq(c->bind[i].text, v))
			return i + 1;
	return sigma_bind(c, (struct bind){ .kind = BIND_TEXT, .text = v });
}

bool
sigma_sql_fits(struct sigma_sql *c, const struct yaml *at)
{
	return (c->sql.n + c->with.n <= SQL_MAX && c->nbinds <= BINDS_MAX) ||
	    yaml_err(c->e, c->file, at, "the rule is too large");
}

void
sigma_unserved(struct sigma_sql *c, int line, int col, const char *what,
    sv value, const char *rest)
{
	struct buf b = BUF_INIT;

	if (!sv_null(c->why))
		return;
	buf_str(&b, what);
	buf_add(&b, sv_take(value, 80));
	buf_str(&b, rest);
	c->why = arena_sv(c->a, buf_sv(&b));
	c->why_line = line;
	c->why_col = col;
	buf_release(&b);
}

void
sigma_note(struct sigma_notes *n, struct arena *a, sv file, int line, int col,
    const char *what)
{
	struct buf b = BUF_INIT;
	size_t i = 0;

	if (!n)
		return;
	buf_add(&b, file);
	buf_printf(&b, ":%d:%d: warning: %s", line, col, what);
	while (i < n->n && !sv_eq(n->v[i], buf_sv(&b)))
		i++;
	if (i == n->n) {
		if (n->n == n->cap) {
			sv *old = n->v;

			n->cap = n->cap ? 2 * n->cap : 8;
			n->v = arena_array(a, n->cap, sizeof(sv));
			if (old)
				memcpy(n->v, old, n->n * sizeof(sv));
		}
		n->v[n->n++] = arena_sv(a, buf_sv(&b));
	}
	buf_release(&b);
}

bool
sigma_key_err(struct err *e, sv file, const struct yaml *y, const char *what,
    sv value)
{
	return err_set(e, ST_USAGE, "%.*s:%d:%d: %s '%.*s'", SV_ARG(file),
	    y->key_line, y->key_col, what, value.n > 80 ? 80 : (int)value.n,
	    value.p ? value.p : "");
}

static bool
subtree(struct buf *b, size_t at, size_t n, const char *op,
    bool (*leaf)(void *, size_t), void *ctx)
{
	if (n == 1)
		return leaf(ctx, at);
	buf_byte(b, '(');
	if (!subtree(b, at, n / 2, op, leaf, ctx))
		return false;
	buf_str(b, op);
	if (!subtree(b, at + n / 2, n - n / 2, op, leaf, ctx))
		return false;
	buf_byte(b, ')');
	return true;
}

bool
sigma_tree(struct buf *b, size_t n, const char *op,
    bool (*leaf)(void *ctx, size_t i), void *ctx)
{
	if (n > 0)
		return subtree(b, 0, n, op, leaf, ctx);
	buf_byte(b, '0');
	return true;
}
