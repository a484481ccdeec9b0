/* SPDX-License-Identifier: MIT */
/*
 * All windows are two indices over the hits of one key. Hits of equal time see
 * each other, so an answer is the same for a whole tie: `stop` is always the end
 * of the tie, never its middle.
 */
#include "detect/window.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/exactsum.h"

static int
cmp_i64(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

int
hit_cmp(const struct hit *a, const struct hit *b)
{
	int c = sv_cmp(a->arm, b->arm);

	if (!c)
		c = sv_cmp(a->key, b->key);
	if (!c)
		c = cmp_i64(a->ts, b->ts);
	if (!c)
		c = (a->hash > b->hash) - (a->hash < b->hash);
	if (!c)
		c = cmp_i64(a->nth, b->nth);
	return c ? c : (a->step > b->step) - (a->step < b->step);
}

static int
cmp_void(const void *a, const void *b)
{
	return hit_cmp(a, b);
}

void
hits_sort(struct hit *h, size_t n)
{
	if (n)
		qsort(h, n, sizeof(*h), cmp_void);
}

static bool
same_key(const struct hit *a, const struct hit *b)
{
	return sv_eq(a->key, b->key) && sv_eq(a->arm, b->arm);
}

/* End of the hits that start at h[at] and have its key. */
static size_t
key_end(const struct hit *h, size_t n, size_t at)
{
	size_t end = at + 1;

	while (end < n && same_key(&h[at], &h[end]))
		end++;
	return end;
}

/* End of the hits that start at h[at] and have its time. */
static size_t
tie_end(const struct hit *h, size_t n, size_t at)
{
	size_t end = at + 1;

	assert(at < n);
	while (end < n && h[end].ts == h[at].ts)
		end++;
	return end;
}

static void
count_events(struct hit *h, size_t n, int64_t span)
{
	size_t start = 0;

	for (size_t i = 0, stop; i < n; i = stop) {
		stop = tie_end(h, n, i);
		while (h[i].ts - h[start].ts > span)
			start++;
		for (size_t j = i; j < stop; j++)
			h[j].metric = (double)(stop - start);
	}
}

void
window_event_count(struct hit *h, size_t n, int64_t span)
{
	for (size_t at = 0, end; at < n; at = end) {
		end = key_end(h, n, at);
		count_events(h + at, end - at, span);
	}
}

struct value {
	sv val;
	size_t hit;
};

static int
cmp_value(const void *pa, const void *pb)
{
	const struct value *a = pa, *b = pb;

	return sv_cmp(a->val, b->val);
}

/* Numbers the values of the hits: equal values get equal numbers, no value
 * gets n. */
static size_t *
number_values(struct arena *scratch, const struct hit *h, size_t n)
{
	struct value *v = arena_array(scratch, n, sizeof(*v));
	size_t *id = arena_array(scratch, n, sizeof(*id)), m = 0;

	for (size_t i = 0; i < n; i++) {
		id[i] = n;
		if (!sv_null(h[i].val))
			v[m++] = (struct value){ h[i].val, i };
	}
	if (m)
		qsort(v, m, sizeof(*v), cmp_value);
	for (size_t i = 0; i < m; i++)
		id[v[i].hit] = i && sv_eq(v[i].val, v[i - 1].val) ?
		    id[v[i - 1].hit] : i;
	return id;
}

static void
count_values(struct arena *scratch, struct hit *h, size_t n, int64_t span)
{
	size_t *id = number_values(scratch, h, n);
	size_t *seen = arena_array(scratch, n, sizeof(*seen));
	size_t start = 0, distinct = 0;

	for (size_t i = 0, stop; i < n; i = stop) {
		stop = tie_end(h, n, i);
		for (size_t j = i; j < stop; j++)
			if (id[j] < n && seen[id[j]]++ == 0)
				distinct++;
		for (; h[i].ts - h[start].ts > span; start++)
			if (id[start] < n && --seen[id[start]] == 0)
				distinct--;
		for (size_t j = i; j < stop; j++)
			h[j].metric = (double)distinct;
	}
}

void
window_value_count(struct arena *scratch, struct hit *h, size_t n,
    int64_t span)
{
	for (size_t at = 0, end; at < n; at = end) {
		struct arena_mark m = arena_mark(scratch);

		end = key_end(h, n, at);
		count_values(scratch, h + at, end - at, span);
		arena_rewind(scratch, m);
	}
}

/* --- numbers --- */

/* The value as a number, NAN when it is none. */
static double
number_of(const struct hit *h)
{
	double d;

	return !sv_null(h->val) && sv_to_double(sv_trim(h->val), &d) ? d : NAN;
}

static double *
numbers_of(struct arena *scratch, const struct hit *h, size_t n)
{
	double *v = arena_array(scratch, n, sizeof(*v));

	for (size_t i = 0; i < n; i++)
		v[i] = number_of(&h[i]);
	return v;
}

static void
sum_values(struct arena *scratch, struct hit *h, size_t n, int64_t span,
    bool mean)
{
	double *v = numbers_of(scratch, h, n);
	struct exactsum sum = { 0 };
	size_t start = 0, count = 0;

	for (size_t i = 0, stop; i < n; i = stop) {
		double m = NAN;

		stop = tie_end(h, n, i);
		for (size_t j = i; j < stop; j++)
			if (!isnan(v[j])) {
				exactsum_add(&sum, v[j]);
				count++;
			}
		for (; h[i].ts - h[start].ts > span; start++)
			if (!isnan(v[start])) {
				exactsum_sub(&sum, v[start]);
				count--;
			}
		if (count)
			m = exactsum_value(&sum) / (mean ? (double)count : 1);
		for (size_t j = i; j < stop; j++)
			h[j].metric = m;
	}
}

static void
sum_keys(struct arena *scratch, struct hit *h, size_t n, int64_t span,
    bool mean)
{
	for (size_t at = 0, end; at < n; at = end) {
		struct arena_mark m = arena_mark(scratch);

		end = key_end(h, n, at);
		sum_values(scratch, h + at, end - at, span, mean);
		arena_rewind(scratch, m);
	}
}

void
window_value_sum(struct arena *scratch, struct hit *h, size_t n, int64_t span)
{
	sum_keys(scratch, h, n, span, false);
}

void
window_value_avg(struct arena *scratch, struct hit *h, size_t n, int64_t span)
{
	sum_keys(scratch, h, n, span, true);
}

/*
 * How often each of the key's values is in the window, as a binary indexed
 * tree over the values in order: the k-th smallest is found from the top down.
 */
struct ranks {
	double *value; /* distinct, ascending; from 1 */
	size_t n;
	size_t *tree;  /* from 1 */
	size_t top;    /* largest power of two that is not over n */
	size_t count;  /* in the window */
};

static int
cmp_double(const void *pa, const void *pb)
{
	const double *a = pa, *b = pb;

	return (*a > *b) - (*a < *b);
}

static void
ranks_init(struct arena *a, struct ranks *r, const double *v, size_t n)
{
	size_t m = 0;

	*r = (struct ranks){ .value = arena_array(a, n + 1, sizeof(double)),
		.tree = arena_array(a, n + 1, sizeof(size_t)), .top = 1 };
	for (size_t i = 0; i < n; i++)
		if (!isnan(v[i]))
			r->value[++m] = v[i];
	if (m)
		qsort(r->value + 1, m, sizeof(double), cmp_double);
	for (size_t i = 1; i <= m; i++)
		if (r->n == 0 || r->value[r->n] < r->value[i])
			r->value[++r->n] = r->value[i];
	while (r->top * 2 <= r->n)
		r->top *= 2;
}

/* Adds `by` (1, or minus 1 as the type has it) of a value that is there. */
static void
ranks_count(struct ranks *r, double v, size_t by)
{
	const double *at = bsearch(&v, r->value + 1, r->n, sizeof(v),
	    cmp_double);

	assert(at);
	for (size_t i = (size_t)(at - r->value); i <= r->n; i += i & (~i + 1))
		r->tree[i] += by;
	r->count += by;
}

/* The k-th smallest in the window, from 0. */
static double
ranks_find(const struct ranks *r, size_t k)
{
	size_t at = 0;

	for (size_t step = r->top; step > 0; step /= 2)
		if (at + step <= r->n && r->tree[at + step] <= k) {
			at += step;
			k -= r->tree[at];
		}
	return r->value[at + 1];
}

static double
ranks_percentile(const struct ranks *r, double percentile)
{
	double place = percentile / 100 * (double)(r->count - 1);
	size_t k = (size_t)place;
	double low = ranks_find(r, k), high;

	if (k + 1 >= r->count)
		return low;
	high = ranks_find(r, k + 1);
	return low + (high - low) * (place - (double)k);
}

static void
rank_values(struct arena *scratch, struct hit *h, size_t n, int64_t span,
    double percentile)
{
	double *v = numbers_of(scratch, h, n);
	struct ranks r;
	size_t start = 0;

	ranks_init(scratch, &r, v, n);
	for (size_t i = 0, stop; i < n; i = stop) {
		double m;

		stop = tie_end(h, n, i);
		for (size_t j = i; j < stop; j++)
			if (!isnan(v[j]))
				ranks_count(&r, v[j], 1);
		for (; h[i].ts - h[start].ts > span; start++)
			if (!isnan(v[start]))
				ranks_count(&r, v[start], SIZE_MAX);
		m = r.count ? ranks_percentile(&r, percentile) : NAN;
		for (size_t j = i; j < stop; j++)
			h[j].metric = m;
	}
}

void
window_value_percentile(struct arena *scratch, struct hit *h, size_t n,
    int64_t span, double percentile)
{
	for (size_t at = 0, end; at < n; at = end) {
		struct arena_mark m = arena_mark(scratch);

		end = key_end(h, n, at);
		rank_values(scratch, h + at, end - at, span, percentile);
		arena_rewind(scratch, m);
	}
}

/* --- steps --- */

/* Marks the step in every hit that sees a hit of it. */
static void
see_step(struct hit *h, size_t n, int64_t span, int step)
{
	bool seen = false;
	int64_t last = 0;

	for (size_t i = 0, stop; i < n; i = stop) {
		stop = tie_end(h, n, i);
		for (size_t j = i; j < stop; j++)
			if (h[j].step == step) {
				seen = true;
				last = h[j].ts;
			}
		for (size_t j = i; j < stop; j++)
			if (seen && h[j].ts - last <= span)
				h[j].seen |= (uint32_t)1 << step;
	}
}

static size_t
bits_of(uint32_t v)
{
	size_t n = 0;

	for (; v; v &= v - 1)
		n++;
	return n;
}

void
window_temporal(struct hit *h, size_t n, int64_t span, size_t nsteps)
{
	assert(nsteps <= WINDOW_STEPS_MAX);
	for (size_t i = 0; i < n; i++)
		h[i].seen = 0;
	for (size_t at = 0, end; at < n; at = end) {
		end = key_end(h, n, at);
		for (size_t s = 0; s < nsteps; s++)
			see_step(h + at, end - at, span, (int)s);
	}
	for (size_t i = 0; i < n; i++)
		h[i].metric = (double)bits_of(h[i].seen);
}

/*
 * Ordered chains. best[s] is the latest start of a chain 0..s that ends before
 * the tie at hand. Inside a tie any order is allowed, so steps k..s there need
 * distinct records: a small matching of steps with records. A chain of nsteps
 * uses at most nsteps records, so nsteps + 1 candidates per step are enough.
 */
struct chain {
	size_t nsteps;
	bool *have;       /* by step: best[s] is valid */
	int64_t *best;
	bool *have_now;   /* chains that end inside the tie */
	int64_t *best_now;
	int64_t *cand;    /* [step][nsteps + 1] records of the tie */
	size_t *ncand;
	size_t *match;    /* by step: candidate taken; nsteps + 1 = none */
	bool *tried;      /* by step, in one augmentation */
};

static void
chain_init(struct arena *a, struct chain *c, size_t nsteps)
{
	c->nsteps = nsteps;
	c->have = arena_array(a, nsteps, sizeof(*c->have));
	c->best = arena_array(a, nsteps, sizeof(*c->best));
	c->have_now = arena_array(a, nsteps, sizeof(*c->have_now));
	c->best_now = arena_array(a, nsteps, sizeof(*c->best_now));
	c->cand = arena_array(a, nsteps * (nsteps + 1), sizeof(*c->cand));
	c->ncand = arena_array(a, nsteps, sizeof(*c->ncand));
	c->match = arena_array(a, nsteps, sizeof(*c->match));
	c->tried = arena_array(a, nsteps, sizeof(*c->tried));
}

static void
collect_tie(struct chain *c, const struct hit *h, size_t n)
{
	for (size_t s = 0; s < c->nsteps; s++) {
		c->ncand[s] = 0;
		c->have_now[s] = false;
	}
	for (size_t i = 0; i < n; i++) {
		size_t s = (size_t)h[i].step;

		assert(s < c->nsteps);
		if (c->ncand[s] <= c->nsteps)
			c->cand[s * (c->nsteps + 1) + c->ncand[s]++] = h[i].rec;
	}
}

/* The step among from..to that holds this record, or nsteps. */
static size_t
holder(const struct chain *c, int64_t rec, size_t from, size_t to)
{
	for (size_t s = from; s <= to; s++)
		if (c->match[s] <= c->nsteps &&
		    c->cand[s * (c->nsteps + 1) + c->match[s]] == rec)
			return s;
	return c->nsteps;
}

/* Finds a record for step s, moving other steps of s..to if need be. */
static bool
augment(struct chain *c, size_t s, size_t from, size_t to, int64_t taken)
{
	if (c->tried[s])
		return false;
	c->tried[s] = true;
	for (size_t i = 0; i < c->ncand[s]; i++) {
		int64_t rec = c->cand[s * (c->nsteps + 1) + i];
		size_t other = holder(c, rec, from, to);

		if (rec == taken || other == s)
			continue;
		if (other == c->nsteps || augment(c, other, from, to, taken)) {
			c->match[s] = i;
			return true;
		}
	}
	return false;
}

/* Latest start of a chain that ends with this record as step `last`. */
static bool
latest_start(struct chain *c, const struct hit *h, size_t last, int64_t *start)
{
	bool found = false;

	for (size_t s = 0; s < c->nsteps; s++)
		c->match[s] = c->nsteps + 1;
	for (size_t k = last;; k--) {
		if (k == 0) {
			*start = h->ts;
			return true;
		}
		if (c->have[k - 1] && (!found || c->best[k - 1] > *start)) {
			*start = c->best[k - 1];
			found = true;
		}
		for (size_t s = 0; s < c->nsteps; s++)
			c->tried[s] = false;
		if (!augment(c, k - 1, k - 1, last - 1, h->rec))
			return found;
	}
}

static void
chain_tie(struct chain *c, struct hit *h, size_t n, int64_t span)
{
	collect_tie(c, h, n);
	for (size_t i = 0; i < n; i++) {
		size_t s = (size_t)h[i].step;
		int64_t start = 0;

		h[i].metric = 0;
		if (!latest_start(c, &h[i], s, &start))
			continue;
		if (h[i].ts - start <= span)
			h[i].metric = (double)(s + 1);
		if (!c->have_now[s] || start > c->best_now[s]) {
			c->have_now[s] = true;
			c->best_now[s] = start;
		}
	}
	for (size_t s = 0; s < c->nsteps; s++)
		if (c->have_now[s] && (!c->have[s] ||
		    c->best_now[s] > c->best[s])) {
			c->have[s] = true;
			c->best[s] = c->best_now[s];
		}
}

void
window_temporal_ordered(struct arena *scratch, struct hit *h, size_t n,
    int64_t span, size_t nsteps)
{
	struct arena_mark m = arena_mark(scratch);
	struct chain c;

	chain_init(scratch, &c, nsteps);
	for (size_t at = 0, end, stop; at < n; at = end) {
		end = key_end(h, n, at);
		for (size_t s = 0; s < nsteps; s++)
			c.have[s] = false;
		for (size_t i = at; i < end; i = stop) {
			stop = tie_end(h, end, i);
			chain_tie(&c, h + i, stop - i, span);
		}
	}
	arena_rewind(scratch, m);
}

/* --- terms --- */

/* Chains of the term's steps alone, written back to the hits they end at. */
static void
order_term(struct arena *scratch, struct hit *h, size_t n, int64_t span,
    const struct window_term *t)
{
	struct hit *g = arena_array(scratch, n, sizeof(*g));
	size_t *from = arena_array(scratch, n, sizeof(*from)), m = 0;
	size_t need = bits_of(t->with);

	for (size_t i = 0; i < n; i++) {
		uint32_t bit = (uint32_t)1 << h[i].step;

		if (!(t->with & bit))
			continue;
		from[m] = i;
		g[m] = h[i];
		g[m++].step = (int)bits_of(t->with & (bit - 1));
	}
	window_temporal_ordered(scratch, g, m, span, need);
	for (size_t k = 0; k < m; k++) {
		struct hit *at = &h[from[k]];

		if (g[k].metric > at->metric)
			at->metric = g[k].metric;
		if (g[k].metric >= (double)need && !(at->seen & t->without))
			at->fire = true;
	}
}

static void
hold_term(struct hit *h, size_t n, const struct window_term *t)
{
	for (size_t i = 0; i < n; i++) {
		double have = (double)bits_of(h[i].seen & t->with);

		if (have > h[i].metric)
			h[i].metric = have;
		if ((h[i].seen & t->with) == t->with &&
		    !(h[i].seen & t->without))
			h[i].fire = true;
	}
}

void
window_terms(struct arena *scratch, struct hit *h, size_t n, int64_t span,
    const struct window_term *term, size_t nterms, bool ordered)
{
	uint32_t all = 0;
	size_t nsteps = WINDOW_STEPS_MAX;

	for (size_t k = 0; k < nterms; k++)
		all |= term[k].with | term[k].without;
	while (nsteps > 1 && !(all >> (nsteps - 1)))
		nsteps--;
	window_temporal(h, n, span, nsteps);
	for (size_t i = 0; i < n; i++) {
		h[i].metric = 0;
		h[i].fire = false;
	}
	for (size_t k = 0; k < nterms; k++) {
		struct arena_mark m = arena_mark(scratch);

		if (ordered)
			order_term(scratch, h, n, span, &term[k]);
		else
			hold_term(h, n, &term[k]);
		arena_rewind(scratch, m);
	}
}

size_t
window_terms_least(const struct window_term *term, size_t nterms)
{
	size_t least = WINDOW_STEPS_MAX;

	for (size_t k = 0; k < nterms; k++)
		if (bits_of(term[k].with) < least)
			least = bits_of(term[k].with);
	return least;
}

/* --- runs --- */

static size_t
next_firing(const struct hit *h, size_t n, size_t at)
{
	while (at < n && !h[at].fire)
		at++;
	return at;
}

/* The run that starts with the firing hit h[first]; *at moves behind it. */
static struct window_run
one_run(const struct hit *h, size_t n, size_t first, int64_t span,
    int64_t join, size_t *at)
{
	struct window_run r = { first, first, first, h[first].metric };

	while (r.start > 0 && same_key(&h[r.start - 1], &h[first]) &&
	    h[first].ts - h[r.start - 1].ts <= span)
		r.start--;
	*at = next_firing(h, n, first + 1);
	while (*at < n && same_key(&h[*at], &h[first]) &&
	    h[*at].ts - h[r.last].ts <= join) {
		r.last = *at;
		if (h[*at].metric > r.peak)
			r.peak = h[*at].metric;
		*at = next_firing(h, n, *at + 1);
	}
	return r;
}

size_t
window_runs(struct arena *a, const struct hit *h, size_t n, int64_t span,
    int64_t join, struct window_run **out)
{
	size_t fires = 0, nruns = 0;

	for (size_t i = 0; i < n; i++)
		fires += h[i].fire;
	*out = arena_array(a, fires, sizeof(**out));
	for (size_t at = next_firing(h, n, 0); at < n;)
		(*out)[nruns++] = one_run(h, n, at, span, join, &at);
	return nruns;
}
