/* SPDX-License-Identifier: MIT */
#include "detect/nearby.h"

#include <stdio.h>

#include "store/db.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_nearby(void);

static struct store *st;
static struct arena arena;

static void
sql(const char *text)
{
	stock_sql(st, text);
}

static void
setup(void)
{
	st = stock_memory();
	sql("INSERT INTO source VALUES (1, x'01', 'a.log', 'x', 'pull', 'api', "
	    "NULL, 1, 0, 0, 0, 0, 0, 0, NULL, '{}', NULL, 0)");
}

static void
teardown(void)
{
	store_close(st);
	arena_release(&arena);
}

static void
event(int second, const char *origin, const char *name, const char *to,
    const char *subject)
{
	static int id;
	char text[700];

	id++;
	snprintf(text, sizeof(text), "INSERT INTO str VALUES (%d, '%s'), "
	    "(%d, '%s'), (%d, '%s'); INSERT INTO platform (ts, source, line, "
	    "byte, hash, nth, origin, event, version, to_state, subject, "
	    "message) VALUES (%d000000, 1, 1, 0, %d, 1, %d, %d, 42, "
	    "CASE WHEN '%s' <> '' THEN %d END, nullif('%s', ''), 'm')",
	    3 * id, origin, 3 * id + 1, name, 3 * id + 2, to, second, id, 3 * id,
	    3 * id + 1, to, 3 * id + 2, subject);
	sql(text);
}

static struct nearby
near_at(int second)
{
	struct err e = ERR_INIT;
	struct nearby n;

	ck_assert_msg(nearby_load(&arena, st, second * UTC_SECOND, &n, &e),
	    "%s", e.msg);
	return n;
}

START_TEST(ten_minutes_before_and_no_more)
{
	struct nearby n;

	event(5000, "app[api]", "release", "", "");
	n = near_at(5600);
	ck_assert_int_eq(n.release.ts, 5000 * UTC_SECOND);
	ck_assert_int_eq(n.release.version, 42);
	ck_assert(n.restart.ts == UTC_NONE && n.config.ts == UTC_NONE);
	ck_assert(near_at(5601).release.ts == UTC_NONE);
	ck_assert(near_at(4999).release.ts == UTC_NONE);
}
END_TEST

START_TEST(the_newest_restart_and_its_state)
{
	struct nearby n;

	event(5000, "heroku[web.1]", "state", "starting", "");
	event(5010, "heroku[web.2]", "state", "crashed", "");
	n = near_at(5009);
	ck_sv_lit(n.restart.dyno, "web.1");
	ck_sv_lit(n.restart.event, "starting");
	n = near_at(5100);
	ck_sv_lit(n.restart.dyno, "web.2");
	ck_sv_lit(n.restart.event, "crashed");
	event(5020, "heroku[worker.1]", "exit", "", "");
	n = near_at(5100);
	ck_sv_lit(n.restart.dyno, "worker.1");
	ck_sv_lit(n.restart.event, "exit");
}
END_TEST

START_TEST(one_off_dynos_restart_nothing)
{
	event(5000, "heroku[run.1234]", "state", "complete", "");
	event(5001, "heroku[release.7]", "exit", "", "");
	event(5002, "heroku[scheduler.9]", "stop", "", "");
	event(5003, "heroku[web.1]", "memory", "", "");
	ck_assert(near_at(5100).restart.ts == UTC_NONE);
	event(5004, "heroku[runner.1]", "stop", "", "");
	ck_sv_lit(near_at(5100).restart.dyno, "runner.1");
}
END_TEST

START_TEST(config_tells_names)
{
	struct buf b = BUF_INIT;
	struct jsonw w = JSONW_INIT(&b);
	struct nearby n;

	event(5000, "app[api]", "config", "", "A_URL, B_KEY");
	n = near_at(5100);
	jsonw_open(&w, '{');
	nearby_write(&w, &n);
	jsonw_close(&w, '}');
	ck_sv_lit(buf_sv(&b), "{\"near_release\":null,\"near_restart\":null,"
	    "\"near_config\":{\"names\":\"A_URL, B_KEY\","
	    "\"ts\":\"1970-01-01T01:23:20.000000Z\"}}");
	buf_release(&b);
}
END_TEST

Suite *
test_nearby(void)
{
	Suite *s = suite_create("nearby");
	TCase *t = tcase_create("nearby");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, ten_minutes_before_and_no_more);
	tcase_add_test(t, the_newest_restart_and_its_state);
	tcase_add_test(t, one_off_dynos_restart_nothing);
	tcase_add_test(t, config_tells_names);
	suite_add_tcase(s, t);
	return s;
}
