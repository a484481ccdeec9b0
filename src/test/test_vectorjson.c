/* SPDX-License-Identifier: MIT */
#include "parse/vectorjson.h"

#include "test/ck.h"
#include "test/envshow.h"

Suite *test_vectorjson(void);

#define KIND "\"source_type\":\"heroku_logs\""
#define TIME "\"timestamp\":\"2026-06-12T13:02:11.353034Z\""
#define NOW "\"timestamp\":\"2026-06-12T14:00:00.000000123Z\""
#define TOKEN "d.0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
#define WHO(app, proc) "\"host\":\"host\",\"app_name\":\"" app \
	"\",\"proc_id\":\"" proc "\""
#define AT "2026-06-12T13:02:11.353034Z "

static const struct {
	const char *line, *want;
} lines[] = {
	{ "{" WHO("heroku", "router") ",\"message\":\"at=info method=GET "
	    "path=\\\"/cart\\\" host=shop.example.com fwd=\\\"192.0.2.7\\\" "
	    "dyno=web.1 status=304\"," KIND "," TIME "}",
	    AT "heroku[router] <at=info method=GET path=\"/cart\" "
	    "host=shop.example.com fwd=\"192.0.2.7\" dyno=web.1 status=304>" },
	{ "{" WHO("app", "web.1") ",\"message\":\"  hello\\n\"," KIND ","
	    TIME "}", AT "app[web.1] <hello>" },
	{ " { \"message\" : \"\" ,\t" WHO("app", "worker.2") ", " TIME " } \r",
	    AT "app[worker.2] <>" },
	/* a URL parameter, and one that overrode the host */
	{ "{\"application\":\"shop\",\"host\":\"" TOKEN "\","
	    "\"app_name\":\"app\",\"proc_id\":\"api\",\"message\":\"Release "
	    "v12 created by user ops@example.com\"," TIME "}",
	    AT "app[api] <Release v12 created by user ops@example.com> "
	    TOKEN },
	{ "{\"app_name\":\"Logplex\",\"proc_id\":\"-\",\"message\":\"x\","
	    TIME "}", AT "Logplex <x>" },
	{ "{\"app_name\":\"Logplex\",\"message\":\"x\"," TIME "}",
	    AT "Logplex <x>" },
	/* the app's JSON, decoded */
	{ "{" WHO("app", "web.1") ",\"message\":{\"evt\": \"login\", "
	    "\"n\":[1]}," TIME "}",
	    AT "app[web.1] <{\"evt\": \"login\", \"n\":[1]}>" },
	{ "{" WHO("app", "web.1") ",\"message\":42," TIME "}",
	    AT "app[web.1] <42>" },
	/* the first of two counts */
	{ "{" WHO("app", "web.1") ",\"message\":\"a\",\"message\":\"b\","
	    "\"app_name\":\"heroku\"," TIME "}", AT "app[web.1] <a>" },
	/* keys and values with escapes */
	{ "{" WHO("app", "web\\u002e1") ",\"mess\\u0061ge\":\"\\u00fc\\ud83d"
	    "\\ude80\\t|\"," TIME "}",
	    AT "app[web.1] <\xc3\xbc\xf0\x9f\x9a\x80\t|>" },
	/* passed whole: fewer than eight words */
	{ "{\"message\":\"66 <45>1 2026-06-12T13:02:11.353034+00:00 host "
	    "app worker.2 -\"," KIND "," NOW "}", AT "app[worker.2] <>" },
	{ "{\"message\":\"<190>1 2026-06-12T13:02:11.353034+00:00 " TOKEN
	    " app web.1 - - hi\"," NOW "}", AT "app[web.1] <hi> " TOKEN },
	{ "{\"message\":\"what am i doing here\"," KIND "," NOW "}",
	    "no-header 0: no \"app_name\", and \"message\" is no syslog "
	    "frame" },
	{ "{\"message\":\"\"," NOW "}",
	    "no-header 0: no \"app_name\", and \"message\" is no syslog "
	    "frame" },
	/* what is missing or wrong */
	{ "{" WHO("app", "web.1") ",\"message\":\"x\"}",
	    "no-header 0: no \"timestamp\"" },
	{ "{" WHO("app", "web.1") ",\"message\":\"x\",\"timestamp\":null}",
	    "no-header 0: no \"timestamp\"" },
	{ "{" WHO("app", "web.1") ",\"message\":\"x\",\"timestamp\":\"noon\"}",
	    "bad-time 0: the time has no known form" },
	{ "{" WHO("app", "web.1") "," TIME "}",
	    "no-header 0: no \"message\"" },
	{ "{" WHO("app", "web.1") ",\"message\":null," TIME "}",
	    "no-header 0: no \"message\"" },
	{ "{\"proc_id\":\"web.1\",\"message\":\"x\"," TIME "}",
	    "no-header 0: no \"app_name\"" },
	{ "{" WHO("ap p", "web.1") ",\"message\":\"x\"," TIME "}",
	    "no-header 0: the source is no name" },
	{ "{" WHO("app", "web.1]: x") ",\"message\":\"x\"," TIME "}",
	    "no-header 0: the dyno is no name" },
	{ "{" WHO("app", "web\\n1") ",\"message\":\"x\"," TIME "}",
	    "no-header 0: the dyno is no name" },
	{ "{}", "no-header 0: no \"timestamp\"" },
	{ "[]", "no-header 0: expected a JSON object" },
	{ "\"x\"", "no-header 0: expected a JSON object" },
	/* cut, or no JSON */
	{ "", "bad-json 0: the JSON is malformed or cut off" },
	{ "{\"message\":\"a", "bad-json 13: the JSON is malformed or cut off" },
	{ "{\"message\":\"a\"", "bad-json 14: the JSON is malformed or cut off" },
	{ "{\"message\":\"a\",}", "bad-json 15: the JSON is malformed or cut "
	    "off" },
	{ "{\"message\":\"a\"} x", "bad-json 15: expected the end of the "
	    "line" },
	{ "2026-06-12T13:02:11+00:00 app[web.1]: x", "bad-json 4: expected "
	    "the end of the line" },
};

START_TEST(reads)
{
	envshow_check(vectorjson_envelope, sv_str(lines[_i].line),
	    lines[_i].want);
}
END_TEST

START_TEST(any_byte)
{
	envshow_check(vectorjson_envelope, SV("{" WHO("app", "web.1")
	    ",\"message\":\"\xff\x80\"," TIME "}"),
	    AT "app[web.1] <\xff\x80>");
	envshow_check(vectorjson_envelope, SV("{" WHO("app", "web.1")
	    ",\"message\":\"\0\"," TIME "}"),
	    "bad-json 61: the JSON is malformed or cut off");
	envshow_check(vectorjson_envelope, SV_NULL,
	    "bad-json 0: the JSON is malformed or cut off");
}
END_TEST

/* Wherever a line is cut, it is refused and not half read. */
START_TEST(cut)
{
	sv line = sv_str(lines[0].line);
	struct arena a = ARENA_INIT;
	struct envelope env;
	struct bad_line bad;

	for (size_t n = 0; n < line.n; n++) {
		ck_assert(!vectorjson_envelope(sv_take(line, n), &a, &env,
		    &bad));
		ck_assert_str_eq(bad.reason, "bad-json");
		ck_assert(bad.at <= n);
	}
	arena_release(&a);
}
END_TEST

static const char *const ours[] = {
	"{\"message\":\"what am i doing here\"," KIND "," NOW "}",
	"{" WHO("app", "web.1") ",\"message\":\"x\"," TIME "," KIND "}",
	"{\"message\":\"x\",\"source_type\":\"logplex\"}",
};

START_TEST(known)
{
	ck_assert(vectorjson_is(sv_str(ours[_i])));
}
END_TEST

static const char *const others[] = {
	"", "{", "[]", "{}", "{" KIND "}",
	"{" WHO("app", "web.1") ",\"message\":\"x\"," TIME "}",
	"{\"message\":\"x\",\"source_type\":\"file\"}",
	"{\"message\":\"x\",\"source_type\":null}",
	"{\"message\":\"x\",\"a\":{" KIND "}}",
	("{\"message\":\"x\"," KIND),
};

START_TEST(unknown)
{
	ck_assert(!vectorjson_is(sv_str(others[_i])));
}
END_TEST

Suite *
test_vectorjson(void)
{
	Suite *s = suite_create("vectorjson");
	TCase *tc = tcase_create("lines");

	suite_add_tcase(s, tc);
	add_table(tc, reads, lines);
	tcase_add_test(tc, any_byte);
	tcase_add_test(tc, cut);
	add_table(tc, known, ours);
	add_table(tc, unknown, others);
	return s;
}
