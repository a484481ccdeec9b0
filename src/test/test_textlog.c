/* SPDX-License-Identifier: MIT */
#include "parse/textlog.h"

#include "base/buf.h"
#include "base/utc.h"
#include "test/ck.h"

Suite *test_textlog(void);

static void
put(struct buf *b, const char *key, sv val)
{
	if (!sv_null(val))
		buf_printf(b, " %s=<%.*s>", key, SV_ARG(val));
}

static void
show(struct buf *b, const struct textlog *t)
{
	buf_printf(b, "%s", t->form);
	put(b, "level", t->level);
	put(b, "logger", t->logger);
	put(b, "process", t->process);
	put(b, "location", t->location);
	if (t->time != UTC_NONE) {
		buf_lit(b, " time=");
		utc_write_short(b, t->time);
	}
	put(b, "message", t->message);
}

#define DAY "2026-06-12 13:00:00"
#define AT " time=2026-06-12T13:00Z"
#define AT_MS " time=2026-06-12T13:00:00.123000Z"

static const struct {
	const char *line, *want;
} heads[] = {
	{ "[" DAY " +0000] [2] [INFO] Starting gunicorn 23.0.0",
	    "gunicorn level=<info> process=<2>" AT
	    " message=<Starting gunicorn 23.0.0>" },
	{ "[2026-06-12 15:00:00 +0200] [9] [CRITICAL] WORKER TIMEOUT (pid:9)",
	    "gunicorn level=<critical> process=<9>" AT
	    " message=<WORKER TIMEOUT (pid:9)>" },
	{ "[2026-06-12 05:30:00 -0730] [9] [WARNING]",
	    "gunicorn level=<warning> process=<9>" AT " message=<>" },
	{ "[" DAY ",123: INFO/MainProcess] celery@host ready.",
	    "celery level=<info> process=<MainProcess>" AT_MS
	    " message=<celery@host ready.>" },
	{ "[" DAY ",123: ERROR/ForkPoolWorker-1] Task a.b[0f1e] raised",
	    "celery level=<error> process=<ForkPoolWorker-1>" AT_MS
	    " message=<Task a.b[0f1e] raised>" },
	{ "[" DAY ",123] ERROR in app: Exception on /x [GET]",
	    "flask level=<error> location=<app>" AT_MS
	    " message=<Exception on /x [GET]>" },
	{ "[2026-06-12T13:00:00.123] [WARN] mail.send - full",
	    "log4js level=<warning> logger=<mail.send>" AT_MS
	    " message=<full>" },
	{ DAY ",123 - app.mail - WARNING - text - more",
	    "dashes level=<warning> logger=<app.mail>" AT_MS
	    " message=<text - more>" },
	{ DAY ",123 - app - INFO     - text",
	    "dashes level=<info> logger=<app>" AT_MS " message=<text>" },
	/* text cannot make a name of the level */
	{ DAY ",123 - ERROR - INFO - text",
	    "dashes-short level=<error>" AT_MS " message=<INFO - text>" },
	{ DAY " - DEBUG - text",
	    "dashes-short level=<debug>" AT " message=<text>" },
	{ DAY ".123 | SUCCESS  | __main__:<module>:7 - done",
	    "loguru level=<info> logger=<__main__> "
	    "location=<__main__:<module>:7>" AT_MS " message=<done>" },
	{ DAY ".123 | ERROR    | a.b:f:12 - ",
	    "loguru level=<error> logger=<a.b> location=<a.b:f:12>" AT_MS
	    " message=<>" },
	{ DAY " UTC | CORE | WARN | (pkg/x.go:458 in Start) | a | b",
	    "datadog level=<warning> logger=<CORE> "
	    "location=<pkg/x.go:458 in Start>" AT " message=<a | b>" },
	{ DAY " [warning  ] slow_query   ms=1200",
	    "structlog level=<warning>" AT " message=<slow_query   ms=1200>" },
	{ "2026-06-12T13:00:00.123Z [critical ] disk_full",
	    "structlog level=<critical>" AT_MS " message=<disk_full>" },
	{ DAY ",123 [ERROR] app.mail: text",
	    "brackets level=<error> logger=<app.mail>" AT_MS
	    " message=<text>" },
	{ DAY ",123 [INFO ] just text: here",
	    "brackets level=<info>" AT_MS " message=<just text: here>" },
	{ DAY ",123 ERROR django.request Internal error",
	    "words level=<error> logger=<django.request>" AT_MS
	    " message=<Internal error>" },
	{ DAY ",123 INFO     [alembic.runtime] upgrade",
	    "words level=<info> logger=<alembic.runtime>" AT_MS
	    " message=<upgrade>" },
	{ DAY ",123 INFO root text",
	    "words level=<info> logger=<root>" AT_MS " message=<text>" },
	/* what may be text stays text */
	{ DAY " INFO Starting up",
	    "words level=<info>" AT " message=<Starting up>" },
	{ DAY " INFO 1.2.3 is out",
	    "words level=<info>" AT " message=<1.2.3 is out>" },
	{ DAY " INFO done.", "words level=<info>" AT " message=<done.>" },
	{ DAY " INFO [x y] z", "words level=<info>" AT " message=<[x y] z>" },
	{ DAY " INFO", "words level=<info>" AT " message=<>" },
	{ "ERROR " DAY ",123 views 4 140735 text here",
	    "django-verbose level=<error> process=<4> location=<views>" AT_MS
	    " message=<text here>" },
	{ "WARNING:root:text", "python level=<warning> logger=<root> "
	    "message=<text>" },
	{ "INFO:werkzeug: * Running on all addresses",
	    "python level=<info> logger=<werkzeug> "
	    "message=< * Running on all addresses>" },
	{ "CRITICAL:a.b-c:", "python level=<critical> logger=<a.b-c> "
	    "message=<>" },
	{ "INFO:     Started server process [9]",
	    "uvicorn level=<info> message=<Started server process [9]>" },
	{ "WARNING:  Invalid HTTP request received.",
	    "uvicorn level=<warning> message=<Invalid HTTP request received.>" },
	{ "CRITICAL: text", "uvicorn level=<critical> message=<text>" },
	{ "Internal Server Error: /api/x y",
	    "django level=<error> logger=<django.request> "
	    "message=<Internal Server Error: /api/x y>" },
	{ "Not Found: /wp-login.php",
	    "django level=<warning> logger=<django.request> "
	    "message=<Not Found: /wp-login.php>" },
	{ "Method Not Allowed (GET): /x",
	    "django level=<warning> logger=<django.request> "
	    "message=<Method Not Allowed (GET): /x>" },
	{ "Forbidden (CSRF cookie not set.): /x",
	    "django level=<warning> logger=<django.security.csrf> "
	    "message=<Forbidden (CSRF cookie not set.): /x>" },
	{ "Forbidden (Permission denied): /x",
	    "django level=<warning> logger=<django.request> "
	    "message=<Forbidden (Permission denied): /x>" },
	{ "Forbidden: /x", "django level=<warning> logger=<django.request> "
	    "message=<Forbidden: /x>" },
	{ "Invalid HTTP_HOST header: 'x.example'. You may need to add it.",
	    "django-host level=<error> "
	    "logger=<django.security.DisallowedHost> message=<Invalid "
	    "HTTP_HOST header: 'x.example'. You may need to add it.>" },
	{ "W, [2026-06-12T13:00:00.123000 #4]  WARN -- : text",
	    "ruby level=<warning> process=<4>" AT_MS " message=<text>" },
	{ "E, [2026-06-12T13:00:00 #4] ERROR -- mail: a: b",
	    "ruby level=<error> logger=<mail> process=<4>" AT
	    " message=<a: b>" },
	{ "A, [2026-06-12T13:00:00 #4]   ANY -- :",
	    "ruby process=<4>" AT " message=<>" },
	{ "2026-06-12T13:00:00.123Z pid=4 tid=1k class=Mail jid=b4 elapsed=0.1 "
	    "INFO: done", "sidekiq level=<info> process=<4>" AT_MS
	    " message=<done>" },
	{ "pid=4 tid=1k WARN: text",
	    "sidekiq level=<warning> process=<4> message=<text>" },
	{ "[maturing-daily-1187] # CONFIG REWRITE executed with success.",
	    "redis level=<warning> logger=<maturing-daily-1187> "
	    "message=<CONFIG REWRITE executed with success.>" },
	{ "[redis-flat-12] * Background saving started",
	    "redis level=<info> logger=<redis-flat-12> "
	    "message=<Background saving started>" },
	{ "/app/lib/x.py:12: DeprecationWarning: old: x",
	    "warnings level=<warning> logger=<py.warnings> "
	    "location=</app/lib/x.py:12> "
	    "message=<DeprecationWarning: old: x>" },
};

START_TEST(known)
{
	struct buf b = BUF_INIT;
	struct textlog t;

	ck_assert(textlog_parse(sv_str(heads[_i].line), &t));
	show(&b, &t);
	ck_sv(buf_sv(&b), sv_str(heads[_i].want));
	buf_release(&b);
}
END_TEST

static const char *const others[] = {
	"", " ", "[", "[]", "hello", "ERROR", "INFO: one blank only",
	"an ERROR:root:text", "error:root:text", "ERROR:two words:text",
	"ERROR::text", "Error:root:text", "FOO:root:text", "E:root:text",
	"ERROR_X:root:text", "INFO:      six blanks", "INFO:     ",
	"ERROR:  relation \"x\" does not exist",
	DAY, DAY " text", DAY " info text", DAY " INFORMED text",
	DAY " INFO-x text", DAY " INFO: text", DAY ",123 -", DAY " - - INFO - x",
	DAY " - a b - INFO - x", DAY " - a - INFO text",
	"2026-02-30 13:00:00 INFO text", "2026-06-12 INFO text",
	"0001-01-01 00:00:00+15:00 INFO text", "13:00:00 INFO text",
	DAY ",1234 INFO text", DAY ",12 INFO text", DAY ", INFO text",
	"[" DAY " +0000] [x] [INFO] text", "[" DAY " +0000] [2] [info] text",
	"[" DAY " +0000] [2] INFO text", "[" DAY " +0000] [2] [INFO]text",
	"[" DAY " +9900] [2] [INFO] text", "[yesterday] [2] [INFO] text",
	"[" DAY ",123: INFO MainProcess] text", "[" DAY ",123] INFO in : text",
	"[" DAY ",123] INFO in two words: text",
	DAY ".123 | ERROR | no place - text", DAY ".123 | ERROR | a:b:c - text",
	DAY ".123 | ERROR | a::1 - text", DAY " | ERROR text",
	DAY " UTC | CORE | INFO | no place", DAY " UTC | CORE | INFO | (open",
	DAY " [info] too narrow", DAY " [text     ] text", DAY " [INFO text",
	"ERROR " DAY ",123 views x 140735 text", "ERROR " DAY " text",
	"Not Found: x", "Not Found /x", "not found: /x", "Forbidden (x: /x",
	"We said Not Found: /x", "Invalid HTTP_HOST header",
	"I, [2026-06-12T13:00:00 #4] ERROR -- : text",
	"I, [2026-06-12T13:00:00 #4]  INFO : text",
	"I, [2026-06-12T13:00:00 #4]  INFO -- text", "I, [today #4] INFO -- :",
	"pid=4 tid=1k text INFO: x", "pid=4 tid=1k a=b", "pid=x tid=1k INFO: x",
	"pid=4 INFO: x",
	"[web] # text", "[a-b] # text", "[a-1] # text", "[A-b-1] # text",
	"[a-b-c] # text", "[a-b-1] ! text", "[a-b-1] #text", "[a.b-c-1] # x",
	"/app/x.py:12: text", "/app/x.py:12: Warn: x", "/app/x.py: UserWarning: x",
	"app/x.py:12: UserWarning: x", "/app/x.pyc:12: UserWarning: x",
	"{\"level\":\"ERROR\"}", "level=error msg=x",
};

START_TEST(not_claimed)
{
	sv line = sv_str(others[_i]);
	struct textlog t;

	ck_assert_msg(!textlog_parse(line, &t), "%s claimed '%s'", t.form,
	    others[_i]);
	ck_sv(t.message, line);
	ck_assert(sv_null(t.level) && sv_null(t.logger) && !t.form);
	ck_assert_int_eq(t.time, UTC_NONE);
}
END_TEST

START_TEST(each_form_takes_its_example)
{
	for (const struct textlog_form *f = textlog_forms; f->name; f++) {
		struct textlog t;

		ck_assert(textlog_parse(sv_str(f->example), &t));
		ck_assert_str_eq(t.form, f->name);
		ck_assert(!sv_null(t.level));
	}
}
END_TEST

/* Cut anywhere, a line gives the same head or none. */
START_TEST(cut_lines)
{
	sv line = sv_str(heads[_i].line);
	struct textlog whole, t;

	ck_assert(textlog_parse(line, &whole));
	for (size_t n = 0; n < line.n; n++)
		if (textlog_parse(sv_take(line, n), &t) &&
		    t.form == whole.form && !sv_null(t.level))
			ck_sv(t.level, whole.level);
}
END_TEST

START_TEST(any_byte)
{
	struct textlog t;

	ck_assert(textlog_parse(SV("ERROR:root:\0\xff"), &t));
	ck_sv_lit(t.message, "\0\xff");
	ck_assert(!textlog_parse(SV("ERROR\0:root:x"), &t));
	ck_assert(!textlog_parse(SV("ERROR:ro\0ot:x"), &t));
	ck_assert(!textlog_parse(SV("\xff\xfe"), &t));
	ck_assert(!textlog_parse(SV_NULL, &t));
}
END_TEST

static const struct {
	const char *word, *want;
} words[] = {
	{ "debug", "debug" }, { "DEBUG", "debug" }, { "trace", "debug" },
	{ "info", "info" }, { "Information", "info" }, { "NOTICE", "info" },
	{ "warn", "warning" }, { "Warning", "warning" }, { "err", "error" },
	{ "ERROR", "error" }, { "fatal", "critical" }, { "CRIT", "critical" },
	{ "critical", "critical" }, { "panic", "critical" },
	{ "LOG", "info" }, { "DEBUG3", "debug" },
	{ "", NULL }, { "e", NULL }, { "errors", NULL }, { "info ", NULL },
	{ "30", NULL }, { "DETAIL", NULL },
};

START_TEST(level_names)
{
	sv got = textlog_level(sv_str(words[_i].word));

	ck_assert(sv_null(got) == !words[_i].want);
	ck_sv(got, sv_str(words[_i].want));
}
END_TEST

Suite *
test_textlog(void)
{
	Suite *s = suite_create("textlog");
	TCase *tc = tcase_create("heads");

	suite_add_tcase(s, tc);
	add_table(tc, known, heads);
	add_table(tc, not_claimed, others);
	tcase_add_test(tc, each_form_takes_its_example);
	add_table(tc, cut_lines, heads);
	tcase_add_test(tc, any_byte);
	add_table(tc, level_names, words);
	return s;
}
