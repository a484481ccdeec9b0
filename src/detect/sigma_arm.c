/* SPDX-License-Identifier: MIT */
/*
 * The SQL of an arm uses ?1, ?2 ... for values and :from, :to for time. SQLite
 * numbers a named parameter after the largest number it has met, so the text
 * starts with a mention of the largest one.
 */
#include "detect/sigma_arm.h"

#include <stdio.h>

#include "detect/meta.h"
#include "detect/sigma_corr.h"

enum {
	LEAVES_MAX = 48, /* SQLite takes 50 statements in one */
	NODES_MAX = 96,
	NEEDED_MAX = 64  /* fields of one leaf, of all that count it */
};

/* A document in the tree of an arm. */
struct node {
	const struct sigma_doc *d;
	const struct node *up;   /* NULL: the arm itself */
	struct sigma_corr corr;  /* correlations */
	struct node **kid;
	size_t nkids;
	int step;                /* which step of `up` it is */
	enum sigma_table table;  /* rule documents */
};

struct maker {
	struct sigma *s;
	struct rule *r;
	struct sigma_made *made;
	struct err *e;
	size_t nnodes, nleaves;
};

static sv
file_of(const struct node *n)
{
	return n->d->file->f.name;
}

/* --- the tree --- */

static void
use_doc(struct maker *m, const struct sigma_doc *d)
{
	struct sigma_made *out = m->made;

	for (size_t i = 0; i < out->ndocs; i++)
		if (out->doc[i] == d)
			return;
	out->doc[out->ndocs++] = d;
}

static struct node *build(struct maker *m, const struct sigma_doc *d,
    const struct node *up);

static bool
in_chain(const struct node *n, const struct sigma_doc *d)
{
	while (n && n->d != d)
		n = n->up;
	return n != NULL;
}

/* Steps of temporal types are the rules in their order. In counts all rules
 * are one step, so that an event counts once, and every correlation another. */
static bool
build_kids(struct maker *m, struct node *n)
{
	n->kid = arena_array(m->s->a, n->d->nbases, sizeof(struct node *));
	for (size_t i = 0; i < n->d->nbases; i++) {
		struct node *kid = build(m, n->d->base[i], n);

		if (!kid)
			return false;
		kid->step = sigma_corr_temporal(&n->corr) ? (int)i :
		    kid->d->correlation ? (int)i + 1 : 0;
		n->kid[n->nkids++] = kid;
	}
	return true;
}

static struct node *
build(struct maker *m, const struct sigma_doc *d, const struct node *up)
{
	struct node *n = arena_new(m->s->a, struct node);

	if (in_chain(up, d)) {
		yaml_err(m->e, d->file->f.name, d->correlation,
		    "the correlation refers to itself");
		return NULL;
	}
	if (++m->nnodes > NODES_MAX ||
	    (d->detection && ++m->nleaves > LEAVES_MAX)) {
		yaml_err(m->e, d->file->f.name, d->y, "more than %d rules in "
		    "one correlation", LEAVES_MAX);
		return NULL;
	}
	n->d = d;
	n->up = up;
	use_doc(m, d);
	if (d->detection)
		return n;
	return sigma_corr_read(m->s->a, d, &n->corr, m->e) &&
	    build_kids(m, n) ? n : NULL;
}

static size_t
leaves_of(struct node *n, struct node **out, size_t at)
{
	if (n->d->detection)
		out[at++] = n;
	for (size_t i = 0; i < n->nkids; i++)
		at = leaves_of(n->kid[i], out, at);
	return at;
}

/* --- fields --- */

/* A field that a correlation needs of a leaf's record. */
struct need {
	sv name;
	const struct yaml *at;
	sv file;
};

static bool
called(const struct sigma_doc *d, sv name)
{
	return (d->name.n && sv_eq(d->name, name)) ||
	    (d->id.n && sv_eq(d->id, name));
}

/* What a name in the correlation n means in the records of a leaf. */
static bool
resolve(struct maker *m, const struct node *n, const struct node *leaf,
    const struct yaml *name, sv *out)
{
	const struct yaml *alias = yaml_get(n->corr.aliases, name->text);

	*out = name->text;
	if (!alias)
		return true;
	for (const struct node *at = leaf; at != n; at = at->up)
		for (const struct yaml *k = alias->kid; k; k = k->next)
			if (called(at->d, k->key)) {
				*out = k->text;
				return true;
			}
	return err_set(m->e, ST_USAGE, "%.*s:%d:%d: alias '%.*s' has no field "
	    "for rule '%.*s'", SV_ARG(file_of(n)), alias->key_line,
	    alias->key_col, SV_ARG(name->text), SV_ARG(leaf->d->title));
}

static bool
add_needs(struct maker *m, const struct node *n, const struct node *leaf,
    const struct sigma_fields *f, struct need *v, size_t *count)
{
	for (size_t i = 0; i < f->n && *count < NEEDED_MAX; i++) {
		struct need *w = &v[(*count)++];

		*w = (struct need){ SV_NULL, f->v[i], file_of(n) };
		if (!resolve(m, n, leaf, f->v[i], &w->name))
			return false;
	}
	return true;
}

/* --- which table serves a leaf --- */

static void
unserved(struct sigma_made *out, const struct sigma_sql *c, sv file)
{
	if (!sv_null(out->why))
		return;
	out->why = c->why;
	out->why_file = file;
	out->why_line = c->why_line;
	out->why_col = c->why_col;
}

/* Could the table serve it? c->why says why not, c->file where. */
static bool
try_table(struct maker *m, const struct sigma_doc *d, const struct need *v,
    size_t n, enum sigma_table table, struct sigma_sql *c)
{
	bool ok;

	*c = (struct sigma_sql){ .a = m->s->a, .site = m->s->site,
		.e = m->e, .notes = &m->s->notes, .table = table };
	ok = sigma_doc_match(c, d);
	sigma_sql_release(c);
	for (size_t i = 0; ok && sv_null(c->why) && i < n; i++) {
		if (sigma_field_find(table, v[i].name))
			continue;
		c->file = v[i].file;
		sigma_unserved(c, v[i].at->line, v[i].at->col, "field ",
		    v[i].name, " unavailable");
	}
	return ok;
}

/* "field a unavailable in router lines, field b unavailable in access lines" */
static sv
both(struct arena *a, const struct sigma_sql *c, const struct sigma_sql *d)
{
	struct buf b = BUF_INIT;
	sv out;

	if (sv_eq(c->why, d->why))
		return c->why;
	buf_printf(&b, "%.*s in %s, %.*s in %s", SV_ARG(c->why),
	    sigma_source[c->table].lines, SV_ARG(d->why),
	    sigma_source[d->table].lines);
	out = buf_keep(&b, a);
	return out;
}

/* The first table that has all fields; else why the first two do not serve. */
static bool
choose_table(struct maker *m, struct node *leaf, const struct need *v,
    size_t n, const enum sigma_table *table)
{
	struct sigma_sql first = { 0 }, c;

	for (size_t i = 0; table[i] != SIGMA_TABLE_N; i++) {
		if (!try_table(m, leaf->d, v, n, table[i], &c))
			return false;
		if (sv_null(c.why)) {
			leaf->table = table[i];
			m->made->tables |= 1u << table[i];
			return true;
		}
		if (i == 0)
			first = c;
		else if (i == 1)
			first.why = both(m->s->a, &first, &c);
	}
	unserved(m->made, &first, first.file);
	return true;
}

static bool
no_source(struct maker *m, const struct sigma_doc *d)
{
	const struct yaml *src = yaml_get(d->y, SV("logsource"));
	sv category = sigma_doc_text(src, "category");
	sv product = sigma_doc_text(src, "product");
	struct sigma_sql c;
	char why[160];

	/* what is wrong is wrong everywhere */
	if (!try_table(m, d, NULL, 0, ON_REQUEST, &c))
		return false;
	snprintf(why, sizeof(why), "no source for log source category '%.*s', "
	    "product '%.*s'", category.n > 40 ? 40 : (int)category.n,
	    category.n ? category.p : "", product.n > 40 ? 40 : (int)product.n,
	    product.n ? product.p : "");
	c.why = arena_sv(m->s->a, sv_str(why));
	c.why_line = src->line;
	c.why_col = src->col;
	unserved(m->made, &c, d->file->f.name);
	return true;
}

static bool
place_leaf(struct maker *m, struct node *leaf)
{
	const enum sigma_table *table = sigma_doc_tables(leaf->d);
	struct need v[NEEDED_MAX];
	size_t n = 0;

	for (const struct node *up = leaf->up; up; up = up->up)
		if (!add_needs(m, up, leaf, &up->corr.group, v, &n) ||
		    !add_needs(m, up, leaf, &up->corr.value, v, &n))
			return false;
	return table ? choose_table(m, leaf, v, n, table) :
	    no_source(m, leaf->d);
}

/* --- statements --- */

struct statement {
	struct maker *m;
	const struct node *n; /* whose groups and values */
	struct sigma_sql c;
};

/* A part of several: no two lists of parts give the same text. */
static void
write_part(struct buf *b, const struct sigma_field *f, bool alone)
{
	buf_str(b, alone ? "(" : "replace(replace(");
	sigma_field_text(b, f);
	buf_str(b, alone ? ")" : ", '\\', '\\\\'), ',', '\\,')");
}

/* The fields as one text, NULL when one of them is. */
static bool
write_fields(struct statement *st, const struct node *leaf,
    const struct sigma_fields *f)
{
	for (size_t i = 0; i < f->n; i++) {
		sv name;

		if (!resolve(st->m, st->n, leaf, f->v[i], &name))
			return false;
		if (i)
			buf_lit(&st->c.sql, " || ', ' || ");
		write_part(&st->c.sql, sigma_field_find(leaf->table, name),
		    f->n == 1);
	}
	return true;
}

static bool
write_columns(struct statement *st, const struct node *leaf, int step)
{
	const struct sigma_source *src = &sigma_source[leaf->table];
	const struct sigma_corr *corr = &st->n->corr;
	bool event = st->n == leaf;
	struct buf *b = &st->c.sql;

	buf_printf(b, "SELECT id * 16 + %d AS rec, ts, hash, nth, ", src->kind);
	if (event && src->key) {
		buf_lit(b, "coalesce(");
		sigma_field_text(b, sigma_field_find(leaf->table,
		    sv_str(src->key)));
		buf_lit(b, ", '')");
	} else if (event || corr->group.n == 0) {
		buf_lit(b, "''");
	} else if (!write_fields(st, leaf, &corr->group)) {
		return false;
	}
	buf_lit(b, " AS key, ");
	if (event || corr->value.n == 0)
		buf_lit(b, "NULL");
	else if (!write_fields(st, leaf, &corr->value))
		return false;
	buf_printf(b, " AS val, %d AS step FROM %s WHERE ", step, src->table);
	if (src->where)
		buf_printf(b, "%s AND ", src->where);
	return true;
}

/* Rows of any of these leaves, all with the same columns, each row once. */
static bool
write_select(struct statement *st, struct node *const *leaf, size_t n,
    int step)
{
	if (st->c.sql.n)
		buf_lit(&st->c.sql, "\nUNION ALL\n");
	st->c.table = leaf[0]->table;
	if (!write_columns(st, leaf[0], step))
		return false;
	buf_lit(&st->c.sql, "(");
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_lit(&st->c.sql, " OR ");
		if (!sigma_doc_match(&st->c, leaf[i]->d))
			return false;
	}
	buf_lit(&st->c.sql, ") AND ts BETWEEN :from AND :to");
	return true;
}

/* Which step of n a leaf below it belongs to. */
static int
step_of(const struct node *n, const struct node *leaf)
{
	while (leaf != n && leaf->up != n)
		leaf = leaf->up;
	return leaf == n ? 0 : leaf->step;
}

static bool
same_fields(struct statement *st, const struct node *a, const struct node *b,
    const struct sigma_fields *f, bool *same)
{
	sv x, y;

	for (size_t i = 0; i < f->n; i++) {
		if (!resolve(st->m, st->n, a, f->v[i], &x) ||
		    !resolve(st->m, st->n, b, f->v[i], &y))
			return false;
		*same = *same && sv_eq(x, y);
	}
	return true;
}

/* Do they count as one in n: the same step, and the same columns? */
static bool
alike(struct statement *st, const struct node *a, const struct node *b,
    bool *same)
{
	const struct sigma_corr *corr = &st->n->corr;

	*same = a == b || (a->table == b->table &&
	    step_of(st->n, a) == step_of(st->n, b));
	return a == b || !*same ||
	    (same_fields(st, a, b, &corr->group, same) &&
	    same_fields(st, a, b, &corr->value, same));
}

static bool
write_all(struct statement *st, struct node **leaf, size_t n)
{
	struct node *of[LEAVES_MAX];

	while (n > 0) {
		struct node *first = leaf[0];
		size_t m = 0, left = 0;

		for (size_t i = 0; i < n; i++) {
			bool same;

			if (!alike(st, first, leaf[i], &same))
				return false;
			if (same)
				of[m++] = leaf[i];
			else
				leaf[left++] = leaf[i];
		}
		n = left;
		if (!write_select(st, of, m, step_of(st->n, first)))
			return false;
	}
	return true;
}

static void
finish(struct statement *st, struct arm *arm)
{
	struct buf b = BUF_INIT;

	if (st->c.nbinds)
		buf_printf(&b, "WITH bound(n) AS (SELECT ?%zu)\n",
		    st->c.nbinds);
	buf_add(&b, buf_sv(&st->c.with));
	buf_add(&b, buf_sv(&st->c.sql));
	arm->sql = arena_sv(st->m->s->a, buf_sv(&b));
	arm->bind = st->c.bind;
	arm->nbinds = st->c.nbinds;
	buf_release(&b);
}

static bool
write_statement(struct maker *m, struct node *n, struct arm *arm)
{
	struct statement st = { .m = m, .n = n, .c = { .a = m->s->a,
	    .site = m->s->site, .e = m->e, .notes = &m->s->notes } };
	struct node *leaf[LEAVES_MAX];
	bool ok = write_all(&st, leaf, leaves_of(n, leaf, 0));

	if (ok)
		finish(&st, arm);
	sigma_sql_release(&st.c);
	return ok;
}

/* --- arms --- */

static sv
words(struct arena *a, const char *before, const struct sigma_fields *f)
{
	struct buf b = BUF_INIT;
	sv out;

	buf_str(&b, before);
	for (size_t i = 0; i < f->n; i++) {
		if (i)
			buf_lit(&b, ", ");
		buf_add(&b, f->v[i]->text);
	}
	out = buf_keep(&b, a);
	return out;
}

static sv
metric_words(struct arena *a, const struct sigma_corr *c)
{
	char before[64] = "steps";

	switch (c->kind) {
	case ARM_EVENT_COUNT:
		return SV("events");
	case ARM_VALUE_COUNT:
		return words(a, "distinct ", &c->value);
	case ARM_VALUE_SUM:
		return words(a, "sum of ", &c->value);
	case ARM_VALUE_AVG:
		return words(a, "mean of ", &c->value);
	case ARM_VALUE_MEDIAN:
		return words(a, "median of ", &c->value);
	case ARM_VALUE_PERCENTILE:
		snprintf(before, sizeof(before), "percentile %g of ",
		    c->percentile);
		return words(a, before, &c->value);
	case ARM_EVENT:
	case ARM_TEMPORAL:
	case ARM_TEMPORAL_ORDERED:
	case ARM_SQL:
	case ARM_KIND_N:
		break;
	}
	return SV("steps");
}

/* Grows as the tests of sigma_test.c do. */
static int
add_param(struct maker *m, sv name, double value)
{
	struct rule *r = m->r;
	struct param *old = r->param;

	if ((r->nparams & (r->nparams - 1)) == 0) {
		r->param = arena_array(m->s->a, r->nparams ? 2 * r->nparams : 1,
		    sizeof(*r->param));
		if (old)
			memcpy(r->param, old, r->nparams * sizeof(*old));
	}
	return meta_param(r, name, value);
}

static void
add_bounds(struct maker *m, const struct sigma_corr *c, struct arm *arm)
{
	for (size_t i = 0; i < c->nbounds; i++) {
		struct buf name = BUF_INIT;

		buf_add(&name, arm->name);
		if (i)
			buf_lit(&name, ".max");
		arm->cond[i].op = c->bound[i].op;
		arm->cond[i].param = add_param(m, arena_sv(m->s->a,
		    buf_sv(&name)), c->bound[i].number);
		buf_release(&name);
	}
	arm->ncond = c->nbounds;
	if (c->nbounds && c->bound[0].op <= CMP_GT &&
	    !sigma_corr_temporal(c))
		arm->threshold = arm->cond[0].param;
}

static bool fill(struct maker *m, struct node *n, struct arm *arm);

/* "fast.NAME": the numbers of a link are parameters of the rule too. */
static sv
link_name(struct maker *m, const struct arm *arm, const struct node *kid)
{
	struct buf b = BUF_INIT;
	sv out;

	buf_add(&b, arm->name);
	if (meta_is_name(kid->d->name))
		buf_printf(&b, ".%.*s", SV_ARG(kid->d->name));
	else
		buf_printf(&b, ".%d", kid->step);
	out = buf_keep(&b, m->s->a);
	return out;
}

static bool
add_links(struct maker *m, struct node *n, struct arm *arm)
{
	arm->link = arena_array(m->s->a, n->nkids, sizeof(*arm->link));
	for (size_t i = 0; i < n->nkids; i++) {
		struct arm *link = &arm->link[arm->nlinks];

		if (!n->kid[i]->d->correlation)
			continue;
		arm->nlinks++;
		*link = (struct arm){ .level = -1, .step = n->kid[i]->step,
			.name = link_name(m, arm, n->kid[i]) };
		if (!fill(m, n->kid[i], link))
			return false;
		link->threshold = -1; /* a baseline moves arms, not links */
	}
	return true;
}

static void
event_words(const struct node *n, struct arm *arm)
{
	const char *key = sigma_source[n->table].key;

	arm->kind = ARM_EVENT;
	arm->never_baselined = true;
	if (sv_null(arm->metric))
		arm->metric = SV("events");
	if (sv_null(arm->key_name))
		arm->key_name = key ? sv_str(key) : SV("");
}

static void
corr_words(struct maker *m, const struct node *n, struct arm *arm)
{
	const struct sigma_corr *c = &n->corr;
	bool temporal = sigma_corr_temporal(c);

	arm->kind = c->kind;
	arm->window = c->span;
	arm->percentile = c->percentile;
	arm->term = c->term;
	arm->nterms = c->nterms;
	arm->nsteps = temporal ? n->nkids : 1;
	arm->never_baselined = arm->never_baselined || temporal;
	if (sv_null(arm->metric))
		arm->metric = metric_words(m->s->a, c);
	if (sv_null(arm->key_name))
		arm->key_name = words(m->s->a, "", &c->group);
}

static bool
fill(struct maker *m, struct node *n, struct arm *arm)
{
	arm->threshold = -1;
	arm->nsteps = 1;
	if (n->d->detection) {
		event_words(n, arm);
	} else {
		corr_words(m, n, arm);
		add_bounds(m, &n->corr, arm);
		if (!add_links(m, n, arm))
			return false;
	}
	return write_statement(m, n, arm);
}

bool
sigma_arm(struct sigma *s, const struct sigma_doc *d, struct rule *r,
    struct arm *arm, struct sigma_made *out, struct err *e)
{
	struct maker m = { s, r, out, e, 0, 0 };
	struct node *leaf[LEAVES_MAX], *root;
	size_t n;

	*out = (struct sigma_made){ .doc = arena_array(s->a, NODES_MAX + 1,
	    sizeof(*out->doc)) };
	root = build(&m, d, NULL);
	if (!root)
		return false;
	n = leaves_of(root, leaf, 0);
	for (size_t i = 0; i < n; i++)
		if (!place_leaf(&m, leaf[i]))
			return false;
	return !sv_null(out->why) || fill(&m, root, arm);
}
