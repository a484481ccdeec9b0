/* SPDX-License-Identifier: MIT */
#include "detect/baseline.h"

#include <math.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/jsonw.h"
#include "base/utc.h"
#include "detect/eval.h"
#include "detect/hits.h"
#include "output/escape.h"

const char *const baseline_status_name[] = {
	[BASELINE_ADOPT] = "ADOPT",
	[BASELINE_KEEP_FLOOR] = "KEEP_FLOOR",
	[BASELINE_INSUFFICIENT_DATA] = "INSUFFICIENT_DATA",
	[BASELINE_CONTAMINATED] = "CONTAMINATED",
	[BASELINE_NEEDS_ACK] = "NEEDS_ACK",
	[BASELINE_NOT_BASELINED] = "NOT_BASELINED",
};
_Static_assert(countof(baseline_status_name) == BASELINE_STATUS_N,
    "a name per status");

#define PART (6 * UTC_HOUR)
#define DAYS_MAX 4000 /* a wrong date must not make a loop of millennia */

/* --- samples -------------------------------------------------------------- */

static int
day_cmp(const void *pa, const void *pb)
{
	const int64_t *a = pa, *b = pb;

	return (*a > *b) - (*a < *b);
}

/* Where the sample that ts belongs to begins. */
static int64_t
bucket_of(const struct arm *arm, int64_t ts)
{
	int64_t day = day_start(ts);

	return arm->window > PART ? day : day + (ts - day) / PART * PART;
}

size_t
baseline_samples(struct arena *a, const struct arm *arm, const struct hit *h,
    size_t n, const int64_t *day, size_t ndays, struct sample **out)
{
	struct sample *s = arena_array(a, n, sizeof(*s));
	int64_t length = arm->window > PART ? UTC_DAY : PART;
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		int64_t at = day_start(h[i].ts), from = bucket_of(arm, h[i].ts);

		if (!ndays || !bsearch(&at, day, ndays, sizeof(at), day_cmp))
			continue;
		if (!k || s[k - 1].from != from ||
		    !sv_eq(s[k - 1].key, h[i].key))
			s[k++] = (struct sample){ h[i].key, from,
				from + length - 1, h[i].metric, false };
		else if (h[i].metric > s[k - 1].max)
			s[k - 1].max = h[i].metric;
	}
	*out = s;
	return k;
}

static bool
in_finding(const struct sample *s, const struct findings *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].first <= s->to && f->v[i].last >= s->from &&
		    sv_eq(f->v[i].key, s->key))
			return true;
	return false;
}

void
baseline_exclude(struct sample *s, size_t n, const struct findings *f,
    double least)
{
	for (size_t i = 0; i < n; i++)
		s[i].excluded = (least > 0 && s[i].max > 3 * least) ||
		    in_finding(&s[i], f);
}

/* --- statistics ----------------------------------------------------------- */

static int
double_cmp(const void *pa, const void *pb)
{
	const double *a = pa, *b = pb;

	return (*a > *b) - (*a < *b);
}

static double
rank(const double *v, size_t n, double p)
{
	size_t i = (size_t)ceil(p * (double)n);

	return v[i ? i - 1 : 0];
}

static void
spread_of(struct arena *a, const struct sample *s, size_t n, bool clean,
    struct spread *out)
{
	struct arena_mark m = arena_mark(a);
	double *v = arena_array(a, n, sizeof(*v));
	size_t k = 0;

	*out = (struct spread){ 0, 0, 0, 0, 0, 0, 0 };
	for (size_t i = 0; i < n; i++)
		if (!clean || !s[i].excluded)
			v[k++] = s[i].max;
	if (k) {
		qsort(v, k, sizeof(*v), double_cmp);
		*out = (struct spread){ k, v[0], rank(v, k, 0.5),
			rank(v, k, 0.9), rank(v, k, 0.95), rank(v, k, 0.99),
			v[k - 1] };
	}
	arena_rewind(a, m);
}

/* Keys of clean samples; samples are sorted by key. */
static size_t
count_keys(const struct sample *s, size_t n)
{
	const struct sample *last = NULL;
	size_t keys = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i].excluded)
			continue;
		keys += !last || !sv_eq(last->key, s[i].key);
		last = &s[i];
	}
	return keys;
}

/* Largest clean sample without one key (or one day) at a time, where that is
 * smallest: does a single key or day own the estimate? */
static double
without_one(const struct sample *s, size_t n, double max, bool by_day)
{
	const struct sample *top = NULL;
	double rest = 0;

	for (size_t i = 0; i < n && !top; i++)
		if (!s[i].excluded && s[i].max >= max)
			top = &s[i];
	for (size_t i = 0; top && i < n; i++) {
		bool same = by_day
		    ? day_start(s[i].from) == day_start(top->from)
		    : sv_eq(s[i].key, top->key);

		if (!same && !s[i].excluded && s[i].max > rest)
			rest = s[i].max;
	}
	return rest;
}

/* --- guards --------------------------------------------------------------- */

static void
set(struct baseline *b, enum baseline_status status, sv reason)
{
	b->status = status;
	b->reason = reason;
}

static bool
lacks(struct baseline *b, size_t have, int need, sv what)
{
	if (have >= (size_t)need)
		return false;
	b->have = (int64_t)have;
	b->need = need;
	set(b, BASELINE_INSUFFICIENT_DATA, what);
	return true;
}

/* The smallest whole number that the largest normal sample does not reach. */
static double
just_above(const struct arm *arm, double estimate)
{
	bool over = arm->ncond && arm->cond[0].op == CMP_GT;

	return over ? ceil(estimate) : floor(estimate) + 1;
}

static void
propose(struct baseline *b, const struct sample *s, size_t n)
{
	double want = just_above(b->arm, b->estimate);
	double most = 0.7 * b->estimate;
	int level = b->arm->level >= 0 ? b->arm->level : (int)b->rule->level;

	if (want <= b->floor) {
		b->proposed = b->floor;
		set(b, BASELINE_KEEP_FLOOR,
		    SV("normal traffic stays below the floor"));
	} else if (without_one(s, n, b->estimate, false) < most) {
		set(b, BASELINE_CONTAMINATED, SV("dominated by one key"));
	} else if (without_one(s, n, b->estimate, true) < most) {
		set(b, BASELINE_CONTAMINATED, SV("dominated by one day"));
	} else {
		bool clamped = want > 2 * b->old;

		b->proposed = clamped ? 2 * b->old : want;
		set(b, BASELINE_ADOPT, clamped
		    ? SV("clamped to twice the old threshold") : SV_NULL);
		if (b->proposed > 1.25 * b->old)
			set(b, BASELINE_NEEDS_ACK,
			    SV("loosens by more than a quarter"));
		else if (level >= LEVEL_HIGH &&
		    (b->proposed < b->old || b->proposed > b->old))
			set(b, BASELINE_NEEDS_ACK,
			    SV("changes a rule of high severity"));
	}
}

void
baseline_judge(struct arena *a, struct baseline *b, const struct sample *s,
    size_t n)
{
	spread_of(a, s, n, false, &b->all);
	spread_of(a, s, n, true, &b->clean);
	b->excluded = b->all.n - b->clean.n;
	b->keys = count_keys(s, n);
	b->estimate = b->clean.max;
	b->proposed = b->old;
	if (lacks(b, b->days, BASELINE_DAYS, SV("covered days")) ||
	    lacks(b, b->clean.n, BASELINE_SAMPLES,
	    SV("key-windows for p95")) ||
	    lacks(b, b->keys, BASELINE_KEYS, SV("distinct keys")))
		return;
	propose(b, s, n);
}

/* --- one arm, one rule ---------------------------------------------------- */

/* Is there a threshold to move? Only whole counts from below are. */
static bool
movable(struct baseline *b)
{
	const struct arm *arm = b->arm;

	if (arm->never_baselined || arm->threshold < 0)
		set(b, BASELINE_NOT_BASELINED, arm->never_baselined
		    ? SV("fires on a single event by nature")
		    : SV("has no movable threshold"));
	else if (arm_least(b->rule, arm) == 0 ||
	    floor(b->floor) < b->floor)
		set(b, BASELINE_NOT_BASELINED,
		    SV("its threshold is no count of events"));
	else
		return true;
	return false;
}

static struct baseline
baseline_of(const struct rule *r, const struct arm *arm)
{
	struct baseline b = { .rule = r, .arm = arm };
	const char *from;

	b.old = arm_threshold(r, arm, &from);
	b.floor = arm->threshold >= 0 ? r->param[arm->threshold].floor : b.old;
	b.proposed = b.old;
	return b;
}

struct days {
	int64_t *v;
	size_t n;
};

/* UTC days of which the rule saw 80 % or more. */
static struct days
covered_days(struct eval *ev, const struct verdict *v)
{
	struct stream s = eval_stream(ev, v);
	int64_t day = day_start(ev->first), last = day_start(ev->last);
	struct days d;

	if (last - day > DAYS_MAX * UTC_DAY)
		day = last - DAYS_MAX * UTC_DAY;
	d.v = arena_array(ev->a, (size_t)((last - day) / UTC_DAY) + 1,
	    sizeof(*d.v));
	for (d.n = 0; day <= last; day += UTC_DAY)
		if (coverage_day(ev->a, &s, day) >= 0.8)
			d.v[d.n++] = day;
	return d;
}

static void
judge_arm(struct eval *ev, struct baseline *b, struct days d, struct hit *h,
    size_t n)
{
	struct findings f = { NULL, 0, 0 };
	struct sample *s;
	bool open = false;
	size_t m, k;
	struct hit *x = hits_arm(h, n, b->arm->name, &m);

	findings_add(ev->a, b->rule, b->arm, x, m, ev->first, ev->first, &open,
	    &f);
	k = baseline_samples(ev->a, b->arm, x, m, d.v, d.n, &s);
	baseline_exclude(s, k, &f, b->floor);
	b->days = d.n;
	baseline_judge(ev->a, b, s, k);
}

static void
judge_rule(struct eval *ev, const struct rule *r, const struct verdict *v,
    struct baseline *b)
{
	struct days d = covered_days(ev, v);
	struct hits hits;
	size_t n;
	struct hit *h;

	struct hits_env env = ev->env;

	env.seconds *= 6;
	hits_collect(ev->a, &env, r, v->on, ev->first, ev->last, &hits);
	h = hits_at(&hits, &n);
	for (size_t i = 0; i < r->narms; i++) {
		b[i] = baseline_of(r, &r->arm[i]);
		if (!movable(&b[i]))
			continue;
		if (!v->on[i])
			set(&b[i], BASELINE_INSUFFICIENT_DATA, v->arm[i].why);
		else if (hits.end == HITS_DONE)
			judge_arm(ev, &b[i], d, h, n);
		else
			set(&b[i], BASELINE_INSUFFICIENT_DATA, hits.why);
	}
	hits_release(&hits);
}

static void
not_judged(const struct rule *r, struct baseline *b)
{
	for (size_t i = 0; i < r->narms; i++) {
		b[i] = baseline_of(r, &r->arm[i]);
		if (movable(&b[i]))
			set(&b[i], BASELINE_INSUFFICIENT_DATA,
			    r->status == RULE_ACTIVE
			    ? SV("a source of the rule is missing")
			    : r->reason);
	}
}

/* --- printing ------------------------------------------------------------- */

/* That the largest of n samples is beyond the p-quantile (Wilks). */
static double
confidence(size_t n, double p)
{
	return floor((1 - pow(p, (double)n)) * 1e4) / 1e4;
}

static void
put_spread(struct jsonw *w, sv key, const struct spread *s)
{
	jsonw_key(w, key);
	if (!s->n) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	jsonw_put_i64(w, "n", (int64_t)s->n);
	jsonw_put_real(w, "min", s->min);
	jsonw_put_real(w, "p50", s->p50);
	jsonw_put_real(w, "p90", s->p90);
	jsonw_put_real(w, "p95", s->p95);
	jsonw_put_real(w, "p99", s->p99);
	jsonw_put_real(w, "max", s->max);
	jsonw_close(w, '}');
}

static void
put_sample(struct jsonw *w, const struct baseline *b)
{
	jsonw_put_i64(w, "covered_days", (int64_t)b->days);
	jsonw_put_i64(w, "samples", (int64_t)b->clean.n);
	jsonw_put_i64(w, "keys", (int64_t)b->keys);
	jsonw_put_i64(w, "excluded", (int64_t)b->excluded);
	put_spread(w, SV("observed"), &b->all);
	put_spread(w, SV("clean"), &b->clean);
	jsonw_key(w, SV("confidence"));
	jsonw_open(w, '{');
	jsonw_put_real(w, "p95", confidence(b->clean.n, 0.95));
	jsonw_put_real(w, "p99", confidence(b->clean.n, 0.99));
	jsonw_close(w, '}');
	jsonw_key(w, SV("estimate"));
	if (b->clean.n)
		jsonw_real(w, b->estimate);
	else
		jsonw_null(w);
}

static sv
param_name(const struct baseline *b)
{
	return b->arm->threshold < 0 ? SV_NULL
	    : b->rule->param[b->arm->threshold].name;
}

static void
write_ndjson(struct buf *out, const struct baseline *b)
{
	struct jsonw w = JSONW_INIT(out);

	jsonw_open(&w, '{');
	jsonw_put_str(&w, "type", "baseline");
	jsonw_put_sv(&w, "rule", b->rule->id);
	jsonw_put_sv(&w, "arm", b->arm->name);
	jsonw_put_sv(&w, "param", param_name(b));
	jsonw_put_str(&w, "status", baseline_status_name[b->status]);
	jsonw_put_sv(&w, "reason", b->reason);
	if (b->need) {
		jsonw_put_i64(&w, "have", b->have);
		jsonw_put_i64(&w, "need", b->need);
	}
	jsonw_put_sv(&w, "metric", b->arm->metric);
	jsonw_put_sv(&w, "key_name", b->arm->key_name);
	jsonw_put_real(&w, "window_s", (double)b->arm->window / 1e6);
	put_sample(&w, b);
	jsonw_put_real(&w, "floor", b->floor);
	jsonw_put_real(&w, "old", b->old);
	jsonw_put_real(&w, "proposed", b->proposed);
	jsonw_close(&w, '}');
	buf_byte(out, '\n');
}

static void
text_spread(struct buf *out, const char *name, const struct spread *s)
{
	if (s->n)
		buf_printf(out, "    %-9s n %zu  min %g  p50 %g  p90 %g  "
		    "p95 %g  p99 %g  max %g\n", name, s->n, s->min, s->p50,
		    s->p90, s->p95, s->p99, s->max);
}

static void
text_head(struct buf *out, const struct baseline *b)
{
	escape_text(out, b->rule->id);
	buf_byte(out, ' ');
	escape_text(out, b->arm->name);
	buf_printf(out, ": %s", baseline_status_name[b->status]);
	if (b->reason.n) {
		buf_lit(out, " (");
		escape_text(out, b->reason);
		if (b->need)
			buf_printf(out, ": have %lld, need %lld",
			    (long long)b->have, (long long)b->need);
		buf_byte(out, ')');
	}
	buf_byte(out, '\n');
}

static void
write_text(struct buf *out, const struct baseline *b)
{
	text_head(out, b);
	if (b->status == BASELINE_NOT_BASELINED)
		return;
	buf_lit(out, "    ");
	escape_text(out, b->arm->metric);
	buf_lit(out, " per ");
	escape_text(out, b->arm->key_name);
	buf_lit(out, " in ");
	utc_span_write(out, b->arm->window);
	buf_printf(out, ": threshold %g, floor %g, proposed %g\n", b->old,
	    b->floor, b->proposed);
	buf_printf(out, "    %zu covered days, %zu key-windows of %zu keys, "
	    "%zu excluded\n", b->days, b->clean.n, b->keys, b->excluded);
	text_spread(out, "observed", &b->all);
	text_spread(out, "clean", &b->clean);
	if (b->clean.n)
		buf_printf(out, "    max is beyond p95 with %.1f %%, beyond "
		    "p99 with %.1f %% confidence\n",
		    100 * confidence(b->clean.n, 0.95),
		    100 * confidence(b->clean.n, 0.99));
}

static void
text_title(struct buf *out, const struct eval *ev)
{
	buf_lit(out, "Baseline proposals");
	if (!ev->empty) {
		buf_lit(out, " from ");
		utc_write_short(out, ev->window.from);
		buf_lit(out, " to ");
		utc_write_short(out, ev->window.to);
	}
	buf_lit(out, "; nothing was changed.\n\n");
}

static bool
print_rule(struct eval *ev, const struct rule *r, enum baseline_format format,
    struct buf *out, struct err *e)
{
	struct arena_mark m = arena_mark(ev->a);
	struct baseline *b = arena_array(ev->a, r->narms, sizeof(*b));
	struct verdict v = { .rule = r };

	eval_state(ev->a, ev->source, r, &v);
	if (!eval_arms(ev, &v, e))
		return false;
	if (v.state == STATE_DORMANT || ev->empty)
		not_judged(r, b);
	else
		judge_rule(ev, r, &v, b);
	for (size_t i = 0; i < r->narms; i++) {
		if (format == BASELINE_NDJSON)
			write_ndjson(out, &b[i]);
		else
			write_text(out, &b[i]);
	}
	arena_rewind(ev->a, m);
	return true;
}

bool
baseline_print(struct store *st, const struct catalog *c,
    const struct site *site, enum baseline_format format, struct buf *out,
    struct err *e)
{
	struct run_options opt = { .from = UTC_NONE, .to = UTC_NONE,
		.now = UTC_NONE };
	struct arena a = ARENA_INIT;
	struct eval ev;
	bool ok = eval_open(&a, st, site, &opt, &ev, e);

	if (ok && format == BASELINE_TEXT)
		text_title(out, &ev);
	for (size_t i = 0; ok && i < c->n; i++)
		ok = print_rule(&ev, c->rule[i], format, out, e);
	arena_release(&a);
	return ok;
}
