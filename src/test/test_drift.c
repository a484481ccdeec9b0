/* SPDX-License-Identifier: MIT */
/* The view parser_drift of schemas/store.sql, and what the loader tells of it. */
#include "store/db.h"
#include "store/load.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_drift(void);

static struct store *st;

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

/* Of an app's pulls, the name and what is in it. */
struct pull {
	char app, hour;
	int lines, untyped; /* of the lines */
};

static const char *
name_of(const struct pull *p)
{
	struct buf b = BUF_INIT;
	const char *name;

	buf_printf(&b, "%c.heroku-logs.20260612T1%c0000Z.log", p->app, p->hour);
	name = arena_str(&stock_arena, buf_sv(&b));
	buf_release(&b);
	return name;
}

static struct source
load(const struct pull *p)
{
	struct buf b = BUF_INIT;
	struct source src;

	for (int i = 0; i < p->lines; i++)
		buf_printf(&b, "2026-06-12T1%c:00:00.%06d+00:00 app[web.1]: %s "
		    "n=%d\n", p->hour - 1, i + 1, i < p->untyped ? "some text" :
		    "level=info", i);
	src = stock_load(st, name_of(p), buf_sv(&b));
	buf_release(&b);
	return src;
}

enum { PULLS = 3 };

static const struct {
	struct pull pull[PULLS]; /* in order of arrival */
	bool drift[PULLS];
} cases[] = {
	{ { { 'a', '1', 100, 0 }, { 'a', '2', 100, 11 } }, { false, true } },
	{ { { 'a', '1', 100, 0 }, { 'a', '2', 100, 10 } }, { false } },
	{ { { 'a', '1', 100, 0 }, { 'a', '2', 100, 9 } }, { false } },
	{ { { 'a', '1', 100, 50 }, { 'a', '2', 100, 61 } }, { false, true } },
	{ { { 'a', '1', 100, 50 }, { 'a', '2', 100, 0 } }, { false } },
	/* too little to tell */
	{ { { 'a', '1', 99, 0 }, { 'a', '2', 100, 90 } }, { false } },
	{ { { 'a', '1', 100, 0 }, { 'a', '2', 99, 90 } }, { false } },
	{ { { 'a', '1', 50, 0 }, { 'a', '2', 50, 0 }, { 'a', '3', 100, 90 } },
	    { false, false, true } },
	/* all before counts, the worst of it too */
	{ { { 'a', '1', 100, 0 }, { 'a', '2', 100, 90 },
	    { 'a', '3', 100, 50 } }, { false, true } },
	{ { { 'a', '1', 100, 0 }, { 'a', '2', 100, 90 },
	    { 'a', '3', 100, 56 } }, { false, true, true } },
	{ { { 'a', '1', 100, 0 }, { 'b', '2', 100, 90 } }, { false } },
	{ { { 'b', '1', 100, 90 }, { 'a', '2', 100, 0 },
	    { 'a', '3', 100, 20 } }, { false, false, true } },
};

static int64_t
drifts(const struct pull *p)
{
	struct buf b = BUF_INIT;
	int64_t n;

	buf_printf(&b, "SELECT count(*) FROM parser_drift WHERE name LIKE "
	    "'%%/%s'%c", name_of(p), '\0');
	n = stock_number(st, b.p);
	buf_release(&b);
	return n;
}

/* In order of arrival the loader tells it; the view does in any order. */
START_TEST(drift_is_told)
{
	for (int i = 0; i < PULLS && cases[_i].pull[i].lines; i++) {
		struct source src = load(&cases[_i].pull[i]);

		ck_assert_int_eq(src.drift, cases[_i].drift[i]);
		ck_assert_int_eq(drifts(&cases[_i].pull[i]),
		    cases[_i].drift[i]);
	}
}
END_TEST

START_TEST(order_does_not_matter)
{
	for (int i = PULLS; i-- > 0;)
		if (cases[_i].pull[i].lines)
			load(&cases[_i].pull[i]);
	for (int i = 0; i < PULLS; i++)
		if (cases[_i].pull[i].lines)
			ck_assert_int_eq(drifts(&cases[_i].pull[i]),
			    cases[_i].drift[i]);
}
END_TEST

START_TEST(shares_are_told)
{
	struct source src;

	load(&(struct pull){ 'a', '1', 200, 50 });
	src = load(&(struct pull){ 'a', '2', 100, 60 });
	ck_assert(src.drift);
	ck_assert_double_eq(src.share, 40);
	ck_assert_double_eq(src.share_before, 75);
	ck_sv_lit(stock_text(st, "SELECT app || ' ' || lines || ' ' || share || "
	    "' ' || share_before FROM parser_drift"), "a 100 40.0 75.0");
}
END_TEST

/* What overlaps was read in both. */
START_TEST(duplicates_count)
{
	struct buf b = BUF_INIT;
	struct source src;

	load(&(struct pull){ 'a', '1', 100, 0 });
	for (int i = 0; i < 200; i++)
		buf_printf(&b, "2026-06-12T10:00:00.%06d+00:00 app[web.1]: %s "
		    "n=%d\n", i + 1, i < 100 ? "level=info" : "some text", i);
	src = stock_load(st, "a.heroku-logs.20260612T120000Z.log", buf_sv(&b));
	buf_release(&b);
	ck_assert_uint_eq(src.duplicates, 100);
	ck_assert(src.drift);
	ck_assert_double_eq(src.share, 50);
}
END_TEST

/* Rejects are not understood, blank lines are nothing, dumps are no logs. */
START_TEST(rejects_blanks_and_dumps)
{
	struct buf b = BUF_INIT;
	struct source src;

	load(&(struct pull){ 'a', '1', 100, 0 });
	for (int i = 0; i < 100; i++)
		buf_printf(&b, "%s\n\n", i < 20 ? "<1 rubbish" :
		    "2026-06-12T12:00:00+00:00 app[web.1]: level=info n=1");
	src = stock_load(st, "a.heroku-logs.20260612T130000Z.log", buf_sv(&b));
	ck_assert_uint_eq(src.blank, 100);
	ck_assert(src.drift);
	ck_assert_double_eq(src.share, 80);
	buf_clear(&b);
	buf_lit(&b, "id,created_at,email,origin,confirmed_at\n");
	for (int i = 0; i < 300; i++)
		buf_printf(&b, "%d,never,a@example.org,web,\n", i);
	src = stock_load(st, "waitlist_signups_20260613T000000Z.csv",
	    buf_sv(&b));
	ck_assert(!src.drift);
	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM understood"), 2);
	buf_release(&b);
}
END_TEST

/* What arrived later does not change what was known. */
START_TEST(as_of)
{
	struct err e = ERR_INIT;

	load(&(struct pull){ 'a', '1', 100, 0 });
	load(&(struct pull){ 'a', '2', 100, 30 });
	load(&(struct pull){ 'a', '3', 100, 90 });
	ck_assert_int_eq(stock_number(st, "SELECT count(*) FROM parser_drift"),
	    2);
	ck_assert(store_as_of(st, INT64_C(1781265600000000), &e));
	ck_sv_lit(stock_text(st, "SELECT group_concat(share) FROM parser_drift"),
	    "70.0");
}
END_TEST

Suite *
test_drift(void)
{
	Suite *s = suite_create("drift");
	TCase *t = tcase_create("drift");

	tcase_add_checked_fixture(t, setup, teardown);
	add_table(t, drift_is_told, cases);
	add_table(t, order_does_not_matter, cases);
	tcase_add_test(t, shares_are_told);
	tcase_add_test(t, duplicates_count);
	tcase_add_test(t, rejects_blanks_and_dumps);
	tcase_add_test(t, as_of);
	suite_add_tcase(s, t);
	return s;
}
