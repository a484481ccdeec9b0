/* SPDX-License-Identifier: MIT */
#include "record/recread.h"

#include <stdlib.h>

#include "record/ndjson.h"
#include "record/recjson.h"
#include "test/ck.h"

Suite *test_recread(void);

static struct arena a;
static struct buf usual, any;

static void
teardown(void)
{
	buf_release(&usual);
	buf_release(&any);
	arena_release(&a);
}

#define HEAD(kind) "{\"kind\":\"" kind "\",\"ts\":" \
	"\"2026-06-12T13:02:11.000006Z\",\"app\":\"api\"," \
	"\"id\":\"c1c5942c8c8dbc65\",\"src\":{\"source\":\"a.log\"," \
	"\"line\":7,\"byte\":686},"

/* As raxx-parse writes them. */
static const char *const written[] = {
	HEAD("request") "\"at\":\"info\",\"method\":\"GET\",\"path\":\"/x?a=1\","
	    "\"request_id\":\"0c16373c-eded-4abb-bb0e-4c43b1f0727f\","
	    "\"client\":\"130.188.230.25\",\"connect_ms\":0,\"status\":302,"
	    "\"tls\":true,\"extra\":{\"a\":[1,{}]},\"flags\":0}",
	HEAD("app") "\"origin\":\"app[web.1]\",\"message\":\"{\\\"a\\\":"
	    "\\\"\\u003cb\\u003e\\u000a\xc3\xa9 long enough for two steps\\\"}\","
	    "\"payload\":1,\"client\":\"2001:db8:0:1::/64\",\"known\":false}",
	HEAD("metric") "\"origin\":\"heroku[web.1]\",\"samples\":[[\"load_avg_1m\","
	    "0.25,\"\"],[\"memory_total\",-21,\"MB\"]],\"extra\":\"x\"}",
	HEAD("platform") "\"origin\":\"heroku[web.1]\",\"event\":\"memory\","
	    "\"megabytes\":515.25,\"percent\":1e+22,\"message\":\"\"}",
	HEAD("waitlist_signups") "\"row_id\":\"1\",\"confirmed_at\":"
	    "\"2026-06-12T13:02:11.000006Z\"}",
	"{\"kind\":\"part\",\"ts\":\"0001-01-01T00:00:00.000000Z\",\"id\":"
	    "\"0000000000000001\",\"src\":{\"source\":\"\\u0085\",\"line\":0,"
	    "\"byte\":999999999999999999},\"head\":\"\",\"lines\":-3}",
	HEAD("app") "\"message\":\"m\"}",
};

/* Memory of the exact length: whoever reads on is told by a sanitizer. */
static sv
exactly(sv text)
{
	char *p = malloc(text.n + !text.n);

	ck_assert_ptr_nonnull(p);
	memcpy(p, text.p, text.n);
	return sv_of(p, text.n);
}

/* Does the reader take the line? Then the reader of any form finds the same. */
static bool
taken(sv text)
{
	sv line = exactly(text), rest = line, source;
	struct source src = { .name = SV("") };
	struct reject j;
	struct rec r;
	const char *why = "";
	bool ok = recread_next(&a, &rest, &r, &source);

	buf_clear(&usual);
	buf_clear(&any);
	ck_assert_uint_eq(rest.n, ok ? 0 : line.n);
	if (ok) {
		recjson_write(&usual, &r, source, SV_NULL);
		ck_assert_msg(ndjson_read(&a, line, &r, &j, &src, &why) ==
		    NDJSON_RECORD, "%.*s: %s", SV_ARG(line), why);
		recjson_write(&any, &r, src.name, SV_NULL);
		ck_sv(buf_sv(&usual), buf_sv(&any));
	}
	free((void *)(uintptr_t)line.p);
	arena_release(&a);
	return ok;
}

START_TEST(reads_what_is_written)
{
	sv line = sv_str(written[_i]), left = line;
	size_t app = sv_find(line, SV(",\"app\":\"api\""));
	struct buf want = BUF_INIT;

	ck_assert(taken(line));
	/* `app` is that of the input, whose line tells it */
	buf_add(&want, sv_cut_n(&left, app));
	sv_skip_lit(&left, SV(",\"app\":\"api\""));
	buf_add(&want, left);
	buf_byte(&want, '\n');
	ck_sv(buf_sv(&usual), buf_sv(&want));
	buf_release(&want);
}
END_TEST

static const char odd_bytes[] = "\"\\,:{}[]019-+.eEuntZ \n\x1f\x7f\x80\xc3\xff";

/* Nothing that was done to a line makes the two readers differ. */
START_TEST(a_change_makes_no_difference)
{
	sv line = sv_str(written[_i]);
	unsigned kept = 0;
	struct buf b = BUF_INIT;

	for (size_t at = 0; at < line.n; at++) {
		taken(sv_take(line, at));
		for (size_t k = 0; k < sizeof(odd_bytes); k++)
			for (size_t skip = 0; skip < 2; skip++) {
				buf_clear(&b);
				buf_add(&b, sv_take(line, at));
				buf_byte(&b, odd_bytes[k]);
				buf_add(&b, sv_skip(line, at + skip));
				kept += taken(buf_sv(&b));
			}
		buf_clear(&b);
		buf_add(&b, sv_take(line, at));
		buf_add(&b, sv_skip(line, at + 1));
		kept += taken(buf_sv(&b));
	}
	ck_assert_uint_gt(kept, 0);
	buf_release(&b);
}
END_TEST

/* Of another form, or none: ndjson_read is to say. */
static const char *const others[] = {
	"", "{", "{}", "{\"kind\":\"app\"}", "{\"kind\":\"input\",\"name\":\"x\"}",
	"{\"kind\":\"x\",\"ts\":\"2026-06-12T13:02:11.000006Z\"}",
	" " HEAD("app") "\"level\":\"x\"}", HEAD("app") "\"level\":\"x\"} ",
	HEAD("app") "\"level\": \"x\"}", HEAD("app") "\"level\":\"x\"",
	HEAD("app") "\"level\":null}", HEAD("app") "\"level\":1}",
	HEAD("app") "\"event\":\"x\",\"level\":\"x\"}",
	HEAD("app") "\"level\":\"x\",\"level\":\"x\"}",
	HEAD("app") "\"nosuch\":\"x\"}", HEAD("app") "\"level\":\"\\x\"}",
	HEAD("app") "\"payload\":01}", HEAD("app") "\"payload\":1.0}",
	HEAD("app") "\"payload\":9223372036854775807}",
	HEAD("app") "\"client\":\"1.2.3\"}", HEAD("app") "\"ok\":\"true\"}",
	HEAD("app") "\"fields\":{\"a\":\"\xff\"}}", HEAD("app") "\"fields\":{]}",
	HEAD("metric") "\"samples\":[]}", HEAD("metric") "\"samples\":{}}",
	HEAD("metric") "\"samples\":[[\"x\",01,\"\"]]}",
	HEAD("metric") "\"samples\":[[\"x\",1.,\"\"]]}",
	HEAD("metric") "\"samples\":[[\"x\",1,\"\"],]}",
	HEAD("metric") "\"samples\":[\"x\"]}",
};

START_TEST(leaves_the_rest)
{
	ck_assert(!taken(sv_str(others[_i])));
}
END_TEST

/* A line's end is the reader's to find, and what is behind it is not read. */
START_TEST(ends_with_its_line)
{
	static const char *const ends[] = { "\n", "\r\n", "\n\n", "\n\"}",
		"\n" HEAD("app") "\"message\":\"m\"}" };
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < countof(ends); i++) {
		sv end = sv_str(ends[i]), rest, source;
		struct rec r;

		buf_clear(&b);
		buf_add(&b, sv_str(written[_i]));
		buf_add(&b, end);
		rest = buf_sv(&b);
		ck_assert(recread_next(&a, &rest, &r, &source));
		sv_cut(&end, '\n');
		ck_sv(rest, end);
	}
	buf_release(&b);
}
END_TEST

/* What a line lacks is not taken from the next one. */
START_TEST(a_line_ends_where_it_ends)
{
	static const char next[] = "1]}],[[\"a\",1,\"\"]]\"}}:0,\"lines\":3}\n";
	sv line = sv_str(written[_i]);
	struct buf b = BUF_INIT;

	for (size_t at = 0; at < line.n; at++)
		for (size_t skip = 0; skip < sizeof(next); skip++) {
			sv rest, source;
			struct rec r;

			buf_clear(&b);
			buf_add(&b, sv_take(line, at));
			buf_byte(&b, '\n');
			buf_str(&b, next + skip);
			rest = buf_sv(&b);
			ck_assert(!recread_next(&a, &rest, &r, &source));
		}
	buf_release(&b);
}
END_TEST

Suite *
test_recread(void)
{
	Suite *s = suite_create("recread");
	TCase *tc = tcase_create("recread");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, NULL, teardown);
	add_table(tc, reads_what_is_written, written);
	add_table(tc, a_change_makes_no_difference, written);
	add_table(tc, leaves_the_rest, others);
	add_table(tc, ends_with_its_line, written);
	add_table(tc, a_line_ends_where_it_ends, written);
	suite_add_tcase(s, tc);
	return s;
}
