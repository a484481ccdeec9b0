/* SPDX-License-Identifier: MIT */
#include "detect/sigma_doc.h"

#include "detect/meta.h"
#include "detect/sigma_cond.h"
#include "detect/sigma_match.h"

enum { DOCS_MAX = 256 };

/* What a function of one file needs. */
struct reader {
	struct sigma *s;
	struct sigma_file *f;
	struct err *e;
};

#define at_err(r, y, ...) yaml_err((r)->e, (r)->f->f.name, (y), __VA_ARGS__)

static bool
key_err(struct reader *r, const struct yaml *y, const char *what)
{
	return sigma_key_err(r->e, r->f->f.name, y, what, y->key);
}

sv
sigma_doc_text(const struct yaml *map, const char *key)
{
	const struct yaml *y = yaml_get(map, sv_str(key));

	return y && y->kind != YAML_LIST && y->kind != YAML_MAP &&
	    y->kind != YAML_NULL ? y->text : SV_NULL;
}

/* --- reading --- */

static bool
read_bool(struct reader *r, const struct yaml *map, const char *key, bool *out)
{
	const struct yaml *y = yaml_get(map, sv_str(key));

	if (y && y->kind != YAML_BOOL)
		return at_err(r, y, "'%s' must be true or false", key);
	if (y)
		*out = *out || y->num;
	return true;
}

static bool
check_action(struct reader *r, const struct yaml *y)
{
	const struct yaml *action = yaml_get(y, SV("action"));

	return !action || key_err(r, action, "gone from Sigma 2, write every "
	    "document in full:");
}

static bool
check_source(struct reader *r, const struct sigma_doc *d)
{
	const struct yaml *src = yaml_get(d->y, SV("logsource"));

	if (!src)
		return at_err(r, d->y, "'logsource' is missing");
	return src->kind == YAML_MAP ||
	    at_err(r, src, "'logsource' must be a map");
}

/* Does each item of the list, or what is none, name a rule? */
static bool
check_names(struct reader *r, const struct yaml *rules)
{
	bool list = rules->kind == YAML_LIST;

	for (const struct yaml *k = list ? rules->kid : rules; k;
	    k = list ? k->next : NULL)
		if (!k->text.n)
			return at_err(r, k, "the id or name of a rule is "
			    "expected");
	return true;
}

static bool
check_title(struct reader *r, const struct sigma_doc *d)
{
	const struct yaml *title = yaml_get(d->y, SV("title"));

	if (d->title.n)
		return true;
	return title ? at_err(r, title, "'title' must be a text") :
	    at_err(r, d->y, "'title' is missing");
}

static bool
check_filter(struct reader *r, const struct sigma_doc *d)
{
	const struct yaml *rules = yaml_get(d->filter, SV("rules"));

	if (d->raxx)
		return at_err(r, d->raxx, "a filter takes no 'raxx'");
	if (!check_source(r, d))
		return false;
	if (d->filter->kind != YAML_MAP)
		return at_err(r, d->filter, "'filter' must be a map");
	if (!rules || rules->kind == YAML_MAP || rules->kind == YAML_NULL)
		return at_err(r, rules ? rules : d->filter,
		    "'rules' must be any, a rule or a list of rules");
	return check_names(r, rules);
}

static bool
read_doc(struct reader *r, const struct yaml *y, struct sigma_doc *d)
{
	int kinds;

	if (y->kind != YAML_MAP)
		return at_err(r, y, "a Sigma document must be a map");
	if (!check_action(r, y))
		return false;
	*d = (struct sigma_doc){ .file = r->f, .y = y,
		.raxx = yaml_get(y, SV("raxx")),
		.id = sigma_doc_text(y, "id"),
		.name = sigma_doc_text(y, "name"),
		.title = sigma_doc_text(y, "title"),
		.detection = yaml_get(y, SV("detection")),
		.correlation = yaml_get(y, SV("correlation")),
		.filter = yaml_get(y, SV("filter")) };
	kinds = (d->detection != NULL) + (d->correlation != NULL) +
	    (d->filter != NULL);
	if (!check_title(r, d))
		return false;
	if (kinds != 1)
		return at_err(r, y, "either 'detection', 'correlation' or "
		    "'filter' is expected");
	if (d->filter)
		return check_filter(r, d);
	if (d->detection)
		return check_source(r, d);
	if (d->correlation->kind != YAML_MAP)
		return at_err(r, d->correlation, "'correlation' must be a map");
	return read_bool(r, y, "generate", &d->generate) &&
	    read_bool(r, d->correlation, "generate", &d->generate);
}

static bool
read_docs(struct reader *r, const struct yaml *first)
{
	size_t n = 0;

	for (const struct yaml *y = first; y; y = y->next)
		n++;
	if (n > DOCS_MAX)
		return at_err(r, first, "more than %d documents", DOCS_MAX);
	r->f->doc = arena_array(r->s->a, n, sizeof(*r->f->doc));
	for (const struct yaml *y = first; y; y = y->next) {
		if (y->kind == YAML_NULL)
			continue; /* a stray "---" */
		if (!read_doc(r, y, &r->f->doc[r->f->ndocs++]))
			return false;
	}
	return r->f->ndocs > 0 || err_set(r->e, ST_USAGE,
	    "%.*s:1:1: no document", SV_ARG(r->f->f.name));
}

static void
keep_file(struct sigma *s, struct sigma_file *f)
{
	if (s->nfiles == s->cap) {
		struct sigma_file **old = s->file;

		s->cap = s->cap ? 2 * s->cap : 16;
		s->file = arena_array(s->a, s->cap, sizeof(*s->file));
		if (old)
			memcpy(s->file, old, s->nfiles * sizeof(*old));
	}
	s->file[s->nfiles++] = f;
}

bool
sigma_doc_add(struct sigma *s, struct rule_file f, bool strict, struct err *e)
{
	struct sigma_file *file = arena_new(s->a, struct sigma_file);
	struct reader r = { s, file, e };
	struct yaml *first;

	file->f = f;
	if (!yaml_parse(s->a, f.name, f.text, &first, e) ||
	    !read_docs(&r, first))
		return false;
	file->digest = meta_digest(s->a, f.text);
	file->shared = yaml_get(file->doc[0].raxx, SV("id")) != NULL;
	file->strict = strict || file->shared;
	keep_file(s, file);
	return true;
}

/* --- references --- */

static bool
is_called(const struct sigma_doc *d, sv ref)
{
	return (d->id.n && sv_eq(d->id, ref)) ||
	    (d->name.n && sv_eq(d->name, ref));
}

static struct sigma_doc *
find_in(const struct sigma_file *f, sv ref)
{
	for (size_t i = 0; i < f->ndocs; i++)
		if (!f->doc[i].filter && is_called(&f->doc[i], ref))
			return &f->doc[i];
	return NULL;
}

/* The document of this file, else of another; NULL with *e set. */
static struct sigma_doc *
find_doc(struct reader *r, sv ref, const struct yaml *at)
{
	struct sigma_doc *found = find_in(r->f, ref), *d;

	for (size_t i = 0; i < r->s->nfiles; i++) {
		if (r->s->file[i] == r->f || (found && found->file == r->f))
			continue;
		d = find_in(r->s->file[i], ref);
		if (d && found) {
			at_err(r, at, "'%.*s' is in %.*s and %.*s", SV_ARG(ref),
			    SV_ARG(found->file->f.name),
			    SV_ARG(d->file->f.name));
			return NULL;
		}
		if (d)
			found = d;
	}
	if (!found)
		at_err(r, at, "no rule '%.*s' in this file or beside it",
		    SV_ARG(ref));
	return found;
}

/* A file that is one rule stays whole, whoever refers to parts of it. */
static void
mark(const struct sigma_doc *corr, struct sigma_doc *base)
{
	if (base->file->shared && base->file != corr->file)
		return;
	base->referenced = true;
	base->wanted = base->wanted || corr->generate;
}

static bool
add_base(struct reader *r, struct sigma_doc *d, sv ref, const struct yaml *at)
{
	struct sigma_doc *base;

	if (d->nbases == SIGMA_BASES_MAX)
		return at_err(r, at, "more than %d rules", SIGMA_BASES_MAX);
	base = find_doc(r, ref, at);
	if (!base)
		return false;
	d->ref[d->nbases] = ref;
	d->base[d->nbases++] = base;
	mark(d, base);
	return true;
}

static bool
known_ref(const struct sigma_doc *d, sv ref)
{
	for (size_t i = 0; i < d->nbases; i++)
		if (sv_eq(d->ref[i], ref))
			return true;
	return false;
}

/* Without `rules`: those that the condition names, in its order. */
static bool
link_condition(struct reader *r, struct sigma_doc *d)
{
	const struct yaml *cond = yaml_get(d->correlation, SV("condition"));
	sv rest, word;

	if (!cond || cond->kind != YAML_STRING)
		return at_err(r, d->correlation, "'rules' must name rules");
	rest = cond->text;
	while ((word = sigma_cond_word(&rest)).n) {
		if (sv_is(word, "(") || sv_is(word, ")") ||
		    sigma_cond_reserved(word) || known_ref(d, word))
			continue;
		if (!add_base(r, d, word, cond))
			return false;
	}
	return true;
}

static bool
link_rules(struct reader *r, struct sigma_doc *d)
{
	const struct yaml *rules = yaml_get(d->correlation, SV("rules"));
	bool list = rules && rules->kind == YAML_LIST;

	d->base = arena_array(r->s->a, SIGMA_BASES_MAX, sizeof(*d->base));
	d->ref = arena_array(r->s->a, SIGMA_BASES_MAX, sizeof(*d->ref));
	if (!rules)
		return link_condition(r, d);
	if (rules->kind == YAML_MAP || rules->kind == YAML_NULL ||
	    (list && !rules->nkids))
		return at_err(r, rules, "'rules' must name rules");
	if (!check_names(r, rules))
		return false;
	for (const struct yaml *k = list ? rules->kid : rules; k;
	    k = list ? k->next : NULL)
		if (!add_base(r, d, k->text, k))
			return false;
	return true;
}

/* --- filters --- */

/* What a filter does not say, any rule may have. */
static bool
same_source(const struct sigma_doc *filter, const struct sigma_doc *d)
{
	static const char *const keys[] = { "category", "product", "service" };
	const struct yaml *want = yaml_get(filter->y, SV("logsource"));
	const struct yaml *have = yaml_get(d->y, SV("logsource"));

	for (size_t i = 0; i < countof(keys); i++) {
		sv w = sigma_doc_text(want, keys[i]);

		if (!sv_null(w) && !sv_eq(w, sigma_doc_text(have, keys[i])))
			return false;
	}
	return true;
}

static bool
is_any(const struct yaml *rules)
{
	return rules->kind == YAML_LIST ? rules->nkids == 0 :
	    sv_eq_nocase(rules->text, SV("any"));
}

static bool
names_doc(const struct yaml *rules, const struct sigma_doc *d)
{
	bool list = rules->kind == YAML_LIST;

	for (const struct yaml *k = list ? rules->kid : rules; k;
	    k = list ? k->next : NULL)
		if (is_called(d, k->text))
			return true;
	return false;
}

static void
add_filter(struct sigma *s, const struct sigma_doc *filter,
    struct sigma_doc *d)
{
	const struct sigma_doc **old = d->with;

	d->with = arena_array(s->a, d->nwith + 1, sizeof(*d->with));
	if (d->nwith)
		memcpy(d->with, old, d->nwith * sizeof(*old));
	d->with[d->nwith++] = filter;
}

/* One name of a filter: is there such a rule, with its log source? */
static void
note_name(struct sigma *s, const struct sigma_doc *filter,
    const struct yaml *name)
{
	const char *what = "the filter names no rule that is here";

	for (size_t i = 0; i < s->nfiles; i++)
		for (size_t k = 0; k < s->file[i]->ndocs; k++) {
			const struct sigma_doc *d = &s->file[i]->doc[k];

			if (!is_called(d, name->text) || !d->detection)
				continue;
			if (same_source(filter, d))
				return;
			what = "the rule has another log source than the "
			    "filter";
		}
	sigma_note(&s->notes, s->a, filter->file->f.name, name->line,
	    name->col, what);
}

static void
deal_filter(struct sigma *s, const struct sigma_doc *filter)
{
	const struct yaml *rules = yaml_get(filter->filter, SV("rules"));
	bool any = is_any(rules), list = rules->kind == YAML_LIST;

	for (size_t i = 0; i < s->nfiles; i++)
		for (size_t k = 0; k < s->file[i]->ndocs; k++) {
			struct sigma_doc *d = &s->file[i]->doc[k];

			if (d->detection && same_source(filter, d) &&
			    (any || names_doc(rules, d)))
				add_filter(s, filter, d);
		}
	for (const struct yaml *k = list ? rules->kid : rules; k && !any;
	    k = list ? k->next : NULL)
		note_name(s, filter, k);
}

static void
deal_filters(struct sigma *s)
{
	if (s->filtered)
		return;
	s->filtered = true;
	for (size_t i = 0; i < s->nfiles; i++)
		for (size_t k = 0; k < s->file[i]->ndocs; k++)
			if (s->file[i]->doc[k].filter)
				deal_filter(s, &s->file[i]->doc[k]);
}

static bool
says_not(sv cond)
{
	sv word;

	while ((word = sigma_cond_word(&cond)).n)
		if (sv_is(word, "not"))
			return true;
	return false;
}

/* A filter must be sound even where it applies to nothing. */
static bool
link_filter(struct reader *r, const struct sigma_doc *d)
{
	const struct yaml *cond = yaml_get(d->filter, SV("condition"));
	const enum sigma_table *table = sigma_doc_tables(d);
	struct sigma_sql c = { .a = r->s->a, .site = r->s->site,
		.file = r->f->f.name, .e = r->e, .notes = &r->s->notes,
		.table = table ? *table : ON_REQUEST };
	bool ok = sigma_match_filter(&c, d->filter);

	sigma_sql_release(&c);
	if (ok && !says_not(cond->text))
		sigma_note(&r->s->notes, r->s->a, r->f->f.name, cond->line,
		    cond->col, "rules keep only what fits a filter's "
		    "condition: 'not' is missing?");
	return ok;
}

bool
sigma_doc_link(struct sigma *s, struct sigma_file *f, struct err *e)
{
	struct reader r = { s, f, e };

	deal_filters(s);
	for (size_t i = 0; i < f->ndocs; i++) {
		struct sigma_doc *d = &f->doc[i];

		if (d->correlation && !link_rules(&r, d))
			return false;
		if (d->filter && !link_filter(&r, d))
			return false;
	}
	return true;
}

/* --- what rules are made of --- */

bool
sigma_doc_fires(const struct sigma_doc *d)
{
	return !d->filter && (!d->referenced || d->wanted);
}

const enum sigma_table *
sigma_doc_tables(const struct sigma_doc *d)
{
	const struct yaml *src = yaml_get(d->y, SV("logsource"));

	return sigma_tables_of(sigma_doc_text(src, "category"),
	    sigma_doc_text(src, "product"), sigma_doc_text(src, "service"));
}

bool
sigma_doc_match(struct sigma_sql *c, const struct sigma_doc *d)
{
	buf_lit(&c->sql, "(");
	c->file = d->file->f.name;
	if (!sigma_match(c, d->detection))
		return false;
	for (size_t i = 0; i < d->nwith; i++) {
		c->file = d->with[i]->file->f.name;
		buf_lit(&c->sql, " AND ");
		if (!sigma_match_filter(c, d->with[i]->filter))
			return false;
	}
	buf_lit(&c->sql, ")");
	return true;
}
