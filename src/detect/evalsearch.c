/* SPDX-License-Identifier: MIT */
/* evalsearch.c: hits and findings of a rule. */
#include "detect/evalpriv.h"

#include "base/utc.h"
#include "detect/incident.h"
#include "store/query.h"

/* The time from which on the hits of an arm matter. */
static int64_t
window_start(const struct eval *ev, const struct arm *arm)
{
	return arm->standing ? INT64_MIN / 2 : ev->window.from;
}

static void
measure(const struct eval *ev, const struct rule *r, struct hit *h, size_t n,
    struct verdict *v)
{
	for (size_t k = 0; k < r->narms; k++) {
		int64_t start = window_start(ev, &r->arm[k]);
		size_t m;
		struct hit *x = hits_arm(h, n, r->arm[k].name, &m);

		v->arm[k].hits = 0;
		for (size_t i = 0; i < m; i++)
			v->arm[k].hits += x[i].ts >= start &&
			    x[i].ts <= ev->window.to;
		v->arm[k].peak = hits_peak(r, &r->arm[k], x, m, start,
		    ev->window.to);
	}
}

/* Collects once with firing from `loaded` on; *open as in findings_add. */
static enum hits_end
collect(struct eval *ev, struct verdict *v, int64_t loaded, bool *open)
{
	const struct rule *r = v->rule;
	struct hits hits;
	struct hit *h;
	size_t n;

	hits_collect(ev->a, &ev->env, r, v->on, loaded, ev->window.to, &hits);
	h = hits_at(&hits, &n);
	v->reason = hits.why;
	v->findings.n = 0;
	for (size_t k = 0; k < r->narms; k++) {
		const struct arm *arm = &r->arm[k];
		size_t m, before = v->findings.n;
		struct hit *x = hits_arm(h, n, arm->name, &m);
		int64_t start = window_start(ev, arm);

		findings_add(ev->a, r, arm, x, m, start, start < loaded
		    ? start : loaded, open, &v->findings);
		v->arm[k].findings = v->findings.n - before;
		v->arm[k].dropped = hits.arm[k].dropped;
		v->arm[k].say = hits.arm[k].say;
		if (v->on[k])
			v->arm[k].why = hits.arm[k].why;
	}
	measure(ev, r, h, n, v);
	query_cost_add(&v->cost, &hits.cost);
	v->statements += hits.statements;
	hits_release(&hits);
	return hits.end;
}

static int64_t
longest_join(const struct rule *r)
{
	int64_t join = UTC_HOUR;

	for (size_t i = 0; i < r->narms; i++)
		if (arm_join(r, &r->arm[i]) > join)
			join = arm_join(r, &r->arm[i]);
	return join;
}

/* May an incident have begun earlier? At the first event of all none has. */
static bool
incidents_open(struct findings *f, bool at_start)
{
	bool open = false;

	for (size_t i = 0; i < f->n; i++) {
		f->v[i].unsettled = f->v[i].unsettled && !at_start;
		open = open || f->v[i].unsettled;
	}
	return open;
}

/* Where firing begins when the window is looked at from `back` before it on:
 * not before the first event. */
static int64_t
firing_start(const struct eval *ev, int64_t back)
{
	int64_t from = ev->window.from;

	if (ev->first == UTC_NONE || from - back >= ev->first)
		return from - back;
	return ev->first < from ? ev->first : from;
}

/* A verdict to collect into, so that what is in *v stays. */
static struct verdict
fresh_copy(struct eval *ev, const struct verdict *v)
{
	struct verdict copy = *v;
	size_t n = v->rule->narms;

	copy.findings = (struct findings){ NULL, 0, 0 };
	copy.arm = arena_array(ev->a, n + 1, sizeof(*copy.arm));
	if (n)
		memcpy(copy.arm, v->arm, n * sizeof(*copy.arm));
	return copy;
}

/*
 * A finding is the same whatever window shows it: one that may have begun
 * before the window is followed back to where it began, and so is its incident.
 * When a limit is met on the way to that, the findings stand and the incident
 * stays unsettled.
 */
enum hits_end
eval_search(struct eval *ev, struct verdict *v)
{
	int64_t join = longest_join(v->rule), back = 0;
	bool whole = false; /* the findings are */

	for (;;) {
		int64_t loaded = firing_start(ev, back);
		bool at_start = loaded <= ev->first, open = false, more;
		struct verdict next = fresh_copy(ev, v);
		enum hits_end end = collect(ev, &next, loaded, &open);

		if (end != HITS_DONE && whole)
			return HITS_DONE;
		*v = next;
		more = incidents_open(&v->findings, at_start) || open;
		if (end != HITS_DONE || at_start || !more)
			return end;
		whole = !open;
		back = back ? 2 * back : join + 1;
		if (whole && back <= INCIDENT_GAP)
			back = INCIDENT_GAP + join;
	}
}
