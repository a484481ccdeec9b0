/* SPDX-License-Identifier: MIT */
/*
 * All windows are two indices over the hits of one key. Hits of equal time see
 * each other, so an answer is the same for a whole tie: `stop` is always the end
 * of the tie, never its middle.
 */
#include "detect/window.h"

#include <assert.h>
#include <stdlib.h>

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

/* Adds 1 to the metric of every hit that sees a hit of this step. */
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
			h[j].metric += seen && h[j].ts - last <= span;
	}
}

void
window_temporal(struct hit *h, size_t n, int64_t span, size_t nsteps)
{
	for (size_t i = 0; i < n; i++)
		h[i].metric = 0;
	for (size_t at = 0, end; at < n; at = end) {
		end = key_end(h, n, at);
		for (size_t s = 0; s < nsteps; s++)
			see_step(h + at, end - at, span, (int)s);
	}
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
