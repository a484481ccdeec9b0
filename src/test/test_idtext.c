/* SPDX-License-Identifier: MIT */
/* The functions give what the store's own views make of SQLite's. */
#include "store/idtext.h"

#include "store/db.h"
#include "store/shadow.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_idtext(void);

static const char rows[] =
    "INSERT INTO request_row (id, ts, source, line, byte, hash, nth, "
    "request_id, client) VALUES "
    "(1, 1, 1, 1, 0, 1, 1, x'00112233445566778899aabbccddeeff', 3221226241), "
    "(2, 2, 1, 2, 0, 2, 1, x'0011', 0), (3, 3, 1, 3, 0, 3, 1, x'', -1), "
    "(4, 4, 1, 4, 0, 4, 1, 'a text', 4294967295), "
    "(5, 5, 1, 5, 0, 5, 1, NULL, NULL), "
    "(6, 6, 1, 6, 0, 6, 1, 7, x'20010db8000000070000000000000000'), "
    "(7, 7, 1, 7, 0, 7, 1, zeroblob(20), 1099511627776)";

static struct store *
open_store(void)
{
	struct err e = ERR_INIT;
	struct store *st = stock_memory();

	stock_sql(st, rows);
	ck_assert_msg(shadow_install(st, &e), "%s", e.msg);
	return st;
}

START_TEST(the_same_texts)
{
	struct store *st = open_store();

	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM temp.requests AS "
	    "a JOIN main.requests AS b USING (rec) WHERE a.request_id IS "
	    "b.request_id AND a.client IS b.client AND a.fwd IS b.fwd"), 7);
	store_close(st);
}
END_TEST

/* Else the texts of the views have changed. */
START_TEST(of_all_views)
{
	struct store *st = open_store();

	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM "
	    "temp.sqlite_schema WHERE type = 'view' AND (sql LIKE "
	    "'%hex(r.request_id)%' OR sql LIKE '%r.client >> 24%')"), 0);
	ck_assert_int_gt(stock_number(st, "SELECT count(*) FROM "
	    "temp.sqlite_schema WHERE sql LIKE '%uuid_text(r.request_id)%' "
	    "AND sql LIKE '%ip4_text(r.client)%'"), 0);
	store_close(st);
}
END_TEST

Suite *
test_idtext(void)
{
	Suite *s = suite_create("idtext");
	TCase *t = tcase_create("idtext");

	tcase_add_test(t, the_same_texts);
	tcase_add_test(t, of_all_views);
	suite_add_tcase(s, t);
	return s;
}
