/* SPDX-License-Identifier: MIT */
#include "store/memory.h"

#include "store/db.h"
#include "store/query.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_memory(void);

enum { MEGABYTE = 1 << 20 };

static const struct {
	const char *sql;
	enum query_end end; /* with 8 MB */
} rows[] = {
	{ "SELECT 1", QUERY_MORE },
	{ "SELECT length(printf('%.*c', 1000000, 'x'))", QUERY_MORE },
	{ "SELECT length(printf('%.*c', 20000000, 'x'))", QUERY_LIMIT },
	{ "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
	    "WHERE i < 2000), big AS MATERIALIZED (SELECT i, printf('%.*c', "
	    "10000, 'x') AS s FROM n) SELECT count(*) FROM big AS a, big AS b "
	    "WHERE a.i = b.i", QUERY_LIMIT },
	{ "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
	    "WHERE i < 2000) SELECT group_concat(printf('%.*c', 10000, 'x')) "
	    "FROM n", QUERY_LIMIT },
	{ "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
	    "WHERE i < 2000) SELECT i FROM n ORDER BY "
	    "printf('%.*c', 10000 + i, 'x')", QUERY_LIMIT },
};

/* A statement that takes too much fails alone: the next one works. */
START_TEST(budgets)
{
	struct store *st = stock_memory();
	struct err e = ERR_INIT;
	struct query *q = query_open(st, sv_str(rows[_i].sql), NULL, &e);

	ck_assert_msg(q != NULL, "%s", e.msg);
	query_limit_memory(q, 8 * MEGABYTE);
	ck_assert_int_eq(query_next(q, &e), rows[_i].end);
	if (rows[_i].end == QUERY_LIMIT)
		ck_assert_str_eq(query_limit_hit(q), "memory");
	ck_assert_int_eq(e.status, ST_OK);
	query_close(q);
	q = query_open(st, SV("SELECT length(printf('%.*c', 20000000, 'x'))"),
	    NULL, &e);
	ck_assert_int_eq(query_next(q, &e), QUERY_MORE);
	ck_assert_int_eq(query_i64(q, 0), 20000000);
	query_close(q);
	store_close(st);
}
END_TEST

/* What is given back can be taken again, as often as there are rows. */
START_TEST(given_back)
{
	struct store *st = stock_memory();
	struct err e = ERR_INIT;
	struct query *q = query_open(st, SV("WITH RECURSIVE n(i) AS (SELECT 1 "
	    "UNION ALL SELECT i + 1 FROM n WHERE i < 100) "
	    "SELECT length(printf('%.*c', 1000000 + i, 'x')) FROM n"), NULL, &e);
	int n = 0;

	query_limit_memory(q, 8 * MEGABYTE);
	while (query_next(q, &e) == QUERY_MORE)
		n++;
	ck_assert_msg(e.status == ST_OK, "%s", e.msg);
	ck_assert_int_eq(n, 100);
	query_close(q);
	store_close(st);
}
END_TEST

Suite *
test_memory(void)
{
	Suite *s = suite_create("memory");
	TCase *t = tcase_create("memory");

	tcase_add_checked_fixture(t, stock_setup, stock_teardown);
	add_table(t, budgets, rows);
	tcase_add_test(t, given_back);
	suite_add_tcase(s, t);
	return s;
}
