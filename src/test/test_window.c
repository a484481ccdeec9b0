/* SPDX-License-Identifier: MIT */
/* Every window is compared with a brute force on random hits, shuffled. */
#include "detect/window.h"

#include <check.h>

#include "base/attr.h"

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
	tcase_add_loop_test(t, runs_hold, 0, CASES);
	tcase_add_test(t, edges_are_inclusive);
	suite_add_tcase(s, t);
	return s;
}
