/* SPDX-License-Identifier: MIT */
#include "parse/datadog.h"

#include "test/ck.h"
#include "test/envshow.h"

Suite *test_datadog(void);

#define TIME "\"timestamp\":\"2026-06-12T13:02:11.123Z\""
#define WANT "2026-06-12T13:02:11.123000Z "
#define ATTRS(app, proc) "\"attributes\":{\"syslog\":{\"appname\":\"" app \
	"\",\"procid\":\"" proc "\",\"hostname\":\"host\",\"prival\":158," \
	"\"severity\":6,\"version\":1},\"http\":{\"status_code\":200}}"
#define TOKEN "d.0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"

static const struct {
	const char *line, *want;
} lines[] = {
	{ "{" TIME ",\"message\":\"at=info status=200\",\"service\":\"shop\","
	    ATTRS("heroku", "router") ",\"tags\":[\"env:prod\"]}",
	    WANT "heroku[router] <at=info status=200>" },
	{ "{\"timestamp\":1781269331123,\"message\":\"x\","
	    ATTRS("app", "web.1") "}", WANT "app[web.1] <x>" },
	/* of an archive */
	{ "{\"_id\":\"AX0a\",\"date\":\"2026-06-12T13:02:11.123Z\",\"host\":"
	    "\"host\",\"source\":\"heroku\",\"service\":\"shop\",\"status\":"
	    "\"info\",\"message\":\"up\"," ATTRS("app", "worker.1")
	    ",\"tags\":[]}", WANT "app[worker.1] <up>" },
	/* of the API */
	{ "{\"id\":\"AX0a\",\"type\":\"log\",\"attributes\":{" TIME
	    ",\"message\":\"up\",\"service\":\"shop\",\"status\":\"info\","
	    ATTRS("app", "web.1") "}}", WANT "app[web.1] <up>" },
	{ "{\"id\":\"AX0a\",\"content\":{" TIME ",\"message\":\"up\",\"tags\":"
	    "[]," ATTRS("app", "web.1") "}}", WANT "app[web.1] <up>" },
	/* names in the log itself come first */
	{ "{" TIME ",\"message\":\"x\",\"content\":{\"message\":\"y\"},"
	    ATTRS("app", "web.1") "}", WANT "app[web.1] <x>" },
	{ "{" TIME ",\"message\":\"x\",\"attributes\":{\"syslog.appname\":"
	    "\"app\",\"syslog.procid\":\"web.2\",\"syslog.hostname\":\"" TOKEN
	    "\"}}", WANT "app[web.2] <x> " TOKEN },
	{ "{" TIME ",\"message\":{\"k\":[]}," ATTRS("app", "web.1") "}",
	    WANT "app[web.1] <{\"k\":[]}>" },
	/* what is missing or wrong */
	{ "{" TIME ",\"message\":\"x\",\"service\":\"shop\"}",
	    "no-header 0: no \"attributes.syslog.appname\"" },
	{ "{" TIME ",\"message\":\"x\",\"syslog\":{\"appname\":\"app\"}}",
	    "no-header 0: no \"attributes.syslog.appname\"" },
	{ "{\"message\":\"x\"," ATTRS("app", "web.1") "}",
	    "no-header 0: no \"timestamp\"" },
	{ "{" TIME "," ATTRS("app", "web.1") "}",
	    "no-header 0: no \"message\"" },
	{ "{\"id\":\"AX0a\",\"type\":\"log\",\"attributes\":{}}",
	    "no-header 0: no \"timestamp\"" },
	{ "{\"id\":\"AX0a\",\"type\":\"log\",\"attributes\":[]}",
	    "no-header 0: no \"timestamp\"" },
	{ "{\"timestamp\":\"today\",\"message\":\"x\"," ATTRS("app", "web.1")
	    "}", "bad-time 0: the time has no known form" },
	{ "{\"timestamp\":-1,\"message\":\"x\"," ATTRS("app", "web.1") "}",
	    "bad-time 0: the time has no known form" },
	{ "{" TIME ",\"message\":\"x\"," ATTRS("app", "a b") "}",
	    "no-header 0: the dyno is no name" },
	{ "{" TIME ",", "bad-json 40: the JSON is malformed or cut off" },
};

START_TEST(reads)
{
	envshow_check(datadog_envelope, sv_str(lines[_i].line),
	    lines[_i].want);
}
END_TEST

static const char *const ours[] = {
	"{" TIME ",\"message\":\"x\"," ATTRS("app", "web.1") "}",
	"{\"date\":1781269331123,\"message\":\"\"," ATTRS("app", "-") "}",
	"{\"id\":\"A\",\"type\":\"log\",\"attributes\":{" TIME
	    ",\"message\":\"x\"," ATTRS("app", "web.1") "}}",
	"{\"id\":\"A\",\"content\":{" TIME ",\"message\":\"x\","
	    ATTRS("app", "web.1") "}}",
};

START_TEST(known)
{
	ck_assert(datadog_is(sv_str(ours[_i])));
}
END_TEST

static const char *const others[] = {
	"", "[]", "{}", "{" TIME ",\"message\":\"x\"}",
	"{" TIME ",\"message\":\"x\",\"attributes\":{\"user\":\"a\"}}",
	"{\"message\":\"x\"," ATTRS("app", "web.1") "}",
	"{" TIME "," ATTRS("app", "web.1") "}",
	"{" TIME ",\"message\":\"x\"," ATTRS("app", "web.1"),
};

START_TEST(unknown)
{
	ck_assert(!datadog_is(sv_str(others[_i])));
}
END_TEST

Suite *
test_datadog(void)
{
	Suite *s = suite_create("datadog");
	TCase *tc = tcase_create("lines");

	suite_add_tcase(s, tc);
	add_table(tc, reads, lines);
	add_table(tc, known, ours);
	add_table(tc, unknown, others);
	return s;
}
