/* SPDX-License-Identifier: MIT */
#include "parse/draintext.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/utc.h"
#include "test/ck.h"

Suite *test_draintext(void);

#define TOKEN "d.0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
#define DAY "2026-06-12T13:02:11"
#define HEAD DAY ".123456+00:00 " TOKEN " "

static const struct {
	const char *line, *source, *dyno, *origin, *message;
} lines[] = {
	{ HEAD "app[web.1] hello", "app", "web.1", "app[web.1]", "hello" },
	{ HEAD "heroku[router] at=info method=GET", "heroku", "router",
	    "heroku[router]", "at=info method=GET" },
	{ HEAD "app[postgres.123] [X] [1-1] text", "app", "postgres.123",
	    "app[postgres.123]", "[X] [1-1] text" },
	{ HEAD "app[my_worker.12] a: b", "app", "my_worker.12",
	    "app[my_worker.12]", "a: b" },
	/* without a dyno */
	{ HEAD "heroku Error L10", "heroku", "", "heroku", "Error L10" },
	{ HEAD "Logplex", "Logplex", "", "Logplex", "" },
	/* with a colon */
	{ HEAD "app[web.1]: hello", "app", "web.1", "app[web.1]", "hello" },
	{ HEAD "Logplex: Error L20", "Logplex", "", "Logplex", "Error L20" },
	{ HEAD "app[web.1]:hello", "app", "web.1", "app[web.1]", "hello" },
	{ HEAD "app[web.1]:", "app", "web.1", "app[web.1]", "" },
	/* nothing behind */
	{ HEAD "app[web.1]", "app", "web.1", "app[web.1]", "" },
	{ HEAD "app[web.1] ", "app", "web.1", "app[web.1]", "" },
	/* the nil of rsyslog, which writes no colon */
	{ HEAD "heroku[router] - at=info", "heroku", "router",
	    "heroku[router]", "at=info" },
	{ HEAD "app[web.1] - - item", "app", "web.1", "app[web.1]", "- item" },
	{ HEAD "app[web.1] -", "app", "web.1", "app[web.1]", "" },
	{ HEAD "app[web.1] -item", "app", "web.1", "app[web.1]", "-item" },
	{ HEAD "app[web.1]: - item", "app", "web.1", "app[web.1]", "- item" },
	{ HEAD "app[web.1]: -", "app", "web.1", "app[web.1]", "-" },
	/* trimmed outside, kept inside */
	{ HEAD "app[web.1]   a  b \r", "app", "web.1", "app[web.1]", "a  b" },
	/* a line inside a line belongs to the app */
	{ HEAD "app[web.1] " HEAD "heroku[router] at=info", "app", "web.1",
	    "app[web.1]", HEAD "heroku[router] at=info" },
};

START_TEST(forms)
{
	struct envelope env;
	struct bad_line bad;
	int64_t want;

	ck_assert(draintext_is(sv_str(lines[_i].line)));
	ck_assert(draintext_parse(sv_str(lines[_i].line), &env, &bad));
	ck_assert(utc_parse(SV(DAY ".123456Z"), &want));
	ck_assert_int_eq(env.ts, want);
	ck_sv(env.source, sv_str(lines[_i].source));
	ck_sv(env.dyno, sv_str(lines[_i].dyno));
	ck_sv(env.origin, sv_str(lines[_i].origin));
	ck_sv(env.message, sv_str(lines[_i].message));
	ck_sv_lit(env.drain, TOKEN);
	ck_assert(!sv_null(env.dyno) && !sv_null(env.message));
	ck_sv(sv_trim(env.whole), env.message);
}
END_TEST

static const struct {
	const char *time, *want;
} times[] = {
	{ "2013-01-01T01:01:01Z", "2013-01-01T01:01:01.000000Z" },
	{ "2013-01-01T01:01:01.5-07:00", "2013-01-01T08:01:01.500000Z" },
	{ "2013-01-01 01:01:01 UTC", "2013-01-01T01:01:01.000000Z" },
};

START_TEST(zones)
{
	struct buf b = BUF_INIT, got = BUF_INIT;
	struct envelope env;
	struct bad_line bad;

	buf_printf(&b, "%s " TOKEN " app[web.1] x", times[_i].time);
	ck_assert(draintext_parse(buf_sv(&b), &env, &bad));
	utc_write(&got, env.ts);
	ck_sv(buf_sv(&got), sv_str(times[_i].want));
	buf_release(&b);
	buf_release(&got);
}
END_TEST

static const struct {
	const char *line, *reason;
	size_t at;
} bad_lines[] = {
	{ "", "no-header", 0 },
	{ "some text", "no-header", 0 },
	{ TOKEN " app[web.1] x", "no-header", 0 },
	{ "<190>1 " HEAD "app[web.1] x", "no-header", 0 },
	{ "2026-06-31T13:02:11Z " TOKEN " app[web.1] x", "bad-time", 0 },
	{ "2026-06-12T13:02:11 " TOKEN " app[web.1] x", "bad-time", 0 },
	{ DAY "Z", "bad-time", 0 },
	{ DAY "Z ", "no-header", 21 },
	/* other shapes */
	{ DAY "Z app[web.1]: x", "no-header", 21 },
	{ DAY "Z host app[web.1] x", "no-header", 21 },
	/* what is no token */
	{ DAY "Z d.12ab app[web.1] x", "no-header", 21 },
	{ DAY "Z d.0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1g0 app[web.1] x",
	    "no-header", 21 },
	{ DAY "Z d.0f1e2d3c_4b5a-6978-8796-a5b4c3d2e1f0 app[web.1] x",
	    "no-header", 21 },
	{ DAY "Z " TOKEN "0 app[web.1] x", "no-header", 21 },
	{ DAY "Z  " TOKEN " app[web.1] x", "no-header", 21 },
	/* what is no source */
	{ DAY "Z " TOKEN, "no-header", 59 },
	{ DAY "Z " TOKEN " ", "no-header", 60 },
	{ DAY "Z " TOKEN "  app[web.1] x", "no-header", 60 },
	{ DAY "Z " TOKEN " app[] x", "no-header", 64 },
	{ DAY "Z " TOKEN " app[web.1 x", "no-header", 69 },
	{ DAY "Z " TOKEN " app[we b] x", "no-header", 66 },
	{ DAY "Z " TOKEN " [web.1] x", "no-header", 67 },
	{ DAY "Z " TOKEN " : x", "no-header", 60 },
	{ DAY "Z " TOKEN " app[web.1]x", "no-header", 70 },
	{ DAY "Z " TOKEN " app/web.1 x", "no-header", 63 },
};

START_TEST(refuses)
{
	struct envelope env;
	struct bad_line bad;

	ck_assert(!draintext_is(sv_str(bad_lines[_i].line)));
	ck_assert(!draintext_parse(sv_str(bad_lines[_i].line), &env, &bad));
	ck_sv(sv_str(bad.reason), sv_str(bad_lines[_i].reason));
	ck_assert_uint_eq(bad.at, bad_lines[_i].at);
	ck_assert_ptr_nonnull(bad.detail);
}
END_TEST

START_TEST(any_byte)
{
	struct envelope env;
	struct bad_line bad;

	ck_assert(draintext_parse(SV(HEAD "app[web.1] a\0b\xff"), &env, &bad));
	ck_sv_lit(env.message, "a\0b\xff");
	ck_assert(!draintext_parse(SV(HEAD "app\0[web.1] a"), &env, &bad));
	ck_assert(!draintext_parse(SV(HEAD "app[web\xff] a"), &env, &bad));
	ck_assert(!draintext_parse(SV_NULL, &env, &bad));
	ck_assert_uint_eq(bad.at, 0);
}
END_TEST

START_TEST(long_message)
{
	enum { N = 1 << 20 };
	struct buf b = BUF_INIT;
	struct envelope env;
	struct bad_line bad;

	buf_lit(&b, HEAD "app[web.1] ");
	memset(buf_reserve(&b, N), 'x', N);
	b.n += N;
	ck_assert(draintext_parse(buf_sv(&b), &env, &bad));
	ck_assert_uint_eq(env.message.n, N);
	buf_release(&b);
}
END_TEST

START_TEST(no_byte_behind_the_view_is_read)
{
	static const char text[] = HEAD "app[web.1] -";
	char *copy = malloc((size_t)_i + 1);
	bool whole;

	/* ASan sees it if one is. A source is whole from 73 on as "a" to "app"
	 * and from 82 on as "app[web.1]". */
	memcpy(copy, text, (size_t)_i);
	whole = draintext_is(sv_of(copy, (size_t)_i));
	ck_assert(whole == ((_i > 72 && _i < 76) || _i >= 82));
	free(copy);
}
END_TEST

Suite *
test_draintext(void)
{
	Suite *s = suite_create("draintext");
	TCase *tc = tcase_create("lines");

	suite_add_tcase(s, tc);
	add_table(tc, forms, lines);
	add_table(tc, zones, times);
	add_table(tc, refuses, bad_lines);
	tcase_add_test(tc, any_byte);
	tcase_add_test(tc, long_message);
	tcase_add_loop_test(tc, no_byte_behind_the_view_is_read, 0, 85);
	return s;
}
