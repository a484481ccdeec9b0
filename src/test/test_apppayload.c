/* SPDX-License-Identifier: MIT */
#include "record/apppayload.h"

#include "base/buf.h"
#include "parse/json.h"
#include "record/normalline.h"
#include "record/rectext.h"
#include "test/ck.h"

Suite *test_apppayload(void);

static struct arena a;
static const struct site_list no_paths = { NULL, 0 };
static struct normal normal;
static struct normalline line;
static struct envelope env;
static struct rec rec;

static void
setup(void)
{
	static const uint8_t key[REDACT_KEY_LEN] = { 7 };

	redact_init(&normal.redact, key, &no_paths);
}

static void
teardown(void)
{
	arena_release(&a);
}

static void
read_from(const char *dyno, sv msg)
{
	env = (struct envelope){ .source = SV("app"), .dyno = sv_str(dyno) };
	line = (struct normalline){ .n = &normal, .env = &env, .scratch = &a,
	    .msg = msg };
	memset(&rec, 0xa5, sizeof(rec));
	ck_assert(apppayload_read(&line, &rec));
	ck_assert(rec.kind == REC_APP && rec_has(&rec, APP_payload));
}

static sv
fields(void)
{
	struct buf b = BUF_INIT;
	sv out = SV_NULL;

	if (rec_has(&rec, APP_fields))
		out = arena_sv(&a, rectext_get(&rec, APP_fields, &b));
	buf_release(&b);
	return out;
}

static void
put(struct buf *b, const char *name, sv text)
{
	if (!sv_null(text))
		buf_printf(b, " %s=%.*s", name, SV_ARG(text));
}

/* "PAYLOAD level=... logger=... event=... FIELDS" */
static sv
shown(void)
{
	struct buf b = BUF_INIT;
	sv out;

	buf_u64(&b, (uint64_t)rec.v[APP_payload].u.num);
	put(&b, "level", rec_text(&rec, APP_level));
	put(&b, "logger", rec_text(&rec, APP_logger));
	put(&b, "event", rec_text(&rec, APP_event));
	put(&b, "rid", rec_text(&rec, APP_request_id));
	put(&b, "fields", fields());
	out = arena_sv(&a, buf_sv(&b));
	buf_release(&b);
	return out;
}

#define HEAD "Traceback (most recent call last):\n"
#define FRAME "File \"/app/a.py\", line 1, in a\n"
#define GROUP "+ Exception Group Traceback (most recent call last):\n"
#define RULE "+-+---------------- 1 ----------------\n"
#define PG "sql_error_code = 42601 time_ms = \"2026-06-12 13:00:00.1 UTC\" " \
	"pid=\"9\" proc_start_time=\"2026-06-12 12:00:00 UTC\" " \
	"session_id=\"6.1\" vtid=\"4/1\" tid=\"0\" log_line=\"6\" " \
	"database=\"d1\" connection_source=\"192.0.2.4(349)\" user=\"u1\" " \
	"application_name=\"psql\" "

static const struct {
	const char *dyno, *msg, *want;
} payloads[] = {
	{ "web.1", "", "0" },
	{ "web.1", "text", "0" },
	/* JSON: names of ours, then what other loggers write */
	{ "web.1", "{}", "1" },
	{ "web.1", "{\"evt\":\"x\",\"rid\":\"r\",\"level\":\"WARN\"}",
	    "1 level=warning event=x rid=r" },
	{ "web.1", "{\"evt\":\"x\",\"event\":\"y\"}", "1 event=x" },
	{ "web.1", "{\"event\":\"y\",\"level\":30}", "1 level=info event=y" },
	{ "web.1", "{\"event\":\"y\",\"level\":31000}", "1 event=y" },
	{ "web.1", "{\"event\":\"y\",\"level\":null}", "1 event=y" },
	{ "web.1", "{\"msg\":\"m\",\"level\":50}", "1 level=error" },
	{ "web.1", "{\"message\":\"m\",\"levelname\":\"ERROR\","
	    "\"name\":\"app\"}", "1 level=error logger=app" },
	{ "web.1", "{\"log.level\":\"info\",\"log.logger\":\"l\"}",
	    "1 level=info logger=l" },
	{ "web.1", "{\"evt\":{\"a\":1},\"rid\":7}", "1" },
	/* bytes that JSON does not have, or that text has not */
	{ "web.1", "{\"evt\":\"x\\xff\",\"rid\":\"r\\x00\\\\\"}",
	    "1 event=x\\xff rid=r\\x00\\ "
	    "fields={\"evt\":\"x\\\\xff\",\"rid\":\"r\\\\x00\\\\\"}" },
	{ "web.1", "{\"evt\":\"x\",\"a\":\"\x01\"}",
	    "1 event=x fields={\"evt\":\"x\",\"a\":\"\\u0001\"}" },
	{ "web.1", "{\"evt\":\"x\x01\",}", "0" },
	{ "web.1", "{\"evt\":\"x\"", "0" },
	{ "web.1", "{\"evt\":\"x\"} y", "0" },
	{ "web.1", "[1]", "0" },
	/* logfmt */
	{ "web.1", "level=Fatal event=\"a b\" c=d",
	    "2 level=critical event=a b fields={\"level\":\"Fatal\","
	    "\"event\":\"a b\",\"c\":\"d\"}" },
	{ "web.1", "level=info msg=\"a \\\"b\\\" \\\\x\" word n=1",
	    "2 level=info fields={\"level\":\"info\","
	    "\"msg\":\"a \\\"b\\\" \\\\x\",\"n\":\"1\"}" },
	{ "web.1", "level=odd rid=1 x=\"\"", "2 level=odd rid=1 "
	    "fields={\"level\":\"odd\",\"rid\":\"1\",\"x\":\"\"}" },
	/* loggers */
	{ "web.1", "[2026-06-12 13:00:00 +0000] [2] [CRITICAL] x",
	    "3 level=critical fields={\"form\":\"gunicorn\","
	    "\"process\":\"2\"}" },
	{ "web.1", "WARNING:root:low", "3 level=warning logger=root "
	    "fields={\"form\":\"python\"}" },
	/* tracebacks */
	{ "web.1", HEAD FRAME "KeyError: 'x'", "4 level=error "
	    "fields={\"exception\":\"KeyError\",\"reason\":\"'x'\"}" },
	{ "web.1", HEAD FRAME "ValueError", "4 level=error "
	    "fields={\"exception\":\"ValueError\"}" },
	{ "web.1", HEAD FRAME "a.b.Odd:  c: d ", "4 level=error "
	    "fields={\"exception\":\"a.b.Odd\",\"reason\":\"c: d\"}" },
	{ "web.1", HEAD FRAME, "4 level=error fields={}" },
	{ "web.1", HEAD FRAME "KeyError: 1\nDuring handling of the above "
	    "exception, another exception occurred:\n" HEAD FRAME
	    "OSError: 2", "4 level=error "
	    "fields={\"exception\":\"OSError\",\"reason\":\"2\"}" },
	{ "web.1", GROUP "|   File \"/app/g.py\", line 4, in main\n"
	    "| ExceptionGroup: two (2 sub-exceptions)\n" RULE
	    "| ValueError: a\n+------------------------------------",
	    "4 level=error fields={\"exception\":\"ExceptionGroup\","
	    "\"reason\":\"two (2 sub-exceptions)\"}" },
	{ "web.1", HEAD FRAME "KeyError: 1\n\n" GROUP
	    "| a.BaseExceptionGroup: outer\n" RULE
	    "| Exception Group Traceback (most recent call last):\n"
	    "| ExceptionGroup: inner\n", "4 level=error fields={"
	    "\"exception\":\"a.BaseExceptionGroup\",\"reason\":\"outer\"}" },
	{ "web.1", GROUP "| no exception\n" RULE, "4 level=error fields={}" },
	{ "web.1", "Traceback (most recent call last):", "0" },
	/* Postgres; another dyno can not say so */
	{ "postgres.9", "[DATABASE] [6-1]  " PG "ERROR:  syntax",
	    "5 level=error logger=postgres fields={\"attachment\":\"DATABASE\","
	    "\"severity\":\"ERROR\",\"sqlstate\":\"42601\",\"pid\":\"9\","
	    "\"database\":\"d1\",\"user\":\"u1\",\"application_name\":"
	    "\"psql\",\"session_id\":\"6.1\",\"address\":\"192.0.2.4\"}" },
	{ "postgres.9", "[DATABASE] [6-1]  sql_error_code = 00000 LOG:  x",
	    "5 level=info logger=postgres fields={\"attachment\":\"DATABASE\","
	    "\"severity\":\"LOG\",\"sqlstate\":\"00000\"}" },
	{ "postgres.9", "[PINK] [6-1]  sql_error_code = 57P01 FATAL:  x",
	    "5 level=critical logger=postgres fields={\"attachment\":\"PINK\","
	    "\"severity\":\"FATAL\",\"sqlstate\":\"57P01\"}" },
	{ "postgres.9", "[DATABASE] [6-1]  sql_error_code = 00000 HINT:  x",
	    "5 logger=postgres fields={\"attachment\":\"DATABASE\","
	    "\"severity\":\"HINT\",\"sqlstate\":\"00000\"}" },
	{ "postgres.9", "[DATABASE] statement: SELECT 1",
	    "5 logger=postgres fields={\"attachment\":\"DATABASE\"}" },
	{ "postgres.9", "[DATABASE] [6-1]  sql_error_code = 00000 user=\"u\" "
	    "application_name=\"a\" FATAL:  x\" LOG:  y",
	    "5 level=critical logger=postgres fields={\"attachment\":"
	    "\"DATABASE\",\"severity\":\"FATAL\",\"sqlstate\":\"00000\","
	    "\"user\":\"u\",\"application_name\":\"a\",\"ambiguous\":true}" },
	{ "postgres.9", "[DATABASE] [6-2] \tno head", "0" },
	{ "web.1", "[DATABASE] [6-1]  sql_error_code = 00000 LOG:  x", "0" },
};

START_TEST(payload)
{
	read_from(payloads[_i].dyno, sv_str(payloads[_i].msg));
	ck_sv(shown(), sv_str(payloads[_i].want));
	ck_assert_int_eq((line.notes & NOTE_BIT(NOTE_UNTYPED)) != 0,
	    rec.v[APP_payload].u.num == 0);
	ck_assert(rec.reader[0]);
}
END_TEST

/* What a message is does not depend on those before it, of which its form may be
 * known. */
static const char *const again[] = {
	"{\"level\":\"info\",\"logger\":\"a\",\"n\":1}",
	"{\"args\":\"--password\", \"logger\":\"a.b\", \"n\":2}",
	"{\"password\":\"m4rker\",\"logger\":\"a\"}",
	"{\"a\":\"token=m4rker\",\"logger\":\"a\"}",
	"{\"a\":\"curl -u b:m4rker\",\"logger\":\"a\"}",
	"{\"a\":NaN,\"logger\":\"a\"}",
};

START_TEST(as_the_first_time)
{
	sv first, message;

	read_from("web.1", sv_str(again[_i]));
	first = arena_sv(&a, shown());
	message = arena_sv(&a, rec_text(&rec, APP_message));
	for (int i = 0; i < 3; i++) {
		read_from("web.1", sv_str(again[_i]));
		ck_sv(shown(), first);
		ck_sv(rec_text(&rec, APP_message), message);
	}
}
END_TEST

/* The same secret in each form of payload. */
static const struct {
	const char *dyno, *msg;
	int payload;
} secrets[] = {
	{ "web.1", "token=m4rker and more", 0 },
	{ "web.1", "{\"evt\":\"token=m4rker\",\"password\":\"m4rker\"}", 1 },
	{ "web.1", "{\"evt\":\"a\\u0026token\\u003dm4rker\"}", 1 },
	{ "web.1", "level=info token=m4rker", 2 },
	{ "web.1", "level=info event=\"a token=m4rker\"", 2 },
	{ "web.1", "WARNING:root:token=m4rker", 3 },
	{ "web.1", HEAD FRAME "KeyError: token=m4rker", 4 },
	{ "postgres.9", "[DATABASE] [6-1]  sql_error_code = 00000 LOG:  "
	    "password=m4rker", 5 },
};

START_TEST(secrets_inside)
{
	read_from(secrets[_i].dyno, sv_str(secrets[_i].msg));
	ck_assert_int_eq(rec.v[APP_payload].u.num, secrets[_i].payload);
	ck_assert(line.secret);
	for (int f = 0; f < rec_kinds[REC_APP].nfields; f++)
		if (f != APP_payload && f != APP_client && f != APP_known &&
		    f != APP_ok && f != APP_lines)
			ck_assert(!sv_has(rec_text(&rec, f), SV("m4rker")));
}
END_TEST

#define SESSION "session_id=\"666a1267.1267\""

/* The id of a Postgres session is what joins its lines; an app's is a secret,
 * and so is what else stands in a line with one. */
START_TEST(session_of_a_server)
{
	const sv msg = SV("[DATABASE] [6-1]  sql_error_code = 00000 pid=\"9\" "
	    SESSION " user=\"u\" LOG:  password=m4rker " SESSION);
	sv text;

	read_from("postgres.9", SV("[DATABASE] [6-1]  sql_error_code = 00000 "
	    SESSION " LOG:  x"));
	ck_sv(rec_text(&rec, APP_message), line.msg);
	ck_assert(!line.secret);
	read_from("postgres.9", msg);
	text = rec_text(&rec, APP_message);
	ck_assert(sv_starts(text, sv_take(msg, sv_find(msg, SV("m4rker")))));
	ck_assert(!sv_has(text, SV("m4rker")) && line.secret);
	ck_assert_uint_eq(sv_find(text, SV(SESSION)),
	    sv_rfind(text, SV(SESSION)));
	ck_assert(sv_has(fields(), SV("\"session_id\":\"666a1267.1267\"")));
	read_from("web.1", msg);
	ck_assert(!sv_has(rec_text(&rec, APP_message), SV(SESSION)));
	read_from("postgres.9", SV("[DATABASE] [6-1]  sql_error_code = 00000 "
	    "session_id=\"no.hex.m4rker\" LOG:  x"));
	ck_assert(!sv_has(rec_text(&rec, APP_message), SV("m4rker")));
}
END_TEST

START_TEST(ambiguous)
{
	read_from("postgres.9", SV("[DATABASE] [6-1]  sql_error_code = 00000 "
	    "user=\"u\" FATAL:  x\" LOG:  y"));
	ck_assert(line.notes == NOTE_BIT(NOTE_AMBIGUOUS));
	read_from("postgres.9", SV("[DATABASE] [6-1]  sql_error_code = 00000 "
	    "user=\"u\" FATAL:  x"));
	ck_assert(line.notes == 0);
}
END_TEST

START_TEST(fields_are_json)
{
	struct json_value v;

	read_from(payloads[_i].dyno, sv_str(payloads[_i].msg));
	if (rec_has(&rec, APP_fields))
		ck_assert(json_parse(fields(), &v));
}
END_TEST

START_TEST(typed_fields)
{
	struct ip client;

	read_from("web.1", SV("{\"evt\":\"e\",\"ip\":\"203.0.113.7\","
	    "\"known\":true,\"ok\":false,\"ua\":\"u\",\"user_agent\":\"v\","
	    "\"id_h\":\"0a\",\"user_h\":\"0b\",\"token_h\":\"0c\","
	    "\"screen\":\"s\",\"outcome\":\"o\",\"method\":\"m\"}"));
	ck_assert_int_eq(rec.v[APP_known].u.num, 1);
	ck_assert(rec_has(&rec, APP_ok) && rec.v[APP_ok].u.num == 0);
	client = rec_ip_whole(&rec.v[APP_client].u.ip);
	ck_assert_uint_eq(ip_v4(&client), 0xcb007107);
	ck_sv_lit(rec_text(&rec, APP_user_agent), "u");
	ck_sv_lit(rec_text(&rec, APP_id_h), "0a");
	ck_sv_lit(rec_text(&rec, APP_user_h), "0b");
	ck_sv_lit(rec_text(&rec, APP_token_h), "0c");
	ck_sv_lit(rec_text(&rec, APP_screen), "s");
	ck_sv_lit(rec_text(&rec, APP_outcome), "o");
	ck_sv_lit(rec_text(&rec, APP_method), "m");
	read_from("web.1", SV("{\"evt\":\"e\",\"ip\":\"x\",\"known\":1,"
	    "\"ok\":\"no\",\"screen\":null,\"outcome\":5}"));
	ck_assert(!rec_has(&rec, APP_known) && !rec_has(&rec, APP_ok));
	ck_assert(!rec_has(&rec, APP_client) && !rec_has(&rec, APP_screen));
	ck_assert(!rec_has(&rec, APP_outcome));
}
END_TEST

Suite *
test_apppayload(void)
{
	Suite *s = suite_create("apppayload");
	TCase *tc = tcase_create("apppayload");

	tcase_add_checked_fixture(tc, setup, teardown);
	add_table(tc, payload, payloads);
	add_table(tc, as_the_first_time, again);
	add_table(tc, secrets_inside, secrets);
	add_table(tc, fields_are_json, payloads);
	tcase_add_test(tc, session_of_a_server);
	tcase_add_test(tc, ambiguous);
	tcase_add_test(tc, typed_fields);
	suite_add_tcase(s, tc);
	return s;
}
