/* SPDX-License-Identifier: MIT */
/* The guards of a baseline, each with the case that trips it. */
#include "detect/baseline.h"

#include "base/utc.h"
#include "test/ck.h"

/* In a static initialiser. */
#define LIT(text) { (text), sizeof(text) - 1 }

static struct arena arena;
static struct param param[] = { { LIT("fast"), 8, 8, "rule" } };
static struct arm arm = { .name = LIT("fast"), .kind = ARM_VALUE_COUNT,
	.window = 10 * UTC_MINUTE, .cond = { { CMP_GTE, 0 } }, .ncond = 1,
	.threshold = 0, .nsteps = 1, .level = -1 };
static struct rule rule = { .id = LIT("T-1"), .level = LEVEL_MEDIUM,
	.param = param, .nparams = 1, .arm = &arm, .narms = 1 };

enum { KEYS = 12, DAYS = 7, N = KEYS * DAYS };
static const char *const key[KEYS] = { "a", "b", "c", "d", "e", "f", "g", "h",
	"i", "j", "k", "l" };

/* A week of samples, the metric of key k on day d is low + (k + d) % spread. */
static void
week(struct sample *s, double low, int spread)
{
	for (int k = 0; k < KEYS; k++)
		for (int d = 0; d < DAYS; d++)
			s[k * DAYS + d] = (struct sample){ sv_str(key[k]),
				d * UTC_DAY, d * UTC_DAY + UTC_DAY - 1,
				low + (k + d) % spread, false };
}

static struct baseline
judge(const struct sample *s, size_t n, size_t days)
{
	struct baseline b = { .rule = &rule, .arm = &arm, .floor = 8,
		.old = 8, .days = days };

	baseline_judge(&arena, &b, s, n);
	return b;
}

START_TEST(quiet_week_keeps_the_floor)
{
	struct sample s[N];
	struct baseline b;

	week(s, 1, 4);
	b = judge(s, N, 7);
	ck_assert_int_eq(b.status, BASELINE_KEEP_FLOOR);
	ck_assert_double_eq(b.proposed, 8);
	ck_assert_double_eq(b.estimate, 4);
	ck_assert_uint_eq(b.keys, KEYS);
	ck_assert_double_eq(b.all.min, 1);
	ck_assert_double_eq(b.all.p99, 4);
}
END_TEST

/* The largest normal sample may be floor - 1 without moving anything. */
START_TEST(floor_edge)
{
	struct sample s[N];

	week(s, 4, 4); /* up to 7 */
	ck_assert_int_eq(judge(s, N, 7).status, BASELINE_KEEP_FLOOR);
	week(s, 5, 4); /* up to 8 */
	ck_assert_int_eq(judge(s, N, 7).status, BASELINE_ADOPT);
	ck_assert_double_eq(judge(s, N, 7).proposed, 9);
}
END_TEST

START_TEST(loosening_needs_a_person)
{
	struct sample s[N];
	struct baseline b;

	week(s, 9, 4); /* up to 12: 13 is more than 1.25 times 8 */
	b = judge(s, N, 7);
	ck_assert_int_eq(b.status, BASELINE_NEEDS_ACK);
	ck_assert_double_eq(b.proposed, 13);
	week(s, 18, 4); /* up to 21: more than twice 8 */
	b = judge(s, N, 7);
	ck_assert_int_eq(b.status, BASELINE_NEEDS_ACK);
	ck_assert_double_eq(b.proposed, 16);
}
END_TEST

START_TEST(high_rules_need_a_person)
{
	struct sample s[N];

	week(s, 5, 4);
	rule.level = LEVEL_HIGH;
	ck_assert_int_eq(judge(s, N, 7).status, BASELINE_NEEDS_ACK);
	rule.level = LEVEL_MEDIUM;
}
END_TEST

START_TEST(not_enough)
{
	struct sample s[N];
	struct baseline b;

	week(s, 5, 4);
	b = judge(s, N, 4);
	ck_assert_int_eq(b.status, BASELINE_INSUFFICIENT_DATA);
	ck_assert_int_eq(b.have, 4);
	ck_assert_int_eq(b.need, 5);
	b = judge(s, 58, 5);
	ck_assert_int_eq(b.status, BASELINE_INSUFFICIENT_DATA);
	ck_assert_int_eq(b.have, 58);
	ck_assert_int_eq(b.need, 59);
	ck_assert_int_eq(judge(s, 59, 5).status, BASELINE_ADOPT);
	for (size_t i = 0; i < N; i++)
		s[i].key = sv_str(key[i / 21]); /* four keys */
	b = judge(s, N, 7);
	ck_assert_int_eq(b.have, 4);
	ck_assert_double_eq(b.proposed, 8);
}
END_TEST

START_TEST(one_key_or_day_may_not_rule)
{
	struct sample s[N];

	week(s, 5, 4);
	s[3].max = 20;
	ck_assert_int_eq(judge(s, N, 7).status, BASELINE_CONTAMINATED);
	ck_sv_lit(judge(s, N, 7).reason, "dominated by one key");
	ck_assert_double_eq(judge(s, N, 7).proposed, 8);
	s[DAYS + 3].max = 20; /* another key, the same day */
	ck_sv_lit(judge(s, N, 7).reason, "dominated by one day");
}
END_TEST

START_TEST(excludes_findings_and_outliers)
{
	struct finding f = { .key = SV("a"), .first = UTC_DAY + UTC_HOUR,
		.last = UTC_DAY + 2 * UTC_HOUR };
	struct findings list = { &f, 1, 1 };
	struct sample s[N];

	week(s, 5, 4);
	s[40].max = 25;
	baseline_exclude(s, N, &list, 8);
	ck_assert(s[1].excluded);
	ck_assert(!s[0].excluded);
	ck_assert(!s[2].excluded);
	ck_assert(!s[DAYS + 1].excluded); /* another key */
	ck_assert(s[40].excluded);
	ck_assert_uint_eq(judge(s, N, 7).excluded, 2);
	ck_assert_double_eq(judge(s, N, 7).all.max, 25);
	ck_assert_double_eq(judge(s, N, 7).clean.max, 8);
	s[40].max = 24; /* three times the floor is not over it */
	baseline_exclude(s, N, &list, 8);
	ck_assert(!s[40].excluded);
}
END_TEST

START_TEST(samples_are_maxima_of_covered_parts)
{
	static const int64_t day[] = { 0, 2 * UTC_DAY };
	struct hit h[] = {
		{ .key = SV("a"), .ts = 1, .metric = 2 },
		{ .key = SV("a"), .ts = 2, .metric = 5 },
		{ .key = SV("a"), .ts = 6 * UTC_HOUR, .metric = 1 },
		{ .key = SV("a"), .ts = UTC_DAY, .metric = 9 },
		{ .key = SV("a"), .ts = 2 * UTC_DAY, .metric = 3 },
		{ .key = SV("b"), .ts = 2 * UTC_DAY, .metric = 4 },
	};
	struct sample *s;
	size_t n = baseline_samples(&arena, &arm, h, countof(h), day, 2, &s);

	ck_assert_uint_eq(n, 4);
	ck_assert_double_eq(s[0].max, 5);
	ck_assert_int_eq(s[0].to, 6 * UTC_HOUR - 1);
	ck_assert_double_eq(s[1].max, 1);
	ck_assert_double_eq(s[2].max, 3);
	ck_sv_lit(s[3].key, "b");
	arm.window = UTC_DAY;
	ck_assert_uint_eq(baseline_samples(&arena, &arm, h, countof(h), day, 2,
	    &s), 3);
	arm.window = 10 * UTC_MINUTE;
}
END_TEST

Suite *
test_baseline(void)
{
	Suite *s = suite_create("baseline");
	TCase *tc = tcase_create("baseline");

	tcase_add_test(tc, quiet_week_keeps_the_floor);
	tcase_add_test(tc, floor_edge);
	tcase_add_test(tc, loosening_needs_a_person);
	tcase_add_test(tc, high_rules_need_a_person);
	tcase_add_test(tc, not_enough);
	tcase_add_test(tc, one_key_or_day_may_not_rule);
	tcase_add_test(tc, excludes_findings_and_outliers);
	tcase_add_test(tc, samples_are_maxima_of_covered_parts);
	suite_add_tcase(s, tc);
	return s;
}
