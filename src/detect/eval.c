/* SPDX-License-Identifier: MIT */
#include "detect/eval.h"

#include <math.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/utc.h"
#include "detect/evalpriv.h"
#include "record/site.h"

const char *const state_name[] = {
	[STATE_LIVE] = "LIVE",
	[STATE_MANUAL] = "MANUAL",
	[STATE_DEGRADED] = "DEGRADED",
	[STATE_DORMANT] = "DORMANT",
};
_Static_assert(countof(state_name) == STATE_N, "a name per state");

const char *const result_name[] = {
	[RESULT_FIRED] = "FIRED",
	[RESULT_CLEAR] = "CLEAR",
	[RESULT_CLEAR_PARTIAL] = "CLEAR_PARTIAL",
	[RESULT_INSUFFICIENT_DATA] = "INSUFFICIENT_DATA",
	[RESULT_NOT_EVALUATED] = "NOT_EVALUATED",
	[RESULT_UNDECIDED] = "UNDECIDED",
	[RESULT_CANNOT_VERIFY] = "CANNOT_VERIFY",
};
_Static_assert(countof(result_name) == RESULT_N, "a name per result");

/* Not all was seen, or not all of what was seen is to be relied on, or all was
 * seen in spite of a notice. */
static sv
unclean_text(struct arena *a, const struct verdict *v)
{
	struct buf b = BUF_INIT;

	if (v->coverage.share < 1)
		buf_printf(&b, "%.1f %% of the window was observed",
		    floor(v->coverage.share * 1000) / 10);
	if (!sv_null(v->doubt))
		buf_printf(&b, "%s%.*s", b.n ? "; " : "", SV_ARG(v->doubt));
	if (b.n == 0)
		buf_lit(&b, "a notice of lost lines, which another input has");
	return buf_keep(&b, a);
}

/* Behind whatever else there is to say. */
static void
tell_flaw(struct eval *ev, struct verdict *v)
{
	struct buf b = BUF_INIT;

	if (sv_null(v->flaw))
		return;
	buf_add(&b, v->reason);
	buf_str(&b, b.n ? "; " : "");
	buf_add(&b, v->flaw);
	v->reason = buf_keep(&b, ev->a);
}

/* Arm i: reaches it back as far as arm k? */
static bool
reaches_as(const struct verdict *v, size_t i, size_t k)
{
	return v->arm[i].on && v->rule->arm[i].window == v->rule->arm[k].window;
}

/* "slow, distributed: 8.3 % of the 24h before the window's end observed", for
 * arms that look back on more than the window, and not all of it was seen. */
static sv
reach_text(struct arena *a, const struct verdict *v)
{
	const struct arm *arm = v->rule->arm;
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < v->rule->narms; i++) {
		double share = 1 - v->arm[i].unseen;
		bool told = !v->arm[i].on || eval_gate(share) == RESULT_CLEAR;

		for (size_t k = 0; k < i && !told; k++)
			told = reaches_as(v, k, i);
		if (told)
			continue;
		buf_printf(&b, "%s%.*s", b.n ? "; " : "", SV_ARG(arm[i].name));
		for (size_t k = i + 1; k < v->rule->narms; k++)
			if (reaches_as(v, k, i))
				buf_printf(&b, ", %.*s", SV_ARG(arm[k].name));
		buf_printf(&b, ": %.1f %% of the ", floor(share * 1000) / 10);
		utc_span_write(&b, arm[i].window);
		buf_lit(&b, " before the window's end observed");
	}
	return b.n ? buf_keep(&b, a) : SV_NULL;
}

/* A source that came and vouches for nothing is missing too, with why. */
static sv
missing_text(struct eval *ev, const char *about, const struct verdict *v)
{
	struct buf b = BUF_INIT;

	buf_str(&b, about);
	for (size_t i = 0; i < v->nmissing; i++) {
		const struct source_fact *f = eval_fact(ev->source,
		    v->missing[i]);

		buf_str(&b, i ? ", " : "");
		buf_add(&b, v->missing[i]);
		if (f && !sv_null(f->dumps.flaw))
			buf_printf(&b, " (%.*s)", SV_ARG(f->dumps.flaw));
	}
	return buf_keep(&b, ev->a);
}

/* An arm of this state that lacks what it needs. */
static const struct arm_result *
lame_arm(const struct verdict *v)
{
	for (size_t i = 0; i < v->rule->narms; i++)
		if (!v->arm[i].on && eval_state_allows(v, &v->rule->arm[i]))
			return &v->arm[i];
	return NULL;
}

/* The first fact that the statement asks for and site.yml does not say. */
static sv
lacking_fact(const struct site *s, const struct rule *r)
{
	for (size_t i = 0; i < r->nsite_facts; i++)
		if (sv_null(site_fact_json(s, r->site_fact[i])))
			return r->site_fact[i];
	return SV_NULL;
}

/* A rule that lacks a fact, or none of whose arms has what it needs, is as
 * asleep as one without its sources. */
static void
sleep_if_lame(struct eval *ev, struct verdict *v)
{
	sv fact = lacking_fact(ev->site, v->rule);
	const struct arm_result *arm = v->narms_on ? NULL : lame_arm(v);

	if (v->state == STATE_DORMANT || (!arm && sv_null(fact)))
		return;
	if (!sv_null(fact)) {
		v->state = STATE_DORMANT;
		v->reason = eval_need_text(ev->a, "site.yml does not say ", fact, "");
		v->prerequisite = eval_need_text(ev->a, "say ", fact,
		    " in site.yml");
		return;
	}
	v->state = STATE_DORMANT;
	v->reason = arm->why;
	v->prerequisite = v->rule->prerequisite;
}

bool
eval_sleeps(struct eval *ev, const struct rule *r, bool *out, struct err *e)
{
	struct verdict v = { .rule = r };

	*out = false;
	if (r->status != RULE_ACTIVE)
		return true;
	eval_state(ev->a, ev->source, r, &v);
	if (v.state == STATE_DORMANT)
		return true;
	for (size_t i = 0; i < r->narms; i++) /* what others lack costs time */
		if (r->arm[i].nneeds == 0 && eval_state_allows(&v, &r->arm[i]))
			v.narms_on++;
	if (v.narms_on == 0 && !eval_arms(ev, &v, e))
		return false;
	sleep_if_lame(ev, &v);
	*out = v.state == STATE_DORMANT;
	return true;
}

/* Why the rule is not run at all; false when it is. */
static bool
not_run(struct eval *ev, struct verdict *v)
{
	const struct rule *r = v->rule;

	v->blind = r->status == RULE_ACTIVE;
	if (r->status != RULE_ACTIVE)
		v->reason = r->reason;
	else if (v->state == STATE_DORMANT)
		v->reason = sv_null(v->reason)
		    ? missing_text(ev, "missing: ", v) : v->reason;
	else if (ev->empty)
		v->reason = SV("no event in the store, so no window");
	else if (r->narms == 0)
		v->reason = SV("the rule has no condition to run");
	else if (v->narms_on == 0)
		v->reason = v->arm[0].why;
	else
		return false;
	v->result = RESULT_NOT_EVALUATED;
	return true;
}

static bool
only_informational(const struct findings *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].level > LEVEL_INFORMATIONAL)
			return false;
	return f->n > 0;
}

/* What happened to the rule's sources over the window. A rule that is not
 * there to run, lacks what all its arms need, or looks at the deployment as it
 * is, has one state. */
static void
set_states(struct eval *ev, struct verdict *v)
{
	const struct rule *r = v->rule;

	if (ev->empty)
		return;
	if (r->status != RULE_ACTIVE)
		states_one(ev->a, ev->window, v->state, r->reason, &v->states);
	else if (v->state == STATE_DORMANT && !sv_null(v->reason))
		states_one(ev->a, ev->window, v->state, v->reason, &v->states);
	else if (r->posture)
		states_one(ev->a, ev->window, v->state, v->nmissing
		    ? missing_text(ev, "missing: ", v) : SV_NULL,
		    &v->states);
	else
		states_make(ev->a, ev->source, &ev->streams, r, ev->window,
		    &v->states);
	if (v->state == STATE_LIVE || v->state == STATE_MANUAL)
		v->state = states_newest(&v->states, v->state);
}

/* What the arms that ran could not decide, gravest first; NULL: nothing. */
static const struct arm_result *
undecided_arm(const struct verdict *v, size_t *n)
{
	const struct arm_result *worst = NULL;

	*n = 0;
	for (size_t i = 0; i < v->rule->narms; i++) {
		const struct arm_result *a = &v->arm[i];

		if (!a->on || a->say <= SAY_CLEAR)
			continue;
		++*n;
		if (!worst || a->say > worst->say)
			worst = a;
	}
	return worst;
}

/* An arm that says what it saw. */
static const struct arm_result *
telling_arm(const struct verdict *v)
{
	for (size_t i = 0; i < v->rule->narms; i++)
		if (v->arm[i].on && v->arm[i].say == SAY_CLEAR)
			return &v->arm[i];
	return NULL;
}

static sv
arm_text(struct arena *a, const struct verdict *v, const struct arm_result *arm)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "arm %.*s: %.*s",
	    SV_ARG(v->rule->arm[arm - v->arm].name), SV_ARG(arm->why));
	return buf_keep(&b, a);
}

/* Without a finding: one arm that cannot verify taints all; insufficient data
 * is a verdict of its own only if no arm had enough. */
static enum result
negative(const struct verdict *v, const struct arm_result *worst, size_t n)
{
	static const enum result of[] = {
		[SAY_NOTHING] = RESULT_CLEAR,
		[SAY_CLEAR] = RESULT_CLEAR,
		[SAY_INSUFFICIENT_DATA] = RESULT_INSUFFICIENT_DATA,
		[SAY_NOT_EVALUATED] = RESULT_NOT_EVALUATED,
		[SAY_CANNOT_VERIFY] = RESULT_CANNOT_VERIFY,
	};
	enum result gate = v->observed ? eval_gate(v->coverage.share)
	    : RESULT_CLEAR;

	if (worst && (worst->say == SAY_CANNOT_VERIFY || n == v->narms_on))
		return of[worst->say];
	if (gate == RESULT_CLEAR && (worst || lame_arm(v) ||
	    v->state == STATE_DEGRADED || !v->clean))
		return RESULT_CLEAR_PARTIAL;
	return gate;
}

/* Every statement ran to its end: what do the findings, or their absence,
 * and the coverage say? */
static void
conclude(struct eval *ev, struct verdict *v)
{
	size_t n;
	const struct arm_result *worst = undecided_arm(v, &n);
	enum result none = negative(v, worst, n);
	/* a fact that is bad is so however little was seen */
	bool bad = v->rule->posture && v->findings.n > 0;

	if (!worst)
		worst = lame_arm(v);
	if (!worst && v->state != STATE_DEGRADED)
		worst = telling_arm(v);
	v->blind = none != RESULT_CLEAR;
	v->result = v->findings.n ? RESULT_FIRED : none;
	v->reason = SV_NULL;
	if (only_informational(&v->findings))
		v->reason = SV("all findings are informational");
	else if (v->observed && !bad &&
	    eval_gate(v->coverage.share) != RESULT_CLEAR)
		v->reason = unclean_text(ev->a, v);
	else if (worst)
		v->reason = arm_text(ev->a, v, worst);
	else if (v->state == STATE_DEGRADED)
		v->reason = missing_text(ev,
		    "runs on its fallback; missing: ", v);
	else if (!bad && v->observed && (!sv_null(v->doubt) ||
	    !coverage_is_clean(&v->coverage, ev->open_end)))
		v->reason = unclean_text(ev->a, v);
	else if (v->result == RESULT_CLEAR)
		v->reason = reach_text(ev->a, v);
	tell_flaw(ev, v);
}

static void
decide(struct eval *ev, struct verdict *v, enum hits_end end)
{
	if (end == HITS_DONE) {
		conclude(ev, v);
		return;
	}
	v->result = end == HITS_LIMIT || v->findings.n ? RESULT_UNDECIDED
	    : RESULT_NOT_EVALUATED;
	v->blind = true;
}

bool
eval_rule(struct eval *ev, const struct rule *r, struct verdict *v,
    struct err *e)
{
	*v = (struct verdict){ .rule = r };
	eval_state(ev->a, ev->source, r, v);
	if (!eval_arms(ev, v, e))
		return false;
	sleep_if_lame(ev, v);
	set_states(ev, v);
	if (not_run(ev, v))
		return true;
	if (!eval_observe(ev, v, e))
		return false;
	eval_flaws(ev, v);
	decide(ev, v, eval_search(ev, v));
	findings_sort(&v->findings);
	for (size_t i = 0; i < v->findings.n; i++)
		if (!finding_locate(ev->a, ev->st, &v->findings.v[i], e))
			return false;
	return true;
}
