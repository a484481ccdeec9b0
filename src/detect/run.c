/* SPDX-License-Identifier: MIT */
/* Writes what detect/run.h promises. Everything is sorted by content. */
#include "detect/run.h"

#include "base/jsonw.h"
#include "base/stopwatch.h"
#include "base/utc.h"
#include "detect/eval.h"
#include "detect/hits.h"
#include "detect/profile.h"
#include "detect/seen.h"
#include "detect/sift.h"
#include "detect/status.h"
#include "detect/wake.h"
#include "record/site.h"
#include "store/query.h"

/* --- the run record ------------------------------------------------------- */

static void
put_window(struct jsonw *w, const struct eval *ev, const struct catalog *c)
{
	jsonw_put_str(w, "type", "run");
	jsonw_put_str(w, "version", RAXX_VERSION);
	jsonw_key(w, SV("window"));
	jsonw_open(w, '{');
	jsonw_put_utc(w, "from", ev->empty ? UTC_NONE : ev->window.from);
	jsonw_put_utc(w, "to", ev->empty ? UTC_NONE : ev->window.to);
	jsonw_close(w, '}');
	jsonw_put_utc(w, "now", ev->now);
	jsonw_key(w, SV("catalog"));
	jsonw_open(w, '{');
	jsonw_put_sv(w, "digest", c->digest);
	jsonw_put_i64(w, "rules", (int64_t)c->n);
	jsonw_close(w, '}');
}

static const char input_sql[] = "SELECT name, lower(hex(digest)) AS digest, "
    "format, form, app, dump, arrived, bytes, read, stored, duplicates, "
    "rejected, blank, damaged FROM source ORDER BY source.arrived, "
    "source.digest";

/* Column numbers above. */
enum { INPUT_ARRIVED = 6, INPUT_DAMAGED = 13, INPUT_N };

static void
put_input(struct jsonw *w, struct query *q)
{
	jsonw_open(w, '{');
	for (int i = 0; i < INPUT_N; i++) {
		jsonw_key(w, query_column_name(q, i));
		if (query_is_null(q, i))
			jsonw_null(w);
		else if (i == INPUT_ARRIVED)
			jsonw_utc(w, query_i64(q, i));
		else if (i > INPUT_ARRIVED && i < INPUT_DAMAGED)
			jsonw_i64(w, query_i64(q, i));
		else
			jsonw_sv(w, query_text(q, i));
	}
	jsonw_close(w, '}');
}

static bool
put_inputs(struct jsonw *w, struct store *st, struct err *e)
{
	struct query *q = query_open(st, SV(input_sql), NULL, e);
	enum query_end end;

	if (!q)
		return false;
	jsonw_key(w, SV("inputs"));
	jsonw_open(w, '[');
	while ((end = query_next(q, e)) == QUERY_MORE)
		put_input(w, q);
	jsonw_close(w, ']');
	query_close(q);
	return end == QUERY_DONE;
}

static bool
gates(const struct rule *r, const char *source)
{
	for (size_t i = 0; i < r->nsources; i++)
		if (sv_is(r->source[i], source))
			return true;
	return false;
}

static void
put_source(struct jsonw *w, const struct source_def *d,
    const struct source_fact *f, const struct catalog *c)
{
	jsonw_open(w, '{');
	jsonw_put_str(w, "name", d->name);
	jsonw_put_str(w, "label", d->label);
	jsonw_put_str(w, "status", source_status_name[f->status]);
	jsonw_put_i64(w, "records", f->records);
	jsonw_put_utc(w, "first", f->first);
	jsonw_put_utc(w, "last", f->last);
	jsonw_key(w, SV("gates"));
	jsonw_open(w, '[');
	for (size_t i = 0; i < c->n; i++)
		if (gates(c->rule[i], d->name))
			jsonw_sv(w, c->rule[i]->id);
	jsonw_close(w, ']');
	jsonw_put_str(w, "prerequisite",
	    f->status == SOURCE_ABSENT ? d->prerequisite : NULL);
	jsonw_put_sv(w, "flaw", f->dumps.flaw);
	jsonw_close(w, '}');
}

static void
put_sources(struct jsonw *w, const struct eval *ev, const struct catalog *c)
{
	jsonw_key(w, SV("sources"));
	jsonw_open(w, '[');
	for (int i = 0; i < SRC_N; i++)
		put_source(w, &source_def[i], &ev->source[i], c);
	jsonw_close(w, ']');
}

/* --- schedule ------------------------------------------------------------- */

static int64_t
next_daily(const struct site *s, int64_t now)
{
	int64_t t;

	if (!s->schedule.set || s->schedule.daily < 0 || now == UTC_NONE)
		return UTC_NONE;
	t = day_start(now) + s->schedule.daily * UTC_MINUTE;
	return t > now ? t : t + UTC_DAY;
}

static int64_t
next_hourly(const struct site *s, int64_t now)
{
	int64_t day;

	if (!s->schedule.set || s->schedule.hourly_from < 0 || now == UTC_NONE)
		return UTC_NONE;
	day = day_start(now);
	if (day < s->schedule.hourly_first) {
		/* Of an old window: not the next run but one of next month. */
		if (s->schedule.hourly_first - now > UTC_DAY)
			return UTC_NONE;
		day = s->schedule.hourly_first;
	}
	for (int i = 0; i < 2 && day <= s->schedule.hourly_last; i++) {
		int64_t t = day + s->schedule.hourly_from * UTC_MINUTE;
		int64_t last = day + s->schedule.hourly_to * UTC_MINUTE;

		for (; t <= last; t += UTC_HOUR)
			if (t > now)
				return t;
		day += UTC_DAY;
	}
	return UTC_NONE;
}

static void
put_next_run(struct jsonw *w, const struct site *s, int64_t now)
{
	int64_t daily = next_daily(s, now), hourly = next_hourly(s, now);
	bool soon = hourly != UTC_NONE && (daily == UTC_NONE || hourly < daily);

	jsonw_key(w, SV("next_run"));
	jsonw_open(w, '{');
	jsonw_put_utc(w, "daily", daily);
	jsonw_put_utc(w, "hourly", hourly);
	jsonw_put_utc(w, "next", soon ? hourly : daily);
	jsonw_close(w, '}');
}

/* --- re-baseline ---------------------------------------------------------- */

static sv
preview_prefix(const struct site *s)
{
	return s->preview_prefix.n ? s->preview_prefix
	    : SV("/api/beta/preview/");
}

static const char preview_sql[] = "SELECT 1 FROM requests WHERE "
    "ts BETWEEN ?1 AND ?2 AND token IS NOT NULL "
    "AND substr(path, 1, length(?3)) = ?3";

/* Was a preview route requested on that day? 1, 0, or -1 when the store
 * fails. Preview paths carry a token, which is cheap to test. */
static int
previewed(const struct eval *ev, int64_t day, struct err *e)
{
	struct query *q = query_open(ev->st, SV(preview_sql), NULL, e);
	enum query_end end;

	if (!q)
		return -1;
	query_bind_i64_at(q, 1, day);
	query_bind_i64_at(q, 2, day + UTC_DAY - 1);
	query_bind_text_at(q, 3, preview_prefix(ev->site));
	end = query_next(q, e);
	query_close(q);
	return end == QUERY_MORE ? 1 : end == QUERY_DONE ? 0 : -1;
}

/* Days that count: 80 % of the logs seen, and a preview route requested. */
static bool
preview_days(const struct eval *ev, int64_t *days, struct err *e)
{
	const struct stream *s = &ev->streams.v[0];
	int64_t next = INT64_MIN;

	*days = 0;
	for (size_t i = 0; i < s->nseen; i++) {
		int64_t day = day_start(s->seen[i].from);

		for (day = day > next ? day : next; day <= s->seen[i].to;
		    day += UTC_DAY) {
			int is = coverage_day(ev->a, s, day) >= 0.8
			    ? previewed(ev, day, e) : 0;

			if (is < 0)
				return false;
			*days += is;
			next = day + UTC_DAY;
		}
	}
	return true;
}

static sv
trigger_text(struct arena *a, const struct site *s, int64_t need)
{
	struct buf b = BUF_INIT;
	sv text;

	buf_printf(&b, "%lld covered days of beta-tester traffic on %.*s* "
	    "routes", (long long)need, SV_ARG(preview_prefix(s)));
	if (s->schedule.rebaseline_on_drain)
		buf_lit(&b, ", or when Heroku drain is wired (whichever comes "
		    "first)");
	text = buf_keep(&b, a);
	return text;
}

static bool
put_rebaseline(struct jsonw *w, const struct eval *ev, struct err *e)
{
	const struct site *s = ev->site;
	int64_t need = s->schedule.rebaseline_days > 0
	    ? s->schedule.rebaseline_days : 7, have;
	bool drain = s->schedule.rebaseline_on_drain &&
	    ev->source[SRC_HEROKU_DRAIN].status != SOURCE_ABSENT;

	if (!preview_days(ev, &have, e))
		return false;
	jsonw_key(w, SV("rebaseline"));
	jsonw_open(w, '{');
	jsonw_put_i64(w, "have_days", have);
	jsonw_put_i64(w, "need_days", need);
	jsonw_put_bool(w, "due", have >= need || drain);
	jsonw_put_sv(w, "trigger", trigger_text(ev->a, s, need));
	jsonw_close(w, '}');
	return true;
}

static bool
put_wake(struct jsonw *w, struct eval *ev, const struct catalog *c,
    struct err *e)
{
	bool *asleep = arena_array(ev->a, c->n, sizeof(*asleep));
	struct wakes wakes;

	for (size_t i = 0; i < c->n; i++)
		if (!eval_sleeps(ev, c->rule[i], &asleep[i], e))
			return false;
	wake_make(ev->a, ev->source, ev->site, c, asleep, ev->now, &wakes);
	wake_write(w, &wakes);
	return true;
}

static bool
write_run(struct buf *out, struct eval *ev, const struct catalog *c,
    struct err *e)
{
	struct jsonw w = JSONW_INIT(out);

	jsonw_open(&w, '{');
	put_window(&w, ev, c);
	if (!put_inputs(&w, ev->st, e))
		return false;
	put_sources(&w, ev, c);
	if (!put_wake(&w, ev, c, e) || !seen_write_run(&w, ev, e))
		return false;
	put_next_run(&w, ev->site, ev->now);
	if (!put_rebaseline(&w, ev, e))
		return false;
	jsonw_close(&w, '}');
	buf_byte(out, '\n');
	return true;
}

/* --- verdicts ------------------------------------------------------------- */

static void
put_arm(struct jsonw *w, const struct rule *r, const struct arm *arm,
    const struct arm_result *a)
{
	const char *from;
	double threshold = arm_threshold(r, arm, &from);

	jsonw_open(w, '{');
	jsonw_put_sv(w, "name", arm->name);
	jsonw_put_bool(w, "on", a->on);
	jsonw_put_sv(w, "why", a->why);
	jsonw_put_str(w, "undecided", a->say > SAY_CLEAR
	    ? hits_say_name[a->say] : NULL);
	jsonw_put_real(w, "window_s", (double)arm->window / 1e6);
	jsonw_put_real(w, "threshold", threshold);
	jsonw_put_str(w, "threshold_from", from);
	jsonw_put_sv(w, "metric", arm->metric);
	jsonw_put_real(w, "peak", a->peak);
	jsonw_put_i64(w, "hits", (int64_t)a->hits);
	jsonw_put_i64(w, "dropped_keys", (int64_t)a->dropped);
	jsonw_put_i64(w, "findings", (int64_t)a->findings);
	jsonw_key(w, SV("smallest"));
	if (a->smallest)
		jsonw_i64(w, a->smallest);
	else
		jsonw_null(w);
	jsonw_key(w, SV("reach"));
	if (a->unseen > 0)
		jsonw_real(w, 1 - a->unseen);
	else
		jsonw_null(w);
	jsonw_close(w, '}');
}

static void
put_what(struct jsonw *w, const struct verdict *v)
{
	const struct rule *r = v->rule;

	jsonw_put_str(w, "type", "verdict");
	jsonw_put_sv(w, "rule", r->id);
	jsonw_put_sv(w, "title", r->title);
	jsonw_put_str(w, "kind", r->posture ? "posture" : "detection");
	jsonw_put_str(w, "level", level_name[r->level]);
	jsonw_put_sv(w, "route", r->route);
	jsonw_put_str(w, "state", state_name[v->state]);
	jsonw_put_str(w, "result", result_name[v->result]);
	jsonw_put_sv(w, "reason", v->reason);
	jsonw_put_svs(w, "sources", r->source, r->nsources);
	jsonw_put_svs(w, "missing", v->missing, v->nmissing);
	jsonw_put_sv(w, "prerequisite", v->prerequisite);
	jsonw_put_utc(w, "last_seen", v->last_seen);
}

static void
write_verdict(struct buf *out, const struct verdict *v)
{
	struct jsonw w = JSONW_INIT(out);
	const struct rule *r = v->rule;

	jsonw_open(&w, '{');
	put_what(&w, v);
	seen_write_verdict(&w, v);
	states_write(&w, &v->states);
	jsonw_key(&w, SV("arms"));
	jsonw_open(&w, '[');
	for (size_t i = 0; i < r->narms; i++)
		put_arm(&w, r, &r->arm[i], &v->arm[i]);
	jsonw_close(&w, ']');
	jsonw_put_i64(&w, "findings", (int64_t)v->findings.n);
	jsonw_put_i64(&w, "suppressed", (int64_t)v->suppressed);
	jsonw_put_sv(&w, "rule_digest", r->digest);
	jsonw_close(&w, '}');
	buf_byte(out, '\n');
}

/* Findings and their evidence wait in `tail` until all verdicts are out. */
static void
write_findings(struct buf *tail, const struct status_run *status,
    const struct verdict *v, struct run_summary *sum)
{
	for (size_t i = 0; i < v->findings.n; i++) {
		const struct finding *f = &v->findings.v[i];

		finding_write(tail, f);
		status_write(tail, status, v, f);
		finding_write_evidence(tail, f);
		if (f->allowed)
			continue;
		sum->findings++;
		if (f->level > sum->level_max)
			sum->level_max = f->level;
	}
	sum->blind = sum->blind || v->blind;
}

static void
add_profile(struct profile *p, const struct verdict *v, double seconds)
{
	struct profile_row *row = profile_row(p, v->rule->id);

	row->seconds += seconds;
	row->statements += v->statements;
	query_cost_add(&row->cost, &v->cost);
	for (size_t i = 0; i < v->rule->narms; i++)
		row->hits += v->arm[i].hits;
}

static bool
write_all(struct eval *ev, const struct catalog *c, struct profile *profile,
    const struct run_before *before, struct buf *out, struct buf *tail,
    struct run_summary *sum, struct err *e)
{
	struct status_run status;

	if (!status_open(&status, ev, c, before, e) ||
	    !write_run(out, ev, c, e))
		return false;
	for (size_t i = 0; i < c->n; i++) {
		struct verdict *v = arena_new(ev->a, struct verdict);
		double start = profile ? stopwatch_now() : 0;

		if (!eval_rule(ev, c->rule[i], v, e) ||
		    !status_take(&status, v, e))
			return false;
		if (profile)
			add_profile(profile, v, stopwatch_now() - start);
		write_verdict(out, v);
		write_findings(tail, &status, v, sum);
	}
	status_write_rest(tail, &status);
	buf_add(out, buf_sv(tail));
	return true;
}

/* --- one pass for all ----------------------------------------------------- */

/* Without dumps of a source that it needs a rule is DORMANT in all windows, but
 * for its fallback. */
static bool
may_run(const struct rule *r, const bool missing[SRC_N])
{
	bool may = true, back = r->nfallbacks > 0;

	for (size_t i = 0; i < r->nsources; i++) {
		int k = source_find(r->source[i]);

		may = may && !(k >= 0 && missing[k]);
	}
	for (size_t i = 0; i < r->nfallbacks; i++) {
		int k = source_find(r->fallback[i]);

		back = back && !(k >= 0 && missing[k]);
	}
	return r->status == RULE_ACTIVE && (may || back);
}

bool
run_sift(struct store *st, const struct site *site,
    const struct rule *const *rule, size_t n, unsigned threads,
    struct sift **out, struct err *e)
{
	const struct hits_env env = { .st = st, .site = site };
	bool missing[SRC_N];

	*out = sift_open(st, threads ? threads : 1);
	source_missing(st, missing);
	source_sift(*out);
	flaws_sift(*out);
	sift_add(*out, SV(preview_sql));
	for (size_t i = 0; i < n; i++)
		if (may_run(rule[i], missing))
			sift_add_rule(*out, &env, rule[i]);
	return sift_run(*out, e);
}

/* The pass, unless one of an earlier window serves. */
static bool
make_sift(struct store *st, const struct catalog *c, const struct site *site,
    unsigned threads, struct sift **out, struct err *e)
{
	if (*out && sift_is_current(*out))
		return true;
	sift_close(*out);
	return run_sift(st, site, (const struct rule *const *)c->rule, c->n,
	    threads, out, e);
}

void
run_kept_release(struct run_kept *kept)
{
	sift_close(kept->sift);
	arena_release(&kept->a);
}

static bool
eval_all(struct arena *a, struct store *st, const struct catalog *c,
    const struct site *site, const struct run_options *opt,
    const struct run_before *before, struct buf *out, struct run_summary *sum,
    struct err *e)
{
	struct buf tail = BUF_INIT;
	struct eval ev;
	bool ok = eval_open(a, st, site, opt, &ev, e) &&
	    write_all(&ev, c, opt->profile, before, out, &tail, sum, e);

	buf_release(&tail);
	return ok;
}

bool
run_eval(struct store *st, const struct catalog *c, const struct site *site,
    const struct run_options *opt, const struct run_before *before,
    struct buf *out, struct run_summary *sum, struct err *e)
{
	struct run_options with = *opt;
	struct arena a = ARENA_INIT;
	struct sift *own = NULL, **sift = opt->kept ? &opt->kept->sift : &own;
	bool ok;

	*sum = (struct run_summary){ 0, -1, false };
	ok = opt->no_sift || make_sift(st, c, site, opt->threads, sift,
	    e);
	with.sift = *sift;
	ok = ok && eval_all(&a, st, c, site, &with, before, out, sum, e);
	sift_close(own);
	arena_release(&a);
	return ok;
}
