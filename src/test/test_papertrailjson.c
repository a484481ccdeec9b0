/* SPDX-License-Identifier: MIT */
#include "parse/papertrailjson.h"

#include "test/ck.h"
#include "test/envshow.h"

Suite *test_papertrailjson(void);

#define META "\"id\":\"1289000000000000001\",\"source_ip\":\"192.0.2.9\"," \
	"\"facility\":\"Local7\",\"severity\":\"Info\",\"hostname\":\"shop\"," \
	"\"source_name\":\"shop\",\"source_id\":5174160982," \
	"\"display_received_at\":\"Jun 12 13:02:11\""
#define GOT "\"received_at\":\"2026-06-12T13:02:12Z\""
#define MADE "\"generated_at\":\"2026-06-12T13:02:11Z\""
#define WEB "{" META "," GOT "," MADE ",\"program\":\"app/web.1\"," \
	"\"message\":\"hello\"}"
#define ROUTER "{" META "," GOT ",\"program\":\"heroku/router\"," \
	"\"message\":\"at=info path=\\\"/\\\"\\n\"}"
#define TAIL "\"min_id\":\"1\",\"max_id\":\"2\",\"reached_beginning\":true"
#define IS_WEB WEB "\n  2026-06-12T13:02:11.000000Z app[web.1] <hello>\n"
#define IS_ROUTER ROUTER "\n  2026-06-12T13:02:12.000000Z heroku[router] " \
	"<at=info path=\"/\">\n"

#define ODD(program) "{" GOT ",\"program\":" program ",\"message\":\"x\"}"
#define ALONE(line, want) { line, line "\n  " want "\n" }

static const struct {
	const char *line, *want;
} lines[] = {
	{ "{\"events\":[" WEB "," ROUTER "]," TAIL "}", IS_WEB IS_ROUTER },
	{ "{" TAIL ",\"events\" : [ " ROUTER " ] } ", IS_ROUTER },
	{ "{\"events\":[]," TAIL "}", "" },
	{ WEB, IS_WEB },
	{ ROUTER, IS_ROUTER },
	ALONE("{\"received_at\":\"2011-02-10 00:19:36 -0800\",\"program\":"
	    "\"app/postgres.123\",\"message\":\"x\"}",
	    "2011-02-10T08:19:36.000000Z app[postgres.123] <x>"),
	ALONE(ODD("\"Logplex\""), "2026-06-12T13:02:12.000000Z Logplex <x>"),
	ALONE(ODD("\"app/\""), "2026-06-12T13:02:12.000000Z app <x>"),
	ALONE(ODD("null"), "no-header 0: no \"program\""),
	ALONE(ODD("\"/web.1\""), "no-header 0: no \"program\""),
	ALONE(ODD("\"app/web.1/x\""), "no-header 0: the dyno is no name"),
	ALONE(ODD("\"sshd[12]\""), "no-header 0: the source is no name"),
	ALONE("{" GOT ",\"program\":\"app/web.1\"}",
	    "no-header 0: no \"message\""),
	ALONE("{\"program\":\"app/web.1\",\"message\":\"x\"}",
	    "no-header 0: no \"generated_at\" or \"received_at\""),
	ALONE("{\"generated_at\":\"soon\"," GOT ",\"program\":\"app/web.1\","
	    "\"message\":\"x\"}", "bad-time 0: the time has no known form"),
	/* one that cannot be read does not hide the next */
	{ "{\"events\":[7,{\"message\":\"x\"}," WEB "]}",
	    "7\n  no-header 0: no \"generated_at\" or \"received_at\"\n"
	    "{\"message\":\"x\"}\n"
	    "  no-header 0: no \"generated_at\" or \"received_at\"\n" IS_WEB },
	/* the whole line */
	ALONE("{\"events\":{}}", "no-header 0: \"events\" is no list"),
	ALONE("{\"events\":null}", "no-header 0: \"events\" is no list"),
	ALONE("[1]", "no-header 0: expected a JSON object"),
	ALONE("", "bad-json 0: the JSON is malformed or cut off"),
	ALONE("{\"events\":[{\"message\":\"x\"},",
	    "bad-json 27: the JSON is malformed or cut off"),
	ALONE("{\"events\":[]}]", "bad-json 13: expected the end of the "
	    "line"),
};

START_TEST(reads)
{
	struct papertrailjson_it it;
	struct jsonlog_item item;
	struct arena a = ARENA_INIT;
	struct arena_mark m = arena_mark(&a);
	struct buf b = BUF_INIT;

	papertrailjson_begin(&it, sv_str(lines[_i].line));
	while (papertrailjson_next(&it, &a, &item)) {
		envshow_item(&b, &item);
		arena_rewind(&a, m);
	}
	ck_assert(!papertrailjson_next(&it, &a, &item));
	ck_sv(buf_sv(&b), sv_str(lines[_i].want));
	buf_release(&b);
	arena_release(&a);
}
END_TEST

static const char *const ours[] = {
	WEB, ROUTER, "{\"events\":[" WEB "]}", "{\"events\":[]," TAIL "}",
	"{\"events\":[]}", " { \"events\" : [ ] } ",
	" { " TAIL ", \"events\" : [" ROUTER "," WEB "]}",
	/* cut */
	"{\"events\":[" WEB ",{\"id\":\"12890", "{\"events\":[" WEB,
};

START_TEST(known)
{
	ck_assert(papertrailjson_is(sv_str(ours[_i])));
}
END_TEST

static const char *const others[] = {
	"", "{", "[]", "{}", "{\"a\":1,\"events\":[]}", "{\"events\":{}}",
	"{\"events\":[1,2]}", "{\"events\":[{\"message\":\"x\"}]," TAIL "}",
	"{\"events\":[{\"id\":\"12890", "{\"events\":", "{\"events\"",
	"{\"events\":[]," TAIL, "[" WEB "]",
	"{" GOT ",\"message\":\"x\"}",
	"{\"program\":\"app/web.1\",\"message\":\"x\"}",
};

START_TEST(unknown)
{
	ck_assert(!papertrailjson_is(sv_str(others[_i])));
}
END_TEST

Suite *
test_papertrailjson(void)
{
	Suite *s = suite_create("papertrailjson");
	TCase *tc = tcase_create("lines");

	suite_add_tcase(s, tc);
	add_table(tc, reads, lines);
	add_table(tc, known, ours);
	add_table(tc, unknown, others);
	return s;
}
