/* SPDX-License-Identifier: MIT */
#include "detect/eval.h"

#include <math.h>

#include "base/attr.h"
#include "base/jsonw.h"
#include "base/utc.h"
#include "detect/chainkey.h"
#include "detect/doubt.h"
#include "detect/incident.h"
#include "detect/sift.h"
#include "detect/sqlfn.h"
#include "detect/sqlscan.h"
#include "record/site.h"
#include "store/query.h"
#include "store/shadow.h"

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

/* --- what a run shares ---------------------------------------------------- */

#define EACH_TABLE(f) \
	"SELECT " f "(x) FROM (SELECT " f "(ts) AS x FROM request " \
	"UNION ALL SELECT " f "(ts) FROM access " \
	"UNION ALL SELECT " f "(ts) FROM app " \
	"UNION ALL SELECT " f "(ts) FROM platform " \
	"UNION ALL SELECT " f "(ts) FROM metric " \
	"UNION ALL SELECT " f "(ts) FROM loss " \
	"UNION ALL SELECT " f "(ts) FROM dump_waitlist_signups " \
	"UNION ALL SELECT " f "(ts) FROM dump_console_audit_events " \
	"UNION ALL SELECT " f "(ts) FROM dump_customer_audit_events " \
	"UNION ALL SELECT " f "(ts) FROM dump_pg_stat_statements " \
	"UNION ALL SELECT " f "(ts) FROM dump_row)"

static bool
set_window(struct eval *ev, const struct run_options *opt, struct err *e)
{
	struct span w = { opt->from, opt->to };

	if (w.from == UTC_NONE)
		w.from = ev->first;
	/* An app gone quiet: a window of what is not there, not an error. */
	if (w.to == UTC_NONE)
		w.to = ev->last < w.from ? w.from : ev->last;
	ev->now = opt->now == UTC_NONE ? ev->last : opt->now;
	ev->open_end = opt->to == UTC_NONE;
	ev->empty = w.from == UTC_NONE || w.to == UTC_NONE;
	if (ev->empty)
		w = (struct span){ 0, 0 };
	ev->window = w;
	if (w.from > w.to)
		return err_set(e, ST_USAGE, "the window ends before it begins");
	return true;
}

static int64_t
covered_days(const struct eval *ev)
{
	const struct stream *s = &ev->streams.v[0];
	int64_t next = INT64_MIN, days = 0;

	for (size_t i = 0; i < s->nseen; i++) {
		int64_t day = day_start(s->seen[i].from);

		for (day = day > next ? day : next;
		    day <= s->seen[i].to && day <= ev->window.to;
		    day += UTC_DAY) {
			days += coverage_day(ev->a, s, day) >= 0.8;
			next = day + UTC_DAY;
		}
	}
	return days;
}

static sv
keep_text(struct arena *a, struct buf *b)
{
	sv out = arena_sv(a, buf_sv(b));

	buf_release(b);
	return out;
}

static sv
seen_json(const struct eval *ev)
{
	const struct stream *s = &ev->streams.v[0];
	struct buf b = BUF_INIT;
	struct jsonw w = JSONW_INIT(&b);

	jsonw_open(&w, '[');
	for (size_t i = 0; i < s->nseen; i++) {
		jsonw_open(&w, '[');
		jsonw_i64(&w, s->seen[i].from);
		jsonw_i64(&w, s->seen[i].to);
		jsonw_close(&w, ']');
	}
	jsonw_close(&w, ']');
	return keep_text(ev->a, &b);
}

static sv
dumps_json(const struct eval *ev)
{
	struct buf b = BUF_INIT;
	struct jsonw w = JSONW_INIT(&b);

	jsonw_open(&w, '{');
	for (int i = 0; i < SRC_N; i++) {
		if (ev->source[i].dumps.until == UTC_NONE)
			continue;
		jsonw_key(&w, sv_str(source_def[i].name));
		jsonw_i64(&w, ev->source[i].dumps.until);
	}
	jsonw_close(&w, '}');
	return keep_text(ev->a, &b);
}

/* The functions of rules, for the connection, and what stands before the tables
 * of the store, which the first look at these needs. */
static bool
load_functions(struct store *st, const struct run_kept *kept, struct err *e)
{
	return (kept && kept->ring) ||
	    (sqlfn_register(st, e) && shadow_install(st, e));
}

/* The keys of the audit chain. A key is there when it can be read now. */
static bool
load_keys(struct eval *ev, struct run_kept *kept, struct err *e)
{
	struct source_fact *f = &ev->source[SRC_AUDIT_CHAIN_KEY];
	const struct chainkey *ring = kept ? kept->ring : NULL;

	if (!ring) {
		struct chainkey *read = chainkey_open(&ev->site->chain);

		ring = read;
		if (!sqlfn_set_keys(ev->st, read, e))
			return false;
	}
	if (kept)
		kept->ring = ring;
	f->records = (int64_t)chainkey_usable(ring);
	if (f->records)
		f->status = SOURCE_AUTOMATED;
	return true;
}

/* The streams of a store do not depend on the window. */
static bool
load_streams(struct eval *ev, const struct run_options *opt, struct err *e)
{
	struct tally *tally = sift_tally(opt->sift);
	struct run_kept *kept = opt->kept;

	if (!kept)
		return streams_load(ev->a, ev->st, ev->site, tally,
		    &ev->streams, e);
	if (!kept->streams) {
		kept->streams = arena_new(&kept->a, struct streams);
		if (!streams_load(&kept->a, ev->st, ev->site, tally,
		    kept->streams, e))
			return false;
	}
	ev->streams = *kept->streams;
	return true;
}

bool
eval_open(struct arena *a, struct store *st, const struct site *site,
    const struct run_options *opt, struct eval *out, struct err *e)
{
	if (!load_functions(st, opt->kept, e))
		return false;
	*out = (struct eval){ .a = a, .st = st, .site = site,
		.first = query_one_i64(st, EACH_TABLE("min"), UTC_NONE),
		.last = query_one_i64(st, EACH_TABLE("max"), UTC_NONE) };
	if (!set_window(out, opt, e) ||
	    !source_load(a, st, site, out->window.to, opt->sift, out->source,
	    e) ||
	    !load_keys(out, opt->kept, e) || !load_streams(out, opt, e))
		return false;
	out->env = (struct hits_env){ .st = st, .site = site,
		.seconds = opt->rule_seconds > 0 ? opt->rule_seconds : 10,
		.now = out->now, .covered_days = covered_days(out),
		.seen = seen_json(out), .dumps = dumps_json(out),
		.sift = opt->sift };
	return true;
}

/* --- state ---------------------------------------------------------------- */

static const struct source_fact *
fact_of(const struct source_fact *source, sv name)
{
	int i = source_find(name);

	return i < 0 ? NULL : &source[i];
}

static bool
is_there(const struct source_fact *source, sv name)
{
	const struct source_fact *f = fact_of(source, name);

	return f && f->status != SOURCE_ABSENT;
}

static bool
all_there(const struct source_fact *source, const sv *name, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_there(source, name[i]))
			return false;
	return n > 0;
}

static bool
all_automated(const struct source_fact *source, const struct rule *r)
{
	for (size_t i = 0; i < r->nsources; i++)
		if (fact_of(source, r->source[i])->status != SOURCE_AUTOMATED)
			return false;
	return r->nsources > 0 || r->posture;
}

static sv
prerequisite_of(const struct rule *r, const struct verdict *v)
{
	int i = v->nmissing ? source_find(v->missing[0]) : -1;

	if (r->prerequisite.n)
		return r->prerequisite;
	return i < 0 ? SV_NULL : sv_str(source_def[i].prerequisite);
}

/* The oldest of the newest records; a source without any says nothing. */
static int64_t
last_seen(const struct source_fact *source, const sv *name, size_t n)
{
	int64_t last = UTC_NONE;

	for (size_t i = 0; i < n; i++) {
		const struct source_fact *f = fact_of(source, name[i]);

		if (f && f->last != UTC_NONE &&
		    (last == UTC_NONE || f->last < last))
			last = f->last;
	}
	return last;
}

void
eval_state(struct arena *a, const struct source_fact *source,
    const struct rule *r, struct verdict *v)
{
	v->missing = arena_array(a, r->nsources + 1, sizeof(*v->missing));
	for (size_t i = 0; i < r->nsources; i++)
		if (!is_there(source, r->source[i]))
			v->missing[v->nmissing++] = r->source[i];
	v->last_seen = v->nmissing
	    ? last_seen(source, v->missing, v->nmissing)
	    : last_seen(source, r->source, r->nsources);
	if (r->status != RULE_ACTIVE)
		v->state = STATE_DORMANT;
	else if (v->nmissing == 0)
		v->state = all_automated(source, r) ? STATE_LIVE : STATE_MANUAL;
	else if (all_there(source, r->fallback, r->nfallbacks))
		v->state = STATE_DEGRADED;
	else
		v->state = STATE_DORMANT;
	if (v->state == STATE_DORMANT || v->nmissing)
		v->prerequisite = prerequisite_of(r, v);
}

/* --- coverage ------------------------------------------------------------- */

static sv
dump_why(struct arena *a, int i, const struct dumps *d)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, d->until < d->taken
	    ? "after the last good row of a damaged dump of %s, "
	    : "after the dump of %s, taken ", source_def[i].name);
	utc_write_short(&b, d->until);
	return keep_text(a, &b);
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

static bool
observe(struct eval *ev, struct verdict *v, struct err *e)
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

/* What is wrong in the window with a dump that the rule reads: its time was
 * seen, but not all that was in it. */
static void
look_for_flaws(struct eval *ev, struct verdict *v)
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

/* --- arms ----------------------------------------------------------------- */

static sv
need_text(struct arena *a, const char *about, sv need, const char *why)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "%s%.*s%s", about, SV_ARG(need), why);
	return keep_text(a, &b);
}

/* Null when the column is set in some row, or there is no row, where nothing
 * can be missed; else why the arm cannot run. */
static sv
column_lacks(struct eval *ev, const char *view, sv column, sv need,
    struct err *e)
{
	struct err why = ERR_INIT;
	struct buf b = BUF_INIT;
	enum query_end end;
	struct query *q;

	buf_printf(&b, "SELECT 1 FROM %s WHERE \"%.*s\" IS NOT NULL UNION ALL "
	    "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM %s)", view,
	    SV_ARG(column), view);
	q = query_open(ev->st, buf_sv(&b), NULL, &why);
	buf_release(&b);
	if (!q)
		return need_text(ev->a, "rule error: needs ", need, ": no such "
		    "column");
	end = query_next(q, e);
	query_close(q);
	return end == QUERY_MORE ? SV_NULL
	    : need_text(ev->a, "needs ", need, "");
}

/* A need is "source" or "source.column". */
static sv
need_lacks(struct eval *ev, sv need, struct err *e)
{
	sv column = need, source = sv_cut(&column, '.');
	int i = source_find(source);

	if (!is_there(ev->source, source))
		return need_text(ev->a, "needs ", need, "");
	return sv_null(column) ? SV_NULL
	    : column_lacks(ev, source_def[i].view, column, need, e);
}

static bool
state_allows(const struct verdict *v, const struct arm *arm)
{
	return arm->on == ARM_ON_ANY ||
	    (arm->on == ARM_ON_FALLBACK) == (v->state == STATE_DEGRADED);
}

bool
eval_arms(struct eval *ev, struct verdict *v, struct err *e)
{
	const struct rule *r = v->rule;

	v->arm = arena_array(ev->a, r->narms + 1, sizeof(*v->arm));
	v->on = arena_array(ev->a, r->narms + 1, sizeof(*v->on));
	for (size_t i = 0; i < r->narms; i++) {
		const struct arm *arm = &r->arm[i];
		sv *why = &v->arm[i].why;

		if (!state_allows(v, arm))
			*why = v->state == STATE_DEGRADED
			    ? SV("not on the fallback")
			    : SV("only on the fallback");
		for (size_t k = 0; sv_null(*why) && k < arm->nneeds; k++)
			*why = need_lacks(ev, arm->need[k], e);
		if (e->status != ST_OK)
			return false;
		v->on[i] = v->arm[i].on = sv_null(*why);
		v->narms_on += v->on[i];
	}
	return true;
}

/* --- hits and findings ---------------------------------------------------- */

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
static enum hits_end
search(struct eval *ev, struct verdict *v)
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

/* --- verdict -------------------------------------------------------------- */

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
	return keep_text(a, &b);
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
	v->reason = keep_text(ev->a, &b);
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
	return b.n ? keep_text(a, &b) : SV_NULL;
}

/* A source that came and vouches for nothing is missing too, with why. */
static sv
missing_text(struct eval *ev, const char *about, const struct verdict *v)
{
	struct buf b = BUF_INIT;

	buf_str(&b, about);
	for (size_t i = 0; i < v->nmissing; i++) {
		const struct source_fact *f = fact_of(ev->source,
		    v->missing[i]);

		buf_str(&b, i ? ", " : "");
		buf_add(&b, v->missing[i]);
		if (f && !sv_null(f->dumps.flaw))
			buf_printf(&b, " (%.*s)", SV_ARG(f->dumps.flaw));
	}
	return keep_text(ev->a, &b);
}

/* An arm of this state that lacks what it needs. */
static const struct arm_result *
lame_arm(const struct verdict *v)
{
	for (size_t i = 0; i < v->rule->narms; i++)
		if (!v->arm[i].on && state_allows(v, &v->rule->arm[i]))
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
		v->reason = need_text(ev->a, "site.yml does not say ", fact, "");
		v->prerequisite = need_text(ev->a, "say ", fact,
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
		if (r->arm[i].nneeds == 0 && state_allows(&v, &r->arm[i]))
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
	return keep_text(a, &b);
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
	if (!observe(ev, v, e))
		return false;
	look_for_flaws(ev, v);
	decide(ev, v, search(ev, v));
	findings_sort(&v->findings);
	for (size_t i = 0; i < v->findings.n; i++)
		if (!finding_locate(ev->a, ev->st, &v->findings.v[i], e))
			return false;
	return true;
}
