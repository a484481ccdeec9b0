/* SPDX-License-Identifier: MIT */
/*
 * Documents of a file refer to each other by id or name. Every document that
 * none refers to, or that says `generate`, becomes an arm.
 *
 * The SQL of an arm uses ?1, ?2 ... for values and :from, :to for time. SQLite
 * numbers a named parameter after the largest number it has met, so the text
 * starts with a mention of the largest one.
 */
#include "detect/sigma.h"

#include <stdio.h>

#include "base/buf.h"
#include "detect/meta.h"
#include "detect/sigma_field.h"
#include "detect/sigma_match.h"
#include "parse/yaml.h"

enum { DOCS_MAX = 256, BASES_MAX = 32, GROUP_MAX = 8 };

struct doc {
	const struct yaml *y;
	const struct yaml *raxx; /* or NULL */
	sv id, name, title;
	const struct yaml *detection, *correlation; /* exactly one */
	enum sigma_table table;  /* of a rule document */
	bool served;
	sv reason;               /* why it is not served */
	bool referenced, generate;
};

struct file {
	struct arena *a;
	struct rule_file f;
	struct err *e;
	bool strict;
	struct doc *doc;
	size_t ndocs;
	struct rule ***out;
	size_t *nout;
};

static bool
key_err(struct file *f, const struct yaml *y, const char *what)
{
	return err_set(f->e, ST_USAGE, "%.*s:%d:%d: %s '%.*s'",
	    SV_ARG(f->f.name), y->key_line, y->key_col, what, SV_ARG(y->key));
}

#define at_err(f, y, ...) yaml_err((f)->e, (f)->f.name, (y), __VA_ARGS__)

/* The text of a member; null view when it is absent or no scalar. */
static sv
text_of(const struct yaml *map, const char *key)
{
	const struct yaml *y = yaml_get(map, sv_str(key));

	return y && y->kind != YAML_LIST && y->kind != YAML_MAP &&
	    y->kind != YAML_NULL ? y->text : SV_NULL;
}

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
flat_text(struct file *f, const struct yaml *y, sv *out)
{
	struct buf b = BUF_INIT;

	*out = y->text;
	if (y->kind == YAML_MAP || y->kind == YAML_NULL ||
	    (y->kind == YAML_LIST && !meta_is_list(y->key)))
		return at_err(f, y, "a text is expected");
	if (y->kind != YAML_LIST)
		return true;
	for (const struct yaml *k = y->kid; k; k = k->next) {
		if (k->kind == YAML_MAP || k->kind == YAML_LIST ||
		    k->kind == YAML_NULL) {
			buf_release(&b);
			return at_err(f, k, "a text is expected");
		}
		if (b.n)
			buf_byte(&b, ',');
		buf_add(&b, k->text);
	}
	*out = arena_sv(f->a, buf_sv(&b));
	buf_release(&b);
	return true;
}

static bool
raxx_rule(struct file *f, const struct doc *d, struct rule *r)
{
	char why[META_WHY];
	size_t at;
	sv text;

	for (const struct yaml *k = d->raxx ? d->raxx->kid : NULL; k;
	    k = k->next) {
		if (raxx_place(k->key) != ON_RULE)
			continue;
		if (!flat_text(f, k, &text))
			return false;
		if (!meta_set(f->a, r, k->key, text, &at, why))
			return at_err(f, item_at(k, at), "%s", why);
	}
	return true;
}

static bool
raxx_arm(struct file *f, const struct doc *d, struct arm *arm)
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
		if (!flat_text(f, k, &text))
			return false;
		if (sv_is(k->key, "arm") && !meta_is_name(text))
			return at_err(f, k, "'%.*s' is no arm name",
			    SV_ARG(text));
		if (sv_is(k->key, "arm"))
			arm->name = text;
		else if (sv_is(k->key, "metric"))
			arm->metric = text;
		else if (sv_is(k->key, "key"))
			arm->key_name = text;
		else if (sv_is(k->key, "needs") &&
		    !meta_needs(f->a, arm, text, why))
			return at_err(f, k, "%s", why);
		else if (sv_is(k->key, "on") && !meta_on(arm, text, why))
			return at_err(f, k, "%s", why);
	}
	if (level && !level_parse(level->text, &l))
		return at_err(f, level, "unknown level '%.*s'",
		    SV_ARG(level->text));
	if (level)
		arm->level = (int)l;
	if (base && !sv_is(base->text, "never"))
		return at_err(f, base, "baseline can only be never");
	arm->never_baselined = arm->never_baselined || base;
	return true;
}

/* --- documents --- */

static bool
read_bool(struct file *f, const struct yaml *map, const char *key, bool *out)
{
	const struct yaml *y = yaml_get(map, sv_str(key));

	if (y && y->kind != YAML_BOOL)
		return at_err(f, y, "'%s' must be true or false", key);
	if (y)
		*out = *out || y->num;
	return true;
}

static bool
check_raxx(struct file *f, const struct doc *d, unsigned allowed)
{
	if (d->raxx->kind != YAML_MAP)
		return at_err(f, d->raxx, "'raxx' must be a map");
	for (const struct yaml *k = d->raxx->kid; k; k = k->next) {
		unsigned on = raxx_place(k->key);

		if (!on)
			return key_err(f, k, "unknown key");
		if (!(on & allowed))
			return key_err(f, k, "belongs into the first document:");
	}
	return true;
}

/* First table of the log source that has all fields; else the reason. */
static bool
choose_table(struct file *f, struct doc *d)
{
	const struct yaml *src = yaml_get(d->y, SV("logsource"));
	sv category = text_of(src, "category"), product = text_of(src, "product");
	struct sigma_sql c = { .a = f->a, .file = f->f.name, .e = f->e };
	char why[160];
	bool ok, found;

	if (!src || src->kind != YAML_MAP)
		return at_err(f, d->y, "'logsource' is missing");
	found = sigma_table_of(category, product, text_of(src, "service"),
	    &d->table);
	c.table = found ? d->table : ON_REQUEST;
	ok = sigma_match(&c, d->detection);
	d->served = found && sv_null(c.missing);
	if (ok && !d->served && found && d->table == ON_REQUEST) {
		struct sigma_sql alt = { .a = f->a, .file = f->f.name,
			.e = f->e, .table = ON_ACCESS, .sql = c.sql };

		ok = sigma_match(&alt, d->detection);
		c.sql = alt.sql;
		d->served = sv_null(alt.missing);
		d->table = d->served ? ON_ACCESS : ON_REQUEST;
	}
	buf_release(&c.sql);
	if (!ok || d->served)
		return ok;
	if (found)
		snprintf(why, sizeof(why), "field %.*s unavailable",
		    c.missing.n > 80 ? 80 : (int)c.missing.n, c.missing.p);
	else
		snprintf(why, sizeof(why), "no source for log source "
		    "category '%.*s', product '%.*s'",
		    category.n > 40 ? 40 : (int)category.n,
		    category.n ? category.p : "",
		    product.n > 40 ? 40 : (int)product.n,
		    product.n ? product.p : "");
	d->reason = arena_sv(f->a, sv_str(why));
	if (f->strict && found)
		return err_set(f->e, ST_USAGE, "%.*s:%d:%d: %s",
		    SV_ARG(f->f.name), c.missing_at->key_line,
		    c.missing_at->key_col, why);
	return !f->strict || at_err(f, src, "%s", why);
}

static bool
read_doc(struct file *f, const struct yaml *y, struct doc *d)
{
	static const char *const gone[] = { "action", "filter" };

	if (y->kind != YAML_MAP)
		return at_err(f, y, "a Sigma document must be a map");
	for (size_t i = 0; i < countof(gone); i++)
		if (yaml_get(y, sv_str(gone[i])))
			return key_err(f, yaml_get(y, sv_str(gone[i])),
			    "not supported yet:");
	*d = (struct doc){ .y = y, .raxx = yaml_get(y, SV("raxx")),
		.id = text_of(y, "id"), .name = text_of(y, "name"),
		.title = text_of(y, "title"),
		.detection = yaml_get(y, SV("detection")),
		.correlation = yaml_get(y, SV("correlation")) };
	if (!d->title.n)
		return at_err(f, y, "'title' is missing");
	if (!d->detection == !d->correlation)
		return at_err(f, y, "either 'detection' or 'correlation' is "
		    "expected");
	if (d->correlation && d->correlation->kind != YAML_MAP)
		return at_err(f, d->correlation, "'correlation' must be a map");
	return read_bool(f, y, "generate", &d->generate);
}

static bool
read_docs(struct file *f, const struct yaml *first)
{
	size_t n = 0;

	for (const struct yaml *y = first; y; y = y->next)
		n++;
	if (n > DOCS_MAX)
		return at_err(f, first, "more than %d documents", DOCS_MAX);
	f->doc = arena_array(f->a, n, sizeof(*f->doc));
	for (const struct yaml *y = first; y; y = y->next) {
		if (y->kind == YAML_NULL)
			continue; /* a stray "---" */
		if (!read_doc(f, y, &f->doc[f->ndocs++]))
			return false;
	}
	return true;
}

/* The document a correlation refers to, or NULL with *e set. */
static struct doc *
find_doc(struct file *f, const struct yaml *ref)
{
	for (size_t i = 0; i < f->ndocs; i++) {
		struct doc *d = &f->doc[i];

		if ((d->id.n && sv_eq(d->id, ref->text)) ||
		    (d->name.n && sv_eq(d->name, ref->text)))
			return d;
	}
	at_err(f, ref, "no rule '%.*s' in this file", SV_ARG(ref->text));
	return NULL;
}

static bool
mark_references(struct file *f, const struct doc *corr)
{
	const struct yaml *rules = yaml_get(corr->correlation, SV("rules"));
	bool generate = corr->generate;

	if (!rules || rules->kind == YAML_MAP || rules->kind == YAML_NULL ||
	    (rules->kind == YAML_LIST && !rules->nkids))
		return at_err(f, rules ? rules : corr->correlation,
		    "'rules' must name rules");
	if (!read_bool(f, corr->correlation, "generate", &generate))
		return false;
	for (const struct yaml *k = rules->kind == YAML_LIST ? rules->kid :
	    rules; k; k = rules->kind == YAML_LIST ? k->next : NULL) {
		struct doc *d = find_doc(f, k);

		if (!d)
			return false;
		if (d->correlation)
			return at_err(f, k, "a correlation of correlations is "
			    "not supported yet");
		d->referenced = true;
		d->generate = d->generate || generate;
	}
	return true;
}

/* --- SQL of an arm --- */

struct arm_sql {
	struct file *f;
	struct sigma_sql c;
	const struct yaml *group[GROUP_MAX];
	size_t ngroup;
	const struct yaml *value[GROUP_MAX]; /* counted distinct */
	size_t nvalue;
	sv missing;
	const struct yaml *missing_at;
};

/* The fields as one text, NULL when one of them is. */
static void
emit_fields(struct arm_sql *s, const struct yaml *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct sigma_field *fd =
		    sigma_field_find(s->c.table, v[i]->text);

		if (i)
			buf_lit(&s->c.sql, " || ', ' || ");
		if (fd) {
			buf_lit(&s->c.sql, "(");
			sigma_field_text(&s->c.sql, fd);
			buf_lit(&s->c.sql, ")");
			continue;
		}
		buf_lit(&s->c.sql, "NULL");
		if (sv_null(s->missing)) {
			s->missing = v[i]->text;
			s->missing_at = v[i];
		}
	}
}

static void
emit_columns(struct arm_sql *s, const char *key_field, size_t step)
{
	const struct sigma_source *src = &sigma_source[s->c.table];
	struct buf *b = &s->c.sql;

	buf_printf(b, "SELECT id * 16 + %d AS rec, ts, hash, nth, ", src->kind);
	if (s->ngroup) {
		emit_fields(s, s->group, s->ngroup);
	} else if (key_field) {
		buf_lit(b, "coalesce(");
		sigma_field_text(b, sigma_field_find(s->c.table,
		    sv_str(key_field)));
		buf_lit(b, ", '')");
	} else {
		buf_lit(b, "''");
	}
	buf_lit(b, " AS key, ");
	if (s->nvalue)
		emit_fields(s, s->value, s->nvalue);
	else
		buf_lit(b, "NULL");
	buf_printf(b, " AS val, %zu AS step FROM %s WHERE ", step, src->table);
}

/* Rows of any of these documents, all of one table, each once. */
static bool
emit_select(struct arm_sql *s, struct doc *const *base, size_t n,
    const char *key_field, size_t step)
{
	if (s->c.sql.n)
		buf_lit(&s->c.sql, "\nUNION ALL\n");
	s->c.table = base[0]->table;
	emit_columns(s, key_field, step);
	buf_lit(&s->c.sql, "(");
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_lit(&s->c.sql, " OR ");
		if (!sigma_match(&s->c, base[i]->detection))
			return false;
	}
	buf_lit(&s->c.sql, ") AND ts BETWEEN :from AND :to");
	return true;
}

static void
finish_sql(struct arm_sql *s, struct arm *arm)
{
	struct buf b = BUF_INIT;

	if (s->c.nbinds)
		buf_printf(&b, "WITH bound(n) AS (SELECT ?%zu)\n", s->c.nbinds);
	buf_add(&b, buf_sv(&s->c.sql));
	arm->sql = arena_sv(s->f->a, buf_sv(&b));
	arm->bind = s->c.bind;
	arm->nbinds = s->c.nbinds;
	buf_release(&b);
}

/* --- arms --- */

static sv
joined(struct arena *a, const struct yaml *const *v, size_t n)
{
	struct buf b = BUF_INIT;
	sv out;

	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_lit(&b, ", ");
		buf_add(&b, v[i]->text);
	}
	out = arena_sv(a, buf_sv(&b));
	buf_release(&b);
	return out;
}

static bool
event_arm(struct file *f, struct doc *d, struct rule *r, struct arm *arm)
{
	const char *key = sigma_source[d->table].key;
	struct arm_sql s = { .f = f, .c = { .a = f->a, .file = f->f.name,
	    .e = f->e } };
	bool ok;

	(void)r;
	arm->kind = ARM_EVENT;
	arm->never_baselined = true;
	arm->metric = SV("events");
	arm->key_name = key ? sv_str(key) : SV("");
	ok = emit_select(&s, &d, 1, key, 0);
	if (ok)
		finish_sql(&s, arm);
	buf_release(&s.c.sql);
	return ok;
}

static const struct {
	const char *name;
	enum arm_kind kind;
} corr_type[] = {
	{ "event_count", ARM_EVENT_COUNT },
	{ "value_count", ARM_VALUE_COUNT },
	{ "temporal", ARM_TEMPORAL },
	{ "temporal_ordered", ARM_TEMPORAL_ORDERED },
};

static bool
read_type(struct file *f, const struct yaml *corr, enum arm_kind *out)
{
	const struct yaml *y = yaml_get(corr, SV("type"));

	for (size_t i = 0; y && i < countof(corr_type); i++)
		if (sv_is(y->text, corr_type[i].name)) {
			*out = corr_type[i].kind;
			return true;
		}
	return y ? at_err(f, y, "correlation type '%.*s' is not supported",
	    SV_ARG(y->text)) : at_err(f, corr, "'type' is missing");
}

/* A list of field names, or one. */
static bool
read_names(struct file *f, const struct yaml *y, const struct yaml **out,
    size_t *n)
{
	bool list = y->kind == YAML_LIST;

	for (const struct yaml *k = list ? y->kid : y; k;
	    k = list ? k->next : NULL) {
		if (k->kind != YAML_STRING)
			return at_err(f, k, "a field name is expected");
		if (*n == GROUP_MAX)
			return at_err(f, k, "more than %d fields", GROUP_MAX);
		out[(*n)++] = k;
	}
	return true;
}

static const struct {
	const char *name;
	enum cmp_op op;
} bound[] = {
	{ "gte", CMP_GTE },
	{ "gt", CMP_GT },
	{ "lte", CMP_LTE },
	{ "lt", CMP_LT },
	{ "eq", CMP_EQ },
	{ "neq", CMP_NEQ },
};

/* Lower bounds first, so that the arm's parameter is what a baseline moves. */
static bool
read_bounds(struct file *f, const struct yaml *cond, struct rule *r,
    struct arm *arm)
{
	for (size_t i = 0; i < countof(bound); i++) {
		const struct yaml *y = yaml_get(cond, sv_str(bound[i].name));
		struct buf name = BUF_INIT;

		if (!y)
			continue;
		if (y->kind != YAML_INT && y->kind != YAML_REAL)
			return at_err(f, y, "'%s' must be a number",
			    bound[i].name);
		if (arm->ncond == countof(arm->cond))
			return at_err(f, cond, "more than two bounds");
		buf_add(&name, arm->name);
		if (arm->ncond)
			buf_lit(&name, ".max");
		arm->cond[arm->ncond].op = bound[i].op;
		arm->cond[arm->ncond].param = meta_param(r,
		    arena_sv(f->a, buf_sv(&name)), y->real);
		buf_release(&name);
		if (arm->ncond == 0 && bound[i].op <= CMP_GT)
			arm->threshold = arm->cond[0].param;
		arm->ncond++;
	}
	return arm->ncond || at_err(f, cond, "a bound is missing: gte, gt, lte, "
	    "lt, eq or neq");
}

static bool
read_condition(struct file *f, const struct yaml *corr, struct rule *r,
    struct arm *arm, struct arm_sql *s)
{
	const struct yaml *cond = yaml_get(corr, SV("condition")), *field;
	bool temporal = arm->kind == ARM_TEMPORAL ||
	    arm->kind == ARM_TEMPORAL_ORDERED;

	if (temporal)
		return !cond || at_err(f, cond, "conditions of temporal "
		    "correlations are not supported yet");
	if (!cond || cond->kind != YAML_MAP)
		return at_err(f, cond ? cond : corr, "'condition' must be a map");
	for (const struct yaml *k = cond->kid; k; k = k->next) {
		size_t i = 0;

		while (i < countof(bound) && !sv_is(k->key, bound[i].name))
			i++;
		if (i == countof(bound) && !sv_is(k->key, "field"))
			return key_err(f, k, "unknown key");
	}
	field = yaml_get(cond, SV("field"));
	if ((field != NULL) != (arm->kind == ARM_VALUE_COUNT))
		return at_err(f, cond, field ? "event_count takes no 'field'" :
		    "'field' is missing");
	return (!field || read_names(f, field, s->value, &s->nvalue)) &&
	    read_bounds(f, cond, r, arm);
}

static bool
check_corr_keys(struct file *f, const struct yaml *corr)
{
	static const char *const keys[] = { "type", "rules", "group-by",
		"timespan", "condition", "generate" };

	for (const struct yaml *k = corr->kid; k; k = k->next) {
		size_t i = 0;

		while (i < countof(keys) && !sv_is(k->key, keys[i]))
			i++;
		if (i == countof(keys))
			return key_err(f, k, sv_is(k->key, "aliases") ?
			    "not supported yet:" : "unknown key");
	}
	return true;
}

/* The documents a correlation names, as marked before. */
static size_t
base_docs(struct file *f, const struct yaml *rules, struct doc **base)
{
	bool list = rules->kind == YAML_LIST;
	size_t n = 0;

	for (const struct yaml *k = list ? rules->kid : rules;
	    k && n < BASES_MAX; k = list ? k->next : NULL)
		base[n++] = find_doc(f, k);
	return n;
}

/* Counts: one SELECT per table, so that an event counts once. */
static bool
emit_counted(struct arm_sql *s, struct doc *const *base, size_t n)
{
	for (enum sigma_table t = 0; t < SIGMA_TABLE_N; t++) {
		struct doc *of[BASES_MAX];
		size_t m = 0;

		for (size_t i = 0; i < n; i++)
			if (base[i]->table == t)
				of[m++] = base[i];
		if (m && !emit_select(s, of, m, NULL, 0))
			return false;
	}
	return true;
}

static bool
emit_steps(struct arm_sql *s, struct doc *const *base, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!emit_select(s, &base[i], 1, NULL, i))
			return false;
	return true;
}

static bool
compile_corr(struct file *f, const struct yaml *corr, struct rule *r,
    struct arm *arm, struct arm_sql *s)
{
	const struct yaml *rules = yaml_get(corr, SV("rules"));
	const struct yaml *group = yaml_get(corr, SV("group-by"));
	const struct yaml *span = yaml_get(corr, SV("timespan"));
	struct doc *base[BASES_MAX];
	size_t n = base_docs(f, rules, base);

	if (rules->kind == YAML_LIST && rules->nkids > BASES_MAX)
		return at_err(f, rules, "more than %d rules", BASES_MAX);
	if (!check_corr_keys(f, corr) || !read_type(f, corr, &arm->kind))
		return false;
	if (!span || !meta_span(span->text, &arm->window))
		return at_err(f, span ? span : corr, "'timespan' must be a "
		    "number with s, m, h or d");
	if (group && !read_names(f, group, s->group, &s->ngroup))
		return false;
	if (!read_condition(f, corr, r, arm, s))
		return false;
	if (arm->kind == ARM_TEMPORAL || arm->kind == ARM_TEMPORAL_ORDERED) {
		arm->nsteps = n;
		arm->never_baselined = true;
		return emit_steps(s, base, n);
	}
	return emit_counted(s, base, n);
}

static void
corr_words(struct file *f, struct arm *arm, const struct arm_sql *s)
{
	if (sv_null(arm->key_name))
		arm->key_name = joined(f->a, s->group, s->ngroup);
	if (!sv_null(arm->metric))
		return;
	if (arm->kind == ARM_EVENT_COUNT) {
		arm->metric = SV("events");
	} else if (arm->kind == ARM_VALUE_COUNT) {
		struct buf b = BUF_INIT;

		buf_lit(&b, "distinct ");
		buf_add(&b, joined(f->a, s->value, s->nvalue));
		arm->metric = arena_sv(f->a, buf_sv(&b));
		buf_release(&b);
	} else {
		arm->metric = SV("steps");
	}
}

static bool
corr_arm(struct file *f, struct doc *d, struct rule *r, struct arm *arm)
{
	struct arm_sql s = { .f = f, .c = { .a = f->a, .file = f->f.name,
	    .e = f->e } };
	bool ok = compile_corr(f, d->correlation, r, arm, &s);
	char why[120];

	if (ok) {
		finish_sql(&s, arm);
		corr_words(f, arm, &s);
	}
	buf_release(&s.c.sql);
	if (!ok || sv_null(s.missing))
		return ok;
	snprintf(why, sizeof(why), "field %.*s unavailable",
	    s.missing.n > 80 ? 80 : (int)s.missing.n, s.missing.p);
	r->status = RULE_UNSERVED;
	r->reason = arena_sv(f->a, sv_str(why));
	return !f->strict || at_err(f, s.missing_at, "%s", why);
}

/* Base rules without a source: what needs them is not served either. */
static sv
unserved(struct file *f, const struct doc *d)
{
	struct doc *base[BASES_MAX];
	size_t n;

	if (d->detection)
		return d->reason;
	n = base_docs(f, yaml_get(d->correlation, SV("rules")), base);
	for (size_t i = 0; i < n; i++)
		if (!base[i]->served)
			return base[i]->reason;
	return SV_NULL;
}

static bool
name_arm(struct file *f, const struct doc *d, struct rule *r, struct arm *arm,
    size_t narms)
{
	const struct yaml *y = yaml_get(d->raxx, SV("arm"));
	char name[32];

	snprintf(name, sizeof(name), "arm%zu", r->narms + 1);
	arm->name = y ? y->text : narms == 1 ? SV("main") :
	    meta_is_name(d->name) ? d->name : arena_sv(f->a, sv_str(name));
	for (size_t i = 0; i < r->narms; i++)
		if (sv_eq(r->arm[i].name, arm->name))
			return at_err(f, y ? y : d->y, "arm '%.*s' stands twice",
			    SV_ARG(arm->name));
	return true;
}

static bool
add_arm(struct file *f, struct doc *d, struct rule *r, size_t narms)
{
	struct arm *arm = &r->arm[r->narms];
	sv reason = unserved(f, d), metric, key;

	if (!sv_null(reason)) {
		r->status = RULE_UNSERVED;
		r->reason = reason;
	}
	*arm = (struct arm){ .threshold = -1, .nsteps = 1, .level = -1 };
	if (!name_arm(f, d, r, arm, narms) || !raxx_arm(f, d, arm))
		return false;
	metric = arm->metric;
	key = arm->key_name;
	if (!(d->detection ? event_arm : corr_arm)(f, d, r, arm))
		return false;
	if (metric.n)
		arm->metric = metric;
	if (key.n)
		arm->key_name = key;
	r->narms++;
	return true;
}

/* --- rules --- */

static bool
makes_arm(const struct doc *d)
{
	return !d->referenced || d->generate;
}

static void
add_source(struct file *f, struct rule *r, const char *name)
{
	for (size_t i = 0; i < r->nsources; i++)
		if (sv_is(r->source[i], name))
			return;
	if (!r->source)
		r->source = arena_array(f->a, SIGMA_TABLE_N, sizeof(sv));
	r->source[r->nsources++] = sv_str(name);
}

static void
derive_sources(struct file *f, struct rule *r, const struct doc *d)
{
	struct doc *base[BASES_MAX];
	size_t n;

	if (d->detection) {
		add_source(f, r, sigma_source[d->table].source);
		return;
	}
	n = base_docs(f, yaml_get(d->correlation, SV("rules")), base);
	for (size_t i = 0; i < n; i++)
		add_source(f, r, sigma_source[base[i]->table].source);
}

static bool
rule_head(struct file *f, const struct doc *d, struct rule *r)
{
	const struct yaml *level = yaml_get(d->y, SV("level"));

	r->line = d->y->line;
	r->id = d->id.n ? d->id : d->name.n ? d->name : d->title;
	r->title = d->title;
	r->description = sv_trim(text_of(d->y, "description"));
	r->author = text_of(d->y, "author");
	r->license = text_of(d->y, "license");
	if (level && !level_parse(level->text, &r->level))
		return at_err(f, level, "unknown level '%.*s'",
		    SV_ARG(level->text));
	return raxx_rule(f, d, r);
}

/* One rule of n documents; those that make no arm only serve the others. */
static bool
make_rule(struct file *f, struct doc *d, size_t n)
{
	struct rule *r = meta_new(f->a, f->f), **list;
	size_t narms = 0;
	bool own_sources;
	char why[META_WHY];

	for (size_t i = 0; i < n; i++)
		narms += makes_arm(&d[i]);
	r->arm = arena_array(f->a, narms, sizeof(*r->arm));
	r->param = arena_array(f->a, 2 * narms, sizeof(*r->param));
	if (!rule_head(f, &d[0], r))
		return false;
	own_sources = r->nsources > 0;
	for (size_t i = 0; i < n; i++) {
		if (!makes_arm(&d[i]))
			continue;
		if (!add_arm(f, &d[i], r, narms))
			return false;
		if (!own_sources)
			derive_sources(f, r, &d[i]);
	}
	if (r->status == RULE_UNSERVED) {
		r->narms = 0;
		r->nparams = 0;
	}
	if (!meta_check_arms(r, why))
		return at_err(f, d[0].raxx, "%s", why);
	meta_finish(r);
	list = arena_array(f->a, *f->nout + 1, sizeof(struct rule *));
	if (*f->nout)
		memcpy(list, *f->out, *f->nout * sizeof(struct rule *));
	list[(*f->nout)++] = r;
	*f->out = list;
	return true;
}

/* Documents know each other now: compile the rules and mark the bases. */
static bool
link_docs(struct file *f, bool shared)
{
	for (size_t i = 0; i < f->ndocs; i++) {
		struct doc *d = &f->doc[i];

		if (d->raxx && !check_raxx(f, d, shared && i ? ON_ARM :
		    ON_RULE | ON_ARM))
			return false;
		if (d->detection ? !choose_table(f, d) : !mark_references(f, d))
			return false;
	}
	return true;
}

bool
sigma_read(struct arena *perm, struct rule_file rf, bool strict,
    struct rule ***out, size_t *n, struct err *e)
{
	struct file f = { .a = perm, .f = rf, .e = e, .strict = strict,
		.out = out, .nout = n };
	struct yaml *first;
	bool shared;

	if (!yaml_parse(perm, rf.name, rf.text, &first, e) ||
	    !read_docs(&f, first))
		return false;
	if (f.ndocs == 0)
		return err_set(e, ST_USAGE, "%.*s:1:1: no document",
		    SV_ARG(rf.name));
	shared = yaml_get(f.doc[0].raxx, SV("id")) != NULL;
	f.strict = strict || shared;
	if (!link_docs(&f, shared))
		return false;
	if (shared)
		return make_rule(&f, f.doc, f.ndocs);
	for (size_t i = 0; i < f.ndocs; i++)
		if (makes_arm(&f.doc[i]) && !make_rule(&f, &f.doc[i], 1))
			return false;
	return true;
}
