/* SPDX-License-Identifier: MIT */
/*
 * A selection or an item is compiled by the compiler of rules itself, as the
 * only one of a detection made up for it.
 */
#include "detect/sigmastage.h"

#include "base/buf.h"
#include "base/io.h"
#include "detect/given.h"
#include "detect/hits.h"
#include "detect/sigma_cond.h"
#include "detect/sigma_doc.h"
#include "detect/sigma_match.h"
#include "store/query.h"

enum { VALUES_SHOWN = 5, VALUE_SHOWN = 60 };

struct taker {
	struct stages *l;
	const struct hits_env *env;
	const struct rule *r;
	int64_t from, to;
	/* of the document at hand */
	const struct sigma_doc *d;
	enum sigma_table table;
	uint64_t way;
};

/* --- compiling ------------------------------------------------------------ */

static struct yaml
member(enum yaml_kind kind, const char *key, sv text)
{
	return (struct yaml){ .kind = kind, .key = sv_str(key), .text = text };
}

/* Appends the expression of a selection that is `y` itself, called x. */
static bool
match_selection(struct sigma_sql *c, struct yaml y)
{
	struct yaml cond = member(YAML_STRING, "condition", SV("x"));
	struct yaml det = { .kind = YAML_MAP, .kid = &y, .nkids = 2 };

	y.key = SV("x");
	y.next = &cond;
	cond.source = y.source;
	return sigma_match(c, &det);
}

static bool
match_item(struct sigma_sql *c, const struct yaml *item)
{
	struct yaml one = *item;
	struct yaml sel = { .kind = YAML_MAP, .kid = &one, .nkids = 1,
		.source = item->source };

	one.next = NULL;
	return match_selection(c, sel);
}

static struct sigma_sql
compiler(const struct taker *t, struct err *e, enum sigma_table table)
{
	return (struct sigma_sql){ .a = t->l->a,
		.site = t->env ? t->env->site : NULL,
		.file = t->d->file->f.name, .e = e, .table = table };
}

static bool
is_source(const struct rule *r, const char *name)
{
	for (size_t i = 0; i < r->nsources; i++)
		if (sv_is(r->source[i], name))
			return true;
	return r->nsources == 0;
}

/* The first table of the log source that has all fields of the document and is
 * a source of the rule. */
static bool
find_table(struct taker *t)
{
	const enum sigma_table *table = sigma_doc_tables(t->d);

	for (size_t i = 0; table && table[i] != SIGMA_TABLE_N; i++) {
		struct err e = ERR_INIT;
		struct sigma_sql c = compiler(t, &e, table[i]);
		bool fits = sigma_doc_match(&c, t->d) && sv_null(c.why) &&
		    is_source(t->r, sigma_source[table[i]].source);

		sigma_sql_release(&c);
		if (i == 0 || fits)
			t->table = table[i];
		if (fits)
			break;
	}
	return table != NULL;
}

/* --- counting ------------------------------------------------------------- */

/* What is asked of every row of the window: `n` expressions, in order. */
struct question {
	struct sigma_sql c;
	struct buf cases;
	size_t n;
	struct err e;
};

static void
open_question(const struct taker *t, struct question *q)
{
	*q = (struct question){ .cases = BUF_INIT, .e = ERR_INIT };
	q->c = compiler(t, &q->e, t->table);
}

static void
close_question(struct question *q)
{
	sigma_sql_release(&q->c);
	buf_release(&q->cases);
}

/* The expression that was just appended to q->c.sql is the next one. */
static void
ask(struct question *q)
{
	buf_printf(&q->cases, "\nWHEN (%.*s) IS NOT TRUE THEN %zu",
	    SV_ARG(buf_sv(&q->c.sql)), q->n++);
	buf_clear(&q->c.sql);
}

static void
put_statement(const struct question *q, struct buf *b)
{
	const struct sigma_source *src = &sigma_source[q->c.table];

	if (q->c.nbinds)
		buf_printf(b, "WITH bound(n) AS (SELECT ?%zu)\n%.*s",
		    q->c.nbinds, SV_ARG(buf_sv(&q->c.with)));
	buf_lit(b, "SELECT passed_, count(*) FROM (SELECT ");
	if (q->n)
		buf_printf(b, "CASE%.*s\nELSE %zu END",
		    SV_ARG(buf_sv(&q->cases)), q->n);
	else
		buf_lit(b, "0");
	buf_printf(b, " AS passed_ FROM %s WHERE %s%sts BETWEEN :from AND :to) "
	    "GROUP BY 1", src->table, src->where ? src->where : "",
	    src->where ? " AND " : "");
}

static sv
read_answer(const struct taker *t, struct question *q, struct query *s,
    int64_t *left)
{
	struct err e = ERR_INIT;
	enum query_end end;

	given_bind_arm(s, q->c.bind, q->c.nbinds, t->from, t->to);
	query_limit(s, t->env->seconds, 0);
	while ((end = query_next(s, &e)) == QUERY_MORE)
		left[query_i64(s, 0)] += query_i64(s, 1);
	if (end == QUERY_LIMIT)
		return SV("a limit was hit");
	return end == QUERY_DONE ? SV_NULL : arena_sv(t->l->a, sv_str(e.msg));
}

/* left[i]: rows that pass the first i expressions. The reason when that is not
 * known, else null. */
static sv
answer(const struct taker *t, struct question *q, int64_t *left)
{
	struct err e = ERR_INIT;
	struct buf b = BUF_INIT;
	struct query *s = NULL;
	sv why = SV_NULL;

	for (size_t i = 0; i <= q->n; i++)
		left[i] = t->env ? 0 : STAGE_UNKNOWN;
	if (!t->env)
		return SV_NULL;
	put_statement(q, &b);
	s = query_open(t->env->st, buf_sv(&b), NULL, &e);
	why = s ? read_answer(t, q, s, left) :
	    arena_sv(t->l->a, sv_str(e.msg));
	query_close(s);
	buf_release(&b);
	for (size_t i = q->n; i-- > 0;)
		left[i] += left[i + 1];
	for (size_t i = 0; i <= q->n && !sv_null(why); i++)
		left[i] = STAGE_UNKNOWN;
	return why;
}

/* --- words ---------------------------------------------------------------- */

static void
put_value(struct buf *b, const struct yaml *y)
{
	if (y->kind == YAML_NULL) {
		buf_lit(b, "null");
		return;
	}
	buf_add(b, sv_take(y->text, VALUE_SHOWN));
	if (y->text.n > VALUE_SHOWN)
		buf_lit(b, "...");
}

/* "sc-status: 401, 404", of a long list the first values. */
static void
put_item(struct buf *b, const struct yaml *y)
{
	size_t n = 0;

	if (y->key.n)
		buf_printf(b, "%.*s: ", SV_ARG(y->key));
	if (y->kind != YAML_LIST) {
		put_value(b, y);
		return;
	}
	for (const struct yaml *k = y->kid; k && n < VALUES_SHOWN;
	    k = k->next) {
		buf_str(b, n++ ? ", " : "");
		put_value(b, k);
	}
	if (y->nkids > n)
		buf_printf(b, " and %zu more", y->nkids - n);
}

static sv
take(const struct taker *t, struct buf *b)
{
	sv v = arena_sv(t->l->a, buf_sv(b));

	buf_release(b);
	return v;
}

static sv
item_text(const struct taker *t, const struct yaml *y)
{
	struct buf b = BUF_INIT;

	put_item(&b, y);
	return take(t, &b);
}

static sv
called(const struct taker *t, const char *what, sv name)
{
	struct buf b = BUF_INIT;

	buf_str(&b, what);
	buf_add(&b, name);
	return take(t, &b);
}

/* --- what a condition needs ----------------------------------------------- */

/* Is the condition a chain of names and "all of" that only `and` joins, and the
 * selection one of them? Without it nothing is found then. */
static bool
is_needed(const struct yaml *cond, sv name)
{
	sv rest = cond->text, word, before = SV(""), star = SV("*");
	bool found = false;

	if (cond->kind != YAML_STRING)
		return false;
	while ((word = sigma_cond_word(&rest)).n) {
		bool of = sv_is(before, "of");
		sv stem = sv_take(word, sv_find(word, star));

		if (sv_is(word, "or") || sv_is(word, "(") ||
		    sv_is(word, "1") || sv_is(word, "any"))
			return false;
		if (sv_is(before, "not") || (of && !sv_is(word, "them") &&
		    !sv_starts(name, stem)))
			word = SV("-");
		found = found || sv_eq(word, name) || (of &&
		    !sv_is(word, "-") && !sv_starts(name, SV("_")));
		before = word;
	}
	return found;
}

/* --- a document ----------------------------------------------------------- */

static void
add(const struct taker *t, sv of, sv what, int64_t in, int64_t out, sv why,
    bool needed)
{
	stage_add(t->l, (struct stage){ of, what, in, out, why,
	    needed ? t->way : 0 });
}

/* Items of a map, which AND joins. */
static void
take_map(const struct taker *t, sv of, const struct yaml *map, bool needed)
{
	int64_t *left = arena_array(t->l->a, map->nkids + 1, sizeof(*left));
	struct question q;
	size_t i = 0;
	sv why;

	open_question(t, &q);
	for (const struct yaml *k = map->kid; k; k = k->next)
		if (match_item(&q.c, k))
			ask(&q);
	why = answer(t, &q, left);
	for (const struct yaml *k = map->kid; k && i < q.n; k = k->next, i++)
		add(t, i ? SV_NULL : of, item_text(t, k), left[i], left[i + 1],
		    i ? SV_NULL : why, needed);
	close_question(&q);
}

/* Keywords, or a list of maps of which one must fit: one step. */
static void
take_whole(const struct taker *t, sv of, const struct yaml *y, bool needed)
{
	struct yaml plain = *y;
	struct question q;
	int64_t left[2];
	sv why;

	open_question(t, &q);
	if (match_selection(&q.c, *y))
		ask(&q);
	why = answer(t, &q, left);
	plain.key = SV_NULL;
	add(t, of, y->kind == YAML_LIST && y->kid->kind == YAML_MAP ?
	    SV("one of several maps") : item_text(t, &plain), left[0],
	    left[q.n], why, needed);
	close_question(&q);
}

/* What the filters leave of what the condition lets through. */
static void
take_filters(const struct taker *t, const int64_t *left)
{
	for (size_t i = 0; i < t->d->nwith; i++)
		add(t, called(t, "filter ", t->d->with[i]->title), stage_plain(
		    t->l, sigma_doc_text(t->d->with[i]->filter, "condition")),
		    left[i], left[i + 1], SV_NULL, true);
}

static void
take_condition(const struct taker *t, const struct yaml *cond)
{
	int64_t *left = arena_array(t->l->a, t->d->nwith + 2, sizeof(*left));
	struct question q;
	sv why;

	open_question(t, &q);
	if (sigma_match(&q.c, t->d->detection))
		ask(&q);
	for (size_t i = 0; i < t->d->nwith; i++) {
		q.c.file = t->d->with[i]->file->f.name;
		if (sigma_match_filter(&q.c, t->d->with[i]->filter))
			ask(&q);
	}
	why = answer(t, &q, left);
	add(t, SV("condition"), cond->kind == YAML_LIST ?
	    SV("one of several conditions") : stage_plain(t->l, cond->text),
	    left[0], left[1], why, true);
	take_filters(t, left + 1);
	close_question(&q);
}

static sv
name_of(const struct sigma_doc *d)
{
	return d->name.n ? d->name : d->id.n ? d->id : d->title;
}

static void
take_document(struct taker *t)
{
	const struct yaml *cond = yaml_get(t->d->detection, SV("condition"));
	sv name = name_of(t->d);
	struct question q;
	int64_t left[1];
	sv why;

	if (!cond || !find_table(t)) {
		add(t, name, SV("no source has its log source"), STAGE_UNKNOWN,
		    STAGE_UNKNOWN, SV_NULL, false);
		return;
	}
	open_question(t, &q);
	why = answer(t, &q, left);
	close_question(&q);
	add(t, name,
	    called(t, "rows of ", sv_str(sigma_source[t->table].table)),
	    STAGE_UNKNOWN, left[0], why, true);
	for (const struct yaml *k = t->d->detection->kid; k; k = k->next) {
		bool map = k->kind == YAML_MAP;

		if (k != cond)
			(map ? take_map : take_whole)(t, called(t,
			    "selection ", k->key), k, is_needed(cond, k->key));
	}
	take_condition(t, cond);
}

/* --- the files ------------------------------------------------------------ */

/* Every document of which d is made, once. */
static void
take_tree(struct taker *t, struct sigma_doc *d)
{
	if (d->visited)
		return;
	d->visited = true;
	for (size_t i = 0; i < d->nbases; i++)
		take_tree(t, d->base[i]);
	if (!d->detection)
		return;
	t->d = d;
	t->way = stage_add_way(t->l, name_of(d));
	take_document(t);
}

static bool
add_part(struct sigma *s, sv name, struct err *e)
{
	struct rule_file f = { .name = name };

	return io_read_file(s->a, arena_str(s->a, name), RULE_FILE_MAX,
	    &f.text, e) && sigma_doc_add(s, f, false, e);
}

/* A file may hold several rules; one with an id of ours is one rule. */
bool
sigmastage_take(struct stages *l, const struct hits_env *env,
    const struct rule *r, int64_t from, int64_t to, struct err *e)
{
	struct taker t = { .l = l, .env = env, .r = r, .from = from, .to = to };
	struct sigma s = { .a = l->a, .site = env ? env->site : NULL };
	const struct sigma_file *f;

	if (!add_part(&s, r->file, e))
		return false;
	for (size_t i = 0; i < r->nparts; i++)
		if (!add_part(&s, r->part[i], e))
			return false;
	for (size_t i = 0; i < s.nfiles; i++) {
		struct err other = ERR_INIT; /* of what is none of the rule */

		sigma_doc_link(&s, s.file[i], &other);
	}
	f = s.file[0];
	for (size_t i = 0; i < f->ndocs; i++)
		if (f->shared ? sigma_doc_fires(&f->doc[i]) :
		    f->doc[i].y->line == r->line)
			take_tree(&t, &f->doc[i]);
	stage_find_zeros(l);
	return true;
}
