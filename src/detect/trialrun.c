/* SPDX-License-Identifier: MIT */
#include "detect/trialrun.h"

#include <assert.h>

#include "detect/eval.h"
#include "detect/run.h"
#include "detect/sift.h"
#include "detect/trialcheck.h"
#include "detect/trialload.h"
#include "parse/yaml.h"
#include "record/site.h"
#include "store/db.h"

/* The facts and rules of one case. */
struct setting {
	const struct site *site;
	const struct rule *rule;
};

/* A map of the members of both; those of `over` win. */
static const struct yaml *
overlay(struct arena *a, const struct yaml *base, const struct yaml *over)
{
	struct yaml *map = arena_new(a, struct yaml), **tail = &map->kid;

	*map = (struct yaml){ .kind = YAML_MAP, .line = 1, .col = 1 };
	for (int i = 0; i < 2; i++) {
		const struct yaml *from = i ? over : base;

		for (const struct yaml *k = from ? from->kid : NULL; k;
		    k = k->next) {
			if (i == 0 && yaml_get(over, k->key))
				continue;
			*tail = arena_new(a, struct yaml);
			**tail = *k;
			(*tail)->next = NULL;
			tail = &(*tail)->next;
			map->nkids++;
		}
	}
	return map;
}

/* Facts of the case make a site of their own, and thresholds among them a
 * catalog. */
static bool
set_up(struct arena *a, const struct trial_base *base,
    const struct trial_doc *d, const struct trial_case *c, struct setting *out,
    struct err *e)
{
	const struct catalog *catalog = base->catalog;
	const struct yaml *facts = base->facts;
	struct catalog *own;
	struct site *site;

	out->site = base->site;
	if (c->site[0] || c->site[1]) {
		facts = overlay(a, facts, c->site[0]);
		facts = overlay(a, facts, c->site[1]);
		site = arena_new(a, struct site);
		own = arena_new(a, struct catalog);
		if (!site_read_tree(a, d->name, facts, site, e) ||
		    !catalog_load(a, base->rules, site, own, e))
			return false;
		out->site = site;
		catalog = own;
	}
	out->rule = catalog_find(catalog, d->rule);
	assert(out->rule);
	return true;
}

/* A key '$token(PATH)' is the keyed hash of the token in the path. */
static bool
set_keys(struct arena *a, const struct site *site, const struct trial_doc *d,
    const struct trial_expect *in, struct trial_expect *out, struct err *e)
{
	*out = *in;
	out->finding = arena_array(a, in->nfindings, sizeof(*out->finding));
	for (size_t i = 0; i < in->nfindings; i++) {
		struct trial_finding *f = &out->finding[i];
		sv key;

		*f = in->finding[i];
		key = f->key;
		if (!sv_skip_lit(&key, SV("$token(")) || !sv_ends(key, SV(")")))
			continue;
		f->key = trialload_token(a, site, sv_take(key, key.n - 1));
		if (sv_null(f->key))
			return err_set(e, ST_USAGE, "%.*s:%d:%d: '%.*s' is in "
			    "no path of secret_paths", SV_ARG(d->name), f->line,
			    f->col, SV_ARG(in->finding[i].key));
	}
	return true;
}

static void
check_rejects(struct buf *why, const struct trial_expect *want,
    const struct trial_rejects *got)
{
	if (want->rejected == got->n)
		return;
	buf_printf(why, "expected %llu rejected lines, got %llu",
	    (unsigned long long)want->rejected, (unsigned long long)got->n);
	if (got->n)
		buf_printf(why, " (%.*s)", SV_ARG(got->first));
}

static bool
eval(struct arena *a, const struct setting *s, struct store *st, int64_t from,
    int64_t to, struct verdict *v, struct err *e)
{
	const struct rule *const rule[] = { s->rule };
	struct run_options opt = { .from = from, .to = to, .now = to };
	struct eval *ev = arena_new(a, struct eval);
	struct sift *sift;
	bool ok = run_sift(st, s->site, rule, 1, 1, &sift, e);

	opt.sift = sift;
	ok = ok && eval_open(a, st, s->site, &opt, ev, e);
	/* A case tells what its rule looks at, not all that the app and the
	 * router would log of it: nothing to check against each other. */
	ev->checked = true;
	ok = ok && eval_rule(ev, s->rule, v, e);
	sift_close(sift);
	return ok;
}

bool
trialrun_case(struct arena *a, const struct trial_base *base,
    const struct trial_doc *d, const struct trial_case *c, struct buf *why,
    struct err *e)
{
	int64_t to = d->start + c->window;
	struct trial_rejects rejects;
	struct trial_inputs in;
	struct trial_expect want;
	struct setting s;
	struct store *st;
	struct verdict v;
	bool ok;

	if (!set_up(a, base, d, c, &s, e) ||
	    !set_keys(a, s.site, d, &c->expect, &want, e))
		return false;
	trialgen_inputs(a, d, c, &in);
	st = store_open(base->keep, base->keep ? STORE_WRITE : STORE_MEMORY, e);
	ok = st && trialload_inputs(a, &in, s.site, to, st, &rejects, e) &&
	    eval(a, &s, st, d->start, to, &v, e);
	if (ok) {
		check_rejects(why, &want, &rejects);
		trialcheck_verdict(a, why, &want, &v);
	}
	store_close(st);
	return ok;
}
