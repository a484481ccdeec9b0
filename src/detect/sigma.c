/* SPDX-License-Identifier: MIT */
#include "detect/sigma.h"

#include <stdio.h>

#include "detect/meta.h"
#include "detect/sigma_arm.h"
#include "detect/sigma_doc.h"

/* What is needed to make the rules of one file. */
struct maker {
	struct sigma *s;
	struct sigma_file *f;
	struct err *e;
};

#define at_err(m, y, ...) yaml_err((m)->e, (m)->f->f.name, (y), __VA_ARGS__)

/* --- the raxx block --- */

enum { ON_RULE = 1, ON_ARM = 2 };

static const struct {
	const char *key;
	unsigned on;
} raxx_key[] = {
	{ "id", ON_RULE },
	{ "sources", ON_RULE },
	{ "fallback", ON_RULE },
	{ "route", ON_RULE },
	{ "prerequisite", ON_RULE },
	{ "next_step", ON_RULE },
	{ "suppress", ON_RULE },
	{ "arm", ON_ARM },
	{ "metric", ON_ARM },
	{ "key", ON_ARM },
	{ "level", ON_ARM },
	{ "baseline", ON_ARM },
	{ "needs", ON_ARM },
	{ "on", ON_ARM },
};

static unsigned
raxx_place(sv key)
{
	for (size_t i = 0; i < countof(raxx_key); i++)
		if (sv_is(key, raxx_key[i].key))
			return raxx_key[i].on;
	return 0;
}

/* The item of a list to which byte `at` of its flat_text() belongs. */
static const struct yaml *
item_at(const struct yaml *y, size_t at)
{
	const struct yaml *k = y->kid;

	while (k && k->next && at > k->text.n) {
		at -= k->text.n + 1;
		k = k->next;
	}
	return k ? k : y;
}

/* A list of scalars as one text with commas, or a scalar as it is. */
static bool
flat_text(struct maker *m, const struct yaml *y, sv *out)
{
	struct buf b = BUF_INIT;

	*out = y->text;
	if (y->kind == YAML_MAP || y->kind == YAML_NULL ||
	    (y->kind == YAML_LIST && !meta_is_list(y->key)))
		return at_err(m, y, "a text is expected");
	if (y->kind != YAML_LIST)
		return true;
	for (const struct yaml *k = y->kid; k; k = k->next) {
		if (k->kind == YAML_MAP || k->kind == YAML_LIST ||
		    k->kind == YAML_NULL) {
			buf_release(&b);
			return at_err(m, k, "a text is expected");
		}
		if (b.n)
			buf_byte(&b, ',');
		buf_add(&b, k->text);
	}
	*out = buf_keep(&b, m->s->a);
	return true;
}

static struct rule_place
place_of(const struct yaml *y)
{
	return (struct rule_place){ y->line, y->col };
}

static bool
raxx_rule(struct maker *m, const struct sigma_doc *d, struct rule *r)
{
	char why[META_WHY];
	size_t at;
	sv text;

	for (const struct yaml *k = d->raxx ? d->raxx->kid : NULL; k;
	    k = k->next) {
		if (raxx_place(k->key) != ON_RULE)
			continue;
		if (!flat_text(m, k, &text))
			return false;
		if (!meta_set(m->s->a, r, k->key, text, &at, why))
			return at_err(m, item_at(k, at), "%s", why);
		if (sv_is(k->key, "id"))
			r->id_at = place_of(k);
	}
	return true;
}

static bool
raxx_arm(struct maker *m, const struct sigma_doc *d, struct arm *arm)
{
	const struct yaml *level = yaml_get(d->raxx, SV("level"));
	const struct yaml *base = yaml_get(d->raxx, SV("baseline"));
	enum level l;
	char why[META_WHY];

	for (const struct yaml *k = d->raxx ? d->raxx->kid : NULL; k;
	    k = k->next) {
		sv text;

		if (raxx_place(k->key) != ON_ARM)
			continue;
		if (!flat_text(m, k, &text))
			return false;
		if (sv_is(k->key, "arm") && !meta_is_name(text))
			return at_err(m, k, "'%.*s' is no arm name",
			    SV_ARG(text));
		if (sv_is(k->key, "arm"))
			arm->name = text;
		else if (sv_is(k->key, "metric"))
			arm->metric = text;
		else if (sv_is(k->key, "key"))
			arm->key_name = text;
		else if (sv_is(k->key, "needs") &&
		    !meta_needs(m->s->a, arm, text, why))
			return at_err(m, k, "%s", why);
		else if (sv_is(k->key, "on") && !meta_on(arm, text, why))
			return at_err(m, k, "%s", why);
	}
	if (level && !level_parse(level->text, &l))
		return at_err(m, level, "unknown level '%.*s'",
		    SV_ARG(level->text));
	if (level)
		arm->level = (int)l;
	if (base && !sv_is(base->text, "never"))
		return at_err(m, base, "baseline can only be never");
	arm->never_baselined = arm->never_baselined || base;
	return true;
}

static bool
check_raxx(struct maker *m, const struct sigma_doc *d, unsigned allowed)
{
	if (d->raxx->kind != YAML_MAP)
		return at_err(m, d->raxx, "'raxx' must be a map");
	for (const struct yaml *k = d->raxx->kid; k; k = k->next) {
		unsigned on = raxx_place(k->key);

		if (!(on & allowed))
			return sigma_key_err(m->e, m->f->f.name, k, on ?
			    "belongs into the first document:" : "unknown key",
			    k->key);
	}
	return true;
}

/* --- what a rule is made of --- */

/* Adds a text that is not there yet. */
static void
join(struct buf *b, sv text)
{
	if (text.n == 0 || sv_has(buf_sv(b), text))
		return;
	if (b->n)
		buf_lit(b, ", ");
	buf_add(b, text);
}

/* The document's own, or those of the rules that it is made of. */
static sv
credit(struct maker *m, const struct sigma_doc *d,
    const struct sigma_made *made, const char *key)
{
	sv own = sigma_doc_text(d->y, key), out = SV_NULL;
	struct buf b = BUF_INIT;

	if (own.n)
		return own;
	for (size_t i = 0; i < made->ndocs; i++)
		join(&b, sigma_doc_text(made->doc[i]->y, key));
	if (b.n)
		out = arena_sv(m->s->a, buf_sv(&b));
	buf_release(&b);
	return out;
}

/* Numbers of files, in order, each once. */
struct parts {
	const struct sigma_file **v;
	size_t n, cap;
};

static void
add_file(struct maker *m, struct parts *p, const struct sigma_file *f)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i] == f)
			return;
	if (p->n == p->cap) {
		const struct sigma_file **old = p->v;

		p->cap = p->cap ? 2 * p->cap : 8;
		p->v = arena_array(m->s->a, p->cap, sizeof(*p->v));
		if (old)
			memcpy(p->v, old, p->n * sizeof(*old));
	}
	p->v[p->n++] = f;
}

static void
add_parts(struct maker *m, struct parts *p, const struct sigma_made *made)
{
	for (size_t i = 0; i < made->ndocs; i++) {
		const struct sigma_doc *d = made->doc[i];

		add_file(m, p, d->file);
		for (size_t k = 0; k < d->nwith; k++)
			add_file(m, p, d->with[k]->file);
	}
}

/* A rule that is made of several files is another one when any changes. */
static void
set_parts(struct maker *m, struct rule *r, const struct parts *p)
{
	struct buf b = BUF_INIT;

	if (p->n == 1)
		return;
	r->part = arena_array(m->s->a, p->n, sizeof(*r->part));
	for (size_t i = 0; i < p->n; i++) {
		buf_add(&b, p->v[i]->digest);
		buf_byte(&b, '\n');
		if (p->v[i] != m->f)
			r->part[r->nparts++] = p->v[i]->f.name;
	}
	r->digest = meta_digest(m->s->a, buf_sv(&b));
	buf_release(&b);
}

/* --- arms --- */

static bool
name_arm(struct maker *m, const struct sigma_doc *d, struct rule *r,
    struct arm *arm, size_t narms)
{
	const struct yaml *y = yaml_get(d->raxx, SV("arm"));
	char name[32];

	snprintf(name, sizeof(name), "arm%zu", r->narms + 1);
	arm->name = y ? y->text : narms == 1 ? SV("main") :
	    meta_is_name(d->name) ? d->name : arena_sv(m->s->a, sv_str(name));
	for (size_t i = 0; i < r->narms; i++)
		if (sv_eq(r->arm[i].name, arm->name))
			return at_err(m, y ? y : d->y,
			    "arm '%.*s' stands twice", SV_ARG(arm->name));
	return true;
}

static void
add_sources(struct maker *m, struct rule *r, unsigned tables)
{
	if (!r->source)
		r->source = arena_array(m->s->a, SIGMA_TABLE_N, sizeof(sv));
	for (size_t t = 0; t < SIGMA_TABLE_N; t++) {
		sv name = sv_str(sigma_source[t].source);
		size_t i = 0;

		while (i < r->nsources && !sv_eq(r->source[i], name))
			i++;
		if ((tables >> t & 1) && i == r->nsources)
			r->source[r->nsources++] = name;
	}
}

static bool
not_served(struct maker *m, struct rule *r, const struct sigma_made *made)
{
	r->status = RULE_UNSERVED;
	r->reason = made->why;
	if (sv_eq(made->why_file, r->file))
		r->reason_at = (struct rule_place){ made->why_line,
			made->why_col };
	return !m->f->strict || err_set(m->e, ST_USAGE, "%.*s:%d:%d: %.*s",
	    SV_ARG(made->why_file), made->why_line, made->why_col,
	    SV_ARG(made->why));
}

static bool
add_arm(struct maker *m, const struct sigma_doc *d, struct rule *r,
    size_t narms, bool own_sources, struct parts *parts)
{
	struct arm *arm = &r->arm[r->narms];
	struct sigma_made made;

	*arm = (struct arm){ .threshold = -1, .nsteps = 1, .level = -1 };
	if (!name_arm(m, d, r, arm, narms) || !raxx_arm(m, d, arm) ||
	    !sigma_arm(m->s, d, r, arm, &made, m->e))
		return false;
	if (!sv_null(made.why) && !not_served(m, r, &made))
		return false;
	arm->author = credit(m, d, &made, "author");
	arm->license = credit(m, d, &made, "license");
	if (r->narms == 0) {
		r->author = arm->author;
		r->license = arm->license;
	}
	if (!own_sources)
		add_sources(m, r, made.tables);
	add_parts(m, parts, &made);
	r->narms++;
	return true;
}

/* --- rules --- */

static bool
rule_head(struct maker *m, const struct sigma_doc *d, struct rule *r)
{
	const struct yaml *level = yaml_get(d->y, SV("level"));

	r->line = d->y->line;
	r->id = d->id.n ? d->id : d->name.n ? d->name : d->title;
	r->id_at = place_of(yaml_get(d->y, d->id.n ? SV("id") :
	    d->name.n ? SV("name") : SV("title")));
	r->title = d->title;
	r->description = sv_trim(sigma_doc_text(d->y, "description"));
	if (level && !level_parse(level->text, &r->level))
		return at_err(m, level, "unknown level '%.*s'",
		    SV_ARG(level->text));
	return raxx_rule(m, d, r);
}

/* One rule of n documents; those that make no arm only serve the others. */
static struct rule *
make_rule(struct maker *m, const struct sigma_doc *d, size_t n)
{
	struct rule *r = meta_new(m->s->a, m->f->f);
	struct parts parts = { 0 };
	size_t narms = 0;
	bool own_sources;
	char why[META_WHY];

	for (size_t i = 0; i < n; i++)
		narms += sigma_doc_fires(&d[i]);
	r->arm = arena_array(m->s->a, narms, sizeof(*r->arm));
	if (!rule_head(m, &d[0], r))
		return NULL;
	own_sources = r->nsources > 0;
	add_file(m, &parts, m->f);
	for (size_t i = 0; i < n; i++)
		if (sigma_doc_fires(&d[i]) &&
		    !add_arm(m, &d[i], r, narms, own_sources, &parts))
			return NULL;
	if (r->status == RULE_UNSERVED)
		r->narms = r->nparams = 0;
	set_parts(m, r, &parts);
	if (!meta_check_arms(r, why)) {
		at_err(m, d[0].raxx, "%s", why);
		return NULL;
	}
	meta_finish(r);
	return r;
}

/* Correlations that refer to each other in a circle make no rule at all. */
static bool
check_circle(struct maker *m, struct sigma_doc *d)
{
	if (d->sound)
		return true;
	if (d->visited)
		return yaml_err(m->e, d->file->f.name, d->correlation,
		    "the correlation refers to itself");
	d->visited = true;
	for (size_t i = 0; i < d->nbases; i++)
		if (!check_circle(m, d->base[i]))
			return false;
	d->visited = false;
	d->sound = true;
	return true;
}

static bool
check_docs(struct maker *m)
{
	for (size_t i = 0; i < m->f->ndocs; i++) {
		struct sigma_doc *d = &m->f->doc[i];
		unsigned allowed = m->f->shared && i ? ON_ARM :
		    ON_RULE | ON_ARM;

		if (d->raxx && !check_raxx(m, d, allowed))
			return false;
		if (!check_circle(m, d))
			return false;
	}
	return true;
}

static bool
add_rule(struct maker *m, const struct sigma_doc *d, size_t n,
    struct rule ***out, size_t *count)
{
	struct rule *r = make_rule(m, d, n);

	if (r)
		rules_append(m->s->a, out, count, r);
	return r != NULL;
}

/* --- the set --- */

struct sigma *
sigma_open(struct arena *perm, const struct site *site)
{
	struct sigma *s = arena_new(perm, struct sigma);

	s->a = perm;
	s->site = site;
	return s;
}

bool
sigma_add(struct sigma *s, struct rule_file f, bool strict, size_t *number,
    struct err *e)
{
	*number = s->nfiles;
	return sigma_doc_add(s, f, strict, e);
}

bool
sigma_link(struct sigma *s, size_t number, struct err *e)
{
	return sigma_doc_link(s, s->file[number], e);
}

bool
sigma_make(struct sigma *s, size_t number, struct rule ***out, size_t *n,
    struct err *e)
{
	struct maker m = { s, s->file[number], e };
	const struct sigma_doc *d = m.f->doc;

	if (!check_docs(&m))
		return false;
	if (m.f->shared)
		return add_rule(&m, d, m.f->ndocs, out, n);
	for (size_t i = 0; i < m.f->ndocs; i++)
		if (sigma_doc_fires(&d[i]) && !add_rule(&m, &d[i], 1, out, n))
			return false;
	return true;
}

void
sigma_warnings(const struct sigma *s, sv **out, size_t *n)
{
	*out = s->notes.v;
	*n = s->notes.n;
}

bool
sigma_read(struct arena *perm, struct rule_file f, bool strict,
    struct rule ***out, size_t *n, struct err *e)
{
	struct sigma *s = sigma_open(perm, NULL);
	size_t number;

	return sigma_add(s, f, strict, &number, e) &&
	    sigma_link(s, number, e) && sigma_make(s, number, out, n, e);
}
