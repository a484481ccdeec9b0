/* SPDX-License-Identifier: MIT */
/*
 * One pass over what a FROM reads tells for every row how many terms it passes
 * before the first that it does not: a term is only looked at for rows that
 * passed those before it, as in the statement itself.
 *
 * A name of the select list may be used in WHERE; then each prefix of the terms
 * is a statement of its own.
 */
#include "detect/sqlstage.h"

#include "base/buf.h"
#include "detect/given.h"
#include "detect/hits.h"
#include "detect/sqlscan.h"
#include "detect/sqlshape.h"
#include "store/query.h"

struct taker {
	struct stages *l;
	const struct hits_env *env;
	const struct rule *r;
	int64_t from, to;
	struct sqlshape shape;
	struct sqlpart *part; /* of the main statement */
	size_t nparts;
	uint64_t *bit;        /* of each part */
	bool **reads;         /* by table of the WITH: see read_by() */
};

/* --- counting ------------------------------------------------------------- */

/* The WITH up to its n-th table. */
static void
put_with(const struct taker *t, struct buf *b, size_t n)
{
	if (n)
		buf_str(b, t->shape.recursive ? "WITH RECURSIVE " : "WITH ");
	for (size_t i = 0; i < n; i++) {
		buf_str(b, i ? ",\n" : "");
		buf_add(b, t->shape.cte[i].text);
	}
	buf_str(b, n ? "\n" : "");
}

static sv
keep(const struct taker *t, const char *what, sv about)
{
	struct buf b = BUF_INIT;
	sv out;

	buf_str(&b, what);
	buf_add(&b, about);
	out = buf_keep(&b, t->l->a);
	return out;
}

/* Adds the second column of every row to tally[first column]. The reason when
 * that is not possible, else null. */
static sv
read_tally(const struct taker *t, struct query *q, int64_t *tally)
{
	struct err e = ERR_INIT;
	enum query_end end;

	query_limit(q, t->env->seconds, 0);
	while ((end = query_next(q, &e)) == QUERY_MORE)
		tally[query_i64(q, 0)] += query_i64(q, 1);
	if (end == QUERY_LIMIT)
		return SV("a limit was hit");
	return end == QUERY_DONE ? SV_NULL : keep(t, "", sv_str(e.msg));
}

static sv
run_tally(const struct taker *t, const struct buf *sql, int64_t *tally)
{
	struct err e = ERR_INIT;
	struct query *q = query_open(t->env->st, buf_sv(sql), NULL, &e);
	sv name, why;

	if (!q)
		return keep(t, "", sv_str(e.msg));
	switch (given_bind(q, t->env, t->r, t->from, t->to, &name)) {
	case GIVEN_OK:
		why = read_tally(t, q, tally);
		break;
	case GIVEN_FACT:
		why = keep(t, "site.yml does not say ", name);
		break;
	case GIVEN_UNKNOWN:
	default:
		why = keep(t, "no parameter ", name);
		break;
	}
	query_close(q);
	return why;
}

/* Rows of a SELECT of one column, the number of rows; STAGE_UNKNOWN with *why
 * when they cannot be counted. */
static int64_t
count(const struct taker *t, const struct buf *sql, sv *why)
{
	int64_t n = 0;

	*why = t->env ? run_tally(t, sql, &n) : SV_NULL;
	return t->env && sv_null(*why) ? n : STAGE_UNKNOWN;
}

/* --- terms ---------------------------------------------------------------- */

/* A part of a SELECT in table `at` of the WITH (its number of tables: in the
 * main statement). */
struct place {
	size_t at;
	const struct sqlpart *p;
	uint64_t way;
};

static void
put_passed(struct buf *b, const sv *term, size_t n)
{
	buf_lit(b, "SELECT passed_, count(*) FROM (SELECT ");
	for (size_t i = 0; i < n; i++)
		buf_printf(b, "%s\nWHEN (%.*s\n) IS NOT TRUE THEN %zu",
		    i ? "" : "CASE", SV_ARG(term[i]), i);
	buf_str(b, n ? "\nELSE " : "");
	buf_printf(b, "%zu%s AS passed_", n, n ? " END" : "");
}

/* left[i]: rows that pass the first i terms. */
static sv
pass_once(const struct taker *t, const struct place *at, const sv *term,
    size_t n, int64_t *left)
{
	struct buf b = BUF_INIT;
	sv why;

	put_with(t, &b, at->at);
	put_passed(&b, term, n);
	if (at->p->from.n)
		buf_printf(&b, " FROM %.*s\n", SV_ARG(at->p->from));
	buf_lit(&b, ") GROUP BY 1");
	for (size_t i = 0; i <= n; i++)
		left[i] = 0;
	why = run_tally(t, &b, left);
	for (size_t i = n; i-- > 0;)
		left[i] += left[i + 1];
	buf_release(&b);
	return why;
}

/* The part with only its first n terms of WHERE, and if `group` with its groups
 * and the first m terms of HAVING. */
static void
put_part(struct buf *b, const struct sqlpart *p, const sv *term, size_t n,
    bool group, const sv *having, size_t m)
{
	buf_printf(b, "SELECT 0, count(*) FROM (SELECT %.*s",
	    SV_ARG(p->list));
	if (p->from.n)
		buf_printf(b, "\nFROM %.*s", SV_ARG(p->from));
	for (size_t i = 0; i < n; i++)
		buf_printf(b, "\n%s (%.*s\n)", i ? "AND" : "WHERE",
		    SV_ARG(term[i]));
	if (group && p->group.n)
		buf_printf(b, "\nGROUP BY %.*s", SV_ARG(p->group));
	for (size_t i = 0; i < m; i++)
		buf_printf(b, "\n%s (%.*s\n)", i ? "AND" : "HAVING",
		    SV_ARG(having[i]));
	if (p->window.n)
		buf_printf(b, "\n%.*s", SV_ARG(p->window));
	buf_lit(b, "\n)");
}

static sv
pass_each(const struct taker *t, const struct place *at, const sv *term,
    size_t n, int64_t *left)
{
	struct buf b = BUF_INIT;
	sv why = SV_NULL;

	for (size_t i = 0; i <= n && sv_null(why); i++) {
		buf_clear(&b);
		put_with(t, &b, at->at);
		put_part(&b, at->p, term, i, false, NULL, 0);
		left[i] = count(t, &b, &why);
	}
	buf_release(&b);
	return why;
}

static void
add(const struct taker *t, sv of, sv what, int64_t in, int64_t out, sv why,
    uint64_t way)
{
	stage_add(t->l, (struct stage){ of, what, in, out, why, way });
}

static sv
clause(const struct taker *t, const char *word, sv text)
{
	return keep(t, word, stage_plain(t->l, text));
}

/* left[0..n]; the reason when they are unknown. */
static sv
count_terms(const struct taker *t, const struct place *at, const sv *term,
    size_t n, int64_t *left)
{
	sv why = SV_NULL;

	if (t->env) {
		why = pass_once(t, at, term, n, left);
		if (!sv_null(why) && at->p->group.n == 0)
			why = pass_each(t, at, term, n, left);
	}
	for (size_t i = 0; i <= n && (!t->env || !sv_null(why)); i++)
		left[i] = STAGE_UNKNOWN;
	return why;
}

static void
take_terms(const struct taker *t, sv of, const struct place *at)
{
	sv *term;
	size_t n = sqlshape_terms(t->l->a, at->p->where, &term);
	int64_t *left = arena_array(t->l->a, n + 1, sizeof(*left));
	sv why = count_terms(t, at, term, n, left);

	add(t, of, at->p->from.n ? clause(t, "FROM ", at->p->from) :
	    SV("no table"), STAGE_UNKNOWN, left[0], why, at->way);
	for (size_t i = 0; i < n; i++)
		add(t, SV_NULL, stage_plain(t->l, term[i]), left[i],
		    left[i + 1], SV_NULL, at->way);
}

/* Groups, and those that HAVING leaves. */
static void
take_groups(const struct taker *t, const struct place *at)
{
	sv *term, *having, why;
	size_t n = sqlshape_terms(t->l->a, at->p->where, &term);
	size_t m = sqlshape_terms(t->l->a, at->p->having, &having);
	int64_t in = t->l->v[t->l->n - 1].out;
	struct buf b = BUF_INIT;

	for (size_t i = 0; i <= m; i++) {
		int64_t out;

		buf_clear(&b);
		put_with(t, &b, at->at);
		put_part(&b, at->p, term, n, true, having, i);
		out = count(t, &b, &why);
		add(t, SV_NULL, i ? clause(t, "HAVING ", having[i - 1]) :
		    clause(t, "GROUP BY ", at->p->group), in, out, why,
		    at->way);
		in = out;
	}
	buf_release(&b);
}

static void
take_part(const struct taker *t, sv of, const struct place *at)
{
	if (at->p->list.n == 0) { /* VALUES */
		add(t, of, stage_plain(t->l, at->p->text), STAGE_UNKNOWN,
		    STAGE_UNKNOWN, SV_NULL, at->way);
		return;
	}
	take_terms(t, of, at);
	if (at->p->group.n)
		take_groups(t, at);
}

/* --- tables of the WITH --------------------------------------------------- */

static int64_t
count_table(const struct taker *t, size_t i, sv *why)
{
	struct buf b = BUF_INIT;
	int64_t n;

	put_with(t, &b, i + 1);
	buf_printf(&b, "SELECT 0, count(*) FROM \"%.*s\"",
	    SV_ARG(t->shape.cte[i].name));
	n = count(t, &b, why);
	buf_release(&b);
	return n;
}

/* The parts of the result whose rows all come through table i. */
static uint64_t
way_through(const struct taker *t, size_t i)
{
	uint64_t way = 0;

	for (size_t k = 0; k < t->nparts; k++)
		if (t->reads[t->shape.nctes + k][i])
			way |= t->bit[k];
	return way;
}

/* Rows in all, where the last step does not say it: DISTINCT, LIMIT, UNION. */
static void
take_total(const struct taker *t, size_t i, sv of)
{
	sv why;
	int64_t n = count_table(t, i, &why);

	if (!sv_null(of) || n != t->l->v[t->l->n - 1].out)
		add(t, of, SV("rows"), STAGE_UNKNOWN, n, why,
		    way_through(t, i));
}

/* Of a compound one part may be empty: only the whole is on a way. A table that
 * reads itself is not taken apart. */
static void
take_table(const struct taker *t, size_t i)
{
	const struct sqlcte *c = &t->shape.cte[i];
	bool own = sqlshape_find(c->body, c->name) < c->body.n;
	struct sqlpart *part;
	size_t n = own ? 0 : sqlshape_parts(t->l->a, c->body, &part);

	for (size_t k = 0; k < n; k++) {
		const struct place at = { i, &part[k],
			n == 1 ? way_through(t, i) : 0 };

		take_part(t, k ? SV_NULL : c->name, &at);
	}
	take_total(t, i, n ? SV_NULL : c->name);
}

/* --- the ways of the result ----------------------------------------------- */

static void read_by(const struct taker *t, sv select, size_t ntables,
    bool *out);

/* Rows without which there is none: the table, and what it reads itself. */
static void
read_by_source(const struct taker *t, const struct sqlsource *s,
    size_t ntables, bool *out)
{
	if (!s->optional && sv_null(s->name))
		read_by(t, s->body, ntables, out);
	for (size_t i = 0; i < ntables && !s->optional; i++) {
		if (!sv_eq_nocase(t->shape.cte[i].name, s->name))
			continue;
		out[i] = true;
		for (size_t k = 0; k < i; k++)
			out[k] = out[k] || t->reads[i][k];
	}
}

/* Adds the tables of the WITH, of the first ntables, that every part of the
 * SELECT reads. */
static void
read_by(const struct taker *t, sv select, size_t ntables, bool *out)
{
	struct sqlpart *part;
	size_t n = sqlshape_parts(t->l->a, select, &part);
	size_t *by = arena_array(t->l->a, ntables + 1, sizeof(*by));

	for (size_t k = 0; k < n; k++) {
		bool *one = arena_array(t->l->a, ntables + 1, sizeof(*one));
		struct sqlsource *s;
		size_t m = sqlshape_sources(t->l->a, part[k].from, &s);

		for (size_t i = 0; i < m; i++)
			read_by_source(t, &s[i], ntables, one);
		for (size_t i = 0; i < ntables; i++)
			by[i] += one[i];
	}
	for (size_t i = 0; i < ntables; i++)
		out[i] = out[i] || (n && by[i] == n);
}

/* The arm that a part of the result says it is of: a text in its list. */
static sv
arm_of(const struct rule *r, sv list)
{
	struct sqlscan s = { list, 0 };
	struct sqltok t;

	while (r->narms > 1 && sqlscan_next(&s, &t))
		for (size_t i = 0; t.kind == SQLTOK_TEXT && i < r->narms; i++)
			if (sv_eq(sv_take(sv_skip(t.text, 1), t.text.n - 2),
			    r->arm[i].name))
				return r->arm[i].name;
	return SV_NULL;
}

static void
find_ways(struct taker *t)
{
	size_t n = t->shape.nctes;

	t->nparts = sqlshape_parts(t->l->a, t->shape.main, &t->part);
	t->bit = arena_array(t->l->a, t->nparts + 1, sizeof(*t->bit));
	t->reads = arena_array(t->l->a, n + t->nparts, sizeof(*t->reads));
	for (size_t i = 0; i < n + t->nparts; i++) {
		bool part = i >= n;

		t->reads[i] = arena_array(t->l->a, n + 1, sizeof(bool));
		read_by(t, part ? t->part[i - n].text : t->shape.cte[i].body,
		    part ? n : i, t->reads[i]);
		if (part)
			t->bit[i - n] = stage_add_way(t->l,
			    arm_of(t->r, t->part[i - n].list));
	}
}

static void
take_result(const struct taker *t, size_t k)
{
	const struct place at = { t->shape.nctes, &t->part[k], t->bit[k] };
	sv arm = t->bit[k] ? t->l->way[k].name : SV_NULL;

	take_part(t, arm.n ? keep(t, "result ", arm) : k ? SV_NULL :
	    SV("result"), &at);
}

void
sqlstage_take(struct stages *l, const struct hits_env *env,
    const struct rule *r, int64_t from, int64_t to)
{
	struct taker t = { .l = l, .env = env, .r = r, .from = from, .to = to };

	sqlshape_read(l->a, r->sql, &t.shape);
	find_ways(&t);
	for (size_t i = 0; i < t.shape.nctes; i++)
		take_table(&t, i);
	for (size_t k = 0; k < t.nparts; k++)
		take_result(&t, k);
	stage_find_zeros(l);
}
