/* SPDX-License-Identifier: MIT */
/*
 * A selection or an item is compiled by the compiler of rules itself, as the
 * only one of a detection made up for it.
 */
#include "detect/sigmastage.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/io.h"
#include "detect/given.h"
#include "detect/hits.h"
#include "detect/sigma_match.h"
#include "parse/yaml.h"
#include "store/query.h"

enum { VALUES_SHOWN = 5, VALUE_SHOWN = 60 };

struct taker {
	struct stages *l;
	const struct hits_env *env;
	const struct rule *r;
	int64_t from, to;
	/* of the document at hand */
	const struct yaml *detection;
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

/* First table of the log source that has all fields of the detection. */
static bool
find_table(struct taker *t, const struct yaml *doc)
{
	const struct yaml *src = yaml_get(doc, SV("logsource"));
	const struct yaml *part[3];
	static const char *const name[] = { "category", "product", "service" };
	struct err e = ERR_INIT;
	struct sigma_sql c = { .a = t->l->a, .file = t->r->file, .e = &e };

	for (size_t i = 0; i < 3; i++)
		part[i] = yaml_get(src, sv_str(name[i]));
	if (!sigma_table_of(part[0] ? part[0]->text : SV_NULL,
	    part[1] ? part[1]->text : SV_NULL,
	    part[2] ? part[2]->text : SV_NULL, &t->table))
		return false;
	c.table = t->table;
	if (sigma_match(&c, t->detection) && !sv_null(c.missing) &&
	    t->table == ON_REQUEST)
		t->table = ON_ACCESS;
	buf_release(&c.sql);
	return true;
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
	q->c = (struct sigma_sql){ .a = t->l->a, .file = t->r->file,
		.e = &q->e, .table = t->table };
}

static void
close_question(struct question *q)
{
	buf_release(&q->c.sql);
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
	if (q->c.nbinds)
		buf_printf(b, "WITH bound(n) AS (SELECT ?%zu)\n", q->c.nbinds);
	buf_lit(b, "SELECT passed_, count(*) FROM (SELECT ");
	if (q->n)
		buf_printf(b, "CASE%.*s\nELSE %zu END",
		    SV_ARG(buf_sv(&q->cases)), q->n);
	else
		buf_lit(b, "0");
	buf_printf(b, " AS passed_ FROM %s WHERE ts BETWEEN :from AND :to) "
	    "GROUP BY 1", sigma_source[q->c.table].table);
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

static sv
next_word(sv *rest)
{
	size_t n = 0;

	*rest = sv_trim_left(*rest);
	if (rest->n && (rest->p[0] == '(' || rest->p[0] == ')'))
		return sv_cut_n(rest, 1);
	while (n < rest->n && !is_space(rest->p[n]) && rest->p[n] != '(' &&
	    rest->p[n] != ')')
		n++;
	return sv_cut_n(rest, n);
}

/* Is the condition a chain of names and "all of" that only `and` joins, and the
 * selection one of them? Without it nothing is found then. */
static bool
is_needed(const struct yaml *cond, sv name)
{
	sv rest = cond->text, word, before = SV(""), star = SV("*");
	bool found = false;

	if (cond->kind != YAML_STRING)
		return false;
	while ((word = next_word(&rest)).n) {
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

static void
take_condition(const struct taker *t, const struct yaml *cond)
{
	struct question q;
	int64_t left[2];
	sv why;

	open_question(t, &q);
	if (sigma_match(&q.c, t->detection))
		ask(&q);
	why = answer(t, &q, left);
	add(t, SV("condition"), cond->kind == YAML_LIST ?
	    SV("one of several conditions") : stage_plain(t->l, cond->text),
	    left[0], left[q.n], why, true);
	close_question(&q);
}

static void
take_document(struct taker *t, const struct yaml *doc, sv name)
{
	const struct yaml *cond = yaml_get(t->detection, SV("condition"));
	struct question q;
	int64_t left[1];
	sv why;

	if (!cond || !find_table(t, doc)) {
		add(t, name, SV("no source has its log source"), STAGE_UNKNOWN,
		    STAGE_UNKNOWN, SV_NULL, false);
		return;
	}
	open_question(t, &q);
	why = answer(t, &q, left);
	close_question(&q);
	add(t, name, called(t, "rows of ", sv_str(sigma_source[t->table].table)),
	    STAGE_UNKNOWN, left[0], why, true);
	for (const struct yaml *k = t->detection->kid; k; k = k->next) {
		bool map = k->kind == YAML_MAP;

		if (k != cond)
			(map ? take_map : take_whole)(t, called(t,
			    "selection ", k->key), k, is_needed(cond, k->key));
	}
	take_condition(t, cond);
}

/* --- the file ------------------------------------------------------------- */

static sv
text_of(const struct yaml *doc, const char *key)
{
	const struct yaml *y = yaml_get(doc, sv_str(key));

	return y ? y->text : SV_NULL;
}

static sv
name_of(const struct yaml *doc)
{
	sv name = text_of(doc, "name"), id = text_of(doc, "id");

	return name.n ? name : id.n ? id : text_of(doc, "title");
}

static bool
refers(const struct yaml *rules, const struct yaml *doc)
{
	const struct yaml *k = rules && rules->kind == YAML_LIST ? rules->kid :
	    rules;

	for (; k; k = rules->kind == YAML_LIST ? k->next : NULL)
		if ((k->text.n && sv_eq(k->text, text_of(doc, "name"))) ||
		    (k->text.n && sv_eq(k->text, text_of(doc, "id"))))
			return true;
	return false;
}

/* Is the document what the rule is made of, or a base of it? A file may hold
 * several rules; one with an id of ours is one rule. */
static bool
is_part(const struct taker *t, const struct yaml *first,
    const struct yaml *doc)
{
	if (yaml_get(yaml_get(first, SV("raxx")), SV("id")) ||
	    doc->line == t->r->line)
		return true;
	for (const struct yaml *y = first; y; y = y->next)
		if (y->line == t->r->line && refers(yaml_get(yaml_get(y,
		    SV("correlation")), SV("rules")), doc))
			return true;
	return false;
}

bool
sigmastage_take(struct stages *l, const struct hits_env *env,
    const struct rule *r, int64_t from, int64_t to, struct err *e)
{
	struct taker t = { .l = l, .env = env, .r = r, .from = from, .to = to };
	struct yaml *first;
	sv text;

	if (!io_read_file(l->a, arena_str(l->a, r->file), RULE_FILE_MAX, &text,
	    e) || !yaml_parse(l->a, r->file, text, &first, e))
		return false;
	for (const struct yaml *y = first; y; y = y->next) {
		t.detection = yaml_get(y, SV("detection"));
		if (!t.detection || !is_part(&t, first, y))
			continue;
		t.way = stage_add_way(l, name_of(y));
		take_document(&t, y, name_of(y));
	}
	stage_find_zeros(l);
	return true;
}
