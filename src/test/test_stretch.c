/* SPDX-License-Identifier: MIT */
#include "store/stretch.h"

#include "base/attr.h"
#include "store/db.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_stretch(void);

/* --- of an input ---------------------------------------------------------- */

START_TEST(records_widen_theirs)
{
	struct stretch_queue q = { .n = 0 };
	const struct stretch *s;
	struct stretch done;

	s = stretch_add(&q, 65, 500, 10, &done);
	ck_assert_int_eq(done.id, -1);
	ck_assert_int_eq(s->id, 64);
	ck_assert_int_eq(s->byte, 10);
	ck_assert_ptr_eq(stretch_add(&q, 127, 700, 90, &done), s);
	ck_assert_ptr_eq(stretch_add(&q, 66, -3, 20, &done), s);
	ck_assert_int_eq(s->byte, 10);
	ck_assert_int_eq(s->start, -3);
	ck_assert_int_eq(s->stop, 700);
	ck_assert(stretch_pop(&q, &done));
	ck_assert_int_eq(done.stop, 700);
	ck_assert(!stretch_pop(&q, &done));
}
END_TEST

START_TEST(takes_what_is_kept_or_behind)
{
	struct stretch_queue q = { .n = 0 };
	struct stretch done;

	ck_assert(stretch_takes(&q, 5));
	for (int i = 0; i < STRETCH_KEPT; i++) {
		stretch_add(&q, 1000 * STRETCH + i * 2 * STRETCH, i, 0, &done);
		ck_assert_int_eq(done.id, -1);
	}
	ck_assert(stretch_takes(&q, 1000 * STRETCH + 63));
	ck_assert(!stretch_takes(&q, 1000 * STRETCH - 1));
	ck_assert(!stretch_takes(&q, 1001 * STRETCH)); /* none has it */
	ck_assert(stretch_takes(&q, 1002 * STRETCH + 1));
	ck_assert(stretch_takes(&q, INT64_C(1) << 49));
	stretch_add(&q, 5000 * STRETCH, 99, 7, &done);
	ck_assert_int_eq(done.id, 1000 * STRETCH);
	ck_assert(!stretch_takes(&q, 1000 * STRETCH + 63));
	ck_assert_int_eq(stretch_of(&q, 5000 * STRETCH + 1)->byte, 7);
}
END_TEST

/* --- of a store ----------------------------------------------------------- */

/* A message that waits for its last line, behind those of another dyno. */
static const char mixed[] =
    "2026-06-12T13:00:01.000000+00:00 app[web.1]: Traceback (most recent call last):\n"
    "2026-06-12T13:00:01.000100+00:00 app[web.2]: a line\n"
    "2026-06-12T13:00:01.000200+00:00 app[web.2]: another one\n"
    "2026-06-12T13:00:01.000300+00:00 app[web.1]:   File \"/app/a.py\", line 3, in f\n"
    "2026-06-12T13:00:01.000400+00:00 app[web.1]: ValueError: no\n"
    "2026-06-12T13:00:03.000000+00:00 app[web.2]: the last one\n";

START_TEST(line_and_byte_come_back)
{
	struct store *st = stock_memory();

	stock_load(st, "a.log", sv_str(mixed));
	ck_sv(stock_text(st, "SELECT group_concat(line || ':' || byte, ' ') "
	    "FROM (SELECT * FROM app_events ORDER BY line)"),
	    SV("1:0 2:80 3:132 6:327"));
	ck_assert_int_eq(stock_number(st, "SELECT count(line) FROM app"), 0);
	ck_sv(stock_text(st, "SELECT id || ' ' || byte || ' ' || "
	    "(stop - start) FROM stretch"), SV("0 0 2000000"));
	stock_check(st);
	store_close(st);
}
END_TEST

START_TEST(next_input_begins_a_new_one)
{
	struct store *st = stock_memory();

	stock_load(st, "a.log", sv_str(mixed));
	stock_load(st, "b.log", SV("2026-06-13T13:00:00.000000+00:00 "
	    "app[web.1]: b\n\n2026-06-13T13:00:01.000000+00:00 app[web.1]: c\n"));
	ck_sv(stock_text(st, "SELECT group_concat(first, ' ') FROM source"),
	    SV("0 64"));
	ck_sv(stock_text(st, "SELECT group_concat(id || ':' || line || ':' || "
	    "byte, ' ') FROM app_text WHERE source = 2"),
	    SV("65:1:0 67:3:48"));
	stock_check(st);
	store_close(st);
}
END_TEST

/* Whoever writes the records of a pipe says what line they have. */
START_TEST(no_line_is_too_large)
{
	static const char *const number[] = { "7", "7", "3",
		"1099511627775", "1099511627776", "9007199254740991", "8" };
	struct store *st = stock_memory();
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < countof(number); i++)
		buf_printf(&b, "{\"kind\":\"app\",\"ts\":"
		    "\"2026-06-12T13:00:0%zu.000000Z\",\"id\":"
		    "\"000000000000000%zu\",\"src\":{\"source\":\"-\","
		    "\"line\":%s,\"byte\":%zu},\"origin\":\"app[web.1]\","
		    "\"message\":\"m\",\"payload\":0}\n", i, i + 1,
		    number[i], i * 100);
	stock_pipe(st, buf_sv(&b));
	ck_sv(stock_text(st, "SELECT group_concat(line || ':' || byte, ' ') "
	    "FROM (SELECT * FROM app_events ORDER BY ts)"), SV("7:0 "
	    "7:100 3:200 1099511627775:300 1099511627776:400 "
	    "9007199254740991:500 8:600"));
	stock_check(st);
	buf_release(&b);
	store_close(st);
}
END_TEST

Suite *
test_stretch(void)
{
	Suite *s = suite_create("stretch");
	TCase *t = tcase_create("stretch");

	tcase_add_checked_fixture(t, stock_setup, stock_teardown);
	tcase_add_test(t, records_widen_theirs);
	tcase_add_test(t, takes_what_is_kept_or_behind);
	tcase_add_test(t, line_and_byte_come_back);
	tcase_add_test(t, next_input_begins_a_new_one);
	tcase_add_test(t, no_line_is_too_large);
	suite_add_tcase(s, t);
	return s;
}
