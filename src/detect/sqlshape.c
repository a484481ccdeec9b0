/* SPDX-License-Identifier: MIT */
/*
 * A reader goes over tokens and keeps count of open parentheses and CASEs: a
 * keyword counts where none is open. A view of tokens reaches from the start
 * of the first to the end of the last, so that no comment hangs at its ends.
 */
#include "detect/sqlshape.h"

#include "base/attr.h"
#include "detect/sqlscan.h"

struct reader {
	struct sqlscan s;
	struct sqltok t;    /* current token */
	struct sqltok last; /* the one before */
	bool more;          /* there is a current token */
	int parens, cases;  /* open before the current token */
};

static void
next(struct reader *r)
{
	if (r->more) {
		if (sqltok_is_sign(&r->t, "("))
			r->parens++;
		else if (sqltok_is_sign(&r->t, ")"))
			r->parens--;
		else if (sqltok_is(&r->t, "case"))
			r->cases++;
		else if (sqltok_is(&r->t, "end") && r->cases > 0)
			r->cases--;
	}
	r->last = r->t;
	r->more = sqlscan_next(&r->s, &r->t);
}

static void
start(struct reader *r, sv text)
{
	*r = (struct reader){ .s = { text, 0 } };
	next(r);
}

static bool
at_top(const struct reader *r)
{
	return r->parens == 0 && r->cases == 0;
}

static bool
is(const struct reader *r, const char *word)
{
	return r->more && sqltok_is(&r->t, word);
}

static bool
is_sign(const struct reader *r, const char *sign)
{
	return r->more && sqltok_is_sign(&r->t, sign);
}

/* The tokens behind byte `from` and before the current one. */
static sv
since(const struct reader *r, size_t from)
{
	size_t end = r->last.at + r->last.text.n;
	struct sqlscan s = { r->s.text, from };
	struct sqltok first;

	if (end <= from || !sqlscan_next(&s, &first))
		return SV("");
	return sv_take(sv_skip(r->s.text, first.at), end - first.at);
}

/* Over a parenthesis and all in it; what it holds. False: it does not end. */
static bool
skip_parens(struct reader *r, sv *inside)
{
	size_t from = r->t.at + 1;
	int depth = r->parens;

	do
		next(r);
	while (r->more && !(is_sign(r, ")") && r->parens == depth + 1));
	if (!r->more)
		return false;
	*inside = since(r, from);
	next(r);
	return true;
}

/* --- WITH --- */

static bool
read_cte(struct reader *r, struct sqlcte *c)
{
	size_t from = r->t.at;
	sv columns;

	c->name = r->more ? sqltok_name(&r->t) : SV_NULL;
	if (sv_null(c->name))
		return false;
	next(r);
	if (is_sign(r, "(") && !skip_parens(r, &columns))
		return false;
	if (!is(r, "as"))
		return false;
	next(r);
	if (is(r, "not"))
		next(r);
	if (is(r, "materialized"))
		next(r);
	if (!is_sign(r, "(") || !skip_parens(r, &c->body))
		return false;
	c->text = since(r, from);
	return true;
}

static size_t
count_commas(sv text)
{
	return sv_count_byte(text, ',') + 1;
}

bool
sqlshape_read(struct arena *a, sv sql, struct sqlshape *out)
{
	struct reader r;

	*out = (struct sqlshape){ .main = sql };
	start(&r, sql);
	if (!is(&r, "with"))
		return true;
	next(&r);
	out->recursive = is(&r, "recursive");
	if (out->recursive)
		next(&r);
	out->cte = arena_array(a, count_commas(sql), sizeof(*out->cte));
	for (;;) {
		if (!read_cte(&r, &out->cte[out->nctes])) {
			*out = (struct sqlshape){ .main = sql };
			return false;
		}
		out->nctes++;
		if (!is_sign(&r, ","))
			break;
		next(&r);
	}
	out->main = r.more ? sv_skip(sql, r.t.at) : SV("");
	return true;
}

/* --- clauses --- */

/* `x IS DISTINCT FROM y` is no clause. */
static bool
is_from(const struct reader *r)
{
	return is(r, "from") && !sqltok_is(&r->last, "distinct");
}

static bool
followed_by(const struct reader *r, const char *word)
{
	struct sqlscan s = r->s;
	struct sqltok t;

	return sqlscan_next(&s, &t) && sqltok_is(&t, word);
}

enum clause { LIST, FROM, WHERE, GROUP, HAVING, WINDOW, REST, NO_CLAUSE };

static enum clause
clause_of(const struct reader *r)
{
	if (is_from(r))
		return FROM;
	if (is(r, "where"))
		return WHERE;
	if (is(r, "group") && followed_by(r, "by"))
		return GROUP;
	if (is(r, "having"))
		return HAVING;
	if (is(r, "window"))
		return WINDOW;
	if ((is(r, "order") && followed_by(r, "by")) || is(r, "limit"))
		return REST;
	return NO_CLAUSE;
}

static bool
is_compound(const struct reader *r)
{
	return is(r, "union") || is(r, "intersect") || is(r, "except");
}

static sv *
clause_at(struct sqlpart *p, enum clause c)
{
	sv *const at[] = { &p->list, &p->from, &p->where, &p->group,
		&p->having, &p->window, &p->rest };

	_Static_assert(countof(at) == NO_CLAUSE, "a place per clause");
	return at[c];
}

/* A clause may start: what precedes it becomes the text of the one before. */
static void
turn(struct reader *r, struct sqlpart *p, enum clause *now, size_t *from)
{
	enum clause c = at_top(r) ? clause_of(r) : NO_CLAUSE;

	if (c == NO_CLAUSE || c <= *now)
		return;
	*clause_at(p, *now) = since(r, *from);
	*now = c;
	*from = c >= WINDOW ? r->t.at : r->t.at + r->t.text.n;
	if (c == GROUP) {
		next(r);
		*from = r->t.at + r->t.text.n;
	}
}

static struct sqlpart
read_part(struct reader *r)
{
	struct sqlpart p = { .text = SV("") };
	size_t begin = r->t.at, from = begin + r->t.text.n;
	bool select = is(r, "select");
	enum clause now = LIST;

	for (next(r); r->more && !(at_top(r) && is_compound(r)); next(r)) {
		if (at_top(r) && is_sign(r, ";"))
			break;
		if (select)
			turn(r, &p, &now, &from);
	}
	if (select)
		*clause_at(&p, now) = since(r, from);
	p.text = since(r, begin);
	return p;
}

size_t
sqlshape_parts(struct arena *a, sv select, struct sqlpart **out)
{
	struct reader r;
	size_t n = 0, max = 1;

	for (start(&r, select); r.more; next(&r))
		max += is_compound(&r);
	*out = arena_array(a, max, sizeof(**out));
	for (start(&r, select); is(&r, "select") || is(&r, "values");) {
		(*out)[n++] = read_part(&r);
		if (!r.more || !is_compound(&r))
			break;
		next(&r);
		if (is(&r, "all"))
			next(&r);
	}
	return n;
}

/* --- terms --- */

/* The AND of BETWEEN joins no terms. */
static bool
is_and(const struct reader *r, int *betweens)
{
	if (!at_top(r))
		return false;
	if (is(r, "between"))
		++*betweens;
	if (!is(r, "and"))
		return false;
	if (*betweens == 0)
		return true;
	--*betweens;
	return false;
}

static bool
has_or(sv condition)
{
	struct reader r;

	for (start(&r, condition); r.more; next(&r))
		if (at_top(&r) && is(&r, "or"))
			return true;
	return false;
}

size_t
sqlshape_terms(struct arena *a, sv condition, sv **out)
{
	bool whole = has_or(condition);
	size_t n = 0, max = 1, from = 0;
	struct reader r;
	int betweens = 0;

	for (start(&r, condition); r.more; next(&r))
		max += is(&r, "and");
	*out = arena_array(a, max, sizeof(**out));
	for (start(&r, condition); r.more; next(&r))
		if (is_and(&r, &betweens) && !whole) {
			(*out)[n++] = since(&r, from);
			from = r.t.at + r.t.text.n;
		}
	if (since(&r, from).n)
		(*out)[n++] = since(&r, from);
	return n;
}

/* --- sources --- */

static bool
read_source(struct reader *r, struct sqlsource *s)
{
	if (is_sign(r, "("))
		return skip_parens(r, &s->body);
	s->name = r->more ? sqltok_name(&r->t) : SV_NULL;
	next(r);
	while (is_sign(r, ".")) { /* schema.table */
		next(r);
		s->name = r->more ? sqltok_name(&r->t) : SV_NULL;
		next(r);
	}
	return !sv_null(s->name);
}

/* Over alias, ON and USING to the next comma or JOIN; *left: of a LEFT one. */
static bool
next_join(struct reader *r, bool *left)
{
	*left = false;
	for (; r->more; next(r)) {
		if (!at_top(r))
			continue;
		if (is(r, "left") || is(r, "full"))
			*left = true;
		if (is_sign(r, ",") || is(r, "join")) {
			next(r);
			return true;
		}
	}
	return false;
}

size_t
sqlshape_sources(struct arena *a, sv from, struct sqlsource **out)
{
	struct reader r;
	size_t n = 0, max = 1;
	bool left = false;

	for (start(&r, from); r.more; next(&r))
		max += is_sign(&r, ",") || is(&r, "join");
	*out = arena_array(a, max, sizeof(**out));
	start(&r, from);
	if (!r.more)
		return 0;
	do {
		(*out)[n] = (struct sqlsource){ .optional = left };
		if (read_source(&r, &(*out)[n]))
			n++;
	} while (next_join(&r, &left));
	return n;
}

size_t
sqlshape_find(sv sql, sv name)
{
	struct sqlscan s = { sql, 0 };
	struct sqltok t;

	while (sqlscan_next(&s, &t))
		if (sv_eq_nocase(sqltok_name(&t), name))
			return t.at;
	return sql.n;
}
