/* SPDX-License-Identifier: MIT */
#include "detect/trialcheck.h"

#include "detect/eval.h"

static void
begin(struct buf *why, const char *what)
{
	if (why->n)
		buf_lit(why, "; ");
	buf_str(why, what);
}

static void
check_result(struct buf *why, const struct trial_expect *want,
    const struct verdict *got)
{
	if (want->result != got->result) {
		begin(why, "");
		buf_printf(why, "expected %s, got %s",
		    result_name[want->result], result_name[got->result]);
		if (got->reason.n)
			buf_printf(why, " (%.*s)", SV_ARG(got->reason));
	} else if (!sv_null(want->reason) && !sv_has(got->reason,
	    want->reason)) {
		begin(why, "");
		buf_printf(why, "expected a reason with '%.*s', got '%.*s'",
		    SV_ARG(want->reason), SV_ARG(got->reason));
	}
	if (want->state >= 0 && want->state != (int)got->state) {
		begin(why, "");
		buf_printf(why, "expected state %s, got %s",
		    state_name[want->state], state_name[got->state]);
	}
}

static void
check_share(struct buf *why, const struct trial_expect *want,
    const struct verdict *got)
{
	double share = got->coverage.share;

	if (want->share[0] < 0 || (got->observed && share >= want->share[0] &&
	    share <= want->share[1]))
		return;
	begin(why, "");
	buf_printf(why, "expected coverage %g to %g, got ", want->share[0],
	    want->share[1]);
	if (got->observed)
		buf_printf(why, "%g", share);
	else
		buf_lit(why, "none");
}

static bool
fits(const struct trial_finding *want, const struct finding *got)
{
	return sv_eq(want->arm, got->arm->name) &&
	    (sv_null(want->key) || sv_eq(want->key, got->key)) &&
	    (!want->has_metric || !(want->metric < got->metric ||
	    want->metric > got->metric)) &&
	    (!want->has_events || want->events == (int64_t)got->events) &&
	    (want->level < 0 || want->level == got->level) &&
	    (sv_null(want->note) || sv_has(got->note, want->note));
}

static void
put_wanted(struct buf *b, const struct trial_finding *f)
{
	buf_add(b, f->arm);
	if (!sv_null(f->key))
		buf_printf(b, " %.*s", SV_ARG(f->key));
	if (f->has_metric)
		buf_printf(b, " metric %g", f->metric);
	if (f->has_events)
		buf_printf(b, " events %lld", (long long)f->events);
	if (f->level >= 0)
		buf_printf(b, " %s", level_name[f->level]);
	if (!sv_null(f->note))
		buf_printf(b, " '%.*s'", SV_ARG(f->note));
}

static void
put_found(struct buf *b, const struct finding *f)
{
	buf_printf(b, "%.*s %.*s metric %g events %llu %s",
	    SV_ARG(f->arm->name), SV_ARG(f->key), f->metric,
	    (unsigned long long)f->events, level_name[f->level]);
	if (f->note.n)
		buf_printf(b, " '%.*s'", SV_ARG(f->note));
}

/* Which finding was taken for each that is wanted, and the reverse; from 1. */
struct match {
	const struct trial_expect *want;
	const struct findings *got;
	size_t *of_got;
	bool *tried;
};

/* Finds one for the wanted one, moving others where that makes room: a wanted
 * one that says less must not take the place of one that says more. */
static bool
place(struct match *m, size_t want)
{
	for (size_t i = 0; i < m->got->n; i++) {
		if (m->tried[i] ||
		    !fits(&m->want->finding[want], &m->got->v[i]))
			continue;
		m->tried[i] = true;
		if (m->of_got[i] && !place(m, m->of_got[i] - 1))
			continue;
		m->of_got[i] = want + 1;
		return true;
	}
	return false;
}

/* How near the arm came. */
static void
put_peak(struct buf *b, const struct verdict *v, sv arm)
{
	for (size_t i = 0; i < v->rule->narms; i++)
		if (sv_eq(v->rule->arm[i].name, arm)) {
			buf_printf(b, " (peak %g of %llu hits)",
			    v->arm[i].peak,
			    (unsigned long long)v->arm[i].hits);
			return;
		}
	buf_lit(b, " (the rule has no such arm)");
}

static void
check_findings(struct arena *a, struct buf *why,
    const struct trial_expect *want, const struct verdict *v)
{
	const struct findings *got = &v->findings;
	struct match m = { want, got, NULL, NULL };

	m.of_got = arena_array(a, got->n, sizeof(*m.of_got));
	m.tried = arena_array(a, got->n, sizeof(*m.tried));
	for (size_t i = 0; i < want->nfindings; i++) {
		for (size_t k = 0; k < got->n; k++)
			m.tried[k] = false;
		if (place(&m, i))
			continue;
		begin(why, "expected finding ");
		put_wanted(why, &want->finding[i]);
		put_peak(why, v, want->finding[i].arm);
	}
	for (size_t k = 0; k < got->n; k++)
		if (!m.of_got[k]) {
			begin(why, "got finding ");
			put_found(why, &got->v[k]);
		}
}

void
trialcheck_verdict(struct arena *a, struct buf *why,
    const struct trial_expect *want, const struct verdict *got)
{
	check_result(why, want, got);
	check_share(why, want, got);
	check_findings(a, why, want, got);
}
