/* SPDX-License-Identifier: MIT */
#include "detect/trace.h"

#include "base/utc.h"
#include "store/db.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_trace(void);

#define WEB(clock, text) "2026-06-12T" clock "+00:00 app[web.1]: " text "\n"
#define QUIET WEB("13:00:00.000001", "quiet")
#define HEAD WEB("13:00:02.000100", "Traceback (most recent call last):")
#define REST WEB("13:00:02.000200", "  File \"a.py\", line 1, in f") \
	WEB("13:00:02.000300", "    g()") WEB("13:00:02.000400", "ValueError: no")

static struct store *st;
static struct trace trace;
static struct trace_record rec;

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

/* The record whose message begins so. */
static void
find(const char *begin)
{
	struct err e = ERR_INIT;
	struct buf b = BUF_INIT;

	buf_printf(&b, "SELECT rec FROM app_events WHERE message GLOB '%s*'",
	    begin);
	ck_assert(trace_open(&stock_arena, st, &trace, &e));
	ck_assert_msg(trace_numbered(&stock_arena, st, &trace,
	    stock_number(st, arena_str(&stock_arena, buf_sv(&b))), &rec, &e),
	    "%s", e.msg);
	buf_release(&b);
}

static sv
name_of(const struct trace_place *p)
{
	sv name = trace.source[p->source].name;

	return sv_skip(name, sv_rfind(name, SV("/")) + 1);
}

START_TEST(a_line_and_its_copies)
{
	struct trace_record named;
	struct err e = ERR_INIT;

	stock_load(st, "api.heroku-logs.20260612T133000Z.log",
	    SV(QUIET WEB("13:00:01.000001", "password=hunter2hunter2")));
	stock_load(st, "api.heroku-logs.20260612T134000Z.log",
	    SV(WEB("13:00:01.000001", "password=hunter2hunter2")
	    WEB("13:39:00.000001", "later")));
	find("password");
	ck_assert(rec.known);
	ck_assert_uint_eq(trace.nsources, 2);
	ck_assert_uint_eq(rec.nlines, 1);
	ck_assert_uint_eq(rec.line[0].nplaces, 2);
	ck_sv_lit(name_of(&rec.line[0].place[0]),
	    "api.heroku-logs.20260612T133000Z.log");
	ck_assert_int_eq(rec.line[0].place[0].line, 2);
	ck_assert_int_eq(rec.line[0].place[0].byte, (int64_t)strlen(QUIET));
	ck_sv_lit(name_of(&rec.line[0].place[1]),
	    "api.heroku-logs.20260612T134000Z.log");
	ck_assert_int_eq(rec.line[0].place[1].line, 1);
	ck_assert(sv_has(rec.stored, SV("password=<secret:")));
	ck_assert(trace_named(&stock_arena, st, &trace, rec.name, rec.ts, rec.ts,
	    &named, &e));
	ck_assert(named.known && named.rec == rec.rec);
	ck_assert(trace_named(&stock_arena, st, &trace, rec.name, rec.ts + 1,
	    rec.ts + 2, &named, &e));
	ck_assert(!named.known);
	ck_sv(named.name, rec.name);
}
END_TEST

/* The first pull was made while the traceback was printed. */
START_TEST(a_message_over_two_inputs)
{
	stock_load(st, "api.heroku-logs.20260612T133000Z.log",
	    SV(QUIET HEAD));
	stock_load(st, "api.heroku-logs.20260612T134000Z.log",
	    SV(HEAD REST QUIET));
	find("Traceback");
	ck_assert_uint_eq(rec.nlines, 4);
	ck_sv_lit(name_of(&rec.line[0].place[0]),
	    "api.heroku-logs.20260612T133000Z.log");
	for (int i = 0; i < 4; i++) {
		const struct trace_line *l = &rec.line[i];
		const struct trace_place *p = &l->place[l->nplaces - 1];

		ck_sv_lit(name_of(p), "api.heroku-logs.20260612T134000Z.log");
		ck_assert_int_eq(p->line, i + 1);
	}
}
END_TEST

START_TEST(real_repeats_have_lines_of_their_own)
{
	struct trace_record second;
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	stock_load(st, "api.heroku-logs.20260612T133000Z.log",
	    SV(HEAD REST HEAD REST));
	find("Traceback");
	buf_add(&b, sv_take(rec.name, 16));
	buf_lit(&b, "#2");
	ck_assert(trace_named(&stock_arena, st, &trace, buf_sv(&b), rec.ts,
	    rec.ts, &second, &e));
	ck_assert(second.known);
	ck_sv(second.name, buf_sv(&b));
	ck_assert_uint_eq(second.nlines, 4);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(second.line[i].place[0].line, i + 5);
	buf_release(&b);
}
END_TEST

START_TEST(no_such_record)
{
	static const char *const bad[] = { "", "x", "9f86d081884c7d6",
		"9f86d081884c7d65", "9f86d081884c7d65#x" };
	struct err e = ERR_INIT;

	stock_load(st, "api.heroku-logs.20260612T133000Z.log", SV(QUIET));
	ck_assert(trace_open(&stock_arena, st, &trace, &e));
	for (size_t i = 0; i < countof(bad); i++) {
		ck_assert(trace_named(&stock_arena, st, &trace, sv_str(bad[i]),
		    0, INT64_MAX, &rec, &e));
		ck_assert(!rec.known && rec.nlines == 0);
	}
	for (int64_t n = 0; n < 16; n++) {
		ck_assert(trace_numbered(&stock_arena, st, &trace, 9999 * 16 + n,
		    &rec, &e));
		ck_assert(!rec.known);
	}
}
END_TEST

Suite *
test_trace(void)
{
	Suite *s = suite_create("trace");
	TCase *t = tcase_create("trace");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_line_and_its_copies);
	tcase_add_test(t, a_message_over_two_inputs);
	tcase_add_test(t, real_repeats_have_lines_of_their_own);
	tcase_add_test(t, no_such_record);
	suite_add_tcase(s, t);
	return s;
}
