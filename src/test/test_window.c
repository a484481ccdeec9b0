/* SPDX-License-Identifier: MIT */
/* Every window is compared with a brute force on random hits, shuffled. */
#include "detect/window.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/exactsum.h"

Suite *test_window(void);

enum { CASES = 400, HITS = 24, STEPS = 3 };

static struct arena arena;

static uint64_t
rnd(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s;
}

static size_t
below(uint64_t *s, size_t n)
{
	return (size_t)(rnd(s) % n);
}

static const sv keys[] = { { "a", 1 }, { "b", 1 }, { "", 0 } };
static const sv vals[] = { { "x", 1 }, { "y", 1 }, { "z\0", 2 },
	{ "z", 1 }, { NULL, 0 } };

/* Few times and keys, so that ties and edges are common. A record may have
 * several steps. */
static size_t
make(uint64_t *s, struct hit *h)
{
	size_t n = below(s, HITS + 1);

	for (size_t i = 0; i < n; i++) {
		size_t r = below(s, 12);

		h[i] = (struct hit){ .key = keys[below(s, countof(keys))],
			.val = vals[below(s, countof(vals))],
			.ts = (int64_t)(r / 2) * 5, .rec = (int64_t)r,
			.hash = r * 0x9e3779b97f4a7c15u, .nth = 1,
			.step = (int)below(s, STEPS) };
	}
	return n;
}

static void
shuffle(uint64_t *s, struct hit *h, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = below(s, i);
		struct hit t = h[j];

		h[j] = h[i - 1];
		h[i - 1] = t;
	}
}

static bool
sees(const struct hit *at, const struct hit *h, int64_t span)
{
	return sv_eq(at->key, h->key) && h->ts <= at->ts &&
	    h->ts >= at->ts - span;
}

static double
brute_events(const struct hit *h, size_t n, size_t at, int64_t span)
{
	double m = 0;

	for (size_t i = 0; i < n; i++)
		m += sees(&h[at], &h[i], span);
	return m;
}

static double
brute_values(const struct hit *h, size_t n, size_t at, int64_t span)
{
	double m = 0;

	for (size_t i = 0; i < n; i++) {
		bool first = !sv_null(h[i].val) && sees(&h[at], &h[i], span);

		for (size_t j = 0; first && j < i; j++)
			first = !(sees(&h[at], &h[j], span) &&
			    !sv_null(h[j].val) && sv_eq(h[j].val, h[i].val));
		m += first;
	}
	return m;
}

static double
brute_steps(const struct hit *h, size_t n, size_t at, int64_t span)
{
	double m = 0;

	for (int s = 0; s < STEPS; s++) {
		bool seen = false;

		for (size_t i = 0; i < n; i++)
			seen = seen || (h[i].step == s &&
			    sees(&h[at], &h[i], span));
		m += seen;
	}
	return m;
}

/* Is there a chain 0..step before `at`, all distinct records of used? */
static bool
chain_back(const struct hit *h, size_t n, size_t at, int64_t oldest, int step,
    size_t *used, size_t nused)
{
	used[nused++] = at;
	if (step == 0)
		return true;
	for (size_t i = 0; i < n; i++) {
		bool ok = sv_eq(h[i].key, h[at].key) && h[i].step == step - 1 &&
		    h[i].ts <= h[at].ts && h[i].ts >= oldest;

		for (size_t u = 0; ok && u < nused; u++)
			ok = h[used[u]].rec != h[i].rec;
		if (ok && chain_back(h, n, i, oldest, step - 1, used, nused))
			return true;
	}
	return false;
}

static double
brute_chain(const struct hit *h, size_t n, size_t at, int64_t span)
{
	size_t used[STEPS];

	return chain_back(h, n, at, h[at].ts - span, h[at].step, used, 0) ?
	    h[at].step + 1 : 0;
}

START_TEST(against_brute_force)
{
	uint64_t s = (uint64_t)_i * 2654435761u + 1;
	struct hit h[HITS], g[HITS];
	size_t n = make(&s, h);
	int64_t span = (int64_t)below(&s, 4) * 5;

	hits_sort(h, n);
	memcpy(g, h, sizeof(g));
	shuffle(&s, g, n);
	hits_sort(g, n);
	for (size_t i = 0; i < n; i++)
		ck_assert_int_eq(hit_cmp(&h[i], &g[i]), 0);
	window_event_count(h, n, span);
	for (size_t i = 0; i < n; i++)
		ck_assert(h[i].metric == brute_events(h, n, i, span));
	window_value_count(&arena, h, n, span);
	for (size_t i = 0; i < n; i++)
		ck_assert(h[i].metric == brute_values(h, n, i, span));
	window_temporal(h, n, span, STEPS);
	for (size_t i = 0; i < n; i++)
		ck_assert(h[i].metric == brute_steps(h, n, i, span));
	window_temporal_ordered(&arena, h, n, span, STEPS);
	for (size_t i = 0; i < n; i++)
		ck_assert(h[i].metric == brute_chain(h, n, i, span));
}
END_TEST

/* --- numbers --- */

static const sv numbers[] = { { "1", 1 }, { "-7", 2 }, { "0.1", 3 },
	{ " 3e2 ", 5 }, { "1e18", 4 }, { "x", 1 }, { "", 0 }, { NULL, 0 },
	{ "1e-9", 4 } };

static int
cmp_double(const void *pa, const void *pb)
{
	const double *a = pa, *b = pb;

	return (*a > *b) - (*a < *b);
}

/* The numbers that hit `at` sees, in any order. */
static size_t
numbers_seen(const struct hit *h, size_t n, size_t at, int64_t span, double *v)
{
	size_t m = 0;

	for (size_t i = n; i-- > 0; )
		if (sees(&h[at], &h[i], span) && !sv_null(h[i].val) &&
		    sv_to_double(sv_trim(h[i].val), &v[m]))
			m++;
	return m;
}

static double
brute_sum(const double *v, size_t n)
{
	struct exactsum s = { 0 };

	for (size_t i = 0; i < n; i++)
		exactsum_add(&s, v[i]);
	return n ? exactsum_value(&s) : NAN;
}

/* Sorted values lie at 0, 1/(n-1) ... 1; between two the line counts. */
static double
brute_percentile(double *v, size_t n, double p)
{
	double at = p / 100 * (double)(n - 1);
	size_t k = (size_t)at;

	if (n == 0)
		return NAN;
	qsort(v, n, sizeof(*v), cmp_double);
	return k + 1 < n ? v[k] + (v[k + 1] - v[k]) * (at - (double)k) : v[k];
}

static bool
same(double a, double b)
{
	return (isnan(a) && isnan(b)) || (a <= b && a >= b);
}

START_TEST(numbers_against_brute_force)
{
	static const double percentiles[] = { 0, 1, 25, 50, 95, 99.9, 100 };
	uint64_t s = (uint64_t)_i * 2654435761u + 3;
	struct hit h[HITS];
	double v[HITS];
	size_t n = make(&s, h), m;
	int64_t span = (int64_t)below(&s, 4) * 5;

	for (size_t i = 0; i < n; i++)
		h[i].val = numbers[below(&s, countof(numbers))];
	hits_sort(h, n);
	window_value_sum(&arena, h, n, span);
	for (size_t i = 0; i < n; i++) {
		m = numbers_seen(h, n, i, span, v);
		ck_assert(same(h[i].metric, brute_sum(v, m)));
	}
	window_value_avg(&arena, h, n, span);
	for (size_t i = 0; i < n; i++) {
		m = numbers_seen(h, n, i, span, v);
		ck_assert(same(h[i].metric, brute_sum(v, m) / (double)m));
	}
	for (size_t k = 0; k < countof(percentiles); k++) {
		window_value_percentile(&arena, h, n, span, percentiles[k]);
		for (size_t i = 0; i < n; i++) {
			m = numbers_seen(h, n, i, span, v);
			ck_assert(same(h[i].metric, brute_percentile(v, m,
			    percentiles[k])));
		}
	}
}
END_TEST

/* Known by hand, so that the brute force is not all there is. */
START_TEST(numbers_known)
{
	struct hit h[] = {
		{ .key = SV("k"), .val = SV("10"), .ts = 0, .hash = 1 },
		{ .key = SV("k"), .val = SV("20"), .ts = 1, .hash = 2 },
		{ .key = SV("k"), .val = SV("x"), .ts = 2, .hash = 3 },
		{ .key = SV("k"), .val = SV("50"), .ts = 3, .hash = 4 },
		{ .key = SV("k"), .val = SV("x"), .ts = 99, .hash = 5 },
	};

	window_value_sum(&arena, h, 5, 2);
	ck_assert(h[0].metric == 10 && h[1].metric == 30 && h[2].metric == 30);
	ck_assert(h[3].metric == 70 && isnan(h[4].metric));
	window_value_avg(&arena, h, 5, 3);
	ck_assert(h[1].metric == 15 && h[3].metric == 80.0 / 3);
	window_value_percentile(&arena, h, 5, 3, 50);
	ck_assert(h[1].metric == 15 && h[3].metric == 20 && isnan(h[4].metric));
	window_value_percentile(&arena, h, 5, 3, 75);
	ck_assert(h[3].metric == 35);
	window_value_sum(&arena, h, 0, 3);
}
END_TEST

/* --- terms --- */

/* In some order of one hit per step of the term, all in the window? */
static bool
brute_chain_of(const struct hit *h, size_t n, size_t at, int64_t oldest,
    uint32_t left, size_t *used, size_t nused)
{
	int step = -1;

	used[nused++] = at;
	for (int s = 0; s < STEPS; s++)
		if (left >> s & 1)
			step = s; /* the latest that is still to be found */
	if (step < 0)
		return true;
	for (size_t i = 0; i < n; i++) {
		bool ok = sv_eq(h[i].key, h[at].key) && h[i].step == step &&
		    h[i].ts <= h[at].ts && h[i].ts >= oldest;

		for (size_t u = 0; ok && u < nused; u++)
			ok = h[used[u]].rec != h[i].rec;
		if (ok && brute_chain_of(h, n, i, oldest,
		    left & ~((uint32_t)1 << step), used, nused))
			return true;
	}
	return false;
}

static uint32_t
brute_seen(const struct hit *h, size_t n, size_t at, int64_t span)
{
	uint32_t seen = 0;

	for (size_t i = 0; i < n; i++)
		if (sees(&h[at], &h[i], span))
			seen |= (uint32_t)1 << h[i].step;
	return seen;
}

static bool
brute_term(const struct hit *h, size_t n, size_t at, int64_t span,
    struct window_term t, bool ordered)
{
	uint32_t seen = brute_seen(h, n, at, span);
	uint32_t bit = (uint32_t)1 << h[at].step, above = t.with & ~(bit - 1);
	size_t used[STEPS + 1];

	if ((seen & t.with) != t.with || (seen & t.without))
		return false;
	return !ordered || (above == bit && brute_chain_of(h, n, at,
	    h[at].ts - span, t.with & (bit - 1), used, 0));
}

START_TEST(terms_against_brute_force)
{
	uint64_t s = (uint64_t)_i * 40503u + 11;
	struct hit h[HITS];
	struct window_term t[3];
	size_t n = make(&s, h), nterms = 1 + below(&s, countof(t));
	int64_t span = (int64_t)below(&s, 4) * 5;
	bool ordered = _i % 2;

	for (size_t k = 0; k < nterms; k++) {
		t[k].with = 1 + (uint32_t)below(&s, 7);
		t[k].without = (uint32_t)below(&s, 8) & ~t[k].with;
	}
	hits_sort(h, n);
	window_terms(&arena, h, n, span, t, nterms, ordered);
	for (size_t i = 0; i < n; i++) {
		bool want = false;

		for (size_t k = 0; k < nterms; k++)
			want = want || brute_term(h, n, i, span, t[k], ordered);
		ck_assert_msg(h[i].fire == want, "hit %zu of %zu", i, n);
	}
}
END_TEST

START_TEST(terms_known)
{
	struct window_term ab = { 3, 0 }, ab_not_c = { 3, 4 };
	struct hit h[] = {
		{ .key = SV("k"), .ts = 0, .rec = 1, .hash = 1, .step = 1 },
		{ .key = SV("k"), .ts = 1, .rec = 2, .hash = 2, .step = 0 },
		{ .key = SV("k"), .ts = 5, .rec = 3, .hash = 3, .step = 1 },
		{ .key = SV("k"), .ts = 6, .rec = 4, .hash = 4, .step = 2 },
		{ .key = SV("k"), .ts = 7, .rec = 5, .hash = 5, .step = 1 },
	};

	window_terms(&arena, h, 5, 10, &ab, 1, false);
	ck_assert(!h[0].fire && h[1].fire && h[2].fire && h[3].fire);
	ck_assert(h[0].metric == 1 && h[1].metric == 2);
	window_terms(&arena, h, 5, 10, &ab, 1, true);
	ck_assert(!h[0].fire && !h[1].fire && h[2].fire && !h[3].fire);
	ck_assert(h[4].fire && h[1].metric == 1 && h[2].metric == 2);
	window_terms(&arena, h, 5, 10, &ab_not_c, 1, true);
	ck_assert(h[2].fire && !h[3].fire && !h[4].fire);
	ck_assert_uint_eq(window_terms_least(&ab, 1), 2);
}
END_TEST

START_TEST(runs_hold)
{
	uint64_t s = (uint64_t)_i * 40503u + 7;
	struct hit h[HITS];
	struct window_run *r;
	size_t n = make(&s, h), nruns, inside = 0, fires = 0;
	int64_t span = (int64_t)below(&s, 4) * 5;
	int64_t join = (int64_t)below(&s, 4) * 5;

	hits_sort(h, n);
	for (size_t i = 0; i < n; i++) {
		h[i].fire = below(&s, 2);
		h[i].metric = (double)below(&s, 9);
		fires += h[i].fire;
	}
	nruns = window_runs(&arena, h, n, span, join, &r);
	for (size_t k = 0; k < nruns; k++) {
		int64_t last = h[r[k].first].ts;
		double peak = 0;

		ck_assert(h[r[k].first].fire && h[r[k].last].fire);
		ck_assert(sees(&h[r[k].first], &h[r[k].start], span));
		ck_assert(r[k].start == 0 ||
		    !sees(&h[r[k].first], &h[r[k].start - 1], span));
		for (size_t i = r[k].first; i <= r[k].last; i++) {
			if (!h[i].fire)
				continue;
			ck_assert(h[i].ts - last <= join);
			last = h[i].ts;
			peak = h[i].metric > peak ? h[i].metric : peak;
			inside++;
		}
		ck_assert(peak == r[k].peak);
		if (k && sv_eq(h[r[k].first].key, h[r[k - 1].last].key))
			ck_assert(h[r[k].first].ts - h[r[k - 1].last].ts > join);
	}
	ck_assert_uint_eq(inside, fires);
}
END_TEST

START_TEST(edges_are_inclusive)
{
	struct hit h[] = {
		{ .key = SV("k"), .ts = 0, .hash = 1 },
		{ .key = SV("k"), .ts = 600, .hash = 2 },
		{ .key = SV("k"), .ts = 601, .hash = 3 },
	};

	window_event_count(h, 3, 600);
	ck_assert(h[0].metric == 1 && h[1].metric == 2 && h[2].metric == 2);
	window_event_count(h, 0, 600);
}
END_TEST

static void
setup(void)
{
	arena_init(&arena);
}

static void
teardown(void)
{
	arena_release(&arena);
}

Suite *
test_window(void)
{
	Suite *s = suite_create("window");
	TCase *t = tcase_create("window");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, against_brute_force, 0, CASES);
	tcase_add_loop_test(t, numbers_against_brute_force, 0, CASES);
	tcase_add_test(t, numbers_known);
	tcase_add_loop_test(t, terms_against_brute_force, 0, CASES);
	tcase_add_test(t, terms_known);
	tcase_add_loop_test(t, runs_hold, 0, CASES);
	tcase_add_test(t, edges_are_inclusive);
	suite_add_tcase(s, t);
	return s;
}
