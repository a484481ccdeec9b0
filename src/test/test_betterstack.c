/* SPDX-License-Identifier: MIT */
#include "parse/betterstack.h"

#include "test/ck.h"
#include "test/envshow.h"

Suite *test_betterstack(void);

#define DT(time) "\"dt\":\"" time "\""
#define DAY "2026-06-12"
#define ZULU DT(DAY "T13:02:11.123456Z")
#define WANT DAY "T13:02:11.123456Z "
#define SYSLOG(app, proc) "\"syslog\":{\"appname\":\"" app "\",\"facility\":" \
	"\"local7\",\"host\":\"shop\",\"hostname\":\"host\",\"msgid\":\"-\"," \
	"\"procid\":\"" proc "\",\"version\":1}"
#define TOKEN "d.0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"

static const struct {
	const char *line, *want;
} lines[] = {
	{ "{" ZULU ",\"level\":\"info\",\"message\":\"Listening on 5000\","
	    "\"platform\":\"Heroku\"," SYSLOG("app", "web.1") "}",
	    WANT "app[web.1] <Listening on 5000>" },
	{ "{" DT(DAY " 13:02:11.123456 UTC") ",\"message\":\"at=info "
	    "path=\\\"/\\\"\"," SYSLOG("heroku", "router") ",\"heroku\":"
	    "{\"path\":\"/\"}}", WANT "heroku[router] <at=info path=\"/\">" },
	{ "{" DT(DAY " 13:02:11.123456") ",\"message\":\"x\","
	    "\"syslog.appname\":\"app\",\"syslog.procid\":\"worker.1\","
	    "\"syslog.hostname\":\"" TOKEN "\"}",
	    WANT "app[worker.1] <x> " TOKEN },
	{ "{" DT(DAY " 13:02:11Z") ",\"message\":\"x\",\"syslog\":"
	    "{\"appname\":\"app\",\"procid\":7}}",
	    DAY "T13:02:11.000000Z app[7] <x>" },
	{ "{" ZULU ",\"message\":\"x\",\"syslog\":{\"appname\":\"heroku\","
	    "\"procid\":\"-\",\"host\":\"" TOKEN "\"}}",
	    WANT "heroku <x> " TOKEN },
	{ "{\"dt\":1781269331123,\"message\":\"x\"," SYSLOG("app", "run.1")
	    "}", DAY "T13:02:11.123000Z app[run.1] <x>" },
	{ "{\"dt\":1781269331123456,\"message\":\"x\"," SYSLOG("app", "run.1")
	    "}", WANT "app[run.1] <x>" },
	{ "{\"dt\":\"1781269331123456789\",\"message\":\"x\","
	    SYSLOG("app", "run.1") "}", WANT "app[run.1] <x>" },
	{ "{" ZULU ",\"message\":{\"a\":1}," SYSLOG("app", "web.1") "}",
	    WANT "app[web.1] <{\"a\":1}>" },
	/* nested counts before dotted */
	{ "{" ZULU ",\"message\":\"x\",\"syslog.appname\":\"heroku\","
	    SYSLOG("app", "web.1") "}", WANT "app[web.1] <x>" },
	/* out of the SQL interface */
	{ "{" DT(DAY " 13:02:11.123456") ",\"raw\":\"{\\\"dt\\\":\\\"" DAY
	    "T13:02:11.123Z\\\",\\\"message\\\":\\\"a \\\\\\\"b\\\\\\\"\\\","
	    "\\\"syslog\\\":{\\\"appname\\\":\\\"app\\\",\\\"procid\\\":"
	    "\\\"web.1\\\"}}\"}", WANT "app[web.1] <a \"b\">" },
	{ "{\"raw\":\"{\\\"dt\\\":\\\"" DAY "T13:02:11.123456Z\\\","
	    "\\\"message\\\":\\\"x\\\",\\\"syslog.appname\\\":\\\"app\\\"}\"}",
	    WANT "app <x>" },
	{ "{" ZULU ",\"raw\":\"plain text\"}",
	    "no-header 0: \"raw\" holds no JSON object" },
	{ "{" ZULU ",\"raw\":\"{\\\"raw\\\":\\\"{}\\\"}\"}",
	    "no-header 0: no \"message\"" },
	{ "{" ZULU ",\"raw\":{}}", "no-header 0: no \"message\"" },
	/* what is missing or wrong */
	{ "{" ZULU ",\"message\":\"x\"}",
	    "no-header 0: no \"syslog.appname\"" },
	{ "{" ZULU ",\"message\":\"x\",\"syslog\":\"app\"}",
	    "no-header 0: no \"syslog.appname\"" },
	{ "{\"message\":\"x\"," SYSLOG("app", "web.1") "}",
	    "no-header 0: no \"dt\"" },
	{ "{" ZULU "," SYSLOG("app", "web.1") "}",
	    "no-header 0: no \"message\"" },
	{ "{" DT(DAY) ",\"message\":\"x\"," SYSLOG("app", "web.1") "}",
	    "bad-time 0: the time has no known form" },
	{ "{\"dt\":true,\"message\":\"x\"," SYSLOG("app", "web.1") "}",
	    "bad-time 0: the time has no known form" },
	{ "{" ZULU ",\"message\":\"x\"," SYSLOG("<b>", "web.1") "}",
	    "no-header 0: the source is no name" },
	{ "{" ZULU ",\"message\":\"x\",\"syslog\":{\"appname\":\"app\","
	    "\"procid\":[1]}}", "no-header 0: the dyno is no name" },
	{ "{" ZULU ",\"message\":\"x", "bad-json 48: the JSON is malformed "
	    "or cut off" },
	{ "null", "no-header 0: expected a JSON object" },
};

START_TEST(reads)
{
	envshow_check(betterstack_envelope, sv_str(lines[_i].line),
	    lines[_i].want);
}
END_TEST

static const char *const ours[] = {
	"{" ZULU ",\"message\":\"x\"," SYSLOG("app", "web.1") "}",
	"{\"dt\":1781269331123,\"syslog.appname\":\"app\",\"message\":\"\"}",
	"{" ZULU ",\"raw\":\"{\\\"message\\\":\\\"x\\\",\\\"syslog\\\":"
	    "{\\\"appname\\\":\\\"app\\\"}}\"}",
};

START_TEST(known)
{
	ck_assert(betterstack_is(sv_str(ours[_i])));
}
END_TEST

static const char *const others[] = {
	"", "[]", "{}", "{" ZULU ",\"message\":\"x\"}",
	"{" ZULU ",\"raw\":\"x\"}", "{" ZULU ",\"raw\":\"{}\"}",
	"{\"message\":\"x\"," SYSLOG("app", "web.1") "}",
	"{" ZULU ",\"message\":\"x\"," SYSLOG("app", "web.1"),
};

START_TEST(unknown)
{
	ck_assert(!betterstack_is(sv_str(others[_i])));
}
END_TEST

Suite *
test_betterstack(void)
{
	Suite *s = suite_create("betterstack");
	TCase *tc = tcase_create("lines");

	suite_add_tcase(s, tc);
	add_table(tc, reads, lines);
	add_table(tc, known, ours);
	add_table(tc, unknown, others);
	return s;
}
