/* SPDX-License-Identifier: MIT */
#include "store/hole.h"

#include <stdio.h>

#include "store/db.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_hole(void);

static struct store *st;

static void
setup(void)
{
	stock_setup();
	st = stock_memory();
}

static void
teardown(void)
{
	store_close(st);
	stock_teardown();
}

/* A pull of app taken at 13:MINUTE that holds one line per minute of FIRST to
 * LAST. */
static void
pull(const char *app, int minute, int first, int last)
{
	struct buf b = BUF_INIT;
	char name[80];

	for (int i = first; i <= last; i++)
		buf_printf(&b, "2026-06-12T13:%02d:30+00:00 app[web.1]: line of "
		    "minute %d\n", i, i);
	snprintf(name, sizeof(name), "%s.heroku-logs.20260612T13%02d00Z.log",
	    app, minute);
	stock_load(st, name, buf_sv(&b));
	buf_release(&b);
}

/* "A-B" of every hole: the minutes of the pulls' times, in order. */
static void
holes(const char *want)
{
	sv got = stock_text(st, "SELECT coalesce(group_concat(h, ' '), '') FROM "
	    "(SELECT substr(a.name, -9, 2) || '-' || substr(b.name, -9, 2) AS h "
	    "FROM hole JOIN source AS a ON a.id = before "
	    "JOIN source AS b ON b.id = after ORDER BY h)");

	ck_assert_msg(sv_is(got, want), "got '%.*s', want '%s'", SV_ARG(got),
	    want);
}

START_TEST(pulls_that_share_a_line)
{
	pull("api", 5, 1, 4);
	pull("api", 8, 4, 7);
	holes("");
}
END_TEST

START_TEST(pulls_that_share_none)
{
	pull("api", 5, 1, 4);
	pull("api", 20, 15, 19);
	holes("05-20");
	ck_sv_lit(stock_text(st, "SELECT app FROM hole"), "api");
	ck_assert_int_eq(stock_number(st, "SELECT stop - start = (SELECT min(ts) "
	    "FROM app WHERE source = after) - (SELECT stop FROM span WHERE "
	    "source = before) FROM hole"), 1);
	ck_assert_int_eq(stock_number(st, "SELECT need_us > 0 AND "
	    "need_lines > 1500 FROM hole"), 1);
}
END_TEST

START_TEST(a_pull_between_closes_it)
{
	pull("api", 5, 1, 4);
	pull("api", 20, 15, 19);
	holes("05-20");
	pull("api", 16, 3, 15);
	holes("");
}
END_TEST

START_TEST(a_pull_between_halves_it)
{
	pull("api", 5, 1, 4);
	pull("api", 30, 25, 29);
	pull("api", 16, 12, 15);
	holes("05-16 16-30");
}
END_TEST

START_TEST(any_order_of_three)
{
	static const int order[][3] = {
		{ 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 },
		{ 2, 0, 1 }, { 2, 1, 0 },
	};
	static const int minute[] = { 5, 16, 30 }, first[] = { 1, 4, 25 };

	for (int i = 0; i < 3; i++) {
		int n = order[_i][i];

		pull("api", minute[n], first[n], minute[n] - 1);
	}
	holes("16-30");
}
END_TEST

START_TEST(apps_have_their_own)
{
	pull("api", 5, 1, 4);
	pull("console", 12, 10, 11);
	holes("");
	pull("api", 20, 15, 19);
	holes("05-20");
}
END_TEST

/* The line that both share has its home in a third input. */
START_TEST(shared_through_a_third)
{
	pull("api", 8, 4, 7);
	pull("api", 5, 1, 4);
	stock_load(st, "api.drain.20260612T120000Z.log", SV(
	    "<190>1 2026-06-12T13:04:30+00:00 host app web.1 - line of minute "
	    "4\n"));
	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM also"), 2);
	pull("api", 20, 15, 19);
	holes("08-20");
}
END_TEST

/* The same bytes at another time: the pull moves, and so do its holes. */
START_TEST(a_copy_moves_a_pull)
{
	stock_load(st, "api.heroku-logs.20260612T133000Z.log",
	    SV("2026-06-12T13:01:30+00:00 app[web.1]: x\n"));
	pull("api", 5, 3, 4);
	pull("api", 20, 15, 19);
	holes("05-20");
	stock_load(st, "api.heroku-logs.20260612T130200Z.log",
	    SV("2026-06-12T13:01:30+00:00 app[web.1]: x\n"));
	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM source"), 3);
	holes("05-20");
	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM source WHERE "
	    "name LIKE '%130200Z.log'"), 1);
}
END_TEST

START_TEST(no_line_no_hole)
{
	pull("api", 5, 1, 4);
	stock_load(st, "api.heroku-logs.20260612T131000Z.log", SV(""));
	pull("api", 20, 15, 19);
	holes("05-20");
}
END_TEST

Suite *
test_hole(void)
{
	Suite *s = suite_create("hole");
	TCase *t = tcase_create("hole");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, pulls_that_share_a_line);
	tcase_add_test(t, pulls_that_share_none);
	tcase_add_test(t, a_pull_between_closes_it);
	tcase_add_test(t, a_pull_between_halves_it);
	tcase_add_loop_test(t, any_order_of_three, 0, 6);
	tcase_add_test(t, apps_have_their_own);
	tcase_add_test(t, shared_through_a_third);
	tcase_add_test(t, a_copy_moves_a_pull);
	tcase_add_test(t, no_line_no_hole);
	suite_add_tcase(s, t);
	return s;
}
