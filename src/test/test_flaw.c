/* SPDX-License-Identifier: MIT */
/* Flaws of logs that were loaded as a user loads them. */
#include "detect/flaw.h"

#include <sqlite3.h>

#include "store/db.h"
#include "store/query.h"
#include "test/ck.h"
#include "test/loglines.h"

Suite *test_flaw(void);

static struct arena arena;
static struct store *st;
static struct buf b;

static void
sql(const char *text)
{
	char *why = NULL;
	int rc = sqlite3_exec(store_handle(st), text, NULL, NULL, &why);

	ck_assert_msg(rc == SQLITE_OK, "%s", why);
}

static void
setup(void)
{
	st = log_open();
	b = (struct buf)BUF_INIT;
}

static void
teardown(void)
{
	buf_release(&b);
	log_close(st);
	arena_release(&arena);
}

/* What is said of the streams in from..to, names without their folder. */
static sv
said(unsigned mask, int from, int to)
{
	struct err e = ERR_INIT;
	struct flaws all, in;

	ck_assert_msg(flaws_load(&arena, st, &all, &e), "%s", e.msg);
	in = flaws_in(&arena, &all, mask, (struct span){ log_us(from),
	    log_us(to) });
	for (size_t i = 0; i < in.n; i++) {
		sv *name = &in.v[i].name;

		for (size_t at; (at = sv_find_byte(*name, '/')) < name->n;)
			*name = sv_skip(*name, at + 1);
	}
	return flaws_text(&arena, &in);
}

#define PULL "api.heroku-logs.20260612T103320Z.log"

START_TEST(a_clean_log_has_none)
{
	log_beats(&b, 0, 2000, 20);
	log_request(&b, 500, 1);
	log_line(&b, 501, "app[web.1]", "just some text");
	log_line(&b, 502, "heroku[web.1]", "a line of tomorrow's platform");
	log_line(&b, 503, "heroku[router]", "at=error code=H24 "
	    "desc=\"Forced close\" method=GET path=\"/\" host=h fwd=\"192.0.2.7\" "
	    "dyno=web.1 connect=1ms service=22ms status= bytes= protocol=https");
	buf_lit(&b, "\n");
	log_pull(st, "api", 2000, &b);
	ck_assert(sv_null(said(STREAM_ALL, 0, 2000)));
}
END_TEST

/* It lies between the lines around it, give or take a minute. */
START_TEST(a_reject_is_between_its_neighbours)
{
	log_beats(&b, 0, 1000, 20);
	buf_lit(&b, "garbage\nmore garbage\n");
	log_beats(&b, 1020, 2000, 20);
	log_pull(st, "api", 2000, &b);
	ck_sv_lit(said(STREAM_APP, 0, 2000),
	    "2 lines of " PULL " were rejected");
	ck_sv_lit(said(STREAM_ROUTER, 1005, 1010),
	    "2 lines of " PULL " were rejected");
	ck_assert(sv_null(said(STREAM_ALL, 0, 930)));
	ck_assert(sv_null(said(STREAM_ALL, 1090, 2000)));
}
END_TEST

/* Nothing is behind it: up to the end of what the pull vouches for. */
START_TEST(a_reject_at_the_end)
{
	log_beats(&b, 0, 1900, 20);
	buf_lit(&b, "garbage\n");
	log_pull(st, "api", 2000, &b);
	ck_sv_lit(said(STREAM_APP, 1990, 2000),
	    "1 line of " PULL " was rejected");
	ck_assert(sv_null(said(STREAM_ALL, 0, 1800)));
}
END_TEST

START_TEST(a_reject_without_a_place_is_anywhere)
{
	log_beats(&b, 0, 1900, 20);
	buf_lit(&b, "garbage\n");
	log_pull(st, "api", 2000, &b);
	sql("DELETE FROM reject");
	ck_sv_lit(said(STREAM_APP, 0, 10),
	    "1 line of " PULL " was rejected");
}
END_TEST

START_TEST(router_lines_that_were_not_understood)
{
	log_beats(&b, 0, 2000, 20);
	log_line(&b, 100, "heroku[router]", "at=info method=GET path=\"/\" "
	    "host=h request_id=0 fwd=\"192.0.2.7\" dyno=web.1 connect=1ms");
	log_line(&b, 200, "heroku[router]", "a line of tomorrow's router");
	log_line(&b, 900, "heroku[router]", "at=info method=GET path=\"/\" "
	    "host=h request_id=1 fwd=\"192.0.2.7\" dyno=web.1 connect=1ms "
	    "service=2ms status=xyz bytes=12 protocol=https");
	log_pull(st, "api", 2000, &b);
	ck_sv_lit(said(STREAM_ROUTER, 0, 2000),
	    "3 router lines of " PULL " were not understood");
	ck_sv_lit(said(STREAM_ROUTER, 700, 2000),
	    "1 router line of " PULL " was not understood");
	ck_assert(sv_null(said(STREAM_APP | STREAM_PLATFORM, 0, 2000)));
	ck_assert(sv_null(said(STREAM_ALL, 901, 2000)));
}
END_TEST

/* What came behind the end is missing too. */
START_TEST(a_damaged_input)
{
	log_beats(&b, 0, 1000, 20);
	log_drain(st, "api", 0, &b);
	ck_assert(sv_null(said(STREAM_ALL, 0, 2000)));
	sql("UPDATE source SET damaged = 'gzip-truncated'");
	ck_sv_lit(said(STREAM_PLATFORM, 1010, 2000),
	    "api.drain.20260612T100000Z.log is damaged: gzip-truncated");
	ck_assert(sv_null(said(STREAM_ALL, 1061, 2000)));
}
END_TEST

/* Lines that a run at that time saw as messages of their own. */
START_TEST(a_message_that_came_whole_later)
{
	static const char *const trace[] = {
		"Traceback (most recent call last):",
		"  File \"/app/x.py\", line 1, in f", "    f(1)",
		"ValueError: bad" };
	struct err e = ERR_INIT;

	log_line(&b, 10, "app[web.1]", trace[3]);
	log_line(&b, 15, "app[web.1]", "bye");
	log_pull(st, "api", 20, &b);
	log_line(&b, 5, "app[web.1]", "hello");
	for (size_t i = 0; i < countof(trace); i++)
		log_line(&b, 10, "app[web.1]", trace[i]);
	log_line(&b, 15, "app[web.1]", "bye");
	log_pull(st, "api", 600, &b);
	ck_assert_int_eq(query_one_i64(st, "SELECT count(*) FROM part", 0),
	    3);
	ck_assert(sv_null(said(STREAM_ALL, 0, 2000)));
	ck_assert_msg(store_as_of(st, log_us(100), &e), "%s", e.msg);
	ck_sv_lit(said(STREAM_ALL, 0, 2000), "1 line of api.heroku-logs."
	    "20260612T100020Z.log was part of a message that came whole later");
	ck_assert(sv_null(said(STREAM_ALL, 11, 2000)));
}
END_TEST

/* They concern no log. */
START_TEST(dumps_are_judged_elsewhere)
{
	log_beats(&b, 0, 1000, 20);
	buf_lit(&b, "garbage\n");
	log_pull(st, "api", 1000, &b);
	sql("UPDATE source SET damaged = 'gzip-truncated', form = 'dump'");
	ck_assert(sv_null(said(STREAM_ALL, -1000000, 1000000)));
}
END_TEST

START_TEST(three_of_many_are_told)
{
	struct flaws list = { NULL, 0 };
	static const char *const name[] = { "d", "b", "c", "a", "a" };

	for (size_t i = 0; i < 5; i++)
		flaws_add(&arena, &list, &(struct flaw){ FLAW_REJECTED,
		    STREAM_ALL, 0, 10, 1, sv_str(name[i]), SV_NULL });
	flaws_add(&arena, &list, &(struct flaw){ FLAW_LOSS, STREAM_APP, 20, 30,
	    0, SV("web"), SV("loss notice L13: 3 lost") });
	flaws_sort(&list);
	list = flaws_in(&arena, &list, STREAM_ALL, (struct span){ 5, 20 });
	ck_assert_uint_eq(list.n, 5);
	ck_sv_lit(flaws_text(&arena, &list), "2 lines of a were rejected; "
	    "1 line of b was rejected; 1 line of c was rejected; and 2 more of "
	    "this");
	list = flaws_in(&arena, &list, STREAM_APP, (struct span){ 11, 20 });
	ck_sv_lit(flaws_text(&arena, &list), "web, which site.yml does not "
	    "list: loss notice L13: 3 lost");
}
END_TEST

Suite *
test_flaw(void)
{
	Suite *s = suite_create("flaw");
	TCase *tc = tcase_create("flaw");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_clean_log_has_none);
	tcase_add_test(tc, a_reject_is_between_its_neighbours);
	tcase_add_test(tc, a_reject_at_the_end);
	tcase_add_test(tc, a_reject_without_a_place_is_anywhere);
	tcase_add_test(tc, router_lines_that_were_not_understood);
	tcase_add_test(tc, a_damaged_input);
	tcase_add_test(tc, a_message_that_came_whole_later);
	tcase_add_test(tc, dumps_are_judged_elsewhere);
	tcase_add_test(tc, three_of_many_are_told);
	suite_add_tcase(s, tc);
	return s;
}
