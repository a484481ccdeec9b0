/* SPDX-License-Identifier: MIT */
#include "parse/bsdline.h"

#include <stdlib.h>

#include "base/buf.h"
#include "test/ck.h"

Suite *test_bsdline(void);

#define TOKEN "d.0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
#define TIME "Jul 28 06:27:46 "
#define HOST TIME "raxx-api "
#define DRAIN TIME TOKEN " "

static int64_t
at(const char *text)
{
	int64_t us;

	ck_assert(utc_parse(sv_str(text), &us));
	return us;
}

static struct bsdline_year
first_year(int year)
{
	struct bsdline_year y = BSDLINE_YEAR_INIT;

	y.year = year;
	return y;
}

static struct bsdline_year
taken_at(const char *time)
{
	struct bsdline_year y = BSDLINE_YEAR_INIT;

	y.taken = at(time);
	return y;
}

static const struct {
	const char *line, *host, *source, *dyno, *origin, *message;
} lines[] = {
	/* Papertrail */
	{ HOST "app/worker.1 msg", "raxx-api", "app", "worker.1",
	    "app[worker.1]", "msg" },
	{ HOST "app/worker.1: msg", "raxx-api", "app", "worker.1",
	    "app[worker.1]", "msg" },
	{ HOST "heroku/router: at=info", "raxx-api", "heroku", "router",
	    "heroku[router]", "at=info" },
	{ HOST "app/postgres.123 [X] [1-1] text", "raxx-api", "app",
	    "postgres.123", "app[postgres.123]", "[X] [1-1] text" },
	{ HOST "heroku-router/web GET /", "raxx-api", "heroku-router", "web",
	    "heroku-router[web]", "GET /" },
	{ HOST "app/web.1", "raxx-api", "app", "web.1", "app[web.1]", "" },
	{ HOST "app/web.1:", "raxx-api", "app", "web.1", "app[web.1]", "" },
	/* rsyslog */
	{ DRAIN "heroku[router] - at=info", NULL, "heroku", "router",
	    "heroku[router]", "at=info" },
	{ DRAIN "app[web.1] - - item", NULL, "app", "web.1", "app[web.1]",
	    "- item" },
	{ DRAIN "app[web.1] -", NULL, "app", "web.1", "app[web.1]", "" },
	{ DRAIN "app[web.1] hello", NULL, "app", "web.1", "app[web.1]",
	    "hello" },
	{ DRAIN "app[web.1]: - item", NULL, "app", "web.1", "app[web.1]",
	    "- item" },
	{ DRAIN "heroku - Error L10", NULL, "heroku", "", "heroku",
	    "Error L10" },
	{ DRAIN "other text", NULL, "other", "", "other", "text" },
	/* a dash from another host is the message's */
	{ HOST "app[web.1] - item", "raxx-api", "app", "web.1", "app[web.1]",
	    "- item" },
	{ TIME "d.example.com app[web.1] - item", "d.example.com", "app",
	    "web.1", "app[web.1]", "- item" },
	/* without a dyno: sources of Heroku's, others with a colon */
	{ HOST "heroku Error L10", "raxx-api", "heroku", "", "heroku",
	    "Error L10" },
	{ HOST "Logplex Error L20", "raxx-api", "Logplex", "", "Logplex",
	    "Error L20" },
	{ HOST "app: x", "raxx-api", "app", "", "app", "x" },
	{ HOST "cron: job ran", "raxx-api", "cron", "", "cron", "job ran" },
	{ HOST "sshd[42]: bye", "raxx-api", "sshd", "42", "sshd[42]", "bye" },
	/* a priority in front */
	{ "<158>" HOST "heroku/router at=info", "raxx-api", "heroku", "router",
	    "heroku[router]", "at=info" },
	{ "<0>" DRAIN "app[web.1] - x", NULL, "app", "web.1", "app[web.1]",
	    "x" },
	/* other ways to write the same time */
	{ "Jul 28 2026 06:27:46 raxx-api app/web.1 x", "raxx-api", "app",
	    "web.1", "app[web.1]", "x" },
	{ "Jul  28 06:27:46 raxx-api app/web.1 x", "raxx-api", "app", "web.1",
	    "app[web.1]", "x" },
	/* trimmed outside, kept inside */
	{ HOST "app/web.1:   a  b \r", "raxx-api", "app", "web.1",
	    "app[web.1]", "a  b" },
	/* a line inside a line belongs to the app */
	{ HOST "app/web.1 " HOST "heroku/router at=info", "raxx-api", "app",
	    "web.1", "app[web.1]", HOST "heroku/router at=info" },
};

START_TEST(forms)
{
	struct bsdline_year y = first_year(2026);
	struct arena a = ARENA_INIT;
	struct envelope env;
	struct bad_line bad;

	ck_assert(bsdline_parse(sv_str(lines[_i].line), &y, &a, &env, &bad));
	ck_assert_int_eq(env.ts, at("2026-07-28T06:27:46Z"));
	ck_sv(env.source, sv_str(lines[_i].source));
	ck_sv(env.dyno, sv_str(lines[_i].dyno));
	ck_sv(env.origin, sv_str(lines[_i].origin));
	ck_sv(env.message, sv_str(lines[_i].message));
	ck_assert(sv_null(env.drain) == (lines[_i].host != NULL));
	if (!lines[_i].host)
		ck_sv_lit(env.drain, TOKEN);
	ck_assert(!sv_null(env.dyno));
	arena_release(&a);
}
END_TEST

static const struct {
	const char *time, *want;
} times[] = {
	{ "Jun  9 23:27:08", "2024-06-09T23:27:08Z" },
	{ "Jun 9 23:27:08", "2024-06-09T23:27:08Z" },
	{ "Jun 09 23:27:08", "2024-06-09T23:27:08Z" },
	{ "Jan  1 00:00:00", "2024-01-01T00:00:00Z" },
	{ "Feb 29 12:00:00", "2024-02-29T12:00:00Z" },
	{ "Mar 31 12:00:00", "2024-03-31T12:00:00Z" },
	{ "Apr 30 12:00:00", "2024-04-30T12:00:00Z" },
	{ "May 31 12:00:00", "2024-05-31T12:00:00Z" },
	{ "Aug 31 12:00:00", "2024-08-31T12:00:00Z" },
	{ "Sep 30 12:00:00", "2024-09-30T12:00:00Z" },
	{ "Oct 31 12:00:00", "2024-10-31T12:00:00Z" },
	{ "Nov 30 12:00:00", "2024-11-30T12:00:00Z" },
	{ "Dec 31 23:59:59", "2024-12-31T23:59:59Z" },
	{ "Dec 31 23:59:60", "2024-12-31T23:59:59.999999Z" },
	{ "Jun  9 23:27:08.25", "2024-06-09T23:27:08.25Z" },
	{ "Jun  9 2021 23:27:08", "2021-06-09T23:27:08Z" },
	{ "Feb 29 2020 23:27:08", "2020-02-29T23:27:08Z" },
};

START_TEST(dates)
{
	struct bsdline_year y = first_year(2024);
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT;
	struct envelope env;
	struct bad_line bad;

	buf_printf(&b, "%s raxx-api app/web.1 x", times[_i].time);
	ck_assert(bsdline_parse(buf_sv(&b), &y, &a, &env, &bad));
	ck_assert_int_eq(env.ts, at(times[_i].want));
	buf_release(&b);
	arena_release(&a);
}
END_TEST

static const struct {
	const char *line, *reason;
	size_t at;
} bad_lines[] = {
	{ "", "no-header", 0 },
	{ "some text", "no-header", 0 },
	{ "May", "no-header", 3 },
	{ "May I ask", "no-header", 4 },
	{ "May 5 people came", "no-header", 6 },
	{ "May 5 2026 came", "no-header", 11 },
	{ "Mayor 5 06:27:46 h app/web.1 x", "no-header", 3 },
	{ "jul 28 06:27:46 h app/web.1 x", "no-header", 0 },
	{ "July 28 06:27:46 h app/web.1 x", "no-header", 3 },
	{ "Jul   8 06:27:46 h app/web.1 x", "no-header", 5 },
	{ "Jul 128 06:27:46 h app/web.1 x", "no-header", 4 },
	{ "Jul 28 026 06:27:46 h app/web.1 x", "no-header", 7 },
	{ "Jul 28 12026 06:27:46 h app/web.1 x", "no-header", 7 },
	{ "Jul 28 6:27:46 h app/web.1 x", "no-header", 7 },
	{ "Jul 28 06:27:46", "no-header", 15 },
	{ "Jul 28 06:27:46Z h app/web.1 x", "no-header", 15 },
	{ " " HOST "app/web.1 x", "no-header", 0 },
	/* no such time */
	{ "Jul 28 24:00:00 h app/web.1 x", "bad-time", 7 },
	{ "Jul 28 06:60:00 h app/web.1 x", "bad-time", 7 },
	{ "Jul 28 06:00:61 h app/web.1 x", "bad-time", 7 },
	{ "Jul 28 06:27 h app/web.1 x", "bad-time", 7 },
	{ "Jul  0 06:00:00 h app/web.1 x", "bad-time", 5 },
	{ "Jul 32 06:00:00 h app/web.1 x", "bad-time", 4 },
	{ "Feb 30 06:00:00 h app/web.1 x", "bad-time", 4 },
	{ "Apr 31 06:00:00 h app/web.1 x", "bad-time", 4 },
	{ "Jun 31 06:00:00 h app/web.1 x", "bad-time", 4 },
	{ "Feb 29 2026 06:00:00 h app/web.1 x", "bad-time", 4 },
	{ "Jul 28 0000 06:00:00 h app/web.1 x", "bad-time", 4 },
	{ "Feb 29 06:00:00 h app/web.1 x", "bad-time", 15 },
	/* priorities */
	{ "<>" HOST "app/web.1 x", "no-header", 1 },
	{ "<192>" HOST "app/web.1 x", "no-header", 1 },
	{ "<190" HOST "app/web.1 x", "no-header", 1 },
	{ "<190> " HOST "app/web.1 x", "no-header", 5 },
	{ "<190>1 2026-06-12T13:02:11Z host app web.1 - x", "no-header", 5 },
	/* host and program */
	{ TIME, "no-header", 16 },
	{ TIME "h", "no-header", 17 },
	{ TIME " h app/web.1 x", "no-header", 16 },
	{ TIME "h ", "no-header", 18 },
	{ TIME "h other text", "no-header", 23 },
	{ TIME "the app crashed", "no-header", 23 },
	{ TIME "h app", "no-header", 21 },
	{ TIME "h app/", "no-header", 22 },
	{ TIME "h app/ x", "no-header", 22 },
	{ TIME "h app/web.1/2 x", "no-header", 27 },
	{ TIME "h app/web.1x! x", "no-header", 28 },
	{ TIME "h /web.1 x", "no-header", 18 },
	{ TIME "h app[] x", "no-header", 22 },
	{ TIME "h app[web.1 x", "no-header", 27 },
	{ TIME "h app[web.1]x", "no-header", 28 },
	{ TIME "h : x", "no-header", 18 },
};

START_TEST(refuses)
{
	struct bsdline_year y = first_year(2026), old = y;
	struct arena a = ARENA_INIT;
	struct envelope env;
	struct bad_line bad;

	ck_assert(!bsdline_parse(sv_str(bad_lines[_i].line), &y, &a, &env,
	    &bad));
	ck_sv(sv_str(bad.reason), sv_str(bad_lines[_i].reason));
	ck_assert_uint_eq(bad.at, bad_lines[_i].at);
	ck_assert_ptr_nonnull(bad.detail);
	ck_assert(y.year == old.year && y.last == old.last);
	arena_release(&a);
}
END_TEST

static const struct {
	const char *line;
	bool is;
} sniffed[] = {
	{ HOST "app/worker.1 msg", true },
	{ HOST "heroku/router: at=info", true },
	{ "<158>" HOST "heroku-router[web] x", true },
	{ "Jul 28 2026 06:27:46 h app[web.1]: x", true },
	{ DRAIN "other text", true },
	{ "Feb 29 06:27:46 h app/web.1 x", true },
	/* syslog of other machines */
	{ HOST "sshd[42]: bye", false },
	{ HOST "postfix/smtpd: x", false },
	{ HOST "application/web.1 x", false },
	{ HOST "kernel: x", false },
	/* true lines, but a text may look the same */
	{ HOST "heroku Error L10", false },
	{ HOST "Logplex: x", false },
	/* text */
	{ "", false },
	{ "May 5 06:27:46 the app crashed", false },
	{ "May I ask", false },
	{ "May 5 06:27:46 app/web.1 x", false },
	{ "Jul 28 06:27:46 we saw app/web.1 crash", false },
	{ "Jul 28 25:27:46 h app/web.1 x", false },
	{ "2026-07-28T06:27:46Z app[web.1]: x", false },
	{ "<158>1 2026-07-28T06:27:46Z host app web.1 - x", false },
};

START_TEST(sniffs)
{
	ck_assert(bsdline_is(sv_str(sniffed[_i].line)) == sniffed[_i].is);
}
END_TEST

/* The time of a line of which only the front matters, or UTC_NONE. */
static int64_t
read_time(struct bsdline_year *y, const char *time)
{
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT;
	struct envelope env;
	struct bad_line bad;

	buf_printf(&b, "%s h app/web.1 x", time);
	if (!bsdline_parse(buf_sv(&b), y, &a, &env, &bad)) {
		ck_assert_str_eq(bad.reason, "bad-time");
		env.ts = UTC_NONE;
	}
	buf_release(&b);
	arena_release(&a);
	return env.ts;
}

enum { STEPS = 8 };

/* Lines of one file: time and year, 0: refused. */
static const struct {
	int first;
	struct {
		const char *time;
		int year;
	} line[STEPS];
} files[] = {
	{ 2026, { { "Mar  1 00:00:00", 2026 }, { "Aug  1 00:00:00", 2026 },
	    { "Jul  1 00:00:00", 2026 }, { "Dec 31 23:59:59", 2026 } } },
	/* December, January */
	{ 2026, { { "Dec 31 23:59:59", 2026 }, { "Jan  1 00:00:00", 2027 },
	    { "Mar  1 00:00:00", 2027 }, { "Aug  1 00:00:00", 2027 },
	    { "Dec 31 00:00:00", 2027 }, { "Jan  1 00:00:00", 2028 },
	    { "Feb 29 00:00:00", 2028 } } },
	/* late lines */
	{ 2026, { { "Dec 31 23:59:59", 2026 }, { "Jan  1 00:00:00", 2027 },
	    { "Dec 31 23:59:58", 2026 }, { "Dec 31 23:59:59", 2026 },
	    { "Jan  1 00:00:00", 2027 }, { "Jan  1 00:00:01", 2027 },
	    { "Dec 31 23:59:57", 2026 }, { "Jan  1 00:00:02", 2027 } } },
	{ 2026, { { "Dec 31 23:59:59", 2026 }, { "Jan  1 00:00:00", 2027 },
	    { "Jan 20 00:00:00", 2027 }, { "Dec 30 00:00:00", 2026 },
	    { "Jan 21 00:00:00", 2027 } } },
	/* 30 days behind it, and no longer right after it */
	{ 2026, { { "Dec 31 23:59:59", 2026 }, { "Jan  1 00:00:00", 2027 },
	    { "Jan 31 00:00:00", 2027 }, { "Dec 30 00:00:00", 2026 } } },
	{ 2026, { { "Dec 31 23:59:59", 2026 }, { "Jan  1 00:00:00", 2027 },
	    { "Jan 31 00:00:01", 2027 }, { "Dec 30 00:00:00", 2027 } } },
	/* a gap is no change */
	{ 2026, { { "Jan 10 00:00:00", 2026 }, { "Dec  1 00:00:00", 2026 },
	    { "Dec  2 00:00:00", 2026 } } },
	/* 180 days exactly, and more; either way */
	{ 2025, { { "Jul  1 00:00:00", 2025 }, { "Jan  2 00:00:00", 2025 } } },
	{ 2025, { { "Jul  1 00:00:01", 2025 }, { "Jan  2 00:00:00", 2026 } } },
	/* one stray line moves none of those behind it */
	{ 2026, { { "Jul 15 00:00:00", 2026 }, { "Jan  1 00:00:00", 2027 },
	    { "Jul 15 00:00:01", 2026 }, { "Jul 15 00:00:02", 2026 } } },
	{ 2026, { { "Jun 15 00:00:00", 2026 }, { "Dec 31 00:00:00", 2026 },
	    { "Jun 15 00:00:01", 2026 }, { "Jun 15 00:00:02", 2026 } } },
	/* 29 February */
	{ 2027, { { "Feb 28 00:00:00", 2027 }, { "Feb 29 00:00:00", 0 },
	    { "Mar  1 00:00:00", 2027 }, { "Aug  1 00:00:00", 2027 },
	    { "Dec  1 00:00:00", 2027 }, { "Feb 29 00:00:00", 2028 } } },
	/* a refused line and one with its own year change nothing */
	{ 2026, { { "Dec 31 00:00:00", 2026 }, { "Jan  1 24:00:00", 0 },
	    { "Jan  1 2020 00:00:00", 2020 }, { "Dec 31 00:00:01", 2026 } } },
	/* the ends of the calendar */
	{ 9999, { { "Dec 31 23:59:59", 9999 }, { "Jan  1 00:00:00", 0 },
	    { "Dec 31 23:59:59", 9999 } } },
	{ 1, { { "Jan  1 00:00:00", 1 }, { "Dec 31 00:00:00", 1 },
	    { "Jan  1 00:00:00", 1 } } },
	{ 10000, { { "Jan  1 00:00:00", 0 } } },
	{ -1, { { "Jan  1 00:00:00", 0 } } },
};

static int
year_of(int64_t us)
{
	struct buf b = BUF_INIT;
	int64_t year = 0;

	if (us != UTC_NONE) {
		utc_write(&b, us);
		ck_assert(sv_to_i64(sv_take(buf_sv(&b), 4), &year));
	}
	buf_release(&b);
	return (int)year;
}

START_TEST(year_follows_the_lines)
{
	struct bsdline_year y = first_year(files[_i].first);

	/* What is known from the outside about the first line wins. */
	y.taken = at("2001-01-01");
	for (int i = 0; i < STEPS && files[_i].line[i].time; i++) {
		int got = year_of(read_time(&y, files[_i].line[i].time));

		ck_assert_msg(got == files[_i].line[i].year,
		    "line %d: year %d", i, got);
	}
}
END_TEST

static const struct {
	const char *taken, *time, *want; /* NULL: refused */
} dumps[] = {
	{ "2026-07-28T12:00Z", "Jul 28 06:27:46", "2026-07-28T06:27:46Z" },
	{ "2026-07-28T12:00Z", "Jan  1 00:00:00", "2026-01-01T00:00:00Z" },
	/* a day of wrong clocks and zones */
	{ "2026-07-28T12:00Z", "Jul 29 12:00:00", "2026-07-29T12:00:00Z" },
	{ "2026-07-28T12:00Z", "Jul 29 12:00:01", "2025-07-29T12:00:01Z" },
	{ "2026-07-28T12:00Z", "Dec 31 23:59:59", "2025-12-31T23:59:59Z" },
	{ "2026-12-31T12:00Z", "Jan  1 10:00:00", "2027-01-01T10:00:00Z" },
	{ "2027-01-01T12:00Z", "Dec 31 10:00:00", "2026-12-31T10:00:00Z" },
	{ "2028-02-28T12:00Z", "Feb 29 10:00:00", "2028-02-29T10:00:00Z" },
	{ "2028-12-31T12:00Z", "Feb 29 10:00:00", "2028-02-29T10:00:00Z" },
	{ "2027-03-05T12:00Z", "Feb 29 10:00:00", NULL },
	{ "1970-01-01T00:00Z", "Jan  1 00:00:00", "1970-01-01T00:00:00Z" },
	{ "1969-06-01T00:00Z", "Dec  1 00:00:00", "1968-12-01T00:00:00Z" },
	{ "0001-06-01T00:00Z", "May  1 00:00:00", "0001-05-01T00:00:00Z" },
	{ "0001-01-10T00:00Z", "Jan  5 00:00:00", "0001-01-05T00:00:00Z" },
	{ "0001-06-01T00:00Z", "Dec  1 00:00:00", NULL },
	{ "9999-12-31T23:59Z", "Dec 31 23:59:59", "9999-12-31T23:59:59Z" },
	{ "9999-12-31T23:59Z", "Jan  1 00:00:00", "9999-01-01T00:00:00Z" },
	/* a year in the line is believed */
	{ "2026-07-28T12:00Z", "Jul 28 2031 06:27:46",
	    "2031-07-28T06:27:46Z" },
};

START_TEST(year_of_a_dump)
{
	struct bsdline_year y = taken_at(dumps[_i].taken);
	int64_t want = dumps[_i].want ? at(dumps[_i].want) : UTC_NONE;

	ck_assert_int_eq(read_time(&y, dumps[_i].time), want);
	/* In whatever order: each line for itself. */
	read_time(&y, "Feb  1 00:00:00");
	ck_assert_int_eq(read_time(&y, dumps[_i].time), want);
}
END_TEST

START_TEST(no_year_is_no_guess)
{
	struct bsdline_year y = BSDLINE_YEAR_INIT;
	struct arena a = ARENA_INIT;
	struct envelope env;
	struct bad_line bad;

	ck_assert(!bsdline_parse(SV(HOST "app/web.1 x"), &y, &a, &env, &bad));
	ck_assert_str_eq(bad.reason, "no-year");
	ck_assert_uint_eq(bad.at, 15);
	ck_assert(bsdline_is(SV(HOST "app/web.1 x")));
	ck_assert(bsdline_parse(SV("Jul 28 2026 06:27:46 h app/web.1 x"), &y,
	    &a, &env, &bad));
	ck_assert_int_eq(env.ts, at("2026-07-28T06:27:46Z"));
	ck_assert(!bsdline_parse(SV(HOST "app/web.1 x"), &y, &a, &env, &bad));
	ck_assert_str_eq(bad.reason, "no-year");
	/* What is wrong with the line itself comes first. */
	ck_assert(!bsdline_parse(SV(HOST "other text"), &y, &a, &env, &bad));
	ck_assert_str_eq(bad.reason, "no-header");
	arena_release(&a);
}
END_TEST

START_TEST(any_byte)
{
	struct bsdline_year y = first_year(2026);
	struct arena a = ARENA_INIT;
	struct envelope env;
	struct bad_line bad;

	ck_assert(bsdline_parse(SV(TIME "h\xff\0 app/web.1 a\0b\xff"), &y, &a,
	    &env, &bad));
	ck_sv_lit(env.message, "a\0b\xff");
	ck_assert(!bsdline_parse(SV(TIME "h app/web\0 a"), &y, &a, &env, &bad));
	ck_assert(!bsdline_parse(SV("Jul 28\0 06:27:46 h app/web.1 a"), &y, &a,
	    &env, &bad));
	ck_assert(!bsdline_parse(SV_NULL, &y, &a, &env, &bad));
	ck_assert_uint_eq(bad.at, 0);
	arena_release(&a);
}
END_TEST

START_TEST(long_lines)
{
	enum { N = 1 << 20 };
	struct bsdline_year y = first_year(2026);
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT;
	struct envelope env;
	struct bad_line bad;

	buf_lit(&b, HOST "app/web.1: ");
	memset(buf_reserve(&b, N), 'x', N);
	b.n += N;
	ck_assert(bsdline_parse(buf_sv(&b), &y, &a, &env, &bad));
	ck_assert_uint_eq(env.message.n, N);
	buf_clear(&b);
	memset(buf_reserve(&b, N), '7', N);
	memcpy(b.p, "Jul ", 4);
	b.n += N;
	ck_assert(!bsdline_parse(buf_sv(&b), &y, &a, &env, &bad));
	buf_release(&b);
	arena_release(&a);
}
END_TEST

START_TEST(no_byte_behind_the_view_is_read)
{
	static const char text[] = "<190>Jul  8 06:27:46 h app/web.1: x";
	char *copy = malloc((size_t)_i + 1);

	/* ASan sees it if one is. */
	memcpy(copy, text, (size_t)_i);
	ck_assert(bsdline_is(sv_of(copy, (size_t)_i)) == (_i > 27));
	free(copy);
}
END_TEST

Suite *
test_bsdline(void)
{
	Suite *s = suite_create("bsdline");
	TCase *tc = tcase_create("lines");
	TCase *years = tcase_create("years");

	suite_add_tcase(s, tc);
	add_table(tc, forms, lines);
	add_table(tc, dates, times);
	add_table(tc, refuses, bad_lines);
	add_table(tc, sniffs, sniffed);
	tcase_add_test(tc, any_byte);
	tcase_add_test(tc, long_lines);
	tcase_add_loop_test(tc, no_byte_behind_the_view_is_read, 0, 36);
	suite_add_tcase(s, years);
	add_table(years, year_follows_the_lines, files);
	add_table(years, year_of_a_dump, dumps);
	tcase_add_test(years, no_year_is_no_guess);
	return s;
}
