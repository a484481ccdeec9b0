/* SPDX-License-Identifier: MIT */
#include "store/timeless.h"

#include <stdio.h>

#include "store/db.h"
#include "store/query.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_timeless(void);

static const struct {
	const char *expr, *want; /* NULL: SQL NULL */
} rows[] = {
	{ "date('now')", NULL },
	{ "time('NOW')", NULL },
	{ "datetime('now', '+1 day')", NULL },
	{ "julianday('n' || 'ow')", NULL },
	{ "strftime('%s', 'now')", NULL },
	{ "date()", NULL },
	{ "julianday()", NULL },
	{ "date(value) FROM json_each('[\"now\"]')", NULL },
	{ "date('2026-06-12')", "2026-06-12" },
	{ "date(1781222400, 'unixepoch')", "2026-06-12" },
};

static void
check_row(struct store *st, int i)
{
	char sql[100];
	struct err e = ERR_INIT;
	struct query *q;

	snprintf(sql, sizeof(sql), "SELECT %s", rows[i].expr);
	q = query_open(st, sv_str(sql), NULL, &e);
	ck_assert_msg(q != NULL, "%s", e.msg);
	ck_assert_int_eq(query_next(q, &e), QUERY_MORE);
	if (rows[i].want)
		ck_sv(query_text(q, 0), sv_str(rows[i].want));
	else
		ck_assert(query_is_null(q, 0));
	query_close(q);
}

START_TEST(no_clock_in_memory)
{
	struct store *st = stock_memory();

	check_row(st, _i);
	store_close(st);
}
END_TEST

START_TEST(no_clock_in_a_file)
{
	struct err e = ERR_INIT;
	struct store *st = store_open(stock_path("t.db"), STORE_WRITE, &e);

	ck_assert_msg(st != NULL, "%s", e.msg);
	check_row(st, _i);
	store_close(st);
}
END_TEST

START_TEST(registered_once)
{
	const char *name = timeless_vfs();

	ck_assert_str_eq(name, "raxx");
	ck_assert_ptr_eq(timeless_vfs(), name);
}
END_TEST

Suite *
test_timeless(void)
{
	Suite *s = suite_create("timeless");
	TCase *t = tcase_create("timeless");

	tcase_add_checked_fixture(t, stock_setup, stock_teardown);
	add_table(t, no_clock_in_memory, rows);
	add_table(t, no_clock_in_a_file, rows);
	tcase_add_test(t, registered_once);
	suite_add_tcase(s, t);
	return s;
}
