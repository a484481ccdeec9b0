/* SPDX-License-Identifier: MIT */
#include "detect/source.h"

#include "base/utc.h"
#include "record/site.h"
#include "store/db.h"
#include "test/ck.h"
#include "test/stock.h"

static struct store *st;
static struct arena arena;
static struct source_fact fact[SRC_N];

static void
setup(void)
{
	st = stock_memory();
}

static void
teardown(void)
{
	store_close(st);
	arena_release(&arena);
}

static void
sql(const char *text)
{
	stock_sql(st, text);
}

static void
load(const struct site *site)
{
	struct err e = ERR_INIT;

	ck_assert_msg(source_load(&arena, st, site, INT64_MAX, NULL, fact, &e), "%s", e.msg);
}

static const struct site no_site;

#define INPUT(id, form, app, dump, arrived) \
	"INSERT INTO source VALUES (" id ", x'0" id "', 'f" id "', 'x', '" form \
	"', " app ", " dump ", " arrived ", 64, 0, 2, 1, 0, 0, NULL, '{}', NULL, 0);"
#define REQUEST(ts) \
	"INSERT INTO request_row (ts, source, line, byte, hash, nth, flags) " \
	"VALUES (" ts ", 1, 1, 0, " ts ", 1, 0);"

START_TEST(table_has_names_and_labels)
{
	for (int i = 0; i < SRC_N; i++) {
		ck_assert_ptr_nonnull(source_def[i].name);
		ck_assert_ptr_nonnull(source_def[i].label);
		ck_assert_ptr_nonnull(source_def[i].prerequisite);
		ck_assert_int_eq(source_find(sv_str(source_def[i].name)), i);
	}
	ck_assert_int_eq(source_find(SV("heroku")), -1);
}
END_TEST

START_TEST(empty_store_has_nothing)
{
	load(&no_site);
	for (int i = 0; i < SRC_N; i++) {
		ck_assert_int_eq(fact[i].status, SOURCE_ABSENT);
		ck_assert_int_eq(fact[i].records, 0);
		ck_assert(fact[i].first == UTC_NONE);
	}
}
END_TEST

START_TEST(pull_is_manual)
{
	sql(INPUT("1", "pull", "'api'", "NULL", "900"));
	sql(REQUEST("100") REQUEST("300"));
	load(&no_site);
	ck_assert_int_eq(fact[SRC_HEROKU_ROUTER].status, SOURCE_MANUAL);
	ck_assert_int_eq(fact[SRC_HEROKU_ROUTER].records, 2);
	ck_assert_int_eq(fact[SRC_HEROKU_ROUTER].first, 100);
	ck_assert_int_eq(fact[SRC_HEROKU_ROUTER].last, 300);
	ck_assert_int_eq(fact[SRC_HEROKU_APP].status, SOURCE_ABSENT);
	ck_assert_int_eq(fact[SRC_HEROKU_DRAIN].status, SOURCE_ABSENT);
}
END_TEST

START_TEST(drain_is_automated)
{
	sql(INPUT("1", "drain", "'api'", "NULL", "900"));
	sql(REQUEST("100") "INSERT INTO span VALUES (1, 90, 310, 2, 0);");
	load(&no_site);
	ck_assert_int_eq(fact[SRC_HEROKU_ROUTER].status, SOURCE_AUTOMATED);
	ck_assert_int_eq(fact[SRC_HEROKU_DRAIN].status, SOURCE_AUTOMATED);
	ck_assert_int_eq(fact[SRC_HEROKU_DRAIN].records, 3);
	ck_assert_int_eq(fact[SRC_HEROKU_DRAIN].first, 90);
	ck_assert_int_eq(fact[SRC_HEROKU_DRAIN].last, 310);
}
END_TEST

/* What reaches furthest decides: the drain was taken down, pulls follow. */
START_TEST(old_drain_is_not_automated)
{
	sql(INPUT("1", "drain", "'api'", "NULL", "900"));
	sql(INPUT("2", "pull", "'api'", "NULL", "950"));
	sql(REQUEST("100") "INSERT INTO span VALUES (1, 90, 310, 2, 0), "
	    "(2, 300, 400, 2, 0);");
	load(&no_site);
	ck_assert_int_eq(fact[SRC_HEROKU_ROUTER].status, SOURCE_MANUAL);
	ck_assert_int_eq(fact[SRC_HEROKU_DRAIN].status, SOURCE_AUTOMATED);
}
END_TEST

START_TEST(lines_of_the_app_are_told_apart)
{
	sql(INPUT("1", "pull", "'api'", "NULL", "900"));
	sql("INSERT INTO app (ts, source, line, byte, hash, nth, origin, message,"
	    " payload) VALUES (100, 1, 1, 0, 1, 1, 0, 'x', 0), "
	    "(200, 1, 2, 0, 2, 1, 0, 'y', 5)");
	load(&no_site);
	ck_assert_int_eq(fact[SRC_HEROKU_APP].records, 2);
	ck_assert_int_eq(fact[SRC_POSTGRES_LINES].records, 1);
	ck_assert_int_eq(fact[SRC_POSTGRES_LINES].first, 200);
	ck_assert_int_eq(fact[SRC_ACCESS_LINES].status, SOURCE_ABSENT);
	sql("INSERT INTO access (ts, source, line, byte, hash, nth, origin) "
	    "VALUES (300, 1, 3, 0, 3, 1, 0)");
	load(&no_site);
	ck_assert_int_eq(fact[SRC_ACCESS_LINES].status, SOURCE_MANUAL);
	ck_assert_int_eq(fact[SRC_ACCESS_LINES].last, 300);
}
END_TEST

/* A dump without rows says that there were none. */
START_TEST(empty_dump_is_there)
{
	sql(INPUT("1", "dump", "NULL", "'waitlist_signups'", "900"));
	sql(INPUT("2", "dump", "NULL", "'waitlist_signups'", "950"));
	load(&no_site);
	ck_assert_int_eq(fact[SRC_WAITLIST_SIGNUPS].status, SOURCE_MANUAL);
	ck_assert_int_eq(fact[SRC_WAITLIST_SIGNUPS].records, 0);
	ck_assert_int_eq(fact[SRC_WAITLIST_SIGNUPS].dumps.until, 950);
}
END_TEST

/* One without a byte is as if it had not come. */
START_TEST(dump_without_a_byte_is_absent)
{
	sql("INSERT INTO source VALUES (1, x'01', 'w.csv', 'csv', 'dump', NULL, "
	    "'waitlist_signups', 900, 0, 0, 0, 0, 0, 0, NULL, '{}', NULL, 0)");
	load(&no_site);
	ck_assert_int_eq(fact[SRC_WAITLIST_SIGNUPS].status, SOURCE_ABSENT);
	ck_assert(!sv_null(fact[SRC_WAITLIST_SIGNUPS].dumps.flaw));
}
END_TEST

START_TEST(rows_of_other_dumps)
{
	sql(INPUT("1", "dump", "NULL", "'sentry_event'", "900"));
	sql("INSERT INTO str VALUES (7, 'sentry_event'), (8, 'formation'), "
	    "(9, 'invoices');"
	    "INSERT INTO dump_row VALUES (1, 50, 1, 1, 0, 1, 1, 7, '{}'), "
	    "(2, 60, 1, 2, 0, 2, 1, 8, '{}'), (3, 70, 1, 3, 0, 3, 1, 9, '{}');");
	load(&no_site);
	ck_assert_int_eq(fact[SRC_SENTRY_EVENTS].records, 1);
	ck_assert_int_eq(fact[SRC_SENTRY_EVENTS].dumps.until, 900);
	ck_assert_int_eq(fact[SRC_PLATFORM_API].last, 60);
	/* Its input is not known: no later than its newest row. */
	ck_assert_int_eq(fact[SRC_PLATFORM_API].dumps.until, 60);
}
END_TEST

START_TEST(site_says_automated)
{
	struct site_source src[] = { { SV("waitlist_signups"), 0, true },
		{ SV("sentry_events"), 0, true } };
	struct site site = { .source = src, .nsources = 2 };

	sql(INPUT("1", "dump", "NULL", "'waitlist_signups'", "900"));
	load(&site);
	ck_assert_int_eq(fact[SRC_WAITLIST_SIGNUPS].status, SOURCE_AUTOMATED);
	ck_assert_int_eq(fact[SRC_SENTRY_EVENTS].status, SOURCE_ABSENT);
}
END_TEST

Suite *
test_source(void)
{
	Suite *s = suite_create("source");
	TCase *tc = tcase_create("source");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, table_has_names_and_labels);
	tcase_add_test(tc, empty_store_has_nothing);
	tcase_add_test(tc, pull_is_manual);
	tcase_add_test(tc, drain_is_automated);
	tcase_add_test(tc, old_drain_is_not_automated);
	tcase_add_test(tc, lines_of_the_app_are_told_apart);
	tcase_add_test(tc, empty_dump_is_there);
	tcase_add_test(tc, dump_without_a_byte_is_absent);
	tcase_add_test(tc, rows_of_other_dumps);
	tcase_add_test(tc, site_says_automated);
	suite_add_tcase(s, tc);
	return s;
}
