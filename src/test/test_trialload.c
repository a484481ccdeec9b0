/* SPDX-License-Identifier: MIT */
#include "detect/trialload.h"

#include "base/utc.h"
#include "record/site.h"
#include "store/db.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_trialload(void);

static struct store *st;
static struct site site;
static struct trial_rejects rejects;

static void
setup(void)
{
	site_default(&stock_arena, &site);
	st = stock_memory();
}

static void
teardown(void)
{
	store_close(st);
	arena_release(&stock_arena);
}

enum { NOW = 1000 };

static void
load(struct trial_input *v, size_t n)
{
	const struct trial_inputs in = { v, n };
	struct err e = ERR_INIT;

	ck_assert_msg(trialload_inputs(&stock_arena, &in, &site, NOW, st,
	    &rejects, &e), "%s", e.msg);
}

#define CLI "2026-06-12T12:00:01.000000+00:00 heroku[router]: at=info " \
	"method=GET path=\"/api/beta/preview/tok-1\" host=h request_id=x " \
	"fwd=\"192.0.2.1\" dyno=web.1 connect=1ms service=2ms status=200 " \
	"bytes=3 protocol=https\n"

START_TEST(names_tell_what_inputs_are)
{
	struct trial_input v[] = {
		{ SV("a.heroku-logs.20260612T130000Z.log"), SV(CLI), UTC_NONE },
		{ SV("things.csv"), SV("id,created_at\n1,2026-06-12 01:00:00+00\n"),
		    UTC_NONE },
		{ SV("more.csv"), SV("id,created_at\n2,2026-06-12 01:00:00+00\n"), 7 },
	};

	load(v, countof(v));
	ck_assert(rejects.n == 0 && sv_null(rejects.first));
	ck_sv_lit(stock_text(st, "SELECT app || form || (SELECT count(*) FROM "
	    "requests) FROM source WHERE form = 'pull'"), "apull1");
	ck_assert_int_eq(stock_number(st, "SELECT arrived / 1000000 FROM "
	    "source WHERE form = 'pull'"), (utc_days(2026, 6, 12) * UTC_DAY +
	    13 * UTC_HOUR) / UTC_SECOND);
	ck_assert_int_eq(stock_number(st, "SELECT arrived FROM source WHERE "
	    "dump = 'things'"), NOW);
	ck_assert_int_eq(stock_number(st, "SELECT arrived FROM source WHERE "
	    "dump = 'more'"), 7);
}
END_TEST

START_TEST(tells_what_was_rejected)
{
	struct trial_input v[] = {
		{ SV("a.heroku-logs.20260612T130000Z.log"),
		    SV(CLI "no log line\n" CLI "nor this\n"), UTC_NONE },
		{ SV("waitlist_signups.csv"), SV("id,id\n"), UTC_NONE },
	};

	load(v, countof(v));
	ck_assert_uint_eq(rejects.n, 3);
	ck_assert_msg(sv_starts(rejects.first,
	    SV("a.heroku-logs.20260612T130000Z.log:2: no-header: ")), "%.*s",
	    SV_ARG(rejects.first));
}
END_TEST

START_TEST(knows_the_token_of_a_path)
{
	struct trial_input v[] = {
		{ SV("a.heroku-logs.20260612T130000Z.log"), SV(CLI), UTC_NONE },
	};
	sv token = trialload_token(&stock_arena, &site,
	    SV("/api/beta/preview/tok-1/screens/s01"));

	load(v, countof(v));
	ck_assert_uint_eq(token.n, 16);
	ck_sv(stock_text(st, "SELECT token FROM requests"), token);
	ck_assert(sv_null(trialload_token(&stock_arena, &site, SV("/x/y"))));
}
END_TEST

Suite *
test_trialload(void)
{
	Suite *s = suite_create("trialload");
	TCase *t = tcase_create("trialload");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, names_tell_what_inputs_are);
	tcase_add_test(t, tells_what_was_rejected);
	tcase_add_test(t, knows_the_token_of_a_path);
	suite_add_tcase(s, t);
	return s;
}
