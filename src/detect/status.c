/* SPDX-License-Identifier: MIT */
#include "detect/status.h"

#include <math.h>

#include "base/jsonw.h"
#include "base/utc.h"
#include "detect/eval.h"
#include "detect/hits.h"
#include "record/rec.h"
#include "record/site.h"
#include "record/siteallow.h"
#include "store/kind.h"

bool
status_open(struct status_run *s, struct eval *ev, const struct catalog *c,
    const struct run_before *before, struct err *e)
{
	/* Over an empty store a run of the past has no end to compare. */
	int64_t to = ev->empty ? INT64_MAX : ev->window.to;

	*s = (struct status_run){ .ev = ev, .catalog = c };
	allow_init(&s->allow, ev);
	s->verdict = arena_array(ev->a, c->n, sizeof(*s->verdict));
	if (!(before ? past_read(ev->a, before->name, before->ndjson, c, to,
	    &s->past, e) : past_recorded(ev->a, ev->st, c, to, &s->past, e)))
		return false;
	s->there = arena_array(ev->a, s->past.n, sizeof(*s->there));
	return true;
}

/* --- findings ------------------------------------------------------------- */

/* By its id; or at the same time, since a record that arrived late can be its
 * new beginning. */
static bool
is_same(const struct past_finding *p, const struct finding *f)
{
	return sv_is(p->id, f->id) ||
	    (p->first <= f->last && p->last >= f->first);
}

/* The first of the past that is the same, or NULL; all are marked as there. */
static const struct past_finding *
find_past(const struct status_run *s, const struct finding *f)
{
	const struct past_finding *found = NULL;
	size_t n, i;

	i = past_find(&s->past, f->rule->id, f->arm->name, f->key, &n);

	for (; n; n--, i++) {
		if (!is_same(&s->past.v[i], f))
			continue;
		s->there[i] = true;
		if (!found)
			found = &s->past.v[i];
	}
	return found;
}

static void
remember(struct status_run *s, const struct verdict *v)
{
	for (size_t i = 0; i < s->catalog->n; i++)
		if (s->catalog->rule[i] == v->rule)
			s->verdict[i] = v;
}

static void
tell_suppressed(struct status_run *s, struct verdict *v)
{
	struct buf b = BUF_INIT;

	if (v->suppressed == 0 || v->suppressed < v->findings.n)
		return;
	buf_lit(&b, "all findings are on the allow list");
	if (!sv_null(v->reason)) {
		buf_lit(&b, "; ");
		buf_add(&b, v->reason);
	}
	v->reason = buf_keep(&b, s->ev->a);
}

bool
status_take(struct status_run *s, struct verdict *v, struct err *e)
{
	v->suppressed = 0;
	for (size_t i = 0; i < v->findings.n; i++) {
		struct finding *f = &v->findings.v[i];

		if (!allow_find(&s->allow, f, e))
			return false;
		v->suppressed += f->allowed != 0;
		find_past(s, f);
	}
	tell_suppressed(s, v);
	remember(s, v);
	return true;
}

/* --- the line of a finding ------------------------------------------------ */

static void
put_past(struct jsonw *w, const struct status_run *s, const struct finding *f)
{
	const struct past_finding *p = find_past(s, f);

	jsonw_put_str(w, "status", !s->past.known ? NULL
	    : p ? "ongoing" : "new");
	jsonw_put_utc(w, "since", !s->past.known ? UTC_NONE
	    : p ? p->since : s->ev->now);
}

static void
put_incident(struct jsonw *w, const struct finding *f)
{
	jsonw_put_str(w, "incident", f->unsettled ? NULL : f->incident);
	jsonw_key(w, SV("repeats"));
	if (f->unsettled)
		jsonw_null(w);
	else
		jsonw_i64(w, f->repeats);
}

/* A fact about the deployment has no time of which some was not seen, and of
 * rows of dumps the log knows nothing. */
static bool
is_of_log(const struct finding *f)
{
	if (f->rule->posture)
		return false;
	for (size_t i = 0; i < f->nevidence; i++)
		if (rec_kinds[f->evidence[i].rec % (1 << REC_KIND_BITS)].log)
			return true;
	return f->nevidence == 0;
}

/* From where the window begins that ends at the hit which fired. */
static double
share_of(const struct status_run *s, const struct verdict *v,
    const struct finding *f)
{
	struct arena_mark mark = arena_mark(s->ev->a);
	struct stream seen = eval_stream(s->ev, v);
	int64_t from = f->fired_at - f->arm->window;
	struct coverage c;

	if (f->first < from)
		from = f->first;
	coverage_make(s->ev->a, &seen, (struct span){ from, f->last }, &c);
	arena_rewind(s->ev->a, mark);
	return floor(c.share * 1e6) / 1e6;
}

static sv
route_to(const struct site *site, sv route)
{
	for (size_t i = 0; i < site->nroutes; i++)
		if (sv_eq(site->route[i].name, route))
			return site->route[i].to;
	return SV_NULL;
}

static void
put_suppressed(struct jsonw *w, const struct site *site,
    const struct finding *f)
{
	const struct site_allow *al;

	jsonw_key(w, SV("suppressed"));
	if (f->allowed == 0) {
		jsonw_null(w);
		return;
	}
	al = &site->allow[f->allowed - 1];
	jsonw_open(w, '{');
	jsonw_put_i64(w, "entry", (int64_t)f->allowed);
	jsonw_put_sv(w, "owner", al->owner);
	jsonw_put_sv(w, "reason", al->reason);
	jsonw_put_utc(w, "expires", al->expires);
	jsonw_close(w, '}');
}

void
status_write(struct buf *b, const struct status_run *s,
    const struct verdict *v, const struct finding *f)
{
	struct jsonw w = JSONW_INIT(b);

	jsonw_open(&w, '{');
	jsonw_put_str(&w, "type", "status");
	jsonw_put_str(&w, "finding", f->id);
	put_past(&w, s, f);
	put_incident(&w, f);
	if (is_of_log(f))
		jsonw_put_real(&w, "coverage", share_of(s, v, f));
	else
		jsonw_put_str(&w, "coverage", NULL);
	jsonw_put_sv(&w, "route_to", route_to(s->ev->site, finding_route(f)));
	put_suppressed(&w, s->ev->site, f);
	jsonw_close(&w, '}');
	buf_byte(b, '\n');
}

/* --- findings that are gone ----------------------------------------------- */

static const struct verdict *
verdict_of(const struct status_run *s, sv rule)
{
	for (size_t i = 0; i < s->catalog->n; i++)
		if (s->verdict[i] && sv_eq(s->catalog->rule[i]->id, rule))
			return s->verdict[i];
	return NULL;
}

/* NULL: this run could have seen it. */
static const char *
why_unknown(const struct status_run *s, const struct past_finding *p)
{
	const struct verdict *v = verdict_of(s, p->rule);
	int arm = v ? rule_arm(v->rule, p->arm) : -1;

	if (!v)
		return "the rule is not in the catalog now";
	if (v->result != RESULT_FIRED && v->result != RESULT_CLEAR &&
	    v->result != RESULT_CLEAR_PARTIAL)
		return "the rule could not run now";
	if (arm < 0)
		return "the rule has no such arm now";
	if (!v->arm[arm].on)
		return "its arm could not run now";
	if (v->arm[arm].say > SAY_CLEAR)
		return "its arm could not decide now";
	if (v->observed && eval_gate(v->coverage.share) != RESULT_CLEAR)
		return "too little of the window was seen";
	if (s->ev->window.to - p->last <= arm_join(v->rule, &v->rule->arm[arm]))
		return "it may still go on";
	return NULL;
}

static void
write_gone(struct buf *b, const struct status_run *s,
    const struct past_finding *p)
{
	const char *unknown = why_unknown(s, p);
	struct jsonw w = JSONW_INIT(b);

	jsonw_open(&w, '{');
	jsonw_put_str(&w, "type", unknown ? "unresolved" : "resolved");
	jsonw_put_sv(&w, "id", p->id);
	jsonw_put_sv(&w, "rule", p->rule);
	jsonw_put_sv(&w, "arm", p->arm);
	jsonw_put_sv(&w, "key", p->key);
	jsonw_put_utc(&w, "first", p->first);
	jsonw_put_utc(&w, "last", p->last);
	jsonw_put_utc(&w, "since", p->since);
	jsonw_put_str(&w, "status", unknown ? "unknown" : "resolved");
	jsonw_put_str(&w, "why", unknown ? unknown
	    : p->last < s->ev->window.from ? "ended" : "withdrawn");
	jsonw_close(&w, '}');
	buf_byte(b, '\n');
}

void
status_write_rest(struct buf *b, const struct status_run *s)
{
	for (size_t i = 0; i < s->past.n; i++)
		if (!s->there[i])
			write_gone(b, s, &s->past.v[i]);
	allow_write(b, &s->allow);
}
