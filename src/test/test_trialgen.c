/* SPDX-License-Identifier: MIT */
#include "detect/trialgen.h"

#include "base/buf.h"
#include "base/utc.h"
#include "parse/frame.h"
#include "test/ck.h"

Suite *test_trialgen(void);

static struct arena arena;
static struct trial_inputs in;
static struct buf text;

static void
teardown(void)
{
	arena_release(&arena);
	buf_release(&text);
}

/* The inputs of the one case with these members. */
static void
make(const char *members)
{
	struct trial_doc doc;
	struct err e = ERR_INIT;

	buf_clear(&text);
	buf_printf(&text, "rule: r\ncases:\n- case: c\n  kind: other\n"
	    "  expect: {result: CLEAR}\n%s", members);
	ck_assert_msg(trialfile_read(&arena, SV("f"), buf_sv(&text), &doc, &e),
	    "%s", e.msg);
	trialgen_inputs(&arena, &doc, &doc.c[0], &in);
}

#define AT "2026-06-12T12:00:0"
#define REQUEST "host=api.raxx.example request_id=x fwd=\"192.0.2.10\" " \
	"dyno=web.1 connect=1ms service=14ms "

/* A line of the log, and how a drain and the CLI show it. */
static const struct {
	const char *line, *drain, *cli;
} lines[] = {
	{ "app: 'x $n'", "<190>1 " AT "1.000000+00:00 host app web.1 - x 1\n",
	    AT "1.000000+00:00 app[web.1]: x 1\n" },
	{ "dyno: worker.$n, app: x",
	    "<190>1 " AT "1.000000+00:00 host app worker.1 - x\n",
	    AT "1.000000+00:00 app[worker.1]: x\n" },
	{ "app: \"a\\n b\\n\"",
	    "<190>1 " AT "1.000000+00:00 host app web.1 - a\n"
	    "<190>1 " AT "1.000000+00:00 host app web.1 -  b\n",
	    AT "1.000000+00:00 app[web.1]: a\n"
	    AT "1.000000+00:00 app[web.1]:  b\n" },
	{ "platform: 'app[api]: Release v$i'",
	    "<45>1 " AT "1.000000+00:00 host app api - Release v0\n",
	    AT "1.000000+00:00 app[api]: Release v0\n" },
	{ "platform: 'heroku[web.1]: Idling'",
	    "<45>1 " AT "1.000000+00:00 host heroku web.1 - Idling\n",
	    AT "1.000000+00:00 heroku[web.1]: Idling\n" },
	{ "platform: 'heroku: Idling'",
	    "<45>1 " AT "1.000000+00:00 host heroku - - Idling\n",
	    AT "1.000000+00:00 heroku: Idling\n" },
	{ "router: {request_id: x, path: /$i}",
	    "<158>1 " AT "1.000000+00:00 host heroku router - at=info "
	    "method=GET path=\"/0\" " REQUEST "status=200 bytes=1200 "
	    "protocol=https\n",
	    AT "1.000000+00:00 heroku[router]: at=info method=GET path=\"/0\" "
	    REQUEST "status=200 bytes=1200 protocol=https\n" },
	{ "router: {request_id: x, code: H12, desc: Request timeout, "
	    "fwd: '1.2.3.4,5', status: 503, bytes: '', service: '', "
	    "connect: 0, protocol: http1.1}",
	    "<158>1 " AT "1.000000+00:00 host heroku router - at=error "
	    "code=H12 desc=\"Request timeout\" method=GET path=\"/\" "
	    "host=api.raxx.example request_id=x fwd=\"1.2.3.4,5\" dyno=web.1 "
	    "connect=0ms service= status=503 bytes= protocol=http1.1\n",
	    AT "1.000000+00:00 heroku[router]: at=error "
	    "code=H12 desc=\"Request timeout\" method=GET path=\"/\" "
	    "host=api.raxx.example request_id=x fwd=\"1.2.3.4,5\" dyno=web.1 "
	    "connect=0ms service= status=503 bytes= protocol=http1.1\n" },
	{ "access: {method: POST, path: '/a?$i', status: 201, dyno: web.2}",
	    "<190>1 " AT "1.000000+00:00 host app web.2 - 10.1.2.3 - - "
	    "[12/Jun/2026:12:00:01 +0000] \"POST /a?0 HTTP/1.1\" 201 1200 "
	    "\"-\" \"Mozilla/5.0\"\n",
	    AT "1.000000+00:00 app[web.2]: 10.1.2.3 - - "
	    "[12/Jun/2026:12:00:01 +0000] \"POST /a?0 HTTP/1.1\" 201 1200 "
	    "\"-\" \"Mozilla/5.0\"\n" },
	{ "web: {request_id: x, bytes: 7, referer: r, agent: a, peer: p}",
	    "<190>1 " AT "1.000000+00:00 host app web.1 - p - - "
	    "[12/Jun/2026:12:00:01 +0000] \"GET / HTTP/1.1\" 200 7 "
	    "\"r\" \"a\"\n"
	    "<158>1 " AT "1.000000+00:00 host heroku router - at=info "
	    "method=GET path=\"/\" " REQUEST "status=200 bytes=7 "
	    "protocol=https\n",
	    AT "1.000000+00:00 app[web.1]: p - - [12/Jun/2026:12:00:01 +0000] "
	    "\"GET / HTTP/1.1\" 200 7 \"r\" \"a\"\n"
	    AT "1.000000+00:00 heroku[router]: at=info method=GET path=\"/\" "
	    REQUEST "status=200 bytes=7 protocol=https\n" },
};

static void
make_line(int i, const char *form)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "  cover: none\n  form: %s\n  log: [{at: 1s, %s}]\n",
	    form, lines[i].line);
	buf_byte(&b, '\0');
	make(b.p);
	buf_release(&b);
	ck_assert_uint_eq(in.n, 1);
}

/* Cuts off a frame whose length is right. */
static bool
next_frame(sv *rest, sv *frame)
{
	sv head = *rest, number = sv_cut(&head, ' ');
	uint64_t len;
	size_t skipped;

	if (frame_next(rest, true, frame, &skipped) != FRAME_OK)
		return false;
	ck_assert(sv_to_u64(number, &len));
	ck_assert_uint_eq(len, frame->n + 1); /* and a newline */
	return true;
}

START_TEST(writes_a_line_as_a_drain)
{
	struct buf b = BUF_INIT;
	sv rest, frame;

	make_line(_i, "drain");
	rest = in.v[0].bytes;
	while (next_frame(&rest, &frame))
		buf_printf(&b, "%.*s\n", SV_ARG(frame));
	ck_sv(buf_sv(&b), sv_str(lines[_i].drain));
	ck_assert_uint_eq(rest.n, 0);
	buf_release(&b);
	ck_sv_lit(in.v[0].name, "raxx-api-prod.drain.20260612T120001Z.log");
	ck_assert_int_eq(in.v[0].taken, UTC_NONE);
}
END_TEST

START_TEST(writes_a_line_as_a_pull)
{
	make_line(_i, "pull");
	ck_sv(in.v[0].bytes, sv_str(lines[_i].cli));
	ck_sv_lit(in.v[0].name,
	    "raxx-api-prod.heroku-logs.20260612T130000Z.log");
	ck_assert_int_eq(in.v[0].taken,
	    utc_days(2026, 6, 12) * UTC_DAY + 13 * UTC_HOUR);
}
END_TEST

/* Of each line of a pull its time, as minute and second, and whether it is an
 * event; heartbeats that follow each other by 20 s are counted. */
static void
outline(struct buf *b, sv bytes)
{
	size_t beats = 0;

	while (bytes.n) {
		sv line = sv_cut(&bytes, '\n');

		if (sv_has(line, SV("sample#load_avg_1m=0.01"))) {
			beats++;
			continue;
		}
		if (beats)
			buf_printf(b, "%zu ", beats);
		beats = 0;
		buf_printf(b, "%.*s ", SV_ARG(sv_take(sv_skip(line, 11), 8)));
	}
	buf_printf(b, "%zu", beats);
}

static const struct {
	const char *members, *want;
} covers[] = {
	{ "", "181" },
	{ "  window: 60s\n", "4" },
	{ "  window: 61s\n", "5" },
	{ "  window: 60s\n  log: [{at: 20s, app: x}]\n", "1 12:00:20 3" },
	{ "  window: 60s\n  log: [{at: 30s, app: x}]\n", "2 12:00:30 2" },
	/* the later event stands first in the file */
	{ "  window: 60s\n  log: [{at: 30s, app: x}, {at: 10s, app: x}]\n",
	    "1 12:00:10 1 12:00:30 2" },
	/* what is outside of the window is covered too */
	{ "  window: 60s\n  log: [{at: -1m, app: x}, {at: 2m, app: x}]\n",
	    "11:59:00 9 12:02:00 1" },
	{ "  cover: [{from: 10s, to: 40s}]\n  log: [{at: 0s, times: 9, "
	    "every: 10s, app: x}]\n",
	    "12:00:10 1 12:00:20 12:00:30 1 12:00:40 1" },
};

START_TEST(covers_what_the_case_says)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "  form: pull\n%s%c", covers[_i].members, '\0');
	make(b.p);
	ck_assert_uint_eq(in.n, 1);
	buf_clear(&b);
	outline(&b, in.v[0].bytes);
	ck_sv(buf_sv(&b), sv_str(covers[_i].want));
	buf_release(&b);
}
END_TEST

START_TEST(begins_and_ends_with_a_heartbeat)
{
	make("  window: 50s\n  form: pull\n");
	ck_sv_lit(in.v[0].bytes,
	    AT "0.000000+00:00 heroku[web.1]: source=web.1 dyno=heroku.1 "
	    "sample#load_avg_1m=0.01\n"
	    "2026-06-12T12:00:20.000000+00:00 heroku[web.1]: source=web.1 "
	    "dyno=heroku.1 sample#load_avg_1m=0.01\n"
	    "2026-06-12T12:00:40.000000+00:00 heroku[web.1]: source=web.1 "
	    "dyno=heroku.1 sample#load_avg_1m=0.01\n"
	    "2026-06-12T12:00:50.000000+00:00 heroku[web.1]: source=web.1 "
	    "dyno=heroku.1 sample#load_avg_1m=0.01\n");
}
END_TEST

START_TEST(pulls_once_per_span)
{
	make("  form: pull\n  cover: [{from: 0s, to: 10s}, {from: 20s, "
	    "to: 30s}]\n  log: [{at: 0s, times: 4, every: 10s, app: '$i'}]\n");
	ck_assert_uint_eq(in.n, 2);
	ck_sv_lit(in.v[0].name,
	    "raxx-api-prod.heroku-logs.20260612T120010Z.log");
	ck_sv_lit(in.v[1].name,
	    "raxx-api-prod.heroku-logs.20260612T120030Z.log");
	ck_assert(sv_has(in.v[0].bytes, SV("app[web.1]: 1\n")));
	ck_assert(!sv_has(in.v[0].bytes, SV("app[web.1]: 2\n")));
	ck_assert(sv_has(in.v[1].bytes, SV("app[web.1]: 2\n")));
	ck_assert(!sv_has(in.v[1].bytes, SV("app[web.1]: 1\n")));
}
END_TEST

START_TEST(brings_every_line_in_two_ways)
{
	make("  window: 20s\n  form: both\n  log: [{at: 1s, app: x}]\n");
	ck_assert_uint_eq(in.n, 2);
	ck_sv_lit(in.v[0].name, "raxx-api-prod.drain.20260612T120000Z.log");
	ck_sv_lit(in.v[1].name,
	    "raxx-api-prod.heroku-logs.20260612T120020Z.log");
	ck_assert_uint_eq(sv_count_lines(in.v[0].bytes), 3);
	ck_assert_uint_eq(sv_count_lines(in.v[1].bytes), 3);
	ck_assert(sv_has(in.v[0].bytes, SV(" - x\n")));
	ck_assert(sv_has(in.v[1].bytes, SV(": x\n")));
}
END_TEST

START_TEST(has_no_log_without_lines)
{
	make("  cover: none\n");
	ck_assert_uint_eq(in.n, 0);
	make("  cover: none\n  form: both\n");
	ck_assert_uint_eq(in.n, 0);
}
END_TEST

START_TEST(writes_files)
{
	make("  cover: none\n  files:\n"
	    "  - {name: a.csv, header: 'id,at', rows: [{at: 1s, times: 2, "
	    "every: 1s, row: '$n,$time'}, {at: 9s, row: '3,'}]}\n"
	    "  - {name: b.json, taken: 5m, rows: [{at: 1s, times: 2, every: 1s, "
	    "row: '{\"at\":\"$time\"}'}]}\n"
	    "  - {name: c.json, text: '[\"$time(-1d)\"]'}\n"
	    "  - {name: d.json, rows: []}\n"
	    "  - {name: e.log, rows: [{at: 1s, row: '$time app: x'}]}\n"
	    "  - {name: f.csv, header: x}\n");
	ck_assert_uint_eq(in.n, 6);
	ck_sv_lit(in.v[0].name, "a.csv");
	ck_sv_lit(in.v[0].bytes, "id,at\n1,2026-06-12 12:00:01.000000+00\n"
	    "2,2026-06-12 12:00:02.000000+00\n3,\n");
	ck_assert_int_eq(in.v[0].taken, UTC_NONE);
	ck_sv_lit(in.v[1].bytes, "[{\"at\":\"" AT "1.000000Z\"},\n"
	    "{\"at\":\"" AT "2.000000Z\"}]\n");
	ck_assert_int_eq(in.v[1].taken, utc_days(2026, 6, 12) * UTC_DAY +
	    12 * UTC_HOUR + 5 * UTC_MINUTE);
	ck_sv_lit(in.v[2].bytes, "[\"2026-06-11T12:00:00.000000Z\"]");
	ck_sv_lit(in.v[3].bytes, "[]\n");
	ck_sv_lit(in.v[4].bytes, AT "1.000000Z app: x\n");
	ck_sv_lit(in.v[5].bytes, "x\n");
}
END_TEST

Suite *
test_trialgen(void)
{
	Suite *s = suite_create("trialgen");
	TCase *t = tcase_create("trialgen");

	tcase_add_checked_fixture(t, NULL, teardown);
	add_table(t, writes_a_line_as_a_drain, lines);
	add_table(t, writes_a_line_as_a_pull, lines);
	add_table(t, covers_what_the_case_says, covers);
	tcase_add_test(t, begins_and_ends_with_a_heartbeat);
	tcase_add_test(t, pulls_once_per_span);
	tcase_add_test(t, brings_every_line_in_two_ways);
	tcase_add_test(t, has_no_log_without_lines);
	tcase_add_test(t, writes_files);
	suite_add_tcase(s, t);
	return s;
}
