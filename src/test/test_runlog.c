/* SPDX-License-Identifier: MIT */
#include "store/runlog.h"

#include <check.h>

#include "store/db.h"
#include "store/query.h"

Suite *test_runlog(void);

static const char run_text[] =
    "{\"type\":\"run\",\"window\":{\"from\":\"2026-06-12T00:00:00.000000Z\","
    "\"to\":\"2026-06-12T01:00:00.000000Z\"},"
    "\"now\":\"2026-06-12T01:00:00.000000Z\"}\n"
    "{\"type\":\"verdict\",\"rule\":\"R1\",\"state\":\"LIVE\",\"result\":\"FIRED\"}\n"
    "{\"type\":\"finding\",\"id\":\"f1\",\"rule\":\"R1\",\"arm\":\"fast\","
    "\"key\":\"k\",\"first\":\"2026-06-12T00:00:01.000000Z\","
    "\"last\":\"2026-06-12T00:00:02.000000Z\"}\n"
    "{\"type\":\"evidence\",\"finding\":\"f1\"}\n";

static int64_t
count(struct store *st, const char *sql)
{
	return query_one_i64(st, sql, -1);
}

START_TEST(test_add)
{
	struct err e = ERR_INIT;
	struct store *st = store_open(NULL, STORE_MEMORY, &e);

	ck_assert_ptr_nonnull(st);
	for (int i = 0; i < 2; i++) {
		ck_assert(runlog_add(st, SV(run_text), &e));
		ck_assert_int_eq(count(st, "SELECT count(*) FROM run"), 1);
		ck_assert_int_eq(count(st, "SELECT count(*) FROM verdict "
		    "WHERE result = 'FIRED'"), 1);
		ck_assert_int_eq(count(st, "SELECT stop - start FROM finding "
		    "WHERE id = 'f1' AND key = 'k'"), 1000000);
	}
	store_close(st);
}
END_TEST

START_TEST(test_bad_line_adds_nothing)
{
	struct err e = ERR_INIT;
	struct store *st = store_open(NULL, STORE_MEMORY, &e);

	ck_assert(!runlog_add(st, SV("{\"type\":\"run\"}\nnot json\n"), &e));
	ck_assert_int_eq(e.status, ST_FAIL);
	ck_assert_int_eq(count(st, "SELECT count(*) FROM run"), 0);
	store_close(st);
}
END_TEST

Suite *
test_runlog(void)
{
	Suite *s = suite_create("runlog");
	TCase *t = tcase_create("runlog");

	tcase_add_test(t, test_add);
	tcase_add_test(t, test_bad_line_adds_nothing);
	suite_add_tcase(s, t);
	return s;
}
