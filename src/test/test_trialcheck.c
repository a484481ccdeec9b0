/* SPDX-License-Identifier: MIT */
#include "detect/trialcheck.h"

#include "detect/eval.h"
#include "test/ck.h"

Suite *test_trialcheck(void);

/* In a static initialiser. */
#define LIT(text) { (text), sizeof(text) - 1 }

static struct arm arm[] = { { .name = LIT("fast") }, { .name = LIT("slow") } };
static struct rule rule = { .arm = arm, .narms = countof(arm) };

static struct arm_result result[] = { { .peak = 8, .hits = 9 }, { .peak = 0 } };

static struct finding found[] = {
	{ .arm = &arm[0], .key = LIT("a"), .metric = 8, .events = 9,
	    .level = LEVEL_LOW, .note = LIT("a note") },
	{ .arm = &arm[0], .key = LIT("b"), .metric = 8.5, .events = 10,
	    .level = LEVEL_HIGH },
};

static struct verdict
fired(void)
{
	return (struct verdict){ .rule = &rule, .state = STATE_LIVE,
		.result = RESULT_FIRED, .reason = SV("for a reason"),
		.observed = true, .coverage = { .share = 0.75 },
		.arm = result, .findings = { found, countof(found), 0 } };
}

#define ANY .result = RESULT_FIRED, .state = -1, .share = { -1, 2 }
#define ONE(lvl, ...) { .arm = LIT("fast"), .level = (lvl), __VA_ARGS__ }

static struct trial_finding both[] = {
	ONE(LEVEL_HIGH, .key = LIT("b"), .has_metric = true, .metric = 8.5,
	    .has_events = true, .events = 10),
	ONE(-1, .key = LIT("a"), .note = LIT("note")),
};
/* The first fits either, so it must leave the one that the second needs. */
static struct trial_finding vague[] = { { .arm = LIT("fast"), .level = -1 },
	ONE(-1, .key = LIT("a")) };
static struct trial_finding other_key[] = { ONE(-1, .key = LIT("c")),
	ONE(-1, .key = LIT("b")) };
static struct trial_finding other_metric[] = { ONE(-1, .key = LIT("a")),
	ONE(-1, .has_metric = true, .metric = 8.6) };
static struct trial_finding other_events[] = { ONE(-1, .key = LIT("a")),
	ONE(-1, .has_events = true, .events = 11) };
static struct trial_finding other_level[] = { ONE(-1, .key = LIT("a")),
	{ .arm = LIT("fast"), .level = LEVEL_MEDIUM } };
static struct trial_finding other_note[] = { ONE(-1, .key = LIT("b")),
	ONE(-1, .note = LIT("knot")) };
static struct trial_finding other_arm[] = { ONE(-1, .key = LIT("a")),
	{ .arm = LIT("slow"), .level = -1 } };
static struct trial_finding no_arm[] = { ONE(-1, .key = LIT("a")),
	{ .arm = LIT("fats"), .level = -1 } };
static struct trial_finding one[] = { ONE(-1, .key = LIT("b")) };

#define GOT_A "got finding fast a metric 8 events 9 low 'a note'"
#define GOT_B "got finding fast b metric 8.5 events 10 high"
#define NEAR " (peak 8 of 9 hits)"

static const struct {
	struct trial_expect want;
	const char *why;
} cases[] = {
	{ { ANY, .finding = both, .nfindings = 2 }, "" },
	{ { ANY, .finding = vague, .nfindings = 2 }, "" },
	{ { .result = RESULT_FIRED, .state = STATE_LIVE,
	    .reason = LIT("reason"), .share = { 0.75, 0.75 },
	    .finding = both, .nfindings = 2 }, "" },
	{ { .result = RESULT_CLEAR, .state = -1, .share = { -1, 2 },
	    .finding = both, .nfindings = 2 },
	    "expected CLEAR, got FIRED (for a reason)" },
	{ { ANY, .reason = LIT("none"), .finding = both, .nfindings = 2 },
	    "expected a reason with 'none', got 'for a reason'" },
	{ { .result = RESULT_FIRED, .state = STATE_MANUAL, .share = { -1, 2 },
	    .finding = both, .nfindings = 2 },
	    "expected state MANUAL, got LIVE" },
	{ { .result = RESULT_FIRED, .state = -1, .share = { 0.76, 1 },
	    .finding = both, .nfindings = 2 },
	    "expected coverage 0.76 to 1, got 0.75" },
	{ { .result = RESULT_FIRED, .state = -1, .share = { 0.5, 0.74 },
	    .finding = both, .nfindings = 2 },
	    "expected coverage 0.5 to 0.74, got 0.75" },
	{ { ANY, .finding = other_key, .nfindings = 2 },
	    "expected finding fast c" NEAR "; " GOT_A },
	{ { ANY, .finding = other_metric, .nfindings = 2 },
	    "expected finding fast metric 8.6" NEAR "; " GOT_B },
	{ { ANY, .finding = other_events, .nfindings = 2 },
	    "expected finding fast events 11" NEAR "; " GOT_B },
	{ { ANY, .finding = other_level, .nfindings = 2 },
	    "expected finding fast medium" NEAR "; " GOT_B },
	{ { ANY, .finding = other_note, .nfindings = 2 },
	    "expected finding fast 'knot'" NEAR "; " GOT_A },
	{ { ANY, .finding = other_arm, .nfindings = 2 },
	    "expected finding slow (peak 0 of 0 hits); " GOT_B },
	{ { ANY, .finding = no_arm, .nfindings = 2 },
	    "expected finding fats (the rule has no such arm); " GOT_B },
	{ { ANY, .finding = one, .nfindings = 1 }, GOT_A },
	{ { ANY }, GOT_A "; " GOT_B },
	{ { .result = RESULT_CLEAR, .state = STATE_DORMANT,
	    .share = { 0, 0 } },
	    "expected CLEAR, got FIRED (for a reason); "
	    "expected state DORMANT, got LIVE; "
	    "expected coverage 0 to 0, got 0.75; " GOT_A "; " GOT_B },
};

START_TEST(says_what_differs)
{
	struct verdict v = fired();
	struct arena a = ARENA_INIT;
	struct buf why = BUF_INIT;

	trialcheck_verdict(&a, &why, &cases[_i].want, &v);
	ck_sv(buf_sv(&why), sv_str(cases[_i].why));
	buf_release(&why);
	arena_release(&a);
}
END_TEST

START_TEST(tells_that_nothing_was_observed)
{
	const struct trial_expect want = { .result = RESULT_NOT_EVALUATED,
		.state = -1, .share = { 0, 1 } };
	struct verdict v = { .rule = &rule, .result = RESULT_NOT_EVALUATED };
	struct arena a = ARENA_INIT;
	struct buf why = BUF_INIT;

	trialcheck_verdict(&a, &why, &want, &v);
	ck_sv_lit(buf_sv(&why), "expected coverage 0 to 1, got none");
	buf_release(&why);
	arena_release(&a);
}
END_TEST

Suite *
test_trialcheck(void)
{
	Suite *s = suite_create("trialcheck");
	TCase *t = tcase_create("trialcheck");

	add_table(t, says_what_differs, cases);
	tcase_add_test(t, tells_that_nothing_was_observed);
	suite_add_tcase(s, t);
	return s;
}
