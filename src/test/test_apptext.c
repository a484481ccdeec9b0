/* SPDX-License-Identifier: MIT */
/* The short views give what those of the store give. */
#include "store/apptext.h"

#include "store/db.h"
#include "store/query.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_apptext(void);

/* Every kind of value in every place, of every form; of 9 there is none, and
 * every third row has its message whole. */
static const char rows[] =
    "INSERT INTO form VALUES (1, 'a %s %% %s'), (2, '%s%s%s%s%s%s%s%s%s%s%s%s"
    "%s%s%s%s'), (3, '%s%s%s%s%s%s%s%s%s%s%s%s%s%s%s%s%s'), (4, 'none');"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
    "WHERE i < 240), w(i, v) AS (SELECT i, CASE i / 5 % 9 WHEN 0 THEN i * i "
    "WHEN 1 THEN -i WHEN 2 THEN 'text' WHEN 3 THEN 1740960023.411 + i "
    "WHEN 4 THEN zeroblob(0) WHEN 5 THEN zeroblob(1) "
    "WHEN 6 THEN x'0123456789abcdef0123456789abcdef' WHEN 7 THEN x'00ff8d' "
    "END FROM n) INSERT INTO app (id, ts, source, line, byte, hash, nth, "
    "origin, payload, form, fields_form, request_id, client, message, v1, v2, "
    "v3, v8, v15, v16) SELECT i, i, 1, i, 128, i, 1, 1, i % 3, "
    "CASE i % 6 WHEN 5 THEN 9 WHEN 0 THEN NULL ELSE i % 6 END, "
    "CASE i % 4 WHEN 0 THEN NULL ELSE i % 4 END, "
    "x'11223344556677889900aabbccddeeff', 3221226241 + i, "
    "iif(i % 6, NULL, 'whole'), v, v, 7, v, v, v FROM w";

#define DIFFER(view) "SELECT count(*) FROM (SELECT * FROM " \
	"(SELECT * FROM main." view " EXCEPT SELECT * FROM " view ") " \
	"UNION ALL SELECT * FROM " \
	"(SELECT * FROM " view " EXCEPT SELECT * FROM main." view "))"

static struct store *
open_store(void)
{
	struct err e = ERR_INIT;
	struct store *st;

	store_close(store_open(stock_path("s.db"), STORE_WRITE, &e));
	stock_change("s.db", rows);
	st = store_open(stock_path("s.db"), STORE_READ, &e);
	ck_assert(st != NULL);
	return st;
}

START_TEST(same)
{
	struct store *st = open_store();
	struct err e = ERR_INIT;

	ck_assert_msg(apptext_install(st, &e), "%s", e.msg);
	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM "
	    "temp.sqlite_schema WHERE name IN ('app_text', 'app_events')"), 2);
	ck_assert_int_eq(stock_number(st, "SELECT count(message) FROM "
	    "temp.app_text"), 200);
	ck_assert_int_eq(stock_number(st, DIFFER("app_text")), 0);
	ck_assert_int_eq(stock_number(st, DIFFER("app_events")), 0);
	ck_assert(apptext_install(st, &e)); /* once more changes nothing */
	store_close(st);
}
END_TEST

/* What a rule may run reads them. */
START_TEST(in_query)
{
	struct store *st = open_store();
	struct err e = ERR_INIT;
	struct query *q;

	ck_assert(apptext_install(st, &e));
	q = query_open(st, SV("SELECT message FROM app_events WHERE ts = 1"),
	    NULL, &e);
	ck_assert_msg(q != NULL, "%s", e.msg);
	ck_assert(query_next(q, &e) == QUERY_MORE);
	ck_sv(query_text(q, 0), SV("a 1 % 1"));
	query_close(q);
	store_close(st);
}
END_TEST

/* A store as of an earlier time keeps the views that leave out later inputs. */
START_TEST(as_of)
{
	struct store *st = open_store();
	struct err e = ERR_INIT;

	ck_assert(store_as_of(st, 10, &e));
	ck_assert(apptext_install(st, &e));
	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM app_text"), 0);
	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM app_events"),
	    0);
	store_close(st);
}
END_TEST

Suite *
test_apptext(void)
{
	Suite *s = suite_create("apptext");
	TCase *t = tcase_create("apptext");

	tcase_add_checked_fixture(t, stock_setup, stock_teardown);
	tcase_add_test(t, same);
	tcase_add_test(t, in_query);
	tcase_add_test(t, as_of);
	suite_add_tcase(s, t);
	return s;
}
