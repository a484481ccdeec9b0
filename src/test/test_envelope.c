/* SPDX-License-Identifier: MIT */
#include "parse/envelope.h"

#include "base/buf.h"
#include "base/utc.h"
#include "test/ck.h"

Suite *test_envelope(void);

#define DAY "2026-06-12T13:02:11"
#define NOON DAY ".123456+00:00 "

static void
check_time(int64_t ts, const char *want)
{
	struct buf b = BUF_INIT;

	utc_write(&b, ts);
	ck_sv(buf_sv(&b), sv_str(want));
	buf_release(&b);
}

static const struct {
	const char *line, *source, *dyno, *origin, *message;
} lines[] = {
	{ NOON "app[web.1]: hello", "app", "web.1", "app[web.1]", "hello" },
	{ NOON "heroku[router]: at=info", "heroku", "router", "heroku[router]",
	    "at=info" },
	{ NOON "app[heroku-postgres]: source=X", "app", "heroku-postgres",
	    "app[heroku-postgres]", "source=X" },
	{ NOON "app[postgres.123]: [X] [1-1] text", "app", "postgres.123",
	    "app[postgres.123]", "[X] [1-1] text" },
	{ NOON "Logplex: Error L20 (Tail sessions forbidden)", "Logplex", "",
	    "Logplex", "Error L20 (Tail sessions forbidden)" },
	{ NOON "core[63333]: x", "core", "63333", "core[63333]", "x" },
	/* Fir */
	{ NOON "app[web-123-456]: up", "app", "web-123-456", "app[web-123-456]",
	    "up" },
	{ NOON "app[web.4ed720fa31-ur8z1]: up", "app", "web.4ed720fa31-ur8z1",
	    "app[web.4ed720fa31-ur8z1]", "up" },
	{ NOON "heroku-router[web]: GET /", "heroku-router", "web",
	    "heroku-router[web]", "GET /" },
	{ NOON "app[my_worker.12]: x", "app", "my_worker.12",
	    "app[my_worker.12]", "x" },
	/* empty messages */
	{ NOON "app[web.1]:", "app", "web.1", "app[web.1]", "" },
	{ NOON "app[web.1]: ", "app", "web.1", "app[web.1]", "" },
	{ NOON "app[web.1]: \t\r", "app", "web.1", "app[web.1]", "" },
	/* trimmed outside, kept inside */
	{ NOON "app[web.1]:   a  b \r", "app", "web.1", "app[web.1]", "a  b" },
	{ NOON "app[web.1]:x", "app", "web.1", "app[web.1]", "x" },
	/* a line inside a line belongs to the app */
	{ NOON "app[web.1]: " NOON "heroku[router]: at=info", "app", "web.1",
	    "app[web.1]", NOON "heroku[router]: at=info" },
	{ NOON "app[web.1]: ]: heroku[api]: x", "app", "web.1", "app[web.1]",
	    "]: heroku[api]: x" },
};

START_TEST(cli)
{
	struct envelope env;
	struct bad_line bad;

	ck_assert(envelope_cli(sv_str(lines[_i].line), &env, &bad));
	check_time(env.ts, DAY ".123456Z");
	ck_sv(env.source, sv_str(lines[_i].source));
	ck_sv(env.dyno, sv_str(lines[_i].dyno));
	ck_sv(env.origin, sv_str(lines[_i].origin));
	ck_sv(env.message, sv_str(lines[_i].message));
	ck_assert(sv_null(env.drain) && !sv_null(env.dyno));
	ck_sv(sv_trim(env.whole), env.message);
}
END_TEST

static const struct {
	const char *time, *want;
} times[] = {
	{ DAY "+00:00", DAY ".000000Z" },
	{ DAY "Z", DAY ".000000Z" },
	{ DAY ".6+00:00", DAY ".600000Z" },
	{ DAY ".61+00:00", DAY ".610000Z" },
	{ DAY ".615+00:00", DAY ".615000Z" },
	{ DAY ".6155+00:00", DAY ".615500Z" },
	{ DAY ".61556+00:00", DAY ".615560Z" },
	{ DAY ".000000+00:00", DAY ".000000Z" },
	{ DAY ".1234567+00:00", DAY ".123456Z" },
	{ DAY ".12345678+00:00", DAY ".123456Z" },
	{ DAY ".123456789+00:00", DAY ".123456Z" },
	{ DAY ".123456Z", DAY ".123456Z" },
	{ DAY ".123456-07:00", "2026-06-12T20:02:11.123456Z" },
	{ DAY ".5+09:00", "2026-06-12T04:02:11.500000Z" },
	{ DAY "-00:00", DAY ".000000Z" },
	{ "2026-06-12T23:30:00-07:00", "2026-06-13T06:30:00.000000Z" },
};

START_TEST(precision)
{
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT;
	struct envelope env;
	struct bad_line bad;

	buf_printf(&b, "%s app[web.1]: x", times[_i].time);
	ck_assert(envelope_cli(buf_sv(&b), &env, &bad));
	check_time(env.ts, times[_i].want);
	buf_clear(&b);
	buf_printf(&b, "<190>1 %s host app web.1 - x", times[_i].time);
	ck_assert(envelope_syslog(buf_sv(&b), &a, &env, &bad));
	check_time(env.ts, times[_i].want);
	ck_sv_lit(env.message, "x");
	buf_release(&b);
	arena_release(&a);
}
END_TEST

static const struct {
	const char *line, *reason;
	size_t at;
} bad_lines[] = {
	{ "", "no-header", 0 },
	{ "Fetching logs...", "no-header", 0 },
	{ "  File \"app.py\", line 9", "no-header", 0 },
	{ "ytes=3636", "no-header", 0 },
	{ "2026-06-12", "no-header", 0 },
	{ "2026-06-31T13:02:11+00:00 app[web.1]: x", "bad-time", 0 },
	{ "2026-06-12T13:02:11 app[web.1]: x", "bad-time", 0 },
	{ "2026-06-12T13:02:11.1234567890Z app[web.1]: x", "bad-time", 0 },
	{ "2026-06-12T25:02:11Z app[web.1]: x", "bad-time", 0 },
	{ "2026-06-12T13:02:11Z", "bad-time", 0 },
	{ "2026-06-12T13:02:11Zapp[web.1]: x", "bad-time", 0 },
	{ "2026-06-12T13:02:11Z app[web.1] x", "no-header", 31 },
	{ "2026-06-12T13:02:11Z app[]: x", "no-header", 25 },
	{ "2026-06-12T13:02:11Z app[web.1: x", "no-header", 30 },
	{ "2026-06-12T13:02:11Z app[we b]: x", "no-header", 27 },
	{ "2026-06-12T13:02:11Z [web.1]: x", "no-header", 28 },
	{ "2026-06-12T13:02:11Z  app[web.1]: x", "no-header", 21 },
	{ "2026-06-12T13:02:11Z just text: x", "no-header", 25 },
};

START_TEST(cli_refuses)
{
	struct envelope env;
	struct bad_line bad;

	ck_assert(!envelope_cli(sv_str(bad_lines[_i].line), &env, &bad));
	ck_sv(sv_str(bad.reason), sv_str(bad_lines[_i].reason));
	ck_assert_uint_eq(bad.at, bad_lines[_i].at);
	ck_assert_ptr_nonnull(bad.detail);
}
END_TEST

#define TOKEN "d.0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
#define HTTPS "<190>1 " DAY ".123456+00:00 host app web.1 - "
#define DRAIN "<190>1 " DAY ".123456+00:00 " TOKEN " app web.1 - "

static const struct {
	const char *line, *source, *dyno, *origin, *message, *drain;
} frames[] = {
	{ HTTPS "hello", "app", "web.1", "app[web.1]", "hello", NULL },
	{ "<158>1 " NOON "host heroku router - at=info", "heroku", "router",
	    "heroku[router]", "at=info", NULL },
	{ "<0>1 " NOON "host heroku - - x", "heroku", "", "heroku", "x",
	    NULL },
	/* HTTPS bodies have no structured data: the message is kept whole */
	{ HTTPS "- item", "app", "web.1", "app[web.1]", "- item", NULL },
	{ HTTPS "-", "app", "web.1", "app[web.1]", "-", NULL },
	{ HTTPS "[web] starting", "app", "web.1", "app[web.1]",
	    "[web] starting", NULL },
	{ HTTPS "[web k=v] x", "app", "web.1", "app[web.1]", "[web k=v] x",
	    NULL },
	{ HTTPS "[web k=\"v\" oops] x", "app", "web.1", "app[web.1]",
	    "[web k=\"v\" oops] x", NULL },
	{ HTTPS "[web k=\"v] x", "app", "web.1", "app[web.1]", "[web k=\"v] x",
	    NULL },
	{ HTTPS "[web k=\"v\"]: x", "app", "web.1", "app[web.1]",
	    "[web k=\"v\"]: x", NULL },
	/* syslog drains: one dash or two */
	{ DRAIN "- hello", "app", "web.1", "app[web.1]", "hello", TOKEN },
	{ DRAIN "hello", "app", "web.1", "app[web.1]", "hello", TOKEN },
	{ DRAIN "- - item", "app", "web.1", "app[web.1]", "- item", TOKEN },
	{ DRAIN "-", "app", "web.1", "app[web.1]", "", TOKEN },
	{ DRAIN "-item", "app", "web.1", "app[web.1]", "-item", TOKEN },
	{ DRAIN "- [web] x", "app", "web.1", "app[web.1]", "[web] x", TOKEN },
	{ "<190>1 " NOON "d.12ab app web.1 - - x", "app", "web.1", "app[web.1]",
	    "x", "d.12ab" },
	/* structured data of the input side */
	{ HTTPS "[meta sequenceId=\"1\"] hello", "app", "web.1", "app[web.1]",
	    "hello", NULL },
	{ DRAIN "[meta sequenceId=\"1\"] - item", "app", "web.1", "app[web.1]",
	    "- item", TOKEN },
	{ HTTPS "[a@1 k=\"x \\] y\" l=\"\\\"\"][b k=\"\\\\\"] hello", "app",
	    "web.1", "app[web.1]", "hello", NULL },
	{ HTTPS "[a k=\"v\"] [b k=\"v\"] hello", "app", "web.1", "app[web.1]",
	    "[b k=\"v\"] hello", NULL },
	{ HTTPS "[a k=\"v\"]", "app", "web.1", "app[web.1]", "", NULL },
	/* nothing behind the header */
	{ "<190>1 " NOON "host app dramatiqworker.2 -", "app",
	    "dramatiqworker.2", "app[dramatiqworker.2]", "", NULL },
	{ "<190>1 " NOON "host app web.1", "app", "web.1", "app[web.1]", "",
	    NULL },
	{ "<190>1 " NOON "host app web.1 - ", "app", "web.1", "app[web.1]", "",
	    NULL },
	/* a byte order mark as RFC 5424 asks for */
	{ HTTPS "\xef\xbb\xbfhello", "app", "web.1", "app[web.1]", "hello",
	    NULL },
	{ DRAIN "- \xef\xbb\xbfhello", "app", "web.1", "app[web.1]", "hello",
	    TOKEN },
	/* very old: HOST is missing */
	{ "<40>1 " NOON "heroku web.3 " TOKEN " - State changed", "heroku",
	    "web.3", "heroku[web.3]", "State changed", TOKEN },
	{ "<40>1 " NOON "host app d.1 - x", "app", "d.1", "app[d.1]", "x",
	    NULL },
	{ HTTPS "one\ntwo\r\n", "app", "web.1", "app[web.1]", "one\ntwo",
	    NULL },
};

START_TEST(syslog)
{
	struct arena a = ARENA_INIT;
	struct envelope env;
	struct bad_line bad;

	ck_assert(envelope_syslog(sv_str(frames[_i].line), &a, &env, &bad));
	check_time(env.ts, DAY ".123456Z");
	ck_sv(env.source, sv_str(frames[_i].source));
	ck_sv(env.dyno, sv_str(frames[_i].dyno));
	ck_sv(env.origin, sv_str(frames[_i].origin));
	ck_sv(env.message, sv_str(frames[_i].message));
	ck_sv(env.drain, sv_str(frames[_i].drain));
	ck_assert(sv_null(env.drain) == (frames[_i].drain == NULL));
	ck_sv(sv_trim(env.whole), env.message);
	arena_release(&a);
}
END_TEST

static const struct {
	const char *line, *reason;
	size_t at;
} bad_frames[] = {
	{ "", "no-header", 0 },
	{ "text", "no-header", 0 },
	{ "<>1 " NOON "host app web.1 - x", "no-header", 1 },
	{ "<192>1 " NOON "host app web.1 - x", "no-header", 1 },
	{ "<0190>1 " NOON "host app web.1 - x", "no-header", 1 },
	{ "<190>2 " NOON "host app web.1 - x", "no-header", 4 },
	{ "<190>1 - host app web.1 - x", "bad-time", 7 },
	{ "<190>1 Jun 12 13:02:11 host app web.1: x", "bad-time", 7 },
	{ "<190>1 " DAY "Z", "bad-time", 27 },
	{ "<190>1 " DAY "Z ", "no-header", 28 },
	{ "<190>1 " DAY "Z host app", "no-header", 36 },
	{ "<190>1 " DAY "Z host  app web.1 - x", "no-header", 38 },
};

START_TEST(syslog_refuses)
{
	struct arena a = ARENA_INIT;
	struct envelope env;
	struct bad_line bad;

	ck_assert(!envelope_syslog(sv_str(bad_frames[_i].line), &a, &env, &bad));
	ck_sv(sv_str(bad.reason), sv_str(bad_frames[_i].reason));
	ck_assert_uint_eq(bad.at, bad_frames[_i].at);
	arena_release(&a);
}
END_TEST

START_TEST(any_byte)
{
	struct arena a = ARENA_INIT;
	struct envelope env;
	struct bad_line bad;

	ck_assert(envelope_cli(SV(DAY "Z app[web.1]: a\0b\xff"), &env, &bad));
	ck_sv_lit(env.message, "a\0b\xff");
	ck_assert(envelope_syslog(SV(HTTPS "\0\x1b[0m\xff"), &a, &env, &bad));
	ck_sv_lit(env.message, "\0\x1b[0m\xff");
	ck_assert(!envelope_cli(SV_NULL, &env, &bad));
	ck_assert(!envelope_syslog(SV_NULL, &a, &env, &bad));
	arena_release(&a);
}
END_TEST

Suite *
test_envelope(void)
{
	Suite *s = suite_create("envelope");
	TCase *tc = tcase_create("envelopes");

	suite_add_tcase(s, tc);
	add_table(tc, cli, lines);
	add_table(tc, precision, times);
	add_table(tc, cli_refuses, bad_lines);
	add_table(tc, syslog, frames);
	add_table(tc, syslog_refuses, bad_frames);
	tcase_add_test(tc, any_byte);
	return s;
}
