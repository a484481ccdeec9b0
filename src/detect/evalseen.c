/* SPDX-License-Identifier: MIT */
/* evalseen.c: what of the window a rule could see. */
#include "detect/evalpriv.h"

#include "base/buf.h"
#include "base/utc.h"
#include "detect/doubt.h"
#include "detect/sqlscan.h"

static sv
dump_why(struct arena *a, int i, const struct dumps *d)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, d->until < d->taken
	    ? "after the last good row of a damaged dump of %s, "
	    : "after the dump of %s, taken ", source_def[i].name);
	utc_write_short(&b, d->until);
	return buf_keep(&b, a);
}

static void
mark(bool used[SRC_N], sv need)
{
	int k = source_find(sv_cut(&need, '.'));

	if (k >= 0)
		used[k] = true;
}

/* Lines of the log; what asks whether frames of the drain come is no reader of
 * what they hold, and their silence is its answer. */
static bool
is_log(sv need)
{
	int k = source_find(sv_cut(&need, '.'));

	return k >= 0 && source_def[k].feed == FEED_LOG &&
	    k != SRC_HEROKU_DRAIN;
}

/* An export of the deployment holds as of its time; of a posture the exports
 * count only where an arm looks at log lines too. */
static bool
looks_at_log(const struct arm *arm)
{
	for (size_t i = 0; i < arm->nneeds; i++)
		if (is_log(arm->need[i]))
			return true;
	return false;
}

/* The sources that the rule reads in its state: its own, or the fallback's, and
 * what those of its arms need that run. */
static void
used_sources(const struct verdict *v, bool used[SRC_N])
{
	const struct rule *r = v->rule;
	bool back = v->state == STATE_DEGRADED;
	const sv *name = back ? r->fallback : r->source;
	size_t n = back ? r->nfallbacks : r->nsources;

	memset(used, 0, SRC_N * sizeof(*used));
	for (size_t i = 0; i < n; i++)
		if (!r->posture || is_log(name[i]))
			mark(used, name[i]);
	for (size_t i = 0; v->on && i < r->narms; i++)
		for (size_t k = 0; v->on[i] && k < r->arm[i].nneeds &&
		    (!r->posture || looks_at_log(&r->arm[i])); k++)
			mark(used, r->arm[i].need[k]);
}

/* Of the log; 0: the rule reads dumps alone. */
static unsigned
streams_read(const struct verdict *v)
{
	unsigned mask = v->rule->nsources == 0 && !v->rule->posture
	    ? STREAM_ALL : 0;
	bool used[SRC_N];

	used_sources(v, used);
	for (int k = 0; k < SRC_N; k++)
		if (used[k] && source_def[k].feed == FEED_LOG)
			mask |= source_streams(k);
	return mask;
}

/* Everything, for ever. */
static struct stream
all_seen(struct arena *a)
{
	struct stream s = { .nseen = 1, .until = INT64_MAX };

	s.seen = arena_new(a, struct span);
	*s.seen = (struct span){ INT64_MIN / 2, INT64_MAX / 2 };
	return s;
}

/* A rule is as blind as the blindest of its sources: of log lines it sees what
 * all their streams have, of dumps what was there when they were taken. */
struct stream
eval_stream(const struct eval *ev, const struct verdict *v)
{
	unsigned mask = streams_read(v);
	struct stream s = mask ? streams_of(ev->a, &ev->streams, 0, mask)
	    : all_seen(ev->a);
	bool used[SRC_N];

	used_sources(v, used);
	for (int k = 0; k < SRC_N; k++) {
		const struct dumps *d = &ev->source[k].dumps;

		if (!used[k] || source_def[k].feed != FEED_DUMP ||
		    d->until == UTC_NONE || d->until >= s.until)
			continue;
		s.until = d->until;
		s.until_why = dump_why(ev->a, k, d);
	}
	return s;
}

/* How many events it takes to be noticed, where that has a meaning. */
static unsigned
smallest_of(const struct verdict *v, const struct arm *arm)
{
	bool counts = arm->kind == ARM_EVENT_COUNT ||
	    arm->kind == ARM_VALUE_COUNT || arm->kind == ARM_EVENT ||
	    (arm->kind == ARM_SQL &&
	    (arm->threshold >= 0 || arm->never_baselined));
	unsigned k = arm_least(v->rule, arm);

	/* A number without a window is no count of events in one. */
	if (arm->window == 0 && k > 1)
		return 0;
	if (!counts || k == 0 || v->coverage.share >= 1 || v->rule->posture ||
	    !streams_read(v))
		return 0;
	return coverage_smallest(v->coverage.share, k);
}

/* An arm that looks back on more than the window sees in it the end of a run at
 * most: how much of what it looks back on is there? */
static double
unseen_of(struct eval *ev, const struct stream *s, const struct arm *arm)
{
	struct coverage c;

	if (arm->window <= ev->window.to - ev->window.from)
		return 0;
	coverage_make(ev->a, s, (struct span){ ev->window.to - arm->window,
	    ev->window.to }, &c);
	return 1 - c.share;
}

/* Does it ask itself what was seen? */
static bool
asks_seen(const struct rule *r)
{
	struct sqlscan scan = { r->sql, 0 };
	struct sqltok t;

	while (sqlscan_next(&scan, &t))
		if (t.kind == SQLTOK_PARAM && sv_is(t.text, ":seen"))
			return true;
	return false;
}

static bool
all_standing(const struct verdict *v)
{
	for (size_t i = 0; i < v->rule->narms; i++)
		if (v->on[i] && !v->rule->arm[i].standing)
			return false;
	return true;
}

/* A fact about the deployment is as good as the export that shows it; hours
 * of logs have nothing to do with it, unless it is read from them. */
static bool
is_timeless(const struct verdict *v)
{
	return v->rule->posture && (!streams_read(v) || all_standing(v) ||
	    asks_seen(v->rule));
}

bool
eval_observe(struct eval *ev, struct verdict *v, struct err *e)
{
	struct stream s;

	v->clean = is_timeless(v);
	if (v->clean)
		return true;
	s = eval_stream(ev, v);
	coverage_make(ev->a, &s, ev->window, &v->coverage);
	v->observed = true;
	if (!doubt_find(ev, streams_read(v), &v->coverage, &v->doubt, e))
		return false;
	v->clean = coverage_is_clean(&v->coverage, ev->open_end) &&
	    sv_null(v->doubt);
	for (size_t i = 0; i < v->rule->narms; i++) {
		v->arm[i].smallest = smallest_of(v, &v->rule->arm[i]);
		v->arm[i].unseen = unseen_of(ev, &s, &v->rule->arm[i]);
	}
	return true;
}

void
eval_flaws(struct eval *ev, struct verdict *v)
{
	bool used[SRC_N];

	used_sources(v, used);
	for (int k = 0; k < SRC_N && sv_null(v->flaw); k++) {
		const struct dumps *d = &ev->source[k].dumps;

		if (used[k] && !sv_null(d->flaw) && ev->window.to > d->whole)
			v->flaw = d->flaw;
	}
	v->clean = v->clean && sv_null(v->flaw);
}

enum result
eval_gate(double share)
{
	return share >= 0.95 ? RESULT_CLEAR
	    : share >= 0.5 ? RESULT_CLEAR_PARTIAL : RESULT_NOT_EVALUATED;
}
