/* SPDX-License-Identifier: MIT */
#include "parse/fluentjson.h"

#include "test/ck.h"
#include "test/envshow.h"

Suite *test_fluentjson(void);

#define TOKEN "d.0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
#define WHO(drain, ident, pid) "\"drain_id\":\"" drain "\",\"ident\":\"" \
	ident "\",\"pid\":\"" pid "\",\"pri\":\"190\",\"facility\":" \
	"\"local7\",\"priority\":\"info\""
#define TIME "\"time\":\"2026-06-12T13:02:11.123456+00:00\""
#define WANT "2026-06-12T13:02:11.123456Z "
#define BLUNT "2026-06-12T13:02:11.000000Z "

static const struct {
	const char *line, *want;
} lines[] = {
	{ "{" WHO(TOKEN, "app", "web.1") ",\"message\":\"hello\"," TIME "}",
	    WANT "app[web.1] <hello> " TOKEN },
	{ "{" WHO("host", "heroku", "router") ",\"message\":\"at=info\","
	    "\"timestamp\":\"2026-06-12 13:02:11 +0000\"}",
	    BLUNT "heroku[router] <at=info>" },
	{ "{" WHO("host", "app", "web.1") ",\"message\":\"x\",\"time\":"
	    "1781269331}", BLUNT "app[web.1] <x>" },
	{ "{" WHO("host", "app", "web.1") ",\"message\":\"x\",\"time\":"
	    "1781269331.123456789}", WANT "app[web.1] <x>" },
	{ "{" WHO("host", "app", "web.1") ",\"message\":\"x\",\"time\":"
	    "\"2026-06-12 06:02:11 -0700\"}", BLUNT "app[web.1] <x>" },
	{ "{" WHO("host", "app", "web.1") ",\"message\":\"x\",\"time\":null,"
	    "\"timestamp\":1781269331}", BLUNT "app[web.1] <x>" },
	{ "{\"drain_id\":\"host\",\"ident\":\"app\",\"pid\":null,"
	    "\"loglevel\":\"info\",\"message\":\"x\"," TIME "}",
	    WANT "app <x>" },
	/* the file output's own columns */
	{ "2026-06-12T13:02:11+00:00\theroku.local7.info\t{"
	    WHO("host", "app", "web.1") ",\"message\":\"x\"}",
	    BLUNT "app[web.1] <x>" },
	{ "2026-06-12T06:02:11-0700\theroku\t{" WHO("host", "app", "web.1")
	    ",\"message\":\"x\"}", BLUNT "app[web.1] <x>" },
	{ "2026-06-12T13:02:11+00:00\theroku\t{\"ident\":",
	    "bad-json 42: the JSON is malformed or cut off" },
	/* a MSGID left in the message */
	{ "{" WHO(TOKEN, "heroku", "web.3") ",\"message\":\"- State changed\","
	    TIME "}", WANT "heroku[web.3] <State changed> " TOKEN },
	{ "{" WHO(TOKEN, "heroku", "logplex") ",\"message\":\"- - Error L10\","
	    TIME "}", WANT "heroku[logplex] <Error L10> " TOKEN },
	{ "{" WHO(TOKEN, "heroku", "web.3") ",\"message\":\"-\"," TIME "}",
	    WANT "heroku[web.3] <> " TOKEN },
	{ "{" WHO(TOKEN, "app", "web.3") ",\"message\":\"- item\"," TIME "}",
	    WANT "app[web.3] <- item> " TOKEN },
	/* what is missing or wrong */
	{ "{" WHO("host", "app", "web.1") ",\"message\":\"x\"}",
	    "no-header 0: no \"time\"" },
	{ "{" WHO("host", "app", "web.1") "," TIME "}",
	    "no-header 0: no \"message\"" },
	{ "{\"drain_id\":\"host\",\"pid\":\"web.1\",\"message\":\"x\"," TIME
	    "}", "no-header 0: no \"ident\"" },
	{ "{" WHO("host", "app", "web 1") ",\"message\":\"x\"," TIME "}",
	    "no-header 0: the dyno is no name" },
	{ "{" WHO("host", "app", "web.1") ",\"message\":\"x\",\"time\":\"\"}",
	    "bad-time 0: the time has no known form" },
	{ "yesterday\theroku\t{}", "bad-json 0: the JSON is malformed or cut "
	    "off" },
};

START_TEST(reads)
{
	envshow_check(fluentjson_envelope, sv_str(lines[_i].line),
	    lines[_i].want);
}
END_TEST

static const char *const ours[] = {
	"{" WHO("host", "app", "web.1") ",\"message\":\"x\"," TIME "}",
	"{" WHO("host", "app", "web.1") ",\"message\":\"x\"}",
	"2026-06-12T13:02:11+00:00\theroku\t{" WHO("host", "app", "web.1")
	    ",\"message\":\"x\"}",
};

START_TEST(known)
{
	ck_assert(fluentjson_is(sv_str(ours[_i])));
}
END_TEST

static const char *const others[] = {
	"", "{}", "\t\t{}", "{\"ident\":\"app\",\"pid\":\"web.1\","
	    "\"message\":\"x\"," TIME "}",
	"{\"drain_id\":7,\"ident\":\"app\",\"message\":\"x\"}",
	"{" WHO("host", "app", "web.1") "}",
	"{" WHO("host", "app", "web.1") ",\"message\":\"x\"",
	"noon\theroku\t{" WHO("host", "app", "web.1") ",\"message\":\"x\"}",
};

START_TEST(unknown)
{
	ck_assert(!fluentjson_is(sv_str(others[_i])));
}
END_TEST

Suite *
test_fluentjson(void)
{
	Suite *s = suite_create("fluentjson");
	TCase *tc = tcase_create("lines");

	suite_add_tcase(s, tc);
	add_table(tc, reads, lines);
	add_table(tc, known, ours);
	add_table(tc, unknown, others);
	return s;
}
