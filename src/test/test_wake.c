/* SPDX-License-Identifier: MIT */
#include "detect/wake.h"

#include "base/jsonw.h"
#include "base/utc.h"
#include "record/site.h"
#include "test/ck.h"

Suite *test_wake(void);

/* In a static initialiser. */
#define LIT(text) { (text), sizeof(text) - 1 }

static struct arena arena;
static struct source_fact fact[SRC_N];
static struct site site;
static struct wakes got;
static bool *asleep;

static sv router[] = { LIT("heroku_router") };
static sv apps[] = { LIT("heroku_app") };
static sv signups[] = { LIT("waitlist_signups") };
static sv sentry[] = { LIT("sentry_events") };
static sv chain[] = { LIT("customer_audit_events"),
	LIT("audit_chain_key") };

#define RULE(id_, level_, source_, n) \
	{ .id = LIT(id_), .level = (level_), .source = (source_), .nsources = (n) }

static struct rule rules[] = {
	RULE("R-ROUTER-1", LEVEL_HIGH, router, 1),
	RULE("R-ROUTER-2", LEVEL_LOW, router, 1),
	RULE("R-APP", LEVEL_CRITICAL, apps, 1),
	RULE("R-SIGNUP", LEVEL_HIGH, signups, 1),
	RULE("R-SENTRY", LEVEL_MEDIUM, sentry, 1),
	RULE("R-CHAIN", LEVEL_CRITICAL, chain, 2),
	RULE("R-PLANNED", LEVEL_CRITICAL, router, 1),
};
static struct rule *list[countof(rules)];
static const struct catalog catalog = { list, countof(rules), LIT("") };

static void
setup(void)
{
	for (size_t i = 0; i < countof(rules); i++)
		list[i] = &rules[i];
	rules[4].fallback = router;
	rules[4].nfallbacks = 1;
	rules[6].status = RULE_PLANNED;
	for (int i = 0; i < SRC_N; i++)
		fact[i] = (struct source_fact){ SOURCE_ABSENT, 0, UTC_NONE,
			UTC_NONE,
			{ UTC_NONE, UTC_NONE, UTC_NONE, SV_NULL } };
	site = (struct site){ .loaded = false };
	asleep = NULL;
}

static void
teardown(void)
{
	arena_release(&arena);
}

static void
set(int source, enum source_status status, int64_t last)
{
	fact[source].status = status;
	fact[source].last = last;
}

static void
make(int64_t now)
{
	wake_make(&arena, fact, &site, &catalog, asleep, now, &got);
}

static const struct wake *
find(int source)
{
	for (size_t i = 0; i < got.n; i++)
		if (got.v[i].source == source)
			return &got.v[i];
	return NULL;
}

/* One drain: all streams of the log, and a fallback. */
START_TEST(empty_store)
{
	const struct wake *w;

	make(UTC_NONE);
	ck_assert_int_eq(got.v[0].source, SRC_HEROKU_DRAIN);
	ck_assert_str_eq(got.v[0].action, "wire the log drain");
	ck_assert_str_eq(got.v[0].why, "absent");
	ck_assert_uint_eq(got.v[0].nwakes, 4);
	ck_assert_uint_eq(got.v[0].high, 2);
	ck_assert_int_eq(got.v[1].source, SRC_WAITLIST_SIGNUPS);
	ck_assert_uint_eq(got.v[1].high, 1);
	w = find(SRC_SENTRY_EVENTS);
	ck_assert_uint_eq(w->nwakes, 1);
	ck_sv_lit(w->wakes[0], "R-SENTRY");
	/* Needs both: neither wakes it alone. */
	w = find(SRC_AUDIT_CHAIN_KEY);
	ck_assert_uint_eq(w->nwakes + w->nlifts, 0);
	ck_assert_uint_eq(w->nhelps, 1);
	ck_assert_uint_eq(w->high, 0);
	ck_assert_uint_eq(find(SRC_CUSTOMER_AUDIT_EVENTS)->nhelps, 1);
	/* No rule asks for it; the drain brings the streams. */
	ck_assert_ptr_null(find(SRC_STRIPE_WEBHOOKS));
	ck_assert_ptr_null(find(SRC_HEROKU_ROUTER));
}
END_TEST

START_TEST(ranked)
{
	make(UTC_NONE);
	for (size_t i = 1; i < got.n; i++) {
		const struct wake *x = &got.v[i - 1], *y = &got.v[i];

		ck_assert_uint_ge(x->high, y->high);
		if (x->high == y->high)
			ck_assert_uint_ge(x->nwakes + x->nlifts,
			    y->nwakes + y->nlifts);
	}
}
END_TEST

START_TEST(pulls_are_lifted)
{
	const struct wake *w;

	set(SRC_HEROKU_ROUTER, SOURCE_MANUAL, 100);
	make(100);
	w = find(SRC_HEROKU_DRAIN);
	ck_assert_ptr_nonnull(w);
	ck_assert_str_eq(w->why, "manual");
	ck_assert_uint_eq(w->nlifts, 2);
	ck_sv_lit(w->lifts[0], "R-ROUTER-1");
	ck_assert_uint_eq(w->nwakes, 1);
	ck_sv_lit(w->wakes[0], "R-APP");
	/* On its fallback now. */
	w = find(SRC_SENTRY_EVENTS);
	ck_assert_uint_eq(w->nwakes, 0);
	ck_assert_uint_eq(w->nlifts, 1);
}
END_TEST

/* Another source is not all that it lacks. */
START_TEST(sleeper_is_only_helped)
{
	bool is[countof(rules)] = { [4] = true };
	const struct wake *w;

	set(SRC_HEROKU_ROUTER, SOURCE_MANUAL, 100);
	asleep = is;
	make(100);
	w = find(SRC_SENTRY_EVENTS);
	ck_assert_uint_eq(w->nlifts, 0);
	ck_assert_uint_eq(w->nhelps, 1);
}
END_TEST

START_TEST(drain_without_a_stream)
{
	set(SRC_HEROKU_ROUTER, SOURCE_AUTOMATED, 100);
	set(SRC_HEROKU_DRAIN, SOURCE_AUTOMATED, 100);
	make(100);
	ck_assert_ptr_null(find(SRC_HEROKU_DRAIN));
	ck_assert_ptr_nonnull(find(SRC_HEROKU_APP));
	ck_assert_uint_eq(find(SRC_HEROKU_APP)->nwakes, 1);
}
END_TEST

START_TEST(stale_when_older_than_twice_its_period)
{
	struct site_source source[] = { { SV("waitlist_signups"), 100, true } };

	site.source = source;
	site.nsources = 1;
	set(SRC_WAITLIST_SIGNUPS, SOURCE_AUTOMATED, 10);
	fact[SRC_WAITLIST_SIGNUPS].dumps.until = 1000;
	make(1199);
	ck_assert_ptr_null(find(SRC_WAITLIST_SIGNUPS));
	make(1200);
	ck_assert_ptr_nonnull(find(SRC_WAITLIST_SIGNUPS));
	ck_assert_str_eq(find(SRC_WAITLIST_SIGNUPS)->why, "stale");
	ck_assert_uint_eq(find(SRC_WAITLIST_SIGNUPS)->nlifts, 1);
	ck_assert_uint_eq(find(SRC_WAITLIST_SIGNUPS)->high, 1);
}
END_TEST

/* A drain that fell silent is there: another pull does not unwire it. */
START_TEST(a_silent_drain_is_stale)
{
	struct site_source source[] = { { SV("heroku_drain"), 100, true } };

	site.source = source;
	site.nsources = 1;
	set(SRC_HEROKU_DRAIN, SOURCE_AUTOMATED, 1000);
	set(SRC_HEROKU_ROUTER, SOURCE_MANUAL, 1199);
	make(1199);
	ck_assert_str_eq(find(SRC_HEROKU_DRAIN)->why, "manual");
	make(1200);
	ck_assert_str_eq(find(SRC_HEROKU_DRAIN)->why, "stale");
	ck_assert_str_eq(find(SRC_HEROKU_DRAIN)->action,
	    "make the log drain deliver again");
	ck_assert_uint_eq(find(SRC_HEROKU_DRAIN)->nlifts, 2);
}
END_TEST

START_TEST(written)
{
	struct buf b = BUF_INIT;
	struct jsonw w = JSONW_INIT(&b);

	for (int i = 0; i < SRC_N; i++)
		set(i, SOURCE_AUTOMATED, 100);
	set(SRC_SENTRY_EVENTS, SOURCE_ABSENT, UTC_NONE);
	make(100);
	jsonw_open(&w, '{');
	wake_write(&w, &got);
	jsonw_close(&w, '}');
	ck_sv_lit(buf_sv(&b), "{\"wake\":[{\"action\":\"turn sentry_backend on "
	    "and export its events\",\"source\":\"sentry_events\","
	    "\"why\":\"absent\",\"wakes\":[],\"lifts\":[\"R-SENTRY\"],"
	    "\"helps\":[],\"high\":0}]}");
	buf_release(&b);
}
END_TEST

Suite *
test_wake(void)
{
	Suite *s = suite_create("wake");
	TCase *tc = tcase_create("wake");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, empty_store);
	tcase_add_test(tc, ranked);
	tcase_add_test(tc, pulls_are_lifted);
	tcase_add_test(tc, sleeper_is_only_helped);
	tcase_add_test(tc, drain_without_a_stream);
	tcase_add_test(tc, stale_when_older_than_twice_its_period);
	tcase_add_test(tc, a_silent_drain_is_stale);
	tcase_add_test(tc, written);
	suite_add_tcase(s, tc);
	return s;
}
