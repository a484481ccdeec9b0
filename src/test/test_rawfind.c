/* SPDX-License-Identifier: MIT */
#include "record/rawfind.h"

#include "base/utc.h"
#include "record/rec.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_rawfind(void);

#define AT(clock) "2026-06-12T" clock ".000000+00:00 "
#define WEB(clock, text) AT(clock) "app[web.1]: " text "\n"
#define TRACE WEB("13:00:02", "Traceback (most recent call last):") \
	WEB("13:00:02", "  File \"a.py\", line 1, in <module>") \
	WEB("13:00:02", "    f()") \
	WEB("13:00:02", "ValueError: no")

static struct normal normal;

static void
setup(void)
{
	static const uint8_t key[REDACT_KEY_LEN] = { 1 };
	static const struct site_list paths;

	stock_setup();
	redact_init(&normal.redact, key, &paths);
}

static uint64_t
hash_of(const char *clock, const char *text)
{
	struct buf b = BUF_INIT;
	int64_t ts;
	uint64_t h;

	buf_printf(&b, "2026-06-12T%sZ", clock);
	ck_assert(utc_parse(buf_sv(&b), &ts));
	buf_release(&b);
	h = rec_hash(ts, SV("app[web.1]"), sv_str(text), 0);
	return h;
}

static bool
find(const char *text, struct raw_find *w, size_t n)
{
	const struct raw_as as = { &normal, format_find(SV("heroku-text")),
		SV_NULL, SV("api"), UTC_NONE };
	struct err e = ERR_INIT;

	stock_write("f", sv_str(text));
	return rawfind_read(&stock_arena, stock_path("f"), &as, w, n, &e);
}

START_TEST(by_content)
{
	struct raw_find w[] = { { .hash = hash_of("13:00:09", "c"), .nth = 1 },
		{ .hash = hash_of("13:00:01", "b"), .nth = 2 },
		{ .hash = hash_of("13:00:01", "b"), .nth = 9 },
		{ .hash = hash_of("13:00:01", "x"), .nth = 1 } };

	ck_assert(find(WEB("13:00:00", "a") WEB("13:00:01", "b")
	    WEB("13:00:01", "b") WEB("13:00:01", "b") WEB("13:00:09", "c"), w,
	    4));
	ck_assert(w[0].place && w[0].place->line == 5);
	ck_assert(w[1].place && w[1].place->line == 3);
	ck_assert(w[2].place && w[2].place->line == 4);
	ck_assert(!w[1].place->next);
	ck_assert(!w[3].place);
	ck_assert_uint_eq(w[0].place->byte,
	    4 * strlen(WEB("13:00:00", "a")));
}
END_TEST

START_TEST(all_lines_of_a_message)
{
	struct raw_find w[] = { { .hash = hash_of("13:00:02",
	    "Traceback (most recent call last):"), .nth = 1 } };
	uint64_t line = 2;

	ck_assert(find(WEB("13:00:00", "a") TRACE TRACE WEB("13:00:09", "c"), w,
	    1));
	for (struct raw_place *p = w[0].place; p; p = p->next, line++)
		ck_assert_uint_eq(p->line, line);
	ck_assert_uint_eq(line, 6);
}
END_TEST

START_TEST(no_file)
{
	const struct raw_as as = { &normal, format_find(SV("heroku-text")),
		SV_NULL, SV_NULL, UTC_NONE };
	struct raw_find w = { .hash = 1, .nth = 1 };
	struct err e = ERR_INIT;

	ck_assert(!rawfind_read(&stock_arena, stock_path("none"), &as, &w, 1,
	    &e));
	ck_assert_int_eq(e.status, ST_FAIL);
}
END_TEST

Suite *
test_rawfind(void)
{
	Suite *s = suite_create("rawfind");
	TCase *t = tcase_create("rawfind");

	tcase_add_checked_fixture(t, setup, stock_teardown);
	tcase_add_test(t, by_content);
	tcase_add_test(t, all_lines_of_a_message);
	tcase_add_test(t, no_file);
	suite_add_tcase(s, t);
	return s;
}
