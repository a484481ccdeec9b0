/* SPDX-License-Identifier: MIT */
#include "parse/jsonlog.h"

#include "base/utc.h"
#include "parse/betterstack.h"
#include "parse/datadog.h"
#include "parse/fluentjson.h"
#include "parse/otlp.h"
#include "parse/papertrailjson.h"
#include "parse/vectorjson.h"
#include "test/ck.h"
#include "test/envshow.h"

Suite *test_jsonlog(void);

#define SECOND "2026-06-12T13:02:11"

static const struct {
	const char *json, *want;
} times[] = {
	{ "\"" SECOND "Z\"", SECOND ".000000Z" },
	{ "\"" SECOND ".1+00:00\"", SECOND ".100000Z" },
	{ "\"2026-06-12 13:02:11.123456 UTC\"", SECOND ".123456Z" },
	{ "\"2026-06-12 13:02:11.123456Z\"", SECOND ".123456Z" },
	{ "\"2026-06-12 13:02:11.123456\"", SECOND ".123456Z" },
	{ "\"2026-06-12 15:02:11 +0200\"", SECOND ".000000Z" },
	{ "\"2026-06-12 06:02:11.5 -07:00\"", SECOND ".500000Z" },
	{ "\" 2026-06-12T13:02:11\\u005a \"", SECOND ".000000Z" },
	/* the unit goes by the size */
	{ "1781269331", SECOND ".000000Z" },
	{ "1781269331123", SECOND ".123000Z" },
	{ "1781269331123456", SECOND ".123456Z" },
	{ "1781269331123456789", SECOND ".123456Z" },
	{ "\"1781269331123456789\"", SECOND ".123456Z" },
	{ "1781269331.5", SECOND ".500000Z" },
	{ "1781269331.123456999", SECOND ".123456Z" },
	{ "1781269331123.4567", SECOND ".123456Z" },
	{ "1781269331123456.9", SECOND ".123456Z" },
	{ "1781269331123456789.9", SECOND ".123456Z" },
	{ "\"1781269331.123\"", SECOND ".123000Z" },
	{ "1.781269331e9", SECOND ".000000Z" },
	{ "1781269331123456e3", SECOND ".123456Z" },
	{ "100000000", "1973-03-03T09:46:40.000000Z" },
	{ "99999999999", "5138-11-16T09:46:39.000000Z" },
	{ "100000000000", "1973-03-03T09:46:40.000000Z" },
	{ "99999999999999", "5138-11-16T09:46:39.999000Z" },
	{ "100000000000000", "1973-03-03T09:46:40.000000Z" },
	{ "99999999999999999", "5138-11-16T09:46:39.999999Z" },
	{ "100000000000000000", "1973-03-03T09:46:40.000000Z" },
	{ "18446744073709551615", "2554-07-21T23:34:33.709551Z" },
};

START_TEST(time_forms)
{
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT;
	struct json_value v;
	int64_t us;

	ck_assert(json_parse(sv_str(times[_i].json), &v));
	ck_assert(jsonlog_time(&a, &v, &us));
	utc_write(&b, us);
	ck_sv(buf_sv(&b), sv_str(times[_i].want));
	buf_release(&b);
	arena_release(&a);
}
END_TEST

static const char *const no_times[] = {
	"null", "true", "[]", "{}", "\"\"", "\" \"", "\"noon\"", "0", "-1",
	"99999999", "\"20260612\"", "\"-1781269331\"", "1e40", "0.5",
	"18446744073709551616", "\"1781269331.\"", "\"1781269331.x\"",
	"\"1781269331 \\u0000\"", "\"2026-06-12\"", "\"2026-02-30T00:00:00Z\"",
	"\"2026-06-12 13:02:11 +\"", "\"2026-06-12 13:02:11 +2\"",
	"\"2026-06-12 13:02:11  +0200\"", "\"2026-06-12 13:02:11 +0200 x\"",
	"\"2026-06-12T13:02:11Z +0200\"", "\"" SECOND "Zx\"",
};

START_TEST(time_refused)
{
	struct arena a = ARENA_INIT;
	struct json_value v;
	int64_t us;

	ck_assert(json_parse(sv_str(no_times[_i]), &v));
	ck_assert(!jsonlog_time(&a, &v, &us));
	arena_release(&a);
}
END_TEST

START_TEST(pick)
{
	static const char *const names[] = { "a", "b", "c", "d" };
	struct arena a = ARENA_INIT;
	struct json_value obj, got[4];

	ck_assert(json_parse(SV("{\"b\":1,\"\\u0061\":\"x\\n\",\"b\":2,"
	    "\"c\":null,\"c\":3}"), &obj));
	jsonlog_pick(&obj, names, got, 4);
	ck_sv_lit(jsonlog_text(&a, &got[0]), "x\n");
	ck_sv_lit(jsonlog_text(&a, &got[1]), "1");
	ck_assert(!jsonlog_has(&got[2]) && !sv_null(got[2].raw));
	ck_assert(!jsonlog_has(&got[3]) && sv_null(got[3].raw));
	ck_assert(sv_null(jsonlog_text(&a, &got[2])));
	ck_assert(json_parse(SV("[\"a\",1]"), &obj));
	jsonlog_pick(&obj, names, got, 4);
	ck_assert(sv_null(got[0].raw) && sv_null(got[1].raw));
	arena_release(&a);
}
END_TEST

/* Names at the bound and beyond, plain and with every byte escaped. */
START_TEST(name_length)
{
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT;
	struct envelope env;
	struct bad_line bad;

	for (int n = 254; n <= 257; n++) {
		for (int esc = 0; esc < 2; esc++) {
			buf_clear(&b);
			buf_lit(&b, "{\"dt\":1781269331,\"message\":\"x\","
			    "\"syslog\":{\"appname\":\"app\",\"procid\":\"");
			for (int i = 0; i < n; i++)
				buf_str(&b, esc ? "\\u0061" : "a");
			buf_lit(&b, "\"}}");
			ck_assert(betterstack_envelope(buf_sv(&b), &a, &env,
			    &bad) == (n <= 255));
		}
	}
	buf_release(&b);
	arena_release(&a);
}
END_TEST

static bool (*const shapes[])(sv line) = {
	vectorjson_is, betterstack_is, datadog_is, fluentjson_is,
	papertrailjson_is, otlp_is
};

/* One line of each shape, in that order, is known as that shape alone. */
static const char *const samples[countof(shapes)] = {
	"{\"app_name\":\"app\",\"host\":\"host\",\"message\":\"x\",\"proc_id\":"
	"\"web.1\",\"source_type\":\"heroku_logs\",\"timestamp\":\"" SECOND
	"Z\"}",
	"{\"dt\":\"" SECOND "Z\",\"message\":\"x\",\"syslog\":{\"appname\":"
	"\"app\",\"procid\":\"web.1\"}}",
	"{\"timestamp\":\"" SECOND "Z\",\"message\":\"x\",\"service\":\"shop\","
	"\"attributes\":{\"syslog\":{\"appname\":\"app\"}}}",
	"{\"drain_id\":\"host\",\"ident\":\"app\",\"pid\":\"web.1\","
	"\"message\":\"x\",\"timestamp\":1781269331}",
	"{\"id\":\"1\",\"received_at\":\"" SECOND "Z\",\"source_name\":"
	"\"shop\",\"program\":\"app/web.1\",\"message\":\"x\"}",
	"{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[]}]}]}",
};

START_TEST(own_lines)
{
	for (size_t i = 0; i < countof(shapes); i++)
		ck_assert(shapes[i](sv_str(samples[_i])) == (i == (size_t)_i));
}
END_TEST

/* What apps print, and other JSON that a user may have. */
static const char *const foreign[] = {
	"", "{}", "[]", "null", "{\"message\":\"x\"}", "hello",
	"{\"timestamp\":\"" SECOND "Z\",\"level\":\"info\",\"message\":\"x\"}",
	"{\"asctime\":\"" SECOND "\",\"levelname\":\"INFO\",\"message\":\"x\"}",
	"{\"time\":\"" SECOND "Z\",\"pid\":4,\"hostname\":\"h\",\"msg\":\"x\"}",
	"{\"dt\":\"" SECOND "Z\",\"level\":\"info\",\"message\":\"x\"}",
	"{\"message\":\"x\",\"attributes\":{\"a\":1},\"timestamp\":1}",
	"{\"service\":\"shop\",\"host\":\"h\",\"message\":\"x\","
	    "\"timestamp\":\"" SECOND "Z\"}",
	"{\"events\":[{\"type\":\"click\"}]}", "{\"a\":1,\"events\":[]}",
	"{\"id\":1,\"type\":\"log\",\"attributes\":{\"message\":\"x\"}}",
	"{\"resourceSpans\":[{}]}", "{\"resourceMetrics\":[{}]}",
	/* one shape inside another's message */
	"{\"message\":\"{\\\"source_type\\\":\\\"heroku_logs\\\"}\"}",
	"{\"message\":{\"resourceLogs\":[{}]}}",
};

START_TEST(foreign_lines)
{
	for (size_t i = 0; i < countof(shapes); i++)
		ck_assert(!shapes[i](sv_str(foreign[_i])));
}
END_TEST

Suite *
test_jsonlog(void)
{
	Suite *s = suite_create("jsonlog");
	TCase *tc = tcase_create("parts");

	suite_add_tcase(s, tc);
	add_table(tc, time_forms, times);
	add_table(tc, time_refused, no_times);
	tcase_add_test(tc, pick);
	tcase_add_test(tc, name_length);
	add_table(tc, own_lines, samples);
	add_table(tc, foreign_lines, foreign);
	return s;
}
