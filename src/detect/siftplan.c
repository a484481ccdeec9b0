/* SPDX-License-Identifier: MIT */
#include "detect/siftplan.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/buf.h"
#include "detect/sqlexpr.h"
#include "detect/sqlscan.h"
#include "detect/sqlshape.h"

/* One of what a FROM reads. */
struct source {
	sv name;      /* null: a subquery */
	sv body;      /* of a subquery */
	sv alias;     /* what its columns are called by */
	sv on;
	bool named, optional;
};

struct planner {
	struct arena *a;
	sv sql;
	const struct siftasker *asker;
	struct sqlshape shape;
	struct buf scans; /* of struct siftscan */
	struct buf strs;  /* of size_t */
};

/* --- what a FROM reads ---------------------------------------------------- */

struct from {
	struct sqlscan scan;
	struct sqltok t;
	bool more, odd; /* odd: a join that makes what is left of it optional */
};

static void
next(struct from *f)
{
	f->more = sqlscan_next(&f->scan, &f->t);
}

static bool
is_join_word(const struct sqltok *t)
{
	static const char *const word[] = { "JOIN", "LEFT", "INNER", "CROSS",
		"OUTER", "RIGHT", "FULL", "NATURAL" };

	for (size_t i = 0; i < countof(word); i++)
		if (sqltok_is(t, word[i]))
			return true;
	return sqltok_is_sign(t, ",");
}

/* Over ',' or the words of a join. */
static bool
take_join(struct from *f, bool *left)
{
	*left = false;
	if (!f->more || !is_join_word(&f->t))
		return false;
	while (f->more && is_join_word(&f->t)) {
		*left |= sqltok_is(&f->t, "LEFT");
		f->odd |= sqltok_is(&f->t, "RIGHT") || sqltok_is(&f->t, "FULL");
		next(f);
	}
	return f->more;
}

/* Over what is in parentheses, which is *inside; f->t is the first. */
static void
take_group(struct from *f, sv *inside)
{
	size_t start = f->t.at + 1;
	int depth = 0;

	for (; f->more; next(f)) {
		depth += sqltok_is_sign(&f->t, "(");
		depth -= sqltok_is_sign(&f->t, ")");
		if (depth == 0)
			break;
	}
	*inside = sv_of(f->scan.text.p + start, f->t.at - start);
	next(f);
}

static bool
take_name(struct from *f, struct source *s)
{
	if (sqltok_is_sign(&f->t, "(")) {
		take_group(f, &s->body);
		return true;
	}
	s->name = sqltok_name(&f->t);
	s->alias = s->name;
	next(f);
	if (f->more && sqltok_is_sign(&f->t, "(")) { /* a function */
		sv args;

		s->name = SV_NULL;
		take_group(f, &args);
	} else if (f->more && sqltok_is_sign(&f->t, ".")) {
		s->name = SV_NULL; /* of a schema that somebody means */
		next(f);
		next(f);
	}
	return !sv_null(s->alias);
}

static void
take_alias(struct from *f, struct source *s)
{
	bool as = f->more && sqltok_is(&f->t, "AS");

	if (as)
		next(f);
	if (!f->more || is_join_word(&f->t) || sqltok_is(&f->t, "ON") ||
	    sqltok_is(&f->t, "USING") || sqltok_is(&f->t, "INDEXED") ||
	    sqltok_is(&f->t, "NOT"))
		return;
	s->alias = sqltok_name(&f->t);
	s->named = true;
	next(f);
}

/* Up to the next join at this depth; what ON says on the way. */
static void
take_rest(struct from *f, struct source *s)
{
	size_t start = SIZE_MAX;
	int depth = 0;

	for (; f->more && !(depth == 0 && is_join_word(&f->t)); next(f)) {
		if (depth == 0 && sqltok_is(&f->t, "ON"))
			start = f->t.at + 2;
		depth += sqltok_is_sign(&f->t, "(");
		depth -= sqltok_is_sign(&f->t, ")");
	}
	if (start < SIZE_MAX)
		s->on = sv_of(f->scan.text.p + start, (f->more ? f->t.at
		    : f->scan.text.n) - start);
}

/* 0: it is not understood. */
static size_t
read_from(struct arena *a, sv text, struct source **out)
{
	struct from f = { .scan = { text, 0 } };
	size_t n = 0, max = 1;
	bool left = false;

	for (next(&f); f.more; next(&f))
		max += is_join_word(&f.t);
	*out = arena_array(a, max, sizeof(**out));
	f.scan.at = 0;
	next(&f);
	if (!f.more)
		return 0;
	do {
		struct source *s = &(*out)[n++];

		s->optional = left;
		if (!take_name(&f, s))
			return 0;
		take_alias(&f, s);
		take_rest(&f, s);
	} while (take_join(&f, &left));
	return f.more || f.odd ? 0 : n;
}

/* --- scans ---------------------------------------------------------------- */

static bool
is_cte(const struct planner *p, sv name)
{
	for (size_t i = 0; i < p->shape.nctes; i++)
		if (sv_eq_nocase(p->shape.cte[i].name, name))
			return true;
	return false;
}

/* What must hold of a row that a source gives: what joins without keeping rows
 * is as good as WHERE, but what is right of a LEFT JOIN is known by its ON
 * alone. */
static size_t
conditions(const struct source *s, size_t n, size_t i, sv where, sv *out)
{
	size_t k = 0;

	if (s[i].optional) {
		out[k++] = s[i].on;
		return s[i].on.n ? k : 0;
	}
	if (where.n)
		out[k++] = where;
	for (size_t j = 0; j < n; j++)
		if (!s[j].optional && s[j].on.n)
			out[k++] = s[j].on;
	return k;
}

/* alias.request_id */
static bool
is_request_id(sv text, sv alias)
{
	struct sqlscan scan = { text, 0 };
	struct sqltok t[4];
	size_t n = 0;

	while (n < countof(t) && sqlscan_next(&scan, &t[n]))
		n++;
	return n == 3 && sqltok_is_sign(&t[1], ".") &&
	    sv_eq_nocase(sqltok_name(&t[0]), alias) &&
	    sv_eq_nocase(sqltok_name(&t[2]), SV("request_id"));
}

/* Must the request ids of both be equal? */
static bool
equates(const struct sqlexpr *e, sv x, sv y)
{
	if (e->kind == SQLEXPR_AND)
		for (const struct sqlexpr *k = e->kid; k; k = k->next)
			if (equates(k, x, y))
				return true;
	return e->kind == SQLEXPR_EQ &&
	    ((is_request_id(e->left, x) && is_request_id(e->right, y)) ||
	    (is_request_id(e->left, y) && is_request_id(e->right, x)));
}

/* The source that source i is joined with by request ids; n: none. Of one that
 * is optional the rows are not asked for. */
static size_t
find_peer(struct planner *p, const struct source *s, size_t n, size_t i,
    const sv *condition, size_t nconditions)
{
	for (size_t j = 0; j < n && !s[i].optional; j++) {
		if (j == i || s[j].optional || sv_null(s[j].name) ||
		    !sifttable_find(s[j].name) || is_cte(p, s[j].name))
			continue;
		for (size_t k = 0; k < nconditions; k++)
			if (equates(sqlexpr_read(p->a, condition[k]),
			    s[i].alias, s[j].alias))
				return j;
	}
	return n;
}

/* "*" or "r.*" among the columns, or a join by all names that are alike. */
static bool
takes_all(const struct sqlpart *part)
{
	struct sqlscan list = { part->list, 0 }, from = { part->from, 0 };
	struct sqltok t, before = { .kind = SQLTOK_SIGN, .text = SV(",") };
	bool all = false;

	for (; !all && sqlscan_next(&list, &t); before = t)
		all = sqltok_is_sign(&t, "*") && (sqltok_is_sign(&before, ",") ||
		    sqltok_is_sign(&before, ".") ||
		    sqltok_is(&before, "DISTINCT") ||
		    sqltok_is(&before, "ALL"));
	while (!all && sqlscan_next(&from, &t))
		all = sqltok_is(&t, "NATURAL");
	return all;
}

static void
add_scan(struct planner *p, const struct source *s, size_t n, size_t i,
    const struct sqlpart *part)
{
	const struct sifttable *t = sifttable_find(s[i].name);
	sv *condition = arena_array(p->a, n + 1, sizeof(sv));
	size_t nconditions, peer;
	struct siftscope scope = { .a = p->a, .table = t, .alias = s[i].alias,
		.alone = n == 1, .needles = p->asker->needles,
		.shape = &p->shape, .param = p->asker->param,
		.ctx = p->asker->ctx };
	struct siftscan scan = { .table = t, .name = s[i].name,
		.at = (size_t)(s[i].name.p - p->sql.p), .named = s[i].named,
		.joined = n > 1, .star = takes_all(part) };

	nconditions = conditions(s, n, i, part->where, condition);
	scope.cells = p->asker->cells(p->asker->ctx, t);
	scan.cond = siftcond_make(&scope, condition, nconditions);
	scan.id_cell = -1;
	scan.peer = -1;
	peer = find_peer(p, s, n, i, condition, nconditions);
	if (peer < n) {
		scan.peer = (int)(s[peer].name.p - p->sql.p);
		scan.id_cell = siftcells_add(scope.cells, "request_id");
	}
	buf_mem(&p->scans, &scan, sizeof(scan));
}

/* Is each of its rows one of a table of the log that is sifted? */
static bool
read_part(struct planner *p, const struct sqlpart *part, int depth)
{
	struct source *s;
	size_t n = read_from(p->a, part->from, &s);
	bool sifted = false;

	for (size_t i = 0; i < n; i++) {
		struct sqlpart *in;
		size_t nin;

		if (!sv_null(s[i].body) && depth < 8) {
			nin = sqlshape_parts(p->a, s[i].body, &in);
			for (size_t k = 0; k < nin; k++)
				read_part(p, &in[k], depth + 1);
		}
		if (sv_null(s[i].name) || is_cte(p, s[i].name))
			continue;
		if (n == 1 && sv_is(s[i].name, "str")) {
			size_t at = (size_t)(s[i].name.p - p->sql.p);

			buf_mem(&p->strs, &at, sizeof(at));
		}
		if (!sifttable_find(s[i].name))
			continue;
		add_scan(p, s, n, i, part);
		sifted = n == 1;
	}
	return sifted && part->group.n == 0 && part->having.n == 0;
}

static bool
read_select(struct planner *p, sv select)
{
	struct sqlpart *part;
	size_t n = sqlshape_parts(p->a, select, &part);
	bool whole = n > 0;

	for (size_t i = 0; i < n; i++)
		whole = read_part(p, &part[i], 0) && whole;
	return whole;
}

/* The requests of each minute? */
static bool
is_minutes(sv body)
{
	static const char text[] = "SELECT source, ts / 60000000 AS minute, "
	    "count(*) AS n FROM request GROUP BY source, minute";
	struct buf b = BUF_INIT;
	bool is;

	sqlscan_plain(&b, body);
	is = sv_eq_nocase(buf_sv(&b), SV(text));
	buf_release(&b);
	return is;
}

static void
read_cte(struct planner *p, sv body)
{
	struct siftscan scan = { .at = (size_t)(body.p - p->sql.p),
		.name = body, .named = true, .peer = -1, .id_cell = -1 };

	if (is_minutes(body))
		buf_mem(&p->scans, &scan, sizeof(scan));
	else
		read_select(p, body);
}

static int
scan_cmp(const void *pa, const void *pb)
{
	const struct siftscan *a = pa, *b = pb;

	return (a->at > b->at) - (a->at < b->at);
}

/* Peers are known by where their names stand until all scans are. */
static void
number_peers(struct siftplan *out)
{
	for (size_t i = 0; i < out->n; i++) {
		size_t at = (size_t)out->scan[i].peer, k = 0;

		if (out->scan[i].peer < 0)
			continue;
		while (k < out->n && out->scan[k].at != at)
			k++;
		out->scan[i].peer = k < out->n && out->scan[i].id_cell >= 0 &&
		    out->scan[k].id_cell >= 0 ? (int)k : -1;
	}
}

void
siftplan_make(struct arena *a, sv sql, const struct siftasker *asker,
    struct siftplan *out)
{
	struct planner p = { .a = a, .sql = sql, .asker = asker };

	sqlshape_read(a, sql, &p.shape);
	for (size_t i = 0; i < p.shape.nctes; i++)
		read_cte(&p, p.shape.cte[i].body);
	out->whole = read_select(&p, p.shape.main);
	out->n = p.scans.n / sizeof(*out->scan);
	out->scan = arena_array(a, out->n + 1, sizeof(*out->scan));
	if (out->n) {
		memcpy(out->scan, p.scans.p, p.scans.n);
		qsort(out->scan, out->n, sizeof(*out->scan), scan_cmp);
	}
	number_peers(out);
	out->nstrs = p.strs.n / sizeof(*out->str);
	out->str = arena_array(a, out->nstrs + 1, sizeof(*out->str));
	if (out->nstrs)
		memcpy(out->str, p.strs.p, p.strs.n);
	buf_release(&p.strs);
	buf_release(&p.scans);
}
