/* SPDX-License-Identifier: MIT */
#include "detect/explanation.h"

#include "base/attr.h"
#include "base/jsonw.h"
#include "base/utc.h"
#include "detect/armtext.h"
#include "detect/hits.h"
#include "detect/listing.h"
#include "detect/sigmastage.h"
#include "detect/sqlstage.h"
#include "output/escape.h"
#include "record/site.h"

/* --- collecting ----------------------------------------------------------- */

static void
measure(struct explanation *x, const struct hits *hits)
{
	size_t n;
	struct hit *h = hits_at(hits, &n);

	for (size_t k = 0; k < x->rule->narms; k++) {
		struct explained_arm *arm = &x->arm[k];
		size_t m;
		struct hit *v = hits_arm(h, n, x->rule->arm[k].name, &m);

		for (size_t i = 0; i < m; i++) {
			if (v[i].ts < x->ev.window.from ||
			    v[i].ts > x->ev.window.to)
				continue;
			arm->rows++;
			arm->fire += v[i].fire;
			if (v[i].metric > arm->peak)
				arm->peak = v[i].metric;
		}
	}
}

/* Also of a rule that does not run: that its sources are missing is no reason
 * not to look. */
static bool
count_arms(struct explanation *x, struct err *e)
{
	struct hits hits;

	if (!eval_rule(&x->ev, x->rule, &x->verdict, e))
		return false;
	if (x->rule->status != RULE_ACTIVE || x->ev.empty)
		return true;
	hits_collect(x->a, &x->ev.env, x->rule, NULL, x->ev.window.from,
	    x->ev.window.to, &hits);
	x->why = hits.end == HITS_DONE ? SV_NULL : hits.why;
	measure(x, &hits);
	hits_release(&hits);
	return true;
}

static bool
take_stages(struct explanation *x, struct err *e)
{
	const struct hits_env *env = x->counted ? &x->ev.env : NULL;
	int64_t from = x->ev.window.from, to = x->ev.window.to;

	x->stages.a = x->a;
	if (x->rule->status != RULE_ACTIVE)
		return true;
	if (!x->rule->sql.n)
		return sigmastage_take(&x->stages, env, x->rule, from, to, e);
	sqlstage_take(&x->stages, env, x->rule, from, to);
	return true;
}

bool
explanation_make(struct arena *a, struct store *st, const struct site *site,
    const struct rule *r, const struct run_options *opt,
    struct explanation *out, struct err *e)
{
	*out = (struct explanation){ .a = a, .rule = r, .site = site,
		.counted = st != NULL };
	out->arm = arena_array(a, r->narms + 1, sizeof(*out->arm));
	if (st && !(eval_open(a, st, site, opt, &out->ev, e) &&
	    count_arms(out, e)))
		return false;
	return take_stages(out, e);
}

/* --- what both forms say -------------------------------------------------- */

sv
explanation_fact(const struct explanation *x, sv name)
{
	sv json = site_fact_json(x->site, name);
	struct buf b = BUF_INIT;

	if (sv_null(json))
		return json;
	mask_email(&b, json);
	json = buf_keep(&b, x->a);
	return json;
}

bool
explanation_zero(const struct explanation *x, size_t k,
    struct explained_zero *out)
{
	const struct stages *l = &x->stages;
	size_t at = l->way[k].zero;
	bool shared = true;

	if (!x->counted || at == SIZE_MAX)
		return false;
	for (size_t i = 0; i < l->nways; i++)
		shared = shared && l->way[i].zero == at;
	*out = (struct explained_zero){ shared ? SV_NULL : l->way[k].name,
		stage_of(l, at), l->v[at].what };
	return !shared || k == 0;
}

/* --- NDJSON --------------------------------------------------------------- */

static void
put_source(struct jsonw *w, const struct explanation *x, sv name,
    const char *role)
{
	int i = source_find(name);
	const struct source_fact *f = x->counted && i >= 0 ?
	    &x->ev.source[i] : NULL;

	jsonw_open(w, '{');
	jsonw_put_sv(w, "name", name);
	jsonw_put_str(w, "role", role);
	jsonw_put_str(w, "status", f ? source_status_name[f->status] : NULL);
	jsonw_key(w, SV("records"));
	if (f)
		jsonw_i64(w, f->records);
	else
		jsonw_null(w);
	jsonw_put_utc(w, "first", f ? f->first : UTC_NONE);
	jsonw_put_utc(w, "last", f ? f->last : UTC_NONE);
	jsonw_close(w, '}');
}

static void
put_sources(struct jsonw *w, const struct explanation *x)
{
	const struct rule *r = x->rule;

	jsonw_key(w, SV("sources"));
	jsonw_open(w, '[');
	for (size_t i = 0; i < r->nsources; i++)
		put_source(w, x, r->source[i], "source");
	for (size_t i = 0; i < r->nfallbacks; i++)
		put_source(w, x, r->fallback[i], "fallback");
	jsonw_close(w, ']');
}

static void
put_facts(struct jsonw *w, const struct explanation *x)
{
	const struct rule *r = x->rule;

	jsonw_key(w, SV("facts"));
	jsonw_open(w, '[');
	for (size_t i = 0; i < r->nsite_facts; i++) {
		sv value = explanation_fact(x, r->site_fact[i]);

		jsonw_open(w, '{');
		jsonw_put_sv(w, "name", r->site_fact[i]);
		jsonw_key(w, SV("value"));
		jsonw_raw(w, sv_null(value) ? SV("null") : value);
		jsonw_put_bool(w, "leaves_out",
		    site_is_exception(r->site_fact[i]));
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static void
put_zeros(struct jsonw *w, const struct explanation *x)
{
	jsonw_key(w, SV("zero"));
	jsonw_open(w, '[');
	for (size_t k = 0; k < x->stages.nways; k++) {
		struct explained_zero z;

		if (!explanation_zero(x, k, &z))
			continue;
		jsonw_open(w, '{');
		jsonw_put_sv(w, "arm", z.arm);
		jsonw_put_sv(w, "of", z.of);
		jsonw_put_sv(w, "what", z.what);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static void
put_rule(struct jsonw *w, const struct explanation *x)
{
	const struct rule *r = x->rule;

	jsonw_put_str(w, "type", "explain");
	jsonw_put_sv(w, "rule", r->id);
	jsonw_put_sv(w, "title", r->title);
	jsonw_put_sv(w, "description", r->description);
	jsonw_put_sv(w, "file", r->file);
	jsonw_put_i64(w, "line", r->line);
	jsonw_put_str(w, "level", level_name[r->level]);
	jsonw_put_sv(w, "route", r->route);
	jsonw_put_str(w, "status", rule_status_name[r->status]);
}

static void
put_verdict(struct jsonw *w, const struct explanation *x)
{
	const struct verdict *v = &x->verdict;
	bool window = x->counted && !x->ev.empty;

	jsonw_put_str(w, "state", x->counted ? state_name[v->state] : NULL);
	jsonw_put_str(w, "result", x->counted ? result_name[v->result] : NULL);
	jsonw_put_sv(w, "reason", x->counted ? v->reason : x->rule->reason);
	jsonw_put_svs(w, "missing", v->missing, v->nmissing);
	jsonw_put_sv(w, "prerequisite", x->counted ? v->prerequisite :
	    x->rule->prerequisite);
	jsonw_key(w, SV("window"));
	jsonw_open(w, '{');
	jsonw_put_utc(w, "from", window ? x->ev.window.from : UTC_NONE);
	jsonw_put_utc(w, "to", window ? x->ev.window.to : UTC_NONE);
	jsonw_close(w, '}');
}

static void
put_count(struct jsonw *w, int64_t n)
{
	if (n == STAGE_UNKNOWN)
		jsonw_null(w);
	else
		jsonw_i64(w, n);
}

static void
put_stage(struct buf *b, const struct explanation *x, size_t i)
{
	const struct stage *s = &x->stages.v[i];
	struct jsonw w = JSONW_INIT(b);

	jsonw_open(&w, '{');
	jsonw_put_str(&w, "type", "stage");
	jsonw_put_sv(&w, "rule", x->rule->id);
	jsonw_put_sv(&w, "of", stage_of(&x->stages, i));
	jsonw_put_sv(&w, "what", s->what);
	jsonw_key(&w, SV("in"));
	put_count(&w, s->in);
	jsonw_key(&w, SV("out"));
	put_count(&w, s->out);
	jsonw_put_sv(&w, "why", s->why);
	jsonw_close(&w, '}');
	buf_byte(b, '\n');
}

static sv
keep(const struct explanation *x, struct buf *b)
{
	sv out = arena_sv(x->a, buf_sv(b));

	buf_release(b);
	return out;
}

static sv
fires_at(const struct explanation *x, const struct arm *arm)
{
	struct buf b = BUF_INIT;

	armtext_condition(&b, x->rule, arm);
	return keep(x, &b);
}

sv
explanation_arm_why(const struct explanation *x, size_t i)
{
	const struct verdict *v = &x->verdict;

	if (!x->counted || !sv_null(x->why))
		return x->why;
	return v->arm ? v->arm[i].why : SV_NULL;
}

static void
put_arm(struct buf *b, const struct explanation *x, size_t i)
{
	const struct arm *arm = &x->rule->arm[i];
	const struct explained_arm *n = &x->arm[i];
	struct jsonw w = JSONW_INIT(b);
	struct buf when = BUF_INIT;
	const char *from;
	double threshold = arm_threshold(x->rule, arm, &from);

	armtext_when(&when, arm);
	jsonw_open(&w, '{');
	jsonw_put_str(&w, "type", "arm");
	jsonw_put_sv(&w, "rule", x->rule->id);
	jsonw_put_sv(&w, "arm", arm->name);
	jsonw_put_real(&w, "window_s", (double)arm->window / UTC_SECOND);
	jsonw_put_sv(&w, "fires_at", fires_at(x, arm));
	jsonw_put_real(&w, "threshold", threshold);
	jsonw_put_str(&w, "threshold_from", from);
	jsonw_put_sv(&w, "runs", keep(x, &when));
	jsonw_key(&w, SV("rows"));
	put_count(&w, x->counted ? (int64_t)n->rows : STAGE_UNKNOWN);
	jsonw_key(&w, SV("fire"));
	put_count(&w, x->counted ? (int64_t)n->fire : STAGE_UNKNOWN);
	jsonw_key(&w, SV("peak"));
	if (x->counted)
		jsonw_real(&w, n->peak);
	else
		jsonw_null(&w);
	jsonw_put_sv(&w, "why", explanation_arm_why(x, i));
	jsonw_close(&w, '}');
	buf_byte(b, '\n');
}

void
explanation_ndjson(struct buf *b, const struct explanation *x)
{
	struct jsonw w = JSONW_INIT(b);

	jsonw_open(&w, '{');
	put_rule(&w, x);
	put_verdict(&w, x);
	put_sources(&w, x);
	put_facts(&w, x);
	put_zeros(&w, x);
	jsonw_close(&w, '}');
	buf_byte(b, '\n');
	for (size_t i = 0; i < x->stages.n; i++)
		put_stage(b, x, i);
	for (size_t i = 0; i < x->rule->narms; i++)
		put_arm(b, x, i);
}
