/* SPDX-License-Identifier: MIT */
#include "parse/papertrail.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/utc.h"
#include "test/ck.h"

Suite *test_papertrail(void);

#define WHEN "2026-06-12T13:02:11Z"
#define FRONT "50342052\t" WHEN "\t" WHEN "\t42424\traxx-api\t192.0.2.34\t" \
	"Local7\tInfo\t"

static int64_t
at(const char *text)
{
	int64_t us;

	ck_assert(utc_parse(sv_str(text), &us));
	return us;
}

static const struct {
	const char *line, *source, *dyno, *origin, *message;
} rows[] = {
	{ FRONT "app/web.1\thello", "app", "web.1", "app[web.1]", "hello" },
	{ FRONT "heroku/router\tat=info method=GET", "heroku", "router",
	    "heroku[router]", "at=info method=GET" },
	{ FRONT "app/postgres.123\t[X] [1-1] text", "app", "postgres.123",
	    "app[postgres.123]", "[X] [1-1] text" },
	{ FRONT "heroku-router/web\tGET /", "heroku-router", "web",
	    "heroku-router[web]", "GET /" },
	/* without a slash, or with nothing on one side of it */
	{ FRONT "heroku\tError L10", "heroku", "", "heroku", "Error L10" },
	{ FRONT "testprogram\tx", "testprogram", "", "testprogram", "x" },
	{ FRONT "app/\tx", "app/", "", "app/", "x" },
	{ FRONT "/web.1\tx", "/web.1", "", "/web.1", "x" },
	{ FRONT "/\tx", "/", "", "/", "x" },
	{ FRONT "a/b/c\tx", "a", "b/c", "a[b/c]", "x" },
	{ FRONT "app/web.1:\tx", "app", "web.1", "app[web.1]", "x" },
	{ FRONT "heroku:\tx", "heroku", "", "heroku", "x" },
	{ FRONT ":\tx", ":", "", ":", "x" },
	{ FRONT "app[web.1]\tx", "app[web.1]", "", "app[web.1]", "x" },
	/* messages */
	{ FRONT "app/web.1\t", "app", "web.1", "app[web.1]", "" },
	{ FRONT "app/web.1\t\t", "app", "web.1", "app[web.1]", "" },
	{ FRONT "app/web.1\ta\tb\t\tc", "app", "web.1", "app[web.1]",
	    "a\tb\t\tc" },
	{ FRONT "app/web.1\t  a  b \r", "app", "web.1", "app[web.1]", "a  b" },
	{ FRONT "app/web.1\t- item", "app", "web.1", "app[web.1]", "- item" },
	{ FRONT "app/web.1\t" FRONT "heroku/router\tat=info", "app", "web.1",
	    "app[web.1]", FRONT "heroku/router\tat=info" },
};

START_TEST(forms)
{
	struct arena a = ARENA_INIT;
	struct envelope env;
	struct bad_line bad;

	ck_assert(papertrail_is(sv_str(rows[_i].line)));
	ck_assert(!papertrail_is_header(sv_str(rows[_i].line)));
	ck_assert(papertrail_parse(sv_str(rows[_i].line), &a, &env, &bad));
	ck_assert_int_eq(env.ts, at(WHEN));
	ck_sv(env.source, sv_str(rows[_i].source));
	ck_sv(env.dyno, sv_str(rows[_i].dyno));
	ck_sv(env.origin, sv_str(rows[_i].origin));
	ck_sv(env.message, sv_str(rows[_i].message));
	ck_assert(sv_null(env.drain) && !sv_null(env.dyno));
	arena_release(&a);
}
END_TEST

static const struct {
	const char *time, *want;
} times[] = {
	{ "2011-02-10 00:19:36 -0800", "2011-02-10T08:19:36Z" },
	{ "2011-02-10 00:19:36 +05:30", "2011-02-09T18:49:36Z" },
	{ "2011-02-10 00:19:36 +0000", "2011-02-10T00:19:36Z" },
	{ "2024-03-08T10:00:00Z", "2024-03-08T10:00:00Z" },
	{ "2024-03-08 10:00:00", "2024-03-08T10:00:00Z" },
	{ "2024-03-08T10:00:00", "2024-03-08T10:00:00Z" },
	{ "2024-03-08 10:00:00 UTC", "2024-03-08T10:00:00Z" },
	{ "2024-03-08T03:00:00-07:00", "2024-03-08T10:00:00Z" },
	{ "2024-03-08T10:00:00.25Z", "2024-03-08T10:00:00.25Z" },
};

/* generated_at counts, not received_at. */
START_TEST(zones)
{
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT;
	struct envelope env;
	struct bad_line bad;

	buf_printf(&b, "7\t%s\t2001-01-01 00:00:00\t1\t\t\t\t\tapp/web.1\tx",
	    times[_i].time);
	ck_assert(papertrail_is(buf_sv(&b)));
	ck_assert(papertrail_parse(buf_sv(&b), &a, &env, &bad));
	ck_assert_int_eq(env.ts, at(times[_i].want));
	buf_release(&b);
	arena_release(&a);
}
END_TEST

static const struct {
	const char *line, *reason;
	size_t at;
} bad_rows[] = {
	{ "", "no-header", 0 },
	{ "some text", "no-header", 9 },
	{ "\t\t\t\t\t\t\t\t", "no-header", 8 },
	{ "\t\t\t\t\t\t\t\t\t", "no-header", 0 },
	{ "1\t" WHEN "\t" WHEN "\t4\th\ti\tf\ts\tapp/web.1", "no-header", 63 },
	/* blanks instead of tabs */
	{ "1 " WHEN " " WHEN " 4 h i f s app/web.1 x", "no-header", 65 },
	/* ids */
	{ "\t" WHEN "\t" WHEN "\t4\th\ti\tf\ts\tapp/web.1\tx", "no-header", 0 },
	{ "x1\t" WHEN "\t" WHEN "\t4\th\ti\tf\ts\tapp/web.1\tx", "no-header",
	    0 },
	{ "-1\t" WHEN "\t" WHEN "\t4\th\ti\tf\ts\tapp/web.1\tx", "no-header",
	    0 },
	{ "1 \t" WHEN "\t" WHEN "\t4\th\ti\tf\ts\tapp/web.1\tx", "no-header",
	    0 },
	/* times */
	{ "1\t\t" WHEN "\t4\th\ti\tf\ts\tapp/web.1\tx", "bad-time", 2 },
	{ "12\t2026-06-31T13:02:11Z\t" WHEN "\t4\th\ti\tf\ts\tapp/web.1\tx",
	    "bad-time", 3 },
	{ "1\t" WHEN "x\t" WHEN "\t4\th\ti\tf\ts\tapp/web.1\tx", "bad-time",
	    2 },
	{ "1\t2026-06-12 13:02:11 -080\t" WHEN "\t4\th\ti\tf\ts\tapp\tx",
	    "bad-time", 2 },
	{ "1\tJun 12 13:02:11\t" WHEN "\t4\th\ti\tf\ts\tapp/web.1\tx",
	    "bad-time", 2 },
	/* program */
	{ "1\t" WHEN "\t" WHEN "\t4\th\ti\tf\ts\t\tx", "no-header", 54 },
};

START_TEST(refuses)
{
	struct arena a = ARENA_INIT;
	struct envelope env;
	struct bad_line bad;

	ck_assert(!papertrail_is(sv_str(bad_rows[_i].line)));
	ck_assert(!papertrail_parse(sv_str(bad_rows[_i].line), &a, &env, &bad));
	ck_sv(sv_str(bad.reason), sv_str(bad_rows[_i].reason));
	ck_assert_uint_eq(bad.at, bad_rows[_i].at);
	ck_assert_ptr_nonnull(bad.detail);
	arena_release(&a);
}
END_TEST

/* A received_at that cannot be read loses no row, but is no sign of one. */
START_TEST(received_at_is_a_sign_only)
{
	static const char row[] = "1\t" WHEN "\t\t4\th\ti\tf\ts\tapp/web.1\tx";
	struct arena a = ARENA_INIT;
	struct envelope env;
	struct bad_line bad;

	ck_assert(!papertrail_is(sv_str(row)));
	ck_assert(papertrail_parse(sv_str(row), &a, &env, &bad));
	arena_release(&a);
}
END_TEST

#define COLUMNS "id\tgenerated_at\treceived_at\tsource_id\tsource_name\t" \
	"source_ip\tfacility_name\tseverity_name\tprogram\tmessage"

static const struct {
	const char *line;
	bool is;
} headers[] = {
	{ COLUMNS, true },
	{ COLUMNS "\r", true },
	{ COLUMNS "\t", true },
	{ COLUMNS "\tmore", false },
	{ " " COLUMNS, false },
	{ "id\tgenerated_at", false },
	{ "id,generated_at,received_at,source_id,source_name,source_ip,"
	    "facility_name,severity_name,program,message", false },
	{ "", false },
};

START_TEST(header)
{
	struct arena a = ARENA_INIT;
	struct envelope env;
	struct bad_line bad;
	sv line = sv_str(headers[_i].line);

	ck_assert(papertrail_is_header(line) == headers[_i].is);
	ck_assert(!papertrail_is(line));
	ck_assert(!papertrail_parse(line, &a, &env, &bad));
	arena_release(&a);
}
END_TEST

START_TEST(any_byte)
{
	struct arena a = ARENA_INIT;
	struct envelope env;
	struct bad_line bad;

	ck_assert(papertrail_parse(SV("1\t" WHEN "\t\t\th\0\xff\t\t\t\t"
	    "a\0/\xff\ta\0b\xff"), &a, &env, &bad));
	ck_sv_lit(env.source, "a\0");
	ck_sv_lit(env.dyno, "\xff");
	ck_sv_lit(env.origin, "a\0[\xff]");
	ck_sv_lit(env.message, "a\0b\xff");
	ck_assert(!papertrail_parse(SV_NULL, &a, &env, &bad));
	ck_assert_uint_eq(bad.at, 0);
	ck_assert(!papertrail_is_header(SV_NULL) && !papertrail_is(SV_NULL));
	arena_release(&a);
}
END_TEST

START_TEST(long_rows)
{
	enum { N = 1 << 20 };
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT;
	struct envelope env;
	struct bad_line bad;

	buf_lit(&b, FRONT "app/web.1\tx");
	memset(buf_reserve(&b, N), '\t', N);
	b.n += N;
	buf_byte(&b, 'x');
	ck_assert(papertrail_parse(buf_sv(&b), &a, &env, &bad));
	ck_assert_uint_eq(env.message.n, N + 2);
	/* No number is too long to be an id. */
	buf_clear(&b);
	memset(buf_reserve(&b, N), '7', N);
	b.n += N;
	buf_lit(&b, "\t" WHEN "\t\t\t\t\t\t\tapp\t");
	ck_assert(papertrail_parse(buf_sv(&b), &a, &env, &bad));
	buf_release(&b);
	arena_release(&a);
}
END_TEST

START_TEST(no_byte_behind_the_view_is_read)
{
	static const char text[] = "1\t" WHEN "\t" WHEN
	    "\t\t\t\t\t\tapp/web.1\tx";
	char *copy = malloc((size_t)_i + 1);

	/* ASan sees it if one is. */
	memcpy(copy, text, (size_t)_i);
	ck_assert(papertrail_is(sv_of(copy, (size_t)_i)) == (_i >= 59));
	free(copy);
}
END_TEST

#define CSV "7," WHEN "," WHEN ",4,raxx,192.0.2.3,Local7,Info,"

static const struct {
	const char *row, *origin, *message; /* or the reason */
} csv_rows[] = {
	{ CSV "app/web.1,x", "app[web.1]", "x" },
	{ CSV "app/web.1,\"a, \"\"b\"\"\nc\"\r\n", "app[web.1]", "a, \"b\"\nc" },
	{ CSV "\"heroku\",\n", "heroku", "" },
	{ CSV "app/web.1", NULL, "no-header" },
	{ CSV "app/web.1,x,y", NULL, "no-header" },
	{ CSV "app/web.1,\"x", NULL, "no-header" },
	{ CSV ",x", NULL, "no-header" },
	{ "x" CSV "app/web.1,x", NULL, "no-header" },
	{ "7,x," WHEN ",,,,,,app/web.1,x", NULL, "bad-time" },
	{ "", NULL, "no-header" },
};

START_TEST(csv)
{
	struct arena a = ARENA_INIT;
	struct envelope env;
	struct bad_line bad;
	bool ok = papertrail_csv(sv_str(csv_rows[_i].row), &a, &env, &bad);

	ck_assert(ok == (csv_rows[_i].origin != NULL));
	if (ok)
		ck_sv(env.origin, sv_str(csv_rows[_i].origin));
	ck_sv(ok ? env.message : sv_str(bad.reason),
	    sv_str(csv_rows[_i].message));
	ck_assert(!papertrail_is_csv_header(sv_str(csv_rows[_i].row)));
	arena_release(&a);
}
END_TEST

#define NAMES "id,generated_at,received_at,source_id,source_name,source_ip," \
	"facility_name,severity_name,program,"

START_TEST(csv_header)
{
	ck_assert(papertrail_is_csv_header(SV(NAMES "message")));
	ck_assert(papertrail_is_csv_header(SV(NAMES "\"message\"\r\n")));
	ck_assert(!papertrail_is_csv_header(SV(NAMES "message,x")));
	ck_assert(!papertrail_is_csv_header(SV(NAMES)));
}
END_TEST

Suite *
test_papertrail(void)
{
	Suite *s = suite_create("papertrail");
	TCase *tc = tcase_create("rows");

	suite_add_tcase(s, tc);
	add_table(tc, forms, rows);
	add_table(tc, zones, times);
	add_table(tc, refuses, bad_rows);
	add_table(tc, header, headers);
	tcase_add_test(tc, received_at_is_a_sign_only);
	tcase_add_test(tc, any_byte);
	tcase_add_test(tc, long_rows);
	tcase_add_loop_test(tc, no_byte_behind_the_view_is_read, 0, 60);
	add_table(tc, csv, csv_rows);
	tcase_add_test(tc, csv_header);
	return s;
}
