/* SPDX-License-Identifier: MIT */
#include "parse/jsonpayload.h"

#include "base/buf.h"
#include "test/ck.h"

Suite *test_jsonpayload(void);

static void
put(struct buf *b, const char *key, sv val)
{
	if (!sv_null(val))
		buf_printf(b, "%s%s=<%.*s>", b->n ? " " : "", key, SV_ARG(val));
}

static const struct {
	const char *json, *want;
} payloads[] = {
	/* structlog */
	{ "{\"event\":\"signup\",\"level\":\"info\",\"logger\":\"app.auth\","
	    "\"timestamp\":\"2026-06-12T13:00:00Z\",\"n\":1}",
	    "level=<info> event=<signup> logger=<app.auth>" },
	{ "{\"event\":\"x\",\"level\":\"error\",\"exception\":"
	    "[{\"exc_type\":\"ValueError\"}]}",
	    "level=<error> event=<x> "
	    "exception=<[{\"exc_type\":\"ValueError\"}]>" },
	{ "{\"event\":\"x\",\"level_number\":30}", "level=<warning> event=<x>" },
	/* python-json-logger */
	{ "{\"message\":\"no\",\"levelname\":\"CRITICAL\",\"asctime\":"
	    "\"2026-06-12 13:00:00,123\",\"name\":\"app\","
	    "\"exc_info\":\"Traceback\\n  x\"}",
	    "level=<critical> message=<no> logger=<app> "
	    "exception=<Traceback\n  x>" },
	{ "{\"message\":\"x\",\"levelno\":40}", "level=<error> message=<x>" },
	{ "{\"message\":\"x\",\"levelno\":5}", "level=<debug> message=<x>" },
	/* bunyan, pino */
	{ "{\"level\":30,\"time\":1781269200000,\"pid\":4,\"name\":\"api\","
	    "\"msg\":\"up\",\"v\":0}", "level=<info> message=<up> logger=<api>" },
	{ "{\"level\":50,\"err\":{\"type\":\"Error\",\"message\":\"no\","
	    "\"stack\":\"Error: no\\n at x\"},\"msg\":\"x\"}",
	    "level=<error> message=<x> exception=<Error: no\n at x>" },
	{ "{\"level\":50,\"err\":{\"message\":\"no\"}}",
	    "level=<error> exception=<no>" },
	/* zap, logrus, zerolog, slog */
	{ "{\"level\":\"warn\",\"ts\":1781269200.1,\"caller\":\"x.go:1\","
	    "\"logger\":\"db\",\"msg\":\"slow\",\"stacktrace\":\"main.f\"}",
	    "level=<warning> message=<slow> logger=<db> exception=<main.f>" },
	{ "{\"level\":\"error\",\"msg\":\"x\",\"error\":\"refused\"}",
	    "level=<error> message=<x> exception=<refused>" },
	{ "{\"level\":\"ERROR+2\",\"msg\":\"x\"}",
	    "level=<ERROR+2> message=<x>" },
	{ "{\"@level\":\"warn\",\"@message\":\"x\",\"@module\":\"vault\"}",
	    "level=<warning> message=<x> logger=<vault>" },
	/* ECS, nested and flat */
	{ "{\"log\":{\"level\":\"WARN\",\"logger\":\"a.B\"},\"message\":\"x\","
	    "\"error\":{\"message\":\"no\",\"stack_trace\":\"at x\"},"
	    "\"event\":{\"action\":\"login\"}}",
	    "level=<warning> event=<login> message=<x> logger=<a.B> "
	    "exception=<at x>" },
	{ "{\"log.level\":\"info\",\"log.logger\":\"a\",\"message\":\"x\"}",
	    "level=<info> message=<x> logger=<a>" },
	/* Monolog, GELF, Google, Datadog */
	{ "{\"message\":\"x\",\"level\":400,\"level_name\":\"ERROR\","
	    "\"channel\":\"app\"}", "level=<error> message=<x> logger=<app>" },
	{ "{\"version\":\"1.1\",\"short_message\":\"x\",\"level\":4}",
	    "level=<warning> message=<x>" },
	{ "{\"severity\":\"NOTICE\",\"message\":\"x\"}",
	    "level=<info> message=<x>" },
	{ "{\"status\":\"error\",\"message\":\"x\"}",
	    "level=<error> message=<x>" },
	/* the better name wins, wherever it stands; the first of two equal */
	{ "{\"text\":\"c\",\"msg\":\"b\",\"message\":\"a\"}", "message=<a>" },
	{ "{\"msg\":\"a\",\"msg\":\"b\"}", "message=<a>" },
	{ "{\"message\":null,\"msg\":\"b\"}", "message=<b>" },
	{ "{\"message\":\"\",\"msg\":\"b\"}", "message=<>" },
	/* words that mean something else */
	{ "{\"status\":200,\"message\":\"x\"}", "message=<x>" },
	{ "{\"status\":\"paid\",\"name\":\"Ann\",\"channel\":\"mail\"}", "" },
	{ "{\"level\":99,\"message\":\"x\"}", "message=<x>" },
	{ "{\"level\":-1}", "" }, { "{\"level\":1.5}", "" },
	{ "{\"level\":true,\"event\":1,\"message\":{},\"exc_info\":true}", "" },
	{ "{\"level\":\"30\"}", "level=<info>" },
	{ "{\"log\":\"x\",\"err\":null,\"error\":false}", "" },
	{ "{\"a\":{\"level\":\"info\"},\"log\":{\"log\":{\"level\":\"info\"}}}",
	    "" },
	{ "{\"log.\":1,\".level\":\"info\",\"logxlevel\":\"info\"}", "" },
	/* escapes */
	{ "{\"m\\u0073g\":\"a \\\"b\\\"\",\"l\\u006fg\":{\"level\":\"info\"}}",
	    "level=<info> message=<a \"b\">" },
	{ "{}", "" },
};

START_TEST(names)
{
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT;
	struct json_value obj;
	struct jsonpayload p;

	ck_assert(json_parse(sv_str(payloads[_i].json), &obj));
	ck_assert(jsonpayload_read(&a, &obj, &p));
	put(&b, "level", p.level);
	put(&b, "event", p.event);
	put(&b, "message", p.message);
	put(&b, "logger", p.logger);
	put(&b, "exception", p.exception);
	ck_sv(buf_sv(&b), sv_str(payloads[_i].want));
	buf_release(&b);
	arena_release(&a);
}
END_TEST

static const char *const others[] = {
	"[]", "[{\"level\":\"info\"}]", "\"level\"", "1", "null", "true",
};

START_TEST(no_object)
{
	struct arena a = ARENA_INIT;
	struct json_value v;
	struct jsonpayload p;

	ck_assert(json_parse(sv_str(others[_i]), &v));
	ck_assert(!jsonpayload_read(&a, &v, &p));
	ck_assert(sv_null(p.level) && sv_null(p.message));
	arena_release(&a);
}
END_TEST

START_TEST(any_byte)
{
	struct arena a = ARENA_INIT;
	struct json_value obj;
	struct jsonpayload p;

	ck_assert(json_parse(SV("{\"msg\":\"\\u0000\xff\",\"\xff\":1,"
	    "\"level\":\"inf\\u0000\"}"), &obj));
	ck_assert(jsonpayload_read(&a, &obj, &p));
	ck_sv_lit(p.message, "\0\xff");
	ck_sv_lit(p.level, "inf\0");
	arena_release(&a);
}
END_TEST

static const struct {
	int64_t number;
	const char *want;
} numbers[] = {
	{ INT64_MIN, NULL }, { -1, NULL }, { 0, "critical" }, { 2, "critical" },
	{ 3, "error" }, { 4, "warning" }, { 5, "info" }, { 7, "debug" },
	{ 8, NULL }, { 9, NULL }, { 10, "debug" }, { 20, "debug" },
	{ 30, "info" }, { 35, "info" }, { 40, "warning" }, { 50, "error" },
	{ 60, "critical" }, { 69, "critical" }, { 70, NULL }, { 99, NULL },
	{ 100, "debug" }, { 250, "info" }, { 300, "warning" },
	{ 400, "error" }, { 600, "critical" }, { 601, NULL },
	{ INT64_MAX, NULL },
};

START_TEST(level_numbers)
{
	sv got = jsonpayload_level(numbers[_i].number);

	ck_assert(sv_null(got) == !numbers[_i].want);
	ck_sv(got, sv_str(numbers[_i].want));
}
END_TEST

static const struct {
	sv text, want;
	bool bad_number;
} mends[] = {
	{ { "{\"a\":\"x\ty\0\"}", 13 }, { "{\"a\":\"x\\u0009y\\u0000\"}", 23 }, false },
	{ { "{\"a\":\"\\xff\"}", 12 }, { "{\"a\":\"\\\\xff\"}", 13 }, false },
	{ { "{\"\\\\\\x1\"\n:\"\\\"\n\"}", 17 },
	    { "{\"\\\\\\\\x1\" :\"\\\"\\u000a\"}", 23 }, false },
	{ { "[NaN,\r\n\t1]", 10 }, { "[null,  \t1]", 11 }, true },
	{ { "[NaN,-Infinity,Infinity,\"NaN\"]", 30 },
	    { "[null,null,null,\"NaN\"]", 22 }, true },
	/* nothing to mend, or nothing that can be */
	{ { "{\"a\":\n\"\\\\xff\"}", 14 }, { "{\"a\":\n\"\\\\xff\"}", 14 }, false },
	{ { "{\\x:\t1}", 8 }, { "{\\x:\t1}", 8 }, false },
	{ { "{\"\\", 3 }, { "{\"\\", 3 }, false },
	{ { "", 0 }, { "", 0 }, false },
};

START_TEST(mend)
{
	struct arena a = ARENA_INIT;
	bool bad_number = false;
	sv got = jsonpayload_mend(&a, mends[_i].text, &bad_number);

	ck_sv(got, mends[_i].want);
	ck_assert(bad_number == mends[_i].bad_number);
	ck_assert((got.p == mends[_i].text.p) ==
	    sv_eq(mends[_i].text, mends[_i].want));
	arena_release(&a);
}
END_TEST

Suite *
test_jsonpayload(void)
{
	Suite *s = suite_create("jsonpayload");
	TCase *tc = tcase_create("payloads");

	suite_add_tcase(s, tc);
	add_table(tc, names, payloads);
	add_table(tc, no_object, others);
	tcase_add_test(tc, any_byte);
	add_table(tc, level_numbers, numbers);
	add_table(tc, mend, mends);
	return s;
}
