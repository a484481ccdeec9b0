/* SPDX-License-Identifier: MIT */
#include "parse/otlp.h"

#include "test/ck.h"
#include "test/envshow.h"

Suite *test_otlp(void);

#define TEXT(s) "{\"stringValue\":\"" s "\"}"
#define ATTR(key, val) "{\"key\":\"" key "\",\"value\":" TEXT(val) "}"
#define NANO "\"timeUnixNano\":\"1781269331123456789\""
#define WANT "\n  2026-06-12T13:02:11.123456Z "
#define RECORD(text) "{" NANO ",\"observedTimeUnixNano\":" \
	"\"1781269332000000000\",\"severityText\":\"INFO\",\"body\":" \
	TEXT(text) ",\"attributes\":[" ATTR("log.iostream", "stdout") "]}"
#define RESOURCE(attrs, records) "{\"resource\":{\"attributes\":[" attrs \
	"]},\"scopeLogs\":[{\"scope\":{},\"logRecords\":[" records "]}]}"
#define LINE(resources) "{\"resourceLogs\":[" resources "]}"
#define ONE(attrs, record) LINE(RESOURCE(attrs, record))

#define WEB ATTR("service.name", "shop") "," \
	ATTR("heroku.app.id", "2daa2797") "," \
	ATTR("heroku.dyno.name", "web-54d8f9-x7k2p")
#define ROUTER ATTR("service.name", "heroku-router") "," \
	ATTR("heroku.dyno.name", "web")

static const struct {
	const char *line, *want;
} lines[] = {
	{ ONE(WEB, RECORD("hello")),
	    RECORD("hello") WANT "app[web-54d8f9-x7k2p] <hello>\n" },
	{ LINE(RESOURCE(WEB, RECORD("a") "," RECORD("b")) ","
	    RESOURCE(ROUTER, RECORD("c"))),
	    RECORD("a") WANT "app[web-54d8f9-x7k2p] <a>\n"
	    RECORD("b") WANT "app[web-54d8f9-x7k2p] <b>\n"
	    RECORD("c") WANT "heroku-router[web] <c>\n" },
	{ LINE("{\"resource\":{\"attributes\":["
	    ATTR("service.name", "heroku-api") "]},\"scopeLogs\":["
	    "{\"logRecords\":[" RECORD("a") "]},{\"logRecords\":[]},"
	    "{\"logRecords\":[" RECORD("b") "]}]}"),
	    RECORD("a") WANT "heroku-api <a>\n"
	    RECORD("b") WANT "heroku-api <b>\n" },
	/* names with underscores, numbers as numbers */
	{ "{\"resource_logs\":[{\"resource\":{\"attributes\":[{\"key\":"
	    "\"heroku.dyno\",\"value\":{\"string_value\":\"web.1\"}}]},"
	    "\"scope_logs\":[{\"log_records\":[{\"time_unix_nano\":"
	    "1781269331123456789,\"body\":{\"string_value\":\"x\"}}]}]}]}",
	    "{\"time_unix_nano\":1781269331123456789,\"body\":"
	    "{\"string_value\":\"x\"}}" WANT "app[web.1] <x>\n" },
	/* the order of the names of a dyno */
	{ ONE(ATTR("service.instance.id", "01234567") ","
	    ATTR("dyno", "web.2") "," ATTR("service.name", "shop"),
	    RECORD("x")), RECORD("x") WANT "app[web.2] <x>\n" },
	{ ONE(ATTR("service.instance.id", "0123-4567"), RECORD("x")),
	    RECORD("x") WANT "app[0123-4567] <x>\n" },
	{ ONE(ATTR("service.name", "shop"), "{" NANO ",\"body\":" TEXT("x")
	    ",\"attributes\":[" ATTR("heroku.dyno.name", "web.7") "]}"),
	    "{" NANO ",\"body\":" TEXT("x") ",\"attributes\":["
	    ATTR("heroku.dyno.name", "web.7") "]}" WANT "app[web.7] <x>\n" },
	/* a record does not tell its source, nor another dyno */
	{ ONE(WEB, "{" NANO ",\"body\":" TEXT("x") ",\"attributes\":["
	    ATTR("service.name", "heroku-router") ","
	    ATTR("heroku.dyno.name", "run.1") "]}"),
	    "{" NANO ",\"body\":" TEXT("x") ",\"attributes\":["
	    ATTR("service.name", "heroku-router") ","
	    ATTR("heroku.dyno.name", "run.1") "]}"
	    WANT "app[web-54d8f9-x7k2p] <x>\n" },
	/* the first of two, and a resource does not leak into the next */
	{ LINE(RESOURCE(ATTR("dyno", "web.1") "," ATTR("dyno", "web.2"),
	    RECORD("x")) "," RESOURCE("", RECORD("y"))),
	    RECORD("x") WANT "app[web.1] <x>\n" RECORD("y")
	    "\n  no-header 0: no \"service.name\" and no dyno\n" },
	/* bodies */
	{ ONE(WEB, "{" NANO ",\"body\":{\"kvlistValue\":{\"values\":[]}}}"),
	    "{" NANO ",\"body\":{\"kvlistValue\":{\"values\":[]}}}" WANT
	    "app[web-54d8f9-x7k2p] <{\"kvlistValue\":{\"values\":[]}}>\n" },
	{ ONE(WEB, "{" NANO ",\"body\":{\"intValue\":\"7\"}}"),
	    "{" NANO ",\"body\":{\"intValue\":\"7\"}}" WANT
	    "app[web-54d8f9-x7k2p] <7>\n" },
	{ ONE(WEB, "{" NANO ",\"body\":{\"boolValue\":true}}"),
	    "{" NANO ",\"body\":{\"boolValue\":true}}" WANT
	    "app[web-54d8f9-x7k2p] <true>\n" },
	{ ONE(WEB, "{" NANO ",\"body\":\" plain \\u00e9\"}"),
	    "{" NANO ",\"body\":\" plain \\u00e9\"}" WANT
	    "app[web-54d8f9-x7k2p] <plain \xc3\xa9>\n" },
	{ ONE(WEB, RECORD("")), RECORD("") WANT
	    "app[web-54d8f9-x7k2p] <>\n" },
	{ ONE(WEB, "{" NANO ",\"body\":{}}"), "{" NANO ",\"body\":{}}"
	    "\n  no-header 0: no \"body\"\n" },
	{ ONE(WEB, "{" NANO "}"), "{" NANO "}\n  no-header 0: no \"body\"\n" },
	/* times */
	{ ONE(WEB, "{\"timeUnixNano\":0,\"observedTimeUnixNano\":"
	    "\"1781269331123456000\",\"body\":" TEXT("x") "}"),
	    "{\"timeUnixNano\":0,\"observedTimeUnixNano\":"
	    "\"1781269331123456000\",\"body\":" TEXT("x") "}" WANT
	    "app[web-54d8f9-x7k2p] <x>\n" },
	{ ONE(WEB, "{\"timeUnixNano\":1.781269331e18,\"body\":" TEXT("x")
	    "}"), "{\"timeUnixNano\":1.781269331e18,\"body\":" TEXT("x")
	    "}\n  2026-06-12T13:02:11.000000Z app[web-54d8f9-x7k2p] <x>\n" },
	{ ONE(WEB, "{\"timeUnixNano\":\"0\",\"body\":" TEXT("x") "}"),
	    "{\"timeUnixNano\":\"0\",\"body\":" TEXT("x") "}\n  no-header 0: "
	    "no \"timeUnixNano\" or \"observedTimeUnixNano\"\n" },
	{ ONE(WEB, "{\"timeUnixNano\":\"now\",\"body\":" TEXT("x") "}"),
	    "{\"timeUnixNano\":\"now\",\"body\":" TEXT("x") "}\n  bad-time 0: "
	    "the time is no number of nanoseconds\n" },
	{ ONE(WEB, "{\"timeUnixNano\":1781269331,\"body\":" TEXT("x") "}"),
	    "{\"timeUnixNano\":1781269331,\"body\":" TEXT("x") "}\n  bad-time "
	    "0: the time is no number of nanoseconds\n" },
	{ ONE(WEB, "{\"timeUnixNano\":-1,\"body\":" TEXT("x") "}"),
	    "{\"timeUnixNano\":-1,\"body\":" TEXT("x") "}\n  bad-time 0: "
	    "the time is no number of nanoseconds\n" },
	/* names that are none */
	{ ONE(ATTR("service.name", "heroku-router x"), RECORD("x")),
	    RECORD("x") "\n  no-header 0: the source is no name\n" },
	{ ONE(ATTR("dyno", "web 1"), RECORD("x")),
	    RECORD("x") "\n  no-header 0: the dyno is no name\n" },
	{ ONE("{\"key\":\"dyno\",\"value\":{\"arrayValue\":{}}}", RECORD("x")),
	    RECORD("x") "\n  no-header 0: the dyno is no name\n" },
	/* what is no record has its own bytes, and the rest is read */
	{ LINE("7," RESOURCE(WEB, "null," RECORD("a")) ",{\"scopeLogs\":{}},"
	    "{\"scopeLogs\":[[],{\"logRecords\":1}]}"),
	    "7\n  no-header 0: no list \"scopeLogs\"\n"
	    "null\n  no-header 0: no \"timeUnixNano\" or "
	    "\"observedTimeUnixNano\"\n"
	    RECORD("a") WANT "app[web-54d8f9-x7k2p] <a>\n"
	    "{\"scopeLogs\":{}}\n  no-header 0: no list \"scopeLogs\"\n"
	    "[]\n  no-header 0: no list \"logRecords\"\n"
	    "{\"logRecords\":1}\n  no-header 0: no list \"logRecords\"\n" },
	{ "{\"resourceLogs\":1,\"resource_logs\":[]}", "" },
	{ LINE(""), "" },
	{ LINE("{\"scopeLogs\":[]}"), "" },
	{ LINE("{},{\"scopeLogs\":null}"),
	    "{}\n  no-header 0: no list \"scopeLogs\"\n"
	    "{\"scopeLogs\":null}\n  no-header 0: no list \"scopeLogs\"\n" },
	/* before 2022 */
	{ LINE("{\"instrumentationLibraryLogs\":[{\"logs\":[]}]}"),
	    "{\"instrumentationLibraryLogs\":[{\"logs\":[]}]}\n"
	    "  no-header 0: no list \"scopeLogs\"\n" },
	/* the whole line */
	{ "{}", "{}\n  no-header 0: no list \"resourceLogs\"\n" },
	{ "{\"resourceLogs\":{}}",
	    "{\"resourceLogs\":{}}\n  no-header 0: no list \"resourceLogs\"\n" },
	{ "{\"resourceSpans\":[]}", "{\"resourceSpans\":[]}\n  no-header 0: "
	    "no list \"resourceLogs\"\n" },
	{ "[]", "[]\n  no-header 0: expected a JSON object\n" },
	{ "", "\n  bad-json 0: the JSON is malformed or cut off\n" },
	{ "{\"resourceLogs\":[{", "{\"resourceLogs\":[{\n  bad-json 18: the "
	    "JSON is malformed or cut off\n" },
};

START_TEST(reads)
{
	struct arena a = ARENA_INIT;
	struct arena_mark m = arena_mark(&a);
	struct buf b = BUF_INIT;
	struct jsonlog_item item;
	struct otlp_it it;

	otlp_begin(&it, sv_str(lines[_i].line));
	while (otlp_next(&it, &a, &item)) {
		envshow_item(&b, &item);
		arena_rewind(&a, m);
	}
	ck_assert(!otlp_next(&it, &a, &item));
	ck_sv(buf_sv(&b), sv_str(lines[_i].want));
	buf_release(&b);
	arena_release(&a);
}
END_TEST

/* A megabyte of escapes as a name, shared by thousands of records: no record
 * may unescape or look through it again. */
START_TEST(long_name)
{
	enum { RECORDS = 20000, ESCAPES = 200000 };
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT;
	struct jsonlog_item item;
	struct otlp_it it;
	size_t n = 0;

	buf_lit(&b, "{\"resourceLogs\":[{\"resource\":{\"attributes\":["
	    "{\"key\":\"dyno\",\"value\":{\"stringValue\":\"");
	for (int i = 0; i < ESCAPES; i++)
		buf_lit(&b, "\\u0061");
	buf_lit(&b, "\"}}]},\"scopeLogs\":[{\"logRecords\":[");
	for (int i = 0; i < RECORDS; i++)
		buf_str(&b, i ? "," RECORD("x") : RECORD("x"));
	buf_lit(&b, "]}]}]}");
	otlp_begin(&it, buf_sv(&b));
	for (; otlp_next(&it, &a, &item); n++) {
		ck_assert(!item.ok);
		ck_assert_str_eq(item.bad.detail, "the dyno is no name");
	}
	ck_assert_uint_eq(n, RECORDS);
	buf_release(&b);
	arena_release(&a);
}
END_TEST

static const char *const ours[] = {
	ONE(WEB, RECORD("x")), LINE(""), LINE("{}"),
	"{\"resource_logs\":[{}]}", " {\t\"resourceLogs\" : [ {\"resource",
	"{\"a\":1,\"resourceLogs\":[{", "{\"\\u0072esourceLogs\":[{}]}",
};

START_TEST(known)
{
	ck_assert(otlp_is(sv_str(ours[_i])));
}
END_TEST

static const char *const others[] = {
	"", "{", "[]", "{}", "{\"resourceLogs\":{}}", "{\"resourceLogs\":[1]}",
	"{\"resourceLogs\":[", "{\"resourceLogs\"", "{\"resourceSpans\":[{}]}",
	"{\"a\":{\"resourceLogs\":[{}]}}", "{\"a\":\"resourceLogs\"}",
	"{1:2,\"resourceLogs\":[{}]}", "{\"a\" \"resourceLogs\":[{}]}",
	"{\"a\":1 \"resourceLogs\":[{}]}",
};

START_TEST(unknown)
{
	ck_assert(!otlp_is(sv_str(others[_i])));
}
END_TEST

Suite *
test_otlp(void)
{
	Suite *s = suite_create("otlp");
	TCase *tc = tcase_create("lines");

	suite_add_tcase(s, tc);
	add_table(tc, reads, lines);
	tcase_add_test(tc, long_name);
	add_table(tc, known, ours);
	add_table(tc, unknown, others);
	return s;
}
