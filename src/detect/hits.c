/* SPDX-License-Identifier: MIT */
#include "detect/hits.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "detect/given.h"
#include "detect/sift.h"

/* --- arms ----------------------------------------------------------------- */

int
rule_arm(const struct rule *r, sv name)
{
	for (size_t i = 0; i < r->narms; i++)
		if (sv_eq(r->arm[i].name, name))
			return (int)i;
	return -1;
}

static bool
is_temporal(const struct arm *arm)
{
	return arm->kind == ARM_TEMPORAL || arm->kind == ARM_TEMPORAL_ORDERED;
}

double
arm_threshold(const struct rule *r, const struct arm *arm, const char **from)
{
	int i = arm->threshold;

	if (i < 0 && arm->ncond)
		i = arm->cond[0].param;
	if (i < 0 && arm->kind == ARM_SQL) {
		*from = NULL;
		return NAN;
	}
	*from = i < 0 ? "rule" : r->param[i].from;
	if (i >= 0)
		return r->param[i].value;
	return is_temporal(arm)
	    ? (double)window_terms_least(arm->term, arm->nterms) : 1;
}

unsigned
arm_least(const struct rule *r, const struct arm *arm)
{
	const char *from;
	double t = arm_threshold(r, arm, &from);
	enum cmp_op op = arm->ncond ? arm->cond[0].op : CMP_GTE;

	if (isnan(t))
		return 1;
	if ((op != CMP_GTE && op != CMP_GT) || !(t >= 0) ||
	    t > 1000000)
		return 0;
	return (unsigned)(op == CMP_GT ? floor(t) + 1 : ceil(t));
}

bool
condition_holds(enum cmp_op op, double metric, double number)
{
	switch (op) {
	case CMP_GTE:
		return metric >= number;
	case CMP_GT:
		return metric > number;
	case CMP_LTE:
		return metric <= number;
	case CMP_LT:
		return metric < number;
	case CMP_EQ:
		return metric <= number && metric >= number; /* NAN is not */
	case CMP_NEQ:
		return metric < number || metric > number;
	case CMP_N:
		break;
	}
	return false;
}

static bool
is_down(enum cmp_op op)
{
	return op == CMP_LT || op == CMP_LTE;
}

/* At the threshold or beyond. */
static bool
reaches(enum cmp_op op, double metric, double number)
{
	if (op == CMP_EQ || op == CMP_NEQ)
		return condition_holds(op, metric, number);
	return is_down(op) ? metric <= number : metric >= number;
}

double
hits_peak(const struct rule *r, const struct arm *arm, const struct hit *h,
    size_t n, int64_t from, int64_t to)
{
	enum cmp_op op = arm->ncond ? arm->cond[0].op : CMP_GTE;
	double fired = NAN, near = NAN, number;
	const char *origin;

	number = arm_threshold(r, arm, &origin);
	for (size_t i = 0; i < n; i++) {
		double m = h[i].metric;

		if (h[i].ts < from || h[i].ts > to)
			continue;
		if (h[i].fire)
			fired = isnan(fired) || m > fired ? m : fired;
		else if (!reaches(op, m, number) && (isnan(near) ||
		    (is_down(op) ? m < near : m > near)))
			near = m;
	}
	if (!isnan(fired))
		return fired;
	return isnan(near) && !is_down(op) ? 0 : near;
}

/* --- windows and firing --------------------------------------------------- */

static void
count(struct arena *scratch, const struct arm *arm, struct hit *h, size_t n)
{
	switch (arm->kind) {
	case ARM_EVENT:
		for (size_t i = 0; i < n; i++)
			h[i].metric = 1;
		break;
	case ARM_EVENT_COUNT:
		window_event_count(h, n, arm->window);
		break;
	case ARM_VALUE_COUNT:
		window_value_count(scratch, h, n, arm->window);
		break;
	case ARM_VALUE_SUM:
		window_value_sum(scratch, h, n, arm->window);
		break;
	case ARM_VALUE_AVG:
		window_value_avg(scratch, h, n, arm->window);
		break;
	case ARM_VALUE_PERCENTILE:
	case ARM_VALUE_MEDIAN:
		window_value_percentile(scratch, h, n, arm->window,
		    arm->percentile);
		break;
	case ARM_TEMPORAL:
	case ARM_TEMPORAL_ORDERED:
		if (arm->ncond)
			window_temporal(h, n, arm->window, arm->nsteps);
		else
			window_terms(scratch, h, n, arm->window, arm->term,
			    arm->nterms, arm->kind == ARM_TEMPORAL_ORDERED);
		break;
	case ARM_SQL:
	case ARM_KIND_N:
		break; /* the statement said it */
	}
}

static bool
fires(const struct rule *r, const struct arm *arm, const struct hit *h)
{
	if (arm->kind == ARM_SQL || (is_temporal(arm) && !arm->ncond))
		return h->fire;
	if (arm->kind == ARM_EVENT)
		return true;
	for (size_t i = 0; i < arm->ncond; i++)
		if (!condition_holds(arm->cond[i].op, h->metric,
		    r->param[arm->cond[i].param].value))
			return false;
	return arm->ncond > 0;
}

struct hit *
hits_arm(struct hit *h, size_t n, sv name, size_t *len)
{
	size_t i = 0, j;

	while (i < n && !sv_eq(h[i].arm, name))
		i++;
	for (j = i; j < n && sv_eq(h[j].arm, name); j++)
		;
	*len = j - i;
	return n ? h + i : h;
}

void
hits_fire(struct arena *scratch, const struct rule *r, struct hit *h, size_t n,
    int64_t from, int64_t to)
{
	for (size_t k = 0; k < r->narms; k++) {
		const struct arm *arm = &r->arm[k];
		size_t m;
		struct hit *v = hits_arm(h, n, arm->name, &m);

		count(scratch, arm, v, m);
		for (size_t i = 0; i < m; i++)
			v[i].fire = (arm->standing || v[i].ts >= from) &&
			    v[i].ts <= to && fires(r, arm, &v[i]);
	}
}

/* --- collecting ----------------------------------------------------------- */

/* Keys and values repeat: each text is kept once. */
struct pool {
	sv *slot;
	size_t cap, n; /* cap is a power of two */
};

static sv *
pool_slot(const struct pool *p, sv v)
{
	size_t i = (size_t)hash64(v, 0) & (p->cap - 1);

	while (!sv_null(p->slot[i]) && !sv_eq(p->slot[i], v))
		i = (i + 1) & (p->cap - 1);
	return &p->slot[i];
}

static void
pool_grow(struct arena *a, struct pool *p)
{
	struct pool old = *p;

	p->cap = old.cap ? 4 * old.cap : 64;
	p->slot = arena_array(a, p->cap, sizeof(*p->slot));
	for (size_t i = 0; i < old.cap; i++)
		if (!sv_null(old.slot[i]))
			*pool_slot(p, old.slot[i]) = old.slot[i];
}

static sv
pool_keep(struct arena *a, struct pool *p, sv v)
{
	sv *s;

	if (sv_null(v))
		return v;
	if (2 * p->n >= p->cap)
		pool_grow(a, p);
	s = pool_slot(p, v);
	if (sv_null(*s)) {
		*s = arena_sv(a, v);
		p->n++;
	}
	return *s;
}

struct collector {
	struct arena *a;
	const struct hits_env *env;
	const struct rule *rule;
	const bool *on; /* per arm, or NULL */
	int64_t from, to;
	struct pool pool;
	struct hits *out;
	struct buf *into;            /* of struct hit: where rows go */
	const struct arm *arm;       /* whose statement it is; NULL: rows say */
	const struct firing *firing; /* of its links */
};

/* Records at which a link fires, ascending. */
struct firing {
	int64_t *rec;
	size_t n;
};

enum column {
	COL_ARM, COL_KEY, COL_TS, COL_REC, COL_HASH, COL_NTH, COL_VAL, COL_STEP,
	COL_METRIC, COL_FIRE, COL_NOTE, COL_LEVEL, COL_RESULT, COL_N
};
static const char *const column_name[] = {
	"arm", "key", "ts", "rec", "hash", "nth", "val", "step", "metric",
	"fire", "note", "level", "result"
};
_Static_assert(countof(column_name) == COL_N, "a name per column");

/* `about` and v make the reason; false. */
static bool
stop(struct collector *c, enum hits_end end, const char *about, sv v)
{
	struct buf b = BUF_INIT;

	c->out->end = end;
	buf_str(&b, about);
	buf_add(&b, v);
	c->out->why = buf_keep(&b, c->a);
	return false;
}

static bool
fail(struct collector *c, const struct err *e)
{
	return stop(c, HITS_FAILED, "rule error: ", sv_str(e->msg));
}

static int64_t
column_i64(struct query *q, const int col[COL_N], enum column c, int64_t def)
{
	return col[c] < 0 || query_is_null(q, col[c]) ? def
	    : query_i64(q, col[c]);
}

static sv
column_text(struct query *q, const int col[COL_N], enum column c)
{
	return col[c] < 0 ? SV_NULL : query_text(q, col[c]);
}

static int
level_of(sv text)
{
	enum level l;

	return !sv_null(text) && level_parse(text, &l) ? (int)l : -1;
}

static int
rec_cmp(const void *pa, const void *pb)
{
	const int64_t *a = pa, *b = pb;

	return (*a > *b) - (*a < *b);
}

/* A step that is a link has only the records at which it fires. */
static bool
link_allows(const struct collector *c, const struct hit *h)
{
	for (size_t k = 0; c->arm && k < c->arm->nlinks; k++) {
		const struct firing *f = &c->firing[k];

		if (c->arm->link[k].step == h->step)
			return f->n && bsearch(&h->rec, f->rec, f->n,
			    sizeof(h->rec), rec_cmp);
	}
	return true;
}

static void
keep(struct collector *c, struct query *q, const int col[COL_N], size_t arm)
{
	struct hit h = { .arm = c->arm ? c->arm->name :
	    c->rule->arm[arm].name };
	sv key = column_text(q, col, COL_KEY);

	h.rec = column_i64(q, col, COL_REC, 0);
	h.step = (int)column_i64(q, col, COL_STEP, 0);
	if (!link_allows(c, &h))
		return;
	if (sv_null(key) || query_is_null(q, col[COL_TS])) {
		c->out->arm[arm].dropped++;
		return;
	}
	h.key = pool_keep(c->a, &c->pool, key);
	h.val = pool_keep(c->a, &c->pool, column_text(q, col, COL_VAL));
	h.note = pool_keep(c->a, &c->pool, column_text(q, col, COL_NOTE));
	h.ts = query_i64(q, col[COL_TS]);
	h.hash = (uint64_t)column_i64(q, col, COL_HASH, 0);
	h.nth = column_i64(q, col, COL_NTH, 1);
	h.metric = col[COL_METRIC] < 0 ? 0 : query_real(q, col[COL_METRIC]);
	h.fire = column_i64(q, col, COL_FIRE, 0) != 0;
	h.level = level_of(column_text(q, col, COL_LEVEL));
	buf_mem(c->into, &h, sizeof(h));
}

const char *const hits_say_name[] = {
	[SAY_NOTHING] = "",
	[SAY_CLEAR] = "CLEAR",
	[SAY_INSUFFICIENT_DATA] = "INSUFFICIENT_DATA",
	[SAY_NOT_EVALUATED] = "NOT_EVALUATED",
	[SAY_CANNOT_VERIFY] = "CANNOT_VERIFY",
};
_Static_assert(countof(hits_say_name) == SAY_N, "a name per answer");

/* Keeps what the row says of its arm; of several rows the gravest, then the
 * first in the order of their notes, so that no order of rows matters. */
static bool
say(struct collector *c, sv result, sv note, size_t arm)
{
	struct hits_arm *a = &c->out->arm[arm];
	size_t i = SAY_NOTHING + 1;

	while (i < SAY_N && !sv_is(result, hits_say_name[i]))
		i++;
	if (i == SAY_N)
		return stop(c, HITS_FAILED,
		    "rule error: a row has an unknown result: ", result);
	if (i < a->say || (i == a->say && sv_cmp(a->why, note) <= 0))
		return true;
	a->say = (enum hits_say)i;
	a->why = arena_sv(c->a, note);
	return true;
}

static bool
take_row(struct collector *c, struct query *q, const int col[COL_N], size_t arm)
{
	sv result = column_text(q, col, COL_RESULT);

	if (c->on && !c->on[arm])
		return true;
	if (!sv_null(result))
		return say(c, result, column_text(q, col, COL_NOTE), arm);
	keep(c, q, col, arm);
	return true;
}

/* The arm a row of an ARM_SQL statement names; with one arm it may not. */
static bool
row_arm(struct collector *c, struct query *q, const int col[COL_N], size_t *arm)
{
	sv name = column_text(q, col, COL_ARM);
	int i = sv_null(name) && c->rule->narms == 1 ? 0
	    : rule_arm(c->rule, name);

	if (i < 0)
		return stop(c, HITS_FAILED,
		    "rule error: a row names no arm of the rule: ", name);
	*arm = (size_t)i;
	return true;
}

static bool
find_columns(struct collector *c, struct query *q, bool sql, int col[COL_N])
{
	static const enum column needed[] = { COL_KEY, COL_TS, COL_REC,
		COL_HASH, COL_NTH, COL_METRIC, COL_FIRE };
	size_t n = countof(needed) - (sql ? 0 : 2);

	for (int i = 0; i < COL_N; i++)
		col[i] = query_column(q, column_name[i]);
	for (size_t i = 0; i < n; i++)
		if (col[needed[i]] < 0)
			return stop(c, HITS_FAILED,
			    "rule error: the statement lacks the column ",
			    sv_str(column_name[needed[i]]));
	return true;
}

/* Reads all rows; `arm` is -1 when the rows say it themselves. */
static bool
read_rows(struct collector *c, struct query *q, int arm)
{
	struct err e = ERR_INIT;
	enum query_end end;
	int col[COL_N];

	if (!find_columns(c, q, arm < 0, col))
		return false;
	query_limit(q, c->env->seconds, HITS_MAX);
	while ((end = query_next(q, &e)) == QUERY_MORE) {
		size_t at = (size_t)arm;

		if (arm < 0 && !row_arm(c, q, col, &at))
			return false;
		if (!take_row(c, q, col, at))
			return false;
	}
	if (end == QUERY_LIMIT)
		return stop(c, HITS_LIMIT, "limit reached: ",
		    sv_str(query_limit_hit(q)));
	return end == QUERY_DONE || fail(c, &e);
}

static void
close_query(struct collector *c, struct query *q)
{
	query_cost(q, &c->out->cost);
	c->out->statements++;
	query_close(q);
}

static struct hit *
hits_in(const struct buf *mem, size_t *n)
{
	*n = mem->n / sizeof(struct hit);
	return (struct hit *)(void *)mem->p;
}

/* The rows of a statement of arm number i, or of a link of it. */
static bool
run_statement(struct collector *c, const struct arm *arm,
    const struct firing *firing, size_t i, int64_t from, struct buf *into)
{
	struct err e = ERR_INIT;
	struct query *q;
	bool ok;

	if (sift_is_empty(c->env->sift, arm->sql)) {
		c->out->statements++;
		return true;
	}
	q = query_open(c->env->st, arm->sql, NULL, &e);
	if (!q)
		return fail(c, &e);
	given_bind_arm(q, arm->bind, arm->nbinds, from, c->to);
	c->arm = arm;
	c->firing = firing;
	c->into = into;
	ok = read_rows(c, q, (int)i);
	close_query(c, q);
	return ok;
}

/* Does it not fire at the hit before, or is that too long ago? */
static bool
begins(const struct collector *c, const struct arm *link, const struct hit *h,
    size_t i)
{
	return i == 0 || !sv_eq(h[i].key, h[i - 1].key) ||
	    h[i].ts - h[i - 1].ts > link->window ||
	    !fires(c->rule, link, &h[i - 1]);
}

static void
note_firing(struct collector *c, const struct arm *link, bool once,
    const struct hit *h, size_t n, struct firing *out)
{
	*out = (struct firing){ arena_array(c->a, n, sizeof(*out->rec)), 0 };
	for (size_t i = 0; i < n; i++)
		if (fires(c->rule, link, &h[i]) &&
		    (!once || begins(c, link, h, i)))
			out->rec[out->n++] = h[i].rec;
	if (out->n)
		qsort(out->rec, out->n, sizeof(*out->rec), rec_cmp);
}

static bool run_arm(struct collector *c, const struct arm *arm, size_t i,
    int64_t from, struct buf *into);

/*
 * Where a link fires, right from `from` on: its windows reach back from there,
 * and to know where it begins those of the hit before are needed too.
 */
static bool
run_link(struct collector *c, const struct arm *link, bool once, size_t i,
    int64_t from, struct firing *out)
{
	struct buf mem = BUF_INIT;
	struct hit *h;
	size_t n;
	bool ok = run_arm(c, link, i, from - (once ? 2 : 1) * link->window,
	    &mem);

	if (ok) {
		h = hits_in(&mem, &n);
		hits_sort(h, n);
		count(c->a, link, h, n);
		note_firing(c, link, once, h, n, out);
	}
	buf_release(&mem);
	return ok;
}

static bool
run_arm(struct collector *c, const struct arm *arm, size_t i, int64_t from,
    struct buf *into)
{
	struct firing *firing = arena_array(c->a, arm->nlinks + 1,
	    sizeof(*firing));

	for (size_t k = 0; k < arm->nlinks; k++)
		if (!run_link(c, &arm->link[k], !is_temporal(arm), i, from,
		    &firing[k]))
			return false;
	return run_statement(c, arm, firing, i, from, into);
}

static bool
collect_arm(struct collector *c, size_t i)
{
	const struct arm *arm = &c->rule->arm[i];

	return run_arm(c, arm, i, c->from - arm->window, &c->out->mem);
}

/* Binds what the statement of an ARM_SQL rule asks for. */
static bool
bind_all(struct collector *c, struct query *q)
{
	sv name = SV_NULL;

	switch (given_bind(q, c->env, c->rule, c->from, c->to, &name)) {
	case GIVEN_FACT:
		return stop(c, HITS_FACT, "site.yml does not say ", name);
	case GIVEN_UNKNOWN:
		return stop(c, HITS_FAILED, "rule error: the statement uses a "
		    "parameter the rule lacks: ", name);
	case GIVEN_OK:
		break;
	}
	return true;
}

static bool
collect_sql(struct collector *c)
{
	struct err e = ERR_INIT;
	struct query *q = query_open(c->env->st, c->rule->sql, NULL, &e);
	bool ok;

	if (!q)
		return fail(c, &e);
	ok = bind_all(c, q) && read_rows(c, q, -1);
	close_query(c, q);
	return ok;
}

struct hit *
hits_at(const struct hits *h, size_t *n)
{
	return hits_in(&h->mem, n);
}

void
hits_release(struct hits *h)
{
	buf_release(&h->mem);
}

void
hits_collect(struct arena *a, const struct hits_env *env, const struct rule *r,
    const bool *on, int64_t from, int64_t to, struct hits *out)
{
	struct collector c = { .a = a, .env = env, .rule = r, .on = on,
		.from = from, .to = to, .out = out, .into = &out->mem };
	struct hit *h;
	size_t n;
	bool ok = true;

	*out = (struct hits){ .mem = BUF_INIT, .end = HITS_DONE };
	out->arm = arena_array(a, r->narms + 1, sizeof(*out->arm));
	if (!sv_null(r->sql))
		collect_sql(&c);
	for (size_t i = 0; ok && sv_null(r->sql) && i < r->narms; i++)
		ok = (on && !on[i]) || collect_arm(&c, i);
	h = hits_at(out, &n);
	hits_sort(h, n);
	hits_fire(a, r, h, n, from, to);
}
