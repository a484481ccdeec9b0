/* SPDX-License-Identifier: MIT */
#include "parse/format.h"

#include "base/utc.h"
#include "test/ck.h"

Suite *test_format(void);

#define LINE "2026-06-12T13:02:11+00:00 app[web.1]: x\n"
#define FRAME "<190>1 2026-06-12T13:02:11+00:00 host app web.1 - x\n"
#define BSD "Jun 12 13:02:11 raxx app/web.1: x\n"
#define TOKEN "d.0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
#define DRAIN "2026-06-12T13:02:11+00:00 " TOKEN " app[web.1] x\n"
#define ROW "1\t2026-06-12T13:02:11Z\t2026-06-12T13:02:11Z\t1\tx\t\t\t\tapp/web.1\tx\n"
#define VECTOR "{\"source_type\":\"heroku_logs\",\"message\":\"x\"}\n"
#define FOUR "a\nb\nc\nd\n"
#define FORTY FOUR FOUR FOUR FOUR FOUR FOUR FOUR FOUR FOUR FOUR

static const struct {
	const char *head, *name, *want;
} heads[] = {
	{ LINE, "", "heroku-text" },
	{ "52 " FRAME, "", "drain-frames" },
	{ FRAME, "", "rfc5424" },
	{ "<1>1 ", "", "rfc5424" },
	{ "id,created_at,email\n", "", "csv" },
	{ "\"id\",\"created_at\",\"email\"\r\n1,2,3\n", "", "csv" },
	{ "", "", "unknown" },
	{ "{\"evt\":\"x\"}\n", "", "unknown" },
	{ "hello, world, x!\n", "", "unknown" },
	/* config vars, and one line of a log of texts */
	{ "{\"A\":\"x\",\"b\":\"y\"}", "", "heroku-config" },
	{ "{\"A.B\":\"x\",\"Mixed_Case\":\"y\",\"n\":null}\n", "",
	    "heroku-config" },
	{ "{\n  \"a\": \"x\"\n}\n{\n  \"b\": \"x\"\n}\n", "",
	    "heroku-config" },
	{ "{\"A\":\"x\",\"N\":2}", "", "heroku-config" },
	{ "{\"A\":\"x\",\"level\":\"debug\"}", "", "heroku-config" },
	{ "{\"A\":\"x\",\"b\":2}", "", "unknown" },
	{ "{\"a\":\"x\",\"b\":2}", "", "unknown" },
	{ "{\"a\":\"x\"}\n{\"a\":\"y\"}\n", "", "unknown" },
	{ "[{\n\"a\":\"x\"\n}]\n", "", "unknown" },
	{ "{\"a\":{\"b\":\"x\"}}\n", "", "unknown" },
	{ "{\"a b\":\"x\"}\n", "", "unknown" },
	{ "{}\n", "", "unknown" },
	{ "{\n\"message\":\"x\",\n\"level\":\"info\"\n}\n", "",
	    "unknown" },
	{ "{\"Timestamp\":\"x\",\"Level\":\"x\",\"PID\":\"1\"}\n", "",
	    "unknown" },
	{ "{\"id\":\"unauthorized\",\"message\":\"x\"}", "", "unknown" },
	/* a few lines of something else first */
	{ "$ heroku logs\nFetching logs...\n\n" LINE, "", "heroku-text" },
	{ FORTY "a\nb\nc\nd\ne\nf\ng\nh\ni\n" LINE, "", "heroku-text" },
	{ FORTY "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n" LINE, "", "unknown" },
	{ "foo, bar, baz\n" LINE, "", "heroku-text" },
	{ LINE "52 " FRAME, "", "heroku-text" },
	{ "$ cat drain.log\n  52 " FRAME, "", "drain-frames" },
	{ "$ cat drain.log\n\n\t" FRAME, "", "rfc5424" },
	{ "```\n  " BSD, "", "bsd" },
	{ "Hello,\nsee:\n" DRAIN, "", "drain-text" },
	{ "```tsv\n " ROW, "", "papertrail" },
	{ "$ cat x.json\n" VECTOR, "", "vector" },
	{ "{\"evt\":\"x\"}\n" VECTOR, "", "vector" },
	{ FORTY "\n\na\nb\nc\nd\ne\nf\ng\nh\ni\n" FRAME, "", "rfc5424" },
	{ FORTY "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n" FRAME, "", "unknown" },
	/* the first that is known decides */
	{ "a\n" LINE FRAME, "", "heroku-text" },
	{ "a\n" FRAME LINE, "", "rfc5424" },
	{ "a\n" BSD VECTOR, "", "bsd" },
	/* not in what is another document from its beginning on */
	{ "id,note,x\n1,\"\n" FRAME "\",1\n", "", "csv" },
	{ "id,note\n1,\"\n" FRAME "\"\n", "t.csv", "csv" },
	{ "a | b\n--+--\n" FRAME, "", "pg-table" },
	{ "=== raxx Config Vars\nA: x\n" FRAME, "", "config-text" },
	{ "{\"A\":\"x\",\n\"B\":\n" VECTOR "}\n", "", "unknown" },
	{ "\x1f\x8b\n" FRAME, "", "binary" },
	/* colours */
	{ "\x1b[36mJun 12 13:02:11 \x1b[32mraxx app/web.1:\x1b[0m x\n", "",
	    "bsd" },
	{ "\x1b[?2004l\r" LINE, "", "heroku-text" },
	{ "\xef\xbb\xbf \x1b[m" FRAME, "", "rfc5424" },
	{ "\x1b[38;5;10m2026-06-12T13:02:11+00:00 app[web.1]:\x1b[0m x\n", "",
	    "heroku-text" },
	{ "\x1b[36m\x1b[0m\n", "", "unknown" },
	{ "\x1b[", "", "unknown" },
	/* heads that are none */
	{ "x52 " FRAME, "", "unknown" },
	{ "<12345>1 x\n", "", "unknown" },
	{ "<x>1 x\n", "", "unknown" },
	{ "<>1 x\n", "", "unknown" },
	{ "<190>2 x\n", "", "unknown" },
	/* columns */
	{ "id,email\n", "", "unknown" },
	{ "id,2,email\n", "", "unknown" },
	{ "id,,email\n", "", "unknown" },
	{ "id,a=b,email\n", "", "unknown" },
	{ "id,e-mail,first name\n", "", "csv" },
	/* the name says .csv: no cell makes a log of it */
	{ "id,email\n", "t.csv", "csv" },
	{ "id,note\n1,\"\n" LINE "\"\n", "t.csv", "csv" },
	{ "id,note,x\n1,\"\n" LINE "\",1\n", "", "heroku-text" },
	{ "", "t.csv", "csv" },
	/* what no reader opens */
	{ "\x1f\x8b\x08", "", "binary" },
	{ "\x1f\x8b", "t.csv", "binary" },
	{ "PK\x03\x04" LINE, "", "binary" },
	{ "PK\x03x,y,z\n", "", "unknown" },
	{ "\x28\xb5\x2f\xfd\n", "", "binary" },
	{ "\xfd" "7zXZ", "", "unknown" },
	{ "SQLite format 3\n", "", "unknown" },
	{ LINE LINE, "t.csv", "heroku-text" },
	{ "52 " FRAME, "t.csv", "drain-frames" },
};

START_TEST(sniff)
{
	struct naming name;
	const struct format *f;

	naming_read(sv_str(heads[_i].name), &name);
	f = format_sniff(sv_str(heads[_i].head), &name);
	ck_sv(sv_str(f->name), sv_str(heads[_i].want));
	ck_assert_ptr_nonnull(f->why);
}
END_TEST

static const struct {
	const char *format, *line, *origin, *message;
} lines[] = {
	{ "heroku-text", LINE, "app[web.1]", "x" },
	{ "heroku-text", "\x1b[38;5;10m2026-06-12T13:02:11+00:00 app[web.1]:"
	    "\x1b[0m at=\x1b[1;31merror\x1b[0m \x1b[", "app[web.1]",
	    "at=error \x1b[" },
	/* colours of the app */
	{ "heroku-text", "2026-06-12T13:02:11Z app[web.1]: \x1b[1mSQL\x1b[0m",
	    "app[web.1]", "SQL" },
	{ "heroku-text", "  2026-06-12T13:02:11+00:00 app[web.1]: x",
	    "app[web.1]", "x" },
	{ "rfc5424", FRAME, "app[web.1]", "x" },
	{ "drain-frames", FRAME, "app[web.1]", "x" },
	{ "unknown", LINE, "app[web.1]", "x" },
	{ "unknown", "text", NULL, "unknown-format" },
	{ "heroku-text", "text", NULL, "no-header" },
	{ "heroku-text", "\x1b[0m", NULL, "no-header" },
	{ "rfc5424", LINE, NULL, "no-header" },
};

START_TEST(texts)
{
	const struct format *line = format_find(SV("rfc5424"));
	const struct format *frame = format_find(SV("drain-frames"));
	sv unit = SV(" \x1b[1m\xef\xbb\xbf\t<1> ");

	ck_sv(format_text(line, unit), SV("<1> "));
	ck_sv(format_text(frame, unit), unit);
}
END_TEST

/* More bytes tell the same, from the end of the line on that told. */
START_TEST(settles)
{
	static const char head[] = "$ cat x\n\n" FRAME LINE;
	struct naming name;
	size_t told = sizeof("$ cat x\n\n" FRAME) - 1;

	naming_read(SV(""), &name);
	for (size_t n = 0; n < sizeof(head); n++) {
		sv some = sv_of(head, n);
		const struct format *f = format_sniff(some, &name);

		ck_assert(format_is_settled(f, some, &name) == (n >= told));
	}
}
END_TEST

START_TEST(envelopes)
{
	const struct format *f = format_find(sv_str(lines[_i].format));
	struct arena a = ARENA_INIT;
	struct envelope env;
	struct bad_line bad;
	bool ok = f->envelope(sv_str(lines[_i].line), &a, &env, &bad);

	ck_assert(ok == (lines[_i].origin != NULL));
	if (ok)
		ck_sv(env.origin, sv_str(lines[_i].origin));
	ck_sv(ok ? env.message : sv_str(bad.reason),
	    sv_str(lines[_i].message));
	arena_release(&a);
}
END_TEST

START_TEST(rows)
{
	for (size_t i = 0; i < nformats; i++) {
		const struct format *f = &formats[i];

		ck_assert_ptr_eq(format_find(sv_str(f->name)), f);
		ck_assert(f->doc && f->why);
		ck_assert_int_eq(!!f->is + !!f->sniff + !!f->table, 1);
		ck_assert_int_eq((f->envelope != NULL) + (f->dated != NULL) +
		    (f->batch != NULL),
		    f->unit == UNIT_LINES || f->unit == UNIT_FRAMES ||
		    f->unit == UNIT_CSVLOG);
	}
	ck_assert_ptr_null(format_find(SV("")));
	ck_assert_ptr_null(format_find(SV("text")));
}
END_TEST

Suite *
test_format(void)
{
	Suite *s = suite_create("format");
	TCase *tc = tcase_create("formats");

	suite_add_tcase(s, tc);
	add_table(tc, sniff, heads);
	add_table(tc, envelopes, lines);
	tcase_add_test(tc, texts);
	tcase_add_test(tc, settles);
	tcase_add_test(tc, rows);
	return s;
}
