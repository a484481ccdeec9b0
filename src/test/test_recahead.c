/* SPDX-License-Identifier: MIT */
#include "record/recahead.h"

#include <stdio.h>

#include "base/buf.h"
#include "test/ck.h"

Suite *test_recahead(void);

enum { LINES = 4000 };

#define REC "{\"kind\":\"app\",\"ts\":\"2026-06-12T12:00:00.000000Z\"," \
	"\"id\":\"%016llx\",\"src\":{\"source\":\"x\",\"line\":1,\"byte\":0}," \
	"\"origin\":\"app[web.1]\",\"message\":\"\\\"m\\\"\",\"payload\":0}"

/* Records, among them blank lines and bad ones. */
static void
put_lines(struct buf *b, const char *newline)
{
	for (int i = 1; i <= LINES; i++) {
		if (i % 50 == 0)
			buf_printf(b, " %s", newline);
		if (i % 70 == 0)
			buf_printf(b, "bad%s", newline);
		buf_printf(b, REC, (unsigned long long)i);
		if (i < LINES)
			buf_str(b, newline);
	}
}

/* Every line comes once, in its order, and says where it stood. */
static void
check_lines(sv text, unsigned threads)
{
	struct err e = ERR_INIT;
	struct stream *in = stream_open_bytes(text, "x");
	struct recahead *a;
	const struct recahead_block *b;
	struct feed f;
	uint64_t records = 0, bad = 0, blank = 0;

	feed_open(&f, in);
	a = recahead_open(&f, threads);
	while (recahead_next(a, &b, &e) == FEED_OK)
		for (size_t i = 0; i < b->n; i++) {
			const struct recline *l = &b->line[i];

			ck_sv(l->text, sv_take(sv_skip(text, (size_t)l->at),
			    l->text.n));
			if (l->kind == NDJSON_RECORD) {
				ck_assert_uint_eq(l->rec.hash, ++records);
				ck_sv_lit(rec_text(&l->rec, APP_message),
				    "\"m\"");
			} else if (l->kind == NDJSON_BAD) {
				ck_sv_lit(l->text, "bad");
				bad++;
			} else {
				ck_assert_int_eq(l->kind, NDJSON_BLANK);
				blank++;
			}
		}
	ck_assert_int_eq(recahead_next(a, &b, &e), FEED_END);
	recahead_close(a);
	ck_assert_uint_eq(records, LINES);
	ck_assert_uint_eq(bad, LINES / 70);
	ck_assert_uint_eq(blank, LINES / 50);
	ck_assert_uint_eq(feed_position(&f), text.n);
	feed_close(&f);
	stream_close(in);
}

START_TEST(lines_in_their_order)
{
	struct buf b = BUF_INIT;

	put_lines(&b, "\n");
	check_lines(buf_sv(&b), (unsigned)_i);
	buf_clear(&b);
	put_lines(&b, "\r\n");
	check_lines(buf_sv(&b), (unsigned)_i);
	buf_release(&b);
}
END_TEST

/* Closed before all was read. */
START_TEST(given_up)
{
	struct err e = ERR_INIT;
	struct buf text = BUF_INIT;
	const struct recahead_block *b;
	struct recahead *a;
	struct stream *in;
	struct feed f;

	put_lines(&text, "\n");
	in = stream_open_bytes(buf_sv(&text), "x");
	feed_open(&f, in);
	a = recahead_open(&f, (unsigned)_i);
	ck_assert_int_eq(recahead_next(a, &b, &e), FEED_OK);
	recahead_close(a);
	feed_close(&f);
	stream_close(in);
	buf_release(&text);
}
END_TEST

Suite *
test_recahead(void)
{
	Suite *s = suite_create("recahead");
	TCase *t = tcase_create("recahead");

	tcase_add_loop_test(t, lines_in_their_order, 1, 3);
	tcase_add_loop_test(t, given_up, 1, 3);
	suite_add_tcase(s, t);
	return s;
}
