/* SPDX-License-Identifier: MIT */
#include "detect/exhibit.h"

#include <unistd.h>

#include "base/utc.h"
#include "detect/rule.h"
#include "record/site.h"
#include "store/db.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_exhibit(void);

#define WEB(clock, text) "2026-06-12T" clock "+00:00 app[web.1]: " text "\n"
#define FIRST "api.heroku-logs.20260612T133000Z.log"
#define SECOND "api.heroku-logs.20260612T134000Z.log"
#define BOOM WEB("13:00:01.000001", "boom password=hunter2hunter2")

static struct store *st;
static struct site site;
static struct normal normal;
static struct evidence_page page;

static void
setup(void)
{
	static const uint8_t key[REDACT_KEY_LEN] = { 1 };

	stock_setup();
	st = stock_memory();
	site = (struct site){ .loaded = false };
	redact_init(&normal.redact, key, &site.secret_paths);
}

static void
teardown(void)
{
	store_close(st);
	stock_teardown();
}

/* The finding's one record is the boom. */
static struct evidence_line *
exhibit(const char *logs, bool raw)
{
	struct exhibit x = { .st = st, .site = &site, .normal = &normal,
		.logs = logs, .raw = raw };
	struct err e = ERR_INIT;
	sv name = stock_text(st, "SELECT printf('%016x', hash) FROM app_events "
	    "WHERE message GLOB 'boom*'");
	struct docket d = { .found = true, .id = SV("0"), .first = 0,
		.last = INT64_MAX, .total = 1, .evidence = &name,
		.nevidence = 1 };

	ck_assert_msg(exhibit_make(&stock_arena, &x, &d, &page, &e), "%s",
	    e.msg);
	ck_assert_uint_eq(page.n, 1);
	ck_assert_uint_eq(page.item[0].nlines, 1);
	return &page.item[0].line[0];
}

static void
load_two(void)
{
	stock_load(st, FIRST, SV(WEB("13:00:00.000001", "quiet") BOOM));
	stock_load(st, SECOND, SV(BOOM WEB("13:39:00.000001", "later")));
}

START_TEST(verified_by_the_digest)
{
	struct evidence_line *l;

	load_two();
	l = exhibit(NULL, true);
	ck_assert_int_eq(l->state, EVIDENCE_VERIFIED);
	ck_assert(sv_ends(l->file, SV("/" FIRST)));
	ck_sv(l->bytes, sv_take(SV(BOOM), strlen(BOOM) - 1));
	l = exhibit(NULL, false);
	ck_assert(!page.item[0].hidden);
	ck_assert(sv_has(l->bytes, SV("boom password=<secret:")));
	ck_assert(!sv_has(l->bytes, SV("hunter2")));
}
END_TEST

/* Another pull that overlaps holds the line too. */
START_TEST(from_another_input_that_holds_it)
{
	struct evidence_line *l;

	load_two();
	unlink(stock_path(FIRST));
	l = exhibit(NULL, true);
	ck_assert_int_eq(l->state, EVIDENCE_VERIFIED);
	ck_assert(sv_ends(l->file, SV("/" SECOND)));
	ck_assert_int_eq(l->line, 1);
}
END_TEST

/* A file with another digest is searched by content, never by place. */
START_TEST(changed)
{
	struct evidence_line *l;

	load_two();
	unlink(stock_path(SECOND));
	stock_write(FIRST, SV("2026-06-12T12:00:00.000001+00:00 app[web.1]: a\n"
	    WEB("13:00:00.000001", "quiet") BOOM));
	l = exhibit(NULL, true);
	ck_assert_int_eq(l->state, EVIDENCE_MATCHED);
	ck_assert_int_eq(l->line, 3);
	ck_assert(sv_has(l->bytes, SV("boom")));
	stock_write(FIRST, SV(WEB("13:00:00.000001", "quiet")
	    WEB("13:00:01.000001", "moob password=hunter2hunter2")));
	l = exhibit(NULL, true);
	ck_assert_int_eq(l->state, EVIDENCE_CHANGED);
	ck_assert(sv_null(l->bytes));
}
END_TEST

START_TEST(missing)
{
	struct evidence_line *l;

	load_two();
	unlink(stock_path(FIRST));
	unlink(stock_path(SECOND));
	l = exhibit("/nowhere", true);
	ck_assert_int_eq(l->state, EVIDENCE_MISSING);
	ck_assert(sv_starts(l->looked, SV("/nowhere/" FIRST ", ")));
	ck_assert(sv_ends(l->looked, SV("/" FIRST)));
	ck_assert(!evidence_is_whole(&page));
}
END_TEST

START_TEST(from_a_pipe)
{
	struct evidence_line *l;

	load_two();
	stock_sql(st, "UPDATE source SET name = '-'");
	l = exhibit(NULL, true);
	ck_assert_int_eq(l->state, EVIDENCE_NO_FILE);
}
END_TEST

/* With another key no hash of the store is met again: nothing is shown. */
START_TEST(another_key)
{
	static const uint8_t key[REDACT_KEY_LEN] = { 2 };

	load_two();
	redact_init(&normal.redact, key, &site.secret_paths);
	exhibit(NULL, false);
	ck_assert(page.item[0].hidden);
}
END_TEST

START_TEST(all_needs_the_rule)
{
	struct catalog none = { NULL, 0, SV("") };
	struct exhibit x = { .st = st, .site = &site, .normal = &normal,
		.catalog = &none, .all = true };
	struct docket d = { .found = true, .rule = SV("R"), .arm = SV("a") };
	struct err e = ERR_INIT;

	ck_assert(!exhibit_make(&stock_arena, &x, &d, &page, &e));
	ck_assert_int_eq(e.status, ST_USAGE);
}
END_TEST

Suite *
test_exhibit(void)
{
	Suite *s = suite_create("exhibit");
	TCase *t = tcase_create("exhibit");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, verified_by_the_digest);
	tcase_add_test(t, from_another_input_that_holds_it);
	tcase_add_test(t, changed);
	tcase_add_test(t, missing);
	tcase_add_test(t, from_a_pipe);
	tcase_add_test(t, another_key);
	tcase_add_test(t, all_needs_the_rule);
	suite_add_tcase(s, t);
	return s;
}
