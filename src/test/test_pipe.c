/* SPDX-License-Identifier: MIT */
/* load_ndjson of load.h: what comes through a pipe is what comes from files. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "record/rec.h"
#include "store/db.h"
#include "store/load.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_pipe(void);

static struct store *st;
static unsigned threads = 1;

static void
setup(void)
{
	stock_setup();
	st = stock_memory();
}

static void
teardown(void)
{
	store_close(st);
	stock_teardown();
}

#define AT "2026-06-12T13:00:0"

static const struct {
	const char *name;
	const char *text;
} files[] = {
	{ "api.heroku-logs.20260612T130100Z.log",
	    AT "1+00:00 heroku[router]: at=info method=GET path=\"/x\" "
	    "host=h request_id=8b1a9953-c461-4296-a827-abf8c47804d7 "
	    "fwd=\"192.0.2.1\" dyno=web.1 connect=0ms service=5ms status=200 "
	    "bytes=7 protocol=https\n"
	    AT "1+00:00 heroku[router]: at=error code=H12 desc=\"Request "
	    "timeout\" method=GET path=\"/y?token=abc\" host=h request_id=weird "
	    "fwd=\"1.2.3.4, 2001:db8::1\" dyno=web.1 connect=0ms "
	    "service=30000ms status=503 bytes=0 protocol=http\n"
	    AT "2+00:00 app[web.1]: {\"evt\":\"x\",\"ip\":\"192.0.2.7\","
	    "\"ok\":true,\"n\":1}\n"
	    AT "2+00:00 app[web.1]: level=info msg=\"two words\" n=1\n"
	    AT "2+00:00 app[web.1]: same\n" AT "2+00:00 app[web.1]: same\n"
	    "\nrubbish\n"
	    AT "3+00:00 heroku[web.1]: State changed from starting to up\n"
	    AT "4+00:00 heroku[web.1]: source=web.1 dyno=heroku.1 "
	    "sample#load_avg_1m=0.25 sample#memory_total=21.00MB\n"
	    AT "5+00:00 app[web.1]: 192.0.2.9 - - [12/Jun/2026:13:00:05 +0000] "
	    "\"GET /z HTTP/1.1\" 200 12 \"-\" \"curl/8\"\n"
	    AT "6+00:00 heroku[logplex]: Error L10 (output buffer overflow): "
	    "drain 'd.1' dropped 5 messages since 2026-06-12T12:59:00+00:00.\n" },
	{ "api.heroku-logs.20260612T130200Z.log",
	    AT "2+00:00 app[web.1]: same\n" AT "2+00:00 app[web.1]: same\n"
	    AT "2+00:00 app[web.1]: same\n" AT "7+00:00 app[web.1]: late\n" },
	{ "api.drain.20260612T125900Z.log",
	    "<190>1 " AT "7+00:00 host app web.1 - late\n"
	    "<190>1 " AT "8+00:00 host app web.1 - later\n" },
	{ "waitlist_signups_20260613T000000Z.csv",
	    "id,created_at,email,origin,note\n"
	    "1,2026-06-09 10:00:00+00,a@example.org,web,\"a\nb\"\n"
	    "2,bad,a@example.org,web,\n3\n" },
	{ "thing.csv", "name,value,at\nx,1,2\ny,,\"\"\n" },
	{ "empty.log", "" },
};

static const char *names[countof(files)];

static void
write_files(void)
{
	for (size_t i = 0; i < countof(files); i++) {
		names[i] = files[i].name;
		stock_write(names[i], sv_str(files[i].text));
	}
}

START_TEST(a_pipe_gives_what_files_give)
{
	sv text, want;

	write_files();
	stock_load_files(st, names, countof(names));
	want = stock_content(st);
	store_close(st);
	st = stock_memory();
	text = stock_ndjson(names, countof(names));
	stock_pipe(st, text);
	ck_sv(stock_content(st), want);
	stock_pipe(st, text);
	ck_sv(stock_content(st), want);
}
END_TEST

static struct load_total
load(sv text)
{
	struct load_total total;
	struct err e = ERR_INIT;
	int fd;

	stock_write("in.ndjson", text);
	fd = open(stock_path("in.ndjson"), O_RDONLY);
	ck_assert_msg(load_ndjson(fd, threads, st, &total, &e), "%s", e.msg);
	close(fd);
	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM source WHERE "
	    "read IS NOT stored + duplicates + rejected + blank"), 0);
	return total;
}

static int64_t
records(void)
{
	struct buf b = BUF_INIT;
	int64_t n;

	buf_lit(&b, "SELECT 0");
	for (int k = REC_NONE + 1; k < REC_KIND_N; k++)
		buf_printf(&b, " + (SELECT count(*) FROM %s)",
		    rec_kinds[k].table);
	buf_byte(&b, '\0');
	n = stock_number(st, b.p);
	buf_release(&b);
	return n;
}

/* Wherever it ends, what came before is kept, and the input says that it ended
 * early. */
START_TEST(cut_anywhere)
{
	sv whole;

	write_files();
	whole = stock_ndjson(names, 1);
	for (size_t n = 0; n <= whole.n; n += n + 300 < whole.n ? 97 : 1) {
		sv part = sv_take(whole, n), rest = part;
		int64_t lines = 0;
		struct load_total t;

		store_close(st);
		st = stock_memory();
		t = load(part);
		while (sv_find_byte(rest, '\n') < rest.n) {
			sv_cut(&rest, '\n');
			lines++;
		}
		ck_assert_uint_ge(t.lines, (uint64_t)lines);
		ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM source "
		    "WHERE damaged IS NULL"), n + 1 >= whole.n);
		ck_assert_int_eq(records() + (int64_t)t.rejected,
		    stock_number(st, "SELECT coalesce(sum(read) - "
		    "sum(duplicates) - sum(blank), 0) FROM source"));
	}
}
END_TEST

#define HEAD "{\"kind\":\"input\",\"name\":\"x.log\",\"format\":\"f\"," \
	"\"form\":\"stream\",\"arrived\":\"2026-06-12T13:00:00Z\"}\n"
#define APP(id) "{\"kind\":\"app\",\"ts\":\"2026-06-12T12:00:00Z\",\"id\":" \
	"\"00000000000000" id "\",\"src\":{\"source\":\"x.log\",\"line\":1," \
	"\"byte\":0},\"origin\":\"app[web.1]\",\"message\":\"m\",\"payload\":0}\n"
#define BAD(fields) "{\"kind\":\"app\",\"ts\":\"2026-06-12T12:00:00Z\"," \
	"\"id\":\"0000000000000077\",\"origin\":\"a\",\"message\":\"m\"," fields \
	"}\n"

static const char *const bad_lines[] = {
	"nonsense\n", "{\n", "[]\n", "{}\n", "{\"kind\":7}\n",
	"{\"kind\":\"unheard\"}\n", "2026-06-12T13:00:00+00:00 app[web.1]: x\n",
	"{\"kind\":\"app\"}\n",
	"{\"kind\":\"app\",\"ts\":\"yesterday\"}\n",
	"{\"kind\":\"app\",\"ts\":\"2026-06-12T12:00:00Z\"}\n",
	BAD("\"x\":1"), BAD("\"payload\":\"0\""), BAD("\"known\":1"),
	BAD("\"level\":\"x\""), /* payload is missing */
	BAD("\"payload\":0,\"client\":\"nobody\""),
	BAD("\"payload\":0,\"id\":\"7\""), BAD("\"payload\":0,\"src\":[]"),
	"{\"kind\":\"app\",\"ts\":\"2026-06-12T12:00:00Z\",\"origin\":\"a\","
	    "\"message\":\"m\",\"payload\":0}\n", /* no id */
	"{\"kind\":\"metric\",\"ts\":\"2026-06-12T12:00:00Z\",\"id\":"
	    "\"0000000000000077\",\"origin\":\"a\",\"samples\":[\"x\"]}\n",
	"{\"kind\":\"metric\",\"ts\":\"2026-06-12T12:00:00Z\",\"id\":"
	    "\"0000000000000077\",\"origin\":\"a\",\"samples\":\"x\"}\n",
	"{\"kind\":\"reject\"}\n", "{\"kind\":\"input\"}\n",
	"{\"kind\":\"input_end\",\"name\":\"x\",\"blank\":-1}\n",
	"{\"kind\":\"input_end\",\"name\":\"x\",\"blank\":9223372036854775807}\n",
	"{\"kind\":\"input_end\",\"name\":\"x\",\"spans\":[{\"start\":null,"
	    "\"stop\":\"2026-06-12T12:00:00Z\"}]}\n",
	"{\"kind\":\"input_end\",\"name\":\"x\",\"spans\":[{\"start\":"
	    "\"2026-06-12T13:00:00Z\",\"stop\":\"2026-06-12T12:00:00Z\"}]}\n",
	"\xff\xfe\n",
};

START_TEST(a_bad_line_is_a_reject)
{
	struct buf b = BUF_INIT;
	struct load_total t;

	buf_printf(&b, HEAD APP("01") "%s" APP("02"), bad_lines[_i]);
	t = load(buf_sv(&b));
	buf_release(&b);
	ck_assert_uint_eq(t.lines, 4);
	ck_assert_uint_eq(t.bad, 1);
	ck_assert_uint_eq(t.rejected, 1);
	ck_assert(sv_starts(sv_str(t.first_bad), SV("line 3: ")));
	ck_assert_int_eq(records(), 2);
	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM reject WHERE "
	    "reason = 'bad-record' AND line = 3 AND byte > 0 AND "
	    "length(bytes) = length"), 1);
	stock_content(st); /* every view can be read */
}
END_TEST

/* What the tables do not take as NULL is what a record must have. */
START_TEST(missing_columns_are_told)
{
	const struct kind *k = &rec_kinds[_i];
	struct load_total t;
	struct buf b = BUF_INIT;
	char sql[200];

	snprintf(sql, sizeof(sql), "SELECT sum(\"notnull\") FROM "
	    "pragma_table_info('%s') WHERE cid >= %d", _i == REC_REQUEST ?
	    "shape" : k->table, _i == REC_REQUEST ? 1 : 7);
	buf_printf(&b, "{\"kind\":\"%.*s\",\"ts\":\"2026-06-12T12:00:00Z\","
	    "\"id\":\"0000000000000077\"}\n", SV_ARG(k->name));
	t = load(buf_sv(&b));
	ck_assert_uint_eq(t.bad, stock_number(st, sql) > 0);
	buf_release(&b);
}
END_TEST

START_TEST(a_filtered_pipe_has_no_input_lines)
{
	struct load_total t = load(SV(APP("01") APP("02") APP("01")));

	ck_assert_uint_eq(t.records, 3);
	ck_assert_int_eq(records(), 3);
	ck_sv_lit(stock_text(st, "SELECT name || form FROM source"), "-stream");
	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM span WHERE "
	    "start = stop AND start = (SELECT ts FROM app)"), 1);
	/* Another first line is another input. */
	load(SV(APP("03") APP("02") APP("01")));
	ck_assert_int_eq(records(), 4);
	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM source"), 2);
	load(SV(APP("04")));
	load(SV(APP("05")));
	ck_assert_int_eq(records(), 6);
	load(SV(APP("05")));
	ck_assert_int_eq(records(), 6);
	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM source"), 4);
}
END_TEST

START_TEST(inputs_without_digest_are_not_equal)
{
	load(SV(HEAD APP("01") "{\"kind\":\"input_end\",\"name\":\"x.log\"}\n"
	    HEAD APP("02") "{\"kind\":\"input_end\",\"name\":\"x.log\"}\n"));
	ck_assert_int_eq(records(), 2);
	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM source"), 2);
}
END_TEST

/* SQL functions would see a text only up to it. */
START_TEST(no_nul_in_a_text)
{
	load(SV(BAD("\"payload\":0,\"level\":\"a\\u0000b\"")));
	ck_assert_int_eq(records(), 1);
	ck_assert_int_eq(stock_number(st, "SELECT sum(instr(s, char(0))) "
	    "FROM str"), 0);
}
END_TEST

START_TEST(nothing_and_blanks)
{
	ck_assert_uint_eq(load(SV("")).lines, 0);
	ck_assert_uint_eq(load(SV("\n\n  \r\n")).lines, 3);
	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM source"), 0);
}
END_TEST

START_TEST(only_bad_lines)
{
	struct load_total t = load(SV("x\ny\nz"));

	ck_assert_uint_eq(t.bad, 3);
	ck_assert_int_eq(stock_number(st, "SELECT rejected FROM source"), 3);
	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM span"), 0);
}
END_TEST

/* More lines than are read at once; CR, blank and bad ones among them. */
static void
put_many(struct buf *b)
{
	buf_lit(b, HEAD);
	for (int i = 1; i <= 2000; i++) {
		buf_printf(b, "{\"kind\":\"app\",\"ts\":"
		    "\"2026-06-12T12:00:00.000000Z\",\"id\":\"%016x\",\"src\":"
		    "{\"source\":\"x.log\",\"line\":%d,\"byte\":0},"
		    "\"origin\":\"app[web.1]\",\"message\":\"m\",\"payload\":0}"
		    "\r\n", i, i);
		if (i % 500 == 0)
			buf_lit(b, "\nbad\n");
	}
}

/* A loop: the threads. One line is too long for any block. */
START_TEST(lines_of_any_length)
{
	struct buf b = BUF_INIT;
	struct load_total t;

	threads = (unsigned)_i;
	put_many(&b);
	for (int i = 0; i < 17 * 1024; i++)
		buf_printf(&b, "%01024d", 0);
	buf_lit(&b, "\n" APP("01") "\nx");
	t = load(buf_sv(&b));
	ck_assert_uint_eq(t.lines, 1 + 2000 + 2 * 4 + 4);
	ck_assert_uint_eq(t.bad, 4 + 1 + 1);
	ck_assert_str_eq(t.first_bad, "line 503: not a JSON object with a kind");
	ck_assert_int_eq(records(), 2001);
	ck_assert_int_eq(stock_number(st, "SELECT byte FROM reject WHERE "
	    "detail = 'x' OR bytes = CAST('x' AS BLOB)"), (int64_t)b.n - 1);
	ck_assert_int_eq(stock_number(st, "SELECT line FROM reject WHERE "
	    "detail LIKE 'longer%'"), 1 + 2000 + 2 * 4 + 1);
	buf_release(&b);
	threads = 1;
}
END_TEST

/* What another program made UTF-16 of. */
START_TEST(utf16)
{
	struct buf b = BUF_INIT, wide = BUF_INIT;
	struct load_total t;

	put_many(&b);
	buf_lit(&wide, "\xff\xfe");
	for (size_t i = 0; i < b.n; i++) {
		buf_byte(&wide, b.p[i]);
		buf_byte(&wide, '\0');
	}
	t = load(buf_sv(&wide));
	ck_assert_uint_eq(t.lines, 1 + 2000 + 2 * 4);
	ck_assert_uint_eq(t.bad, 4);
	ck_assert_int_eq(records(), 2000);
	buf_release(&b);
	buf_release(&wide);
}
END_TEST

Suite *
test_pipe(void)
{
	Suite *s = suite_create("pipe");
	TCase *t = tcase_create("pipe");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_pipe_gives_what_files_give);
	tcase_add_test(t, cut_anywhere);
	add_table(t, a_bad_line_is_a_reject, bad_lines);
	tcase_add_loop_test(t, missing_columns_are_told, REC_NONE + 1,
	    REC_KIND_N);
	tcase_add_test(t, a_filtered_pipe_has_no_input_lines);
	tcase_add_test(t, inputs_without_digest_are_not_equal);
	tcase_add_test(t, no_nul_in_a_text);
	tcase_add_test(t, nothing_and_blanks);
	tcase_add_test(t, only_bad_lines);
	tcase_add_loop_test(t, lines_of_any_length, 1, 3);
	tcase_add_test(t, utf16);
	suite_add_tcase(s, t);
	return s;
}
