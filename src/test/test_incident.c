/* SPDX-License-Identifier: MIT */
#include "detect/incident.h"

#include "test/ck.h"

Suite *test_incident(void);

static struct arena arena;

static struct hit
hit(const char *key, int64_t minute)
{
	return (struct hit){ .key = sv_str(key), .ts = minute * UTC_MINUTE,
		.fire = true, .hash = (uint64_t)minute, .nth = 1 };
}

/* Runs join within an hour. */
static size_t
chain(const struct hit *h, size_t n, struct incident *out)
{
	struct window_run *run;
	size_t nruns = window_runs(&arena, h, n, 0, UTC_HOUR, &run);

	incident_chain(h, run, nruns, out);
	return nruns;
}

START_TEST(fires_again_within_a_day)
{
	struct hit h[] = { hit("k", 0), hit("k", 30), hit("k", 30 + 1440),
		hit("k", 30 + 2 * 1440), hit("k", 31 + 3 * 1440) };
	struct incident got[5];

	ck_assert_uint_eq(chain(h, 5, got), 4);
	ck_assert_uint_eq(got[0].first, 0);
	ck_assert_uint_eq(got[0].repeats, 0);
	ck_assert_uint_eq(got[1].first, 0); /* a day after it ended: the edge */
	ck_assert_uint_eq(got[1].repeats, 1);
	ck_assert_uint_eq(got[2].first, 0);
	ck_assert_uint_eq(got[2].repeats, 2);
	ck_assert_uint_eq(got[3].first, 3); /* a minute more */
	ck_assert_uint_eq(got[3].repeats, 0);
}
END_TEST

START_TEST(keys_are_apart)
{
	struct hit h[] = { hit("k", 0), hit("k", 100), hit("l", 50),
		hit("l", 200) };
	struct incident got[4];

	ck_assert_uint_eq(chain(h, 4, got), 4);
	ck_assert_uint_eq(got[1].first, 0);
	ck_assert_uint_eq(got[2].first, 2);
	ck_assert_uint_eq(got[2].repeats, 0);
	ck_assert_uint_eq(got[3].first, 2);
	ck_assert_uint_eq(got[3].repeats, 1);
}
END_TEST

START_TEST(no_run_no_incident)
{
	struct hit h = hit("k", 0);
	struct incident got[1];

	h.fire = false;
	ck_assert_uint_eq(chain(&h, 1, got), 0);
}
END_TEST

Suite *
test_incident(void)
{
	Suite *s = suite_create("incident");
	TCase *t = tcase_create("incident");

	tcase_add_test(t, fires_again_within_a_day);
	tcase_add_test(t, keys_are_apart);
	tcase_add_test(t, no_run_no_incident);
	suite_add_tcase(s, t);
	return s;
}
