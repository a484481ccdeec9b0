/* SPDX-License-Identifier: MIT */
#include "detect/sigma_corr.h"

#include "base/utc.h"
#include "detect/hits.h"
#include "detect/meta.h"
#include "detect/sigma_cond.h"

enum { TERMS_MAX = 64 };

struct reader {
	struct arena *a;
	const struct sigma_doc *d;
	struct sigma_corr *c;
	struct err *e;
};

#define at_err(r, y, ...) \
	yaml_err((r)->e, (r)->d->file->f.name, (y), __VA_ARGS__)

static bool
key_err(struct reader *r, const struct yaml *y, const char *what)
{
	return sigma_key_err(r->e, r->d->file->f.name, y, what, y->key);
}

/* --- type, time, names --- */

static const struct {
	const char *name;
	enum arm_kind kind;
} types[] = {
	{ "event_count", ARM_EVENT_COUNT },
	{ "value_count", ARM_VALUE_COUNT },
	{ "value_sum", ARM_VALUE_SUM },
	{ "value_avg", ARM_VALUE_AVG },
	{ "value_percentile", ARM_VALUE_PERCENTILE },
	{ "value_median", ARM_VALUE_MEDIAN },
	{ "temporal", ARM_TEMPORAL },
	{ "temporal_ordered", ARM_TEMPORAL_ORDERED },
};

bool
sigma_corr_temporal(const struct sigma_corr *c)
{
	return c->kind == ARM_TEMPORAL || c->kind == ARM_TEMPORAL_ORDERED;
}

static bool
read_type(struct reader *r)
{
	const struct yaml *y = yaml_get(r->d->correlation, SV("type"));

	for (size_t i = 0; y && i < countof(types); i++)
		if (sv_is(y->text, types[i].name)) {
			r->c->kind = types[i].kind;
			return true;
		}
	return y ? at_err(r, y, "correlation type '%.*s' is not supported",
	    SV_ARG(y->text)) : at_err(r, r->d->correlation,
	    "'type' is missing");
}

/* Units that meta_span does not have; a month and a year are mean ones. */
static const struct {
	const char *unit;
	int64_t seconds;
} units[] = {
	{ "w", 604800 },
	{ "M", 2629746 },
	{ "y", 31556952 },
};

static bool
parse_span(sv v, int64_t *us)
{
	sv number = sv_take(v, v.n ? v.n - 1 : 0);
	int64_t n;

	if (meta_span(v, us))
		return true;
	for (size_t i = 0; i < countof(units); i++)
		if (sv_is(sv_skip(v, number.n), units[i].unit) &&
		    sv_to_i64(number, &n) && n > 0 && n <= 1000) {
			*us = n * units[i].seconds * UTC_SECOND;
			return true;
		}
	return false;
}

static bool
read_span(struct reader *r)
{
	const struct yaml *y = yaml_get(r->d->correlation, SV("timespan"));

	return (y && parse_span(y->text, &r->c->span)) ||
	    at_err(r, y ? y : r->d->correlation, "'timespan' must be a number "
	    "with s, m, h, d, w, M or y");
}

/* A list of field names, or one. */
static bool
read_names(struct reader *r, const struct yaml *y, struct sigma_fields *out)
{
	bool list = y->kind == YAML_LIST;

	for (const struct yaml *k = list ? y->kid : y; k;
	    k = list ? k->next : NULL) {
		if (k->kind != YAML_STRING)
			return at_err(r, k, "a field name is expected");
		if (out->n == SIGMA_GROUP_MAX)
			return at_err(r, k, "more than %d fields",
			    SIGMA_GROUP_MAX);
		out->v[out->n++] = k;
	}
	return true;
}

/* alias: {rule: field} */
static bool
read_aliases(struct reader *r)
{
	const struct yaml *y = yaml_get(r->d->correlation, SV("aliases"));

	r->c->aliases = y;
	if (y && y->kind != YAML_MAP)
		return at_err(r, y, "'aliases' must be a map");
	for (const struct yaml *k = y ? y->kid : NULL; k; k = k->next) {
		if (k->kind != YAML_MAP)
			return at_err(r, k,
			    "a field for each rule is expected");
		for (const struct yaml *f = k->kid; f; f = f->next)
			if (f->kind != YAML_STRING)
				return at_err(r, f, "a field name is expected");
	}
	return true;
}

static bool
read_group(struct reader *r)
{
	const struct yaml *y = yaml_get(r->d->correlation, SV("group-by"));

	return !y || read_names(r, y, &r->c->group);
}

/* --- conditions that are numbers --- */

static const struct {
	const char *name;
	enum cmp_op op;
} bounds[] = { /* lower ones first: they are what a baseline moves */
	{ "gte", CMP_GTE },
	{ "gt", CMP_GT },
	{ "lte", CMP_LTE },
	{ "lt", CMP_LT },
	{ "eq", CMP_EQ },
	{ "neq", CMP_NEQ },
};

static bool
is_bound(sv key)
{
	for (size_t i = 0; i < countof(bounds); i++)
		if (sv_is(key, bounds[i].name))
			return true;
	return false;
}

/* Is there a number that keeps both bounds? One near them, if any. */
static bool
can_hold(const struct sigma_corr *c)
{
	double a = c->bound[0].number, b = c->bound[c->nbounds - 1].number;
	const double near[] = { a, b, a - 1, a + 1, b - 1, b + 1,
		a / 2 + b / 2 };

	for (size_t i = 0; i < countof(near); i++) {
		size_t n = 0;

		while (n < c->nbounds && condition_holds(c->bound[n].op,
		    near[i], c->bound[n].number))
			n++;
		if (n == c->nbounds)
			return true;
	}
	return false;
}

static bool
read_bounds(struct reader *r, const struct yaml *cond)
{
	struct sigma_corr *c = r->c;

	for (size_t i = 0; i < countof(bounds); i++) {
		const struct yaml *y = yaml_get(cond, sv_str(bounds[i].name));

		if (!y)
			continue;
		if (y->kind != YAML_INT && y->kind != YAML_REAL)
			return at_err(r, y, "'%s' must be a number",
			    bounds[i].name);
		if (c->nbounds == countof(c->bound))
			return at_err(r, cond, "more than two bounds");
		c->bound[c->nbounds].op = bounds[i].op;
		c->bound[c->nbounds++].number = y->real;
	}
	if (!c->nbounds)
		return at_err(r, cond, "a bound is missing: gte, gt, lte, lt, "
		    "eq or neq");
	return can_hold(c) || at_err(r, cond, "no number keeps both bounds");
}

static bool
check_keys(struct reader *r, const struct yaml *cond)
{
	for (const struct yaml *k = cond->kid; k; k = k->next)
		if (!is_bound(k->key) && !sv_is(k->key, "field") &&
		    !sv_is(k->key, "percentile"))
			return key_err(r, k, "unknown key");
	return true;
}

static bool
takes_value(enum arm_kind kind)
{
	return kind == ARM_VALUE_COUNT || kind == ARM_VALUE_SUM ||
	    kind == ARM_VALUE_AVG || kind == ARM_VALUE_PERCENTILE ||
	    kind == ARM_VALUE_MEDIAN;
}

static bool
read_field(struct reader *r, const struct yaml *cond)
{
	const struct yaml *y = yaml_get(cond, SV("field"));
	struct sigma_corr *c = r->c;

	if (!takes_value(c->kind))
		return !y || key_err(r, y, "only values have a");
	if (!y)
		return at_err(r, cond, "'field' is missing");
	if (!read_names(r, y, &c->value))
		return false;
	return c->kind == ARM_VALUE_COUNT || c->value.n == 1 ||
	    at_err(r, y, "one field is expected");
}

static bool
read_percentile(struct reader *r, const struct yaml *cond)
{
	const struct yaml *y = yaml_get(cond, SV("percentile"));

	r->c->percentile = 50;
	if (r->c->kind != ARM_VALUE_PERCENTILE)
		return !y || key_err(r, y, "only value_percentile takes a");
	if (!y)
		return at_err(r, cond, "'percentile' is missing: 0 to 100");
	r->c->percentile = y->real;
	return ((y->kind == YAML_INT || y->kind == YAML_REAL) &&
	    y->real >= 0 && y->real <= 100) ||
	    at_err(r, y, "'percentile' must be a number from 0 to 100");
}

/* --- conditions that name rules --- */

/* Terms joined by OR; one is added unless it cannot hold or is there. */
struct terms {
	struct window_term v[TERMS_MAX];
	size_t n;
	bool full;
};

static void
add_term(struct terms *t, struct window_term w)
{
	if (w.with & w.without)
		return;
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].with == w.with && t->v[i].without == w.without)
			return;
	if (t->n < TERMS_MAX)
		t->v[t->n++] = w;
	else
		t->full = true;
}

static void
multiply(struct terms *a, const struct terms *b)
{
	struct terms out = { .full = a->full || b->full };

	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < b->n; k++)
			add_term(&out, (struct window_term){
			    a->v[i].with | b->v[k].with,
			    a->v[i].without | b->v[k].without });
	*a = out;
}

/* Two names of each rule: how it is referred to, and its own. */
static void
normalise(const struct sigma_cond *c, bool negated, struct terms *out)
{
	uint32_t bit = (uint32_t)1 << (c->name / 2);
	bool any = (c->kind == COND_OR) != negated;
	struct terms kid;

	*out = (struct terms){ 0 };
	if (c->kind == COND_NOT) {
		normalise(c->kid, !negated, out);
	} else if (c->kind == COND_NAME) {
		add_term(out, negated ? (struct window_term){ 0, bit }
		    : (struct window_term){ bit, 0 });
	} else {
		if (!any)
			add_term(out, (struct window_term){ 0, 0 });
		for (const struct sigma_cond *k = c->kid; k; k = k->next) {
			normalise(k, negated, &kid);
			if (!any)
				multiply(out, &kid);
			for (size_t i = 0; any && i < kid.n; i++)
				add_term(out, kid.v[i]);
			out->full = out->full || kid.full;
		}
	}
}

static uint32_t
mentioned(const struct sigma_cond *c)
{
	uint32_t m = c->kind == COND_NAME ? (uint32_t)1 << (c->name / 2) : 0;

	for (const struct sigma_cond *k = c->kid; k; k = k->next)
		m |= mentioned(k);
	return m;
}

static uint32_t
all_steps(const struct sigma_doc *d)
{
	return d->nbases == 32 ? UINT32_MAX :
	    ((uint32_t)1 << d->nbases) - 1;
}

static bool
keep_terms(struct reader *r, const struct yaml *y, const struct terms *t)
{
	if (t->full)
		return at_err(r, y, "the condition has too many terms");
	if (t->n == 0)
		return at_err(r, y, "the condition can never hold");
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].with == 0)
			return at_err(r, y, "the condition holds where none of "
			    "the rules fits");
	r->c->term = arena_array(r->a, t->n, sizeof(*t->v));
	memcpy(r->c->term, t->v, t->n * sizeof(*t->v));
	r->c->nterms = t->n;
	return true;
}

static bool
read_expression(struct reader *r, const struct yaml *y)
{
	sv v[2 * SIGMA_BASES_MAX];
	struct sigma_names names = { v, 2 * r->d->nbases, false, "rule" };
	const struct sigma_cond *c;
	struct terms t;

	for (size_t i = 0; i < r->d->nbases; i++) {
		v[2 * i] = r->d->ref[i];
		v[2 * i + 1] = r->d->base[i]->name;
	}
	c = sigma_cond_read(r->a, r->d->file->f.name, y, &names, r->e);
	if (!c)
		return false;
	if (mentioned(c) != all_steps(r->d))
		return at_err(r, y, "the condition does not name all rules");
	normalise(c, false, &t);
	return keep_terms(r, y, &t);
}

static bool
all_in_a_term(struct reader *r)
{
	r->c->term = arena_new(r->a, struct window_term);
	r->c->term->with = all_steps(r->d);
	r->c->nterms = 1;
	return true;
}

/* In an order "some of the rules" has no meaning; all of them has. */
static bool
only_all(struct reader *r, const struct yaml *cond)
{
	struct sigma_corr *c = r->c;
	double all = (double)r->d->nbases;
	bool same = c->nbounds == 1 && (c->bound[0].op == CMP_GTE ||
	    c->bound[0].op == CMP_EQ) && !(c->bound[0].number < all) &&
	    !(c->bound[0].number > all);

	if (!same)
		return at_err(r, cond, "temporal_ordered takes a condition "
		    "such as 'a and b and not c'");
	c->nbounds = 0;
	return all_in_a_term(r);
}

/* --- the whole --- */

static bool
read_condition(struct reader *r)
{
	const struct yaml *y = yaml_get(r->d->correlation, SV("condition"));
	bool temporal = sigma_corr_temporal(r->c);

	if (!y && temporal)
		return all_in_a_term(r);
	if (y && temporal && y->kind == YAML_STRING)
		return read_expression(r, y);
	if (!y || y->kind != YAML_MAP)
		return at_err(r, y ? y : r->d->correlation,
		    "'condition' must be a map");
	if (!check_keys(r, y) || !read_field(r, y) ||
	    !read_percentile(r, y) || !read_bounds(r, y))
		return false;
	return r->c->kind != ARM_TEMPORAL_ORDERED || only_all(r, y);
}

static bool
check_members(struct reader *r)
{
	static const char *const keys[] = { "type", "rules", "group-by",
		"timespan", "condition", "generate", "aliases" };

	for (const struct yaml *k = r->d->correlation->kid; k; k = k->next) {
		size_t i = 0;

		while (i < countof(keys) && !sv_is(k->key, keys[i]))
			i++;
		if (i == countof(keys))
			return key_err(r, k, "unknown key");
	}
	return true;
}

bool
sigma_corr_read(struct arena *a, const struct sigma_doc *d,
    struct sigma_corr *out, struct err *e)
{
	struct reader r = { a, d, out, e };

	*out = (struct sigma_corr){ 0 };
	return check_members(&r) && read_type(&r) && read_span(&r) &&
	    read_group(&r) && read_aliases(&r) && read_condition(&r);
}
