/* SPDX-License-Identifier: MIT */
#include "detect/given.h"

#include <stdio.h>

#include "detect/hits.h"
#include "record/site.h"
#include "store/db.h"
#include "store/query.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_given(void);

static struct param param[] = {
	{ { "whole", 5 }, 8, 8, "rule" }, { { "part", 4 }, 0.5, 1, "site" },
};
static sv fact[] = { { "screen_catalogue", 16 }, { "monitor_clients", 15 } };
static struct rule rule = { .param = param, .nparams = 2, .site_fact = fact,
	.nsite_facts = 2 };
static struct site site;
static struct hits_env env;

static void
setup(void)
{
	stock_setup();
	site_default(&stock_arena, &site);
	env = (struct hits_env){ .st = stock_memory(), .site = &site,
		.now = 9, .covered_days = 3, .seen = SV("[[1,2]]"),
		.dumps = SV("{}") };
}

static void
teardown(void)
{
	store_close(env.st);
	stock_teardown();
}

static const struct {
	const char *name;
	enum given_end end;
	const char *want; /* as SQL has it */
} rows[] = {
	{ "from", GIVEN_OK, "1" }, { "to", GIVEN_OK, "2" },
	{ "now", GIVEN_OK, "9" }, { "covered_days", GIVEN_OK, "3" },
	{ "seen", GIVEN_OK, "'[[1,2]]'" }, { "dumps", GIVEN_OK, "'{}'" },
	{ "whole", GIVEN_OK, "8" }, { "part", GIVEN_OK, "0.5" },
	{ "monitor_clients", GIVEN_OK, "'[]'" },
	{ "screen_catalogue", GIVEN_FACT, NULL },
	{ "other", GIVEN_UNKNOWN, NULL },
};

START_TEST(values)
{
	struct err e = ERR_INIT;
	char sql[64];
	struct query *q;
	sv name = SV_NULL;

	snprintf(sql, sizeof(sql), "SELECT quote(:%s), :to", rows[_i].name);
	q = query_open(env.st, sv_str(sql), NULL, &e);
	ck_assert_msg(q != NULL, "%s", e.msg);
	ck_assert_int_eq(given_bind(q, &env, &rule, 1, 2, &name), rows[_i].end);
	if (rows[_i].want) {
		ck_assert_int_eq(query_next(q, &e), QUERY_MORE);
		ck_sv(query_text(q, 0), sv_str(rows[_i].want));
	} else {
		ck_sv(name, sv_str(rows[_i].name));
	}
	query_close(q);
}
END_TEST

START_TEST(names)
{
	ck_assert(given_is(SV("from")) && given_is(SV("dumps")));
	ck_assert(!given_is(SV("fro")) && !given_is(SV("")));
}
END_TEST

START_TEST(of_arms)
{
	const struct bind b[] = { { .kind = BIND_TEXT, .text = SV("x") },
		{ .kind = BIND_I64, .num = -4 },
		{ .kind = BIND_REAL, .real = 1.5 } };
	struct err e = ERR_INIT;
	struct query *q = query_open(env.st, SV("WITH bound(n) AS (SELECT ?3) "
	    "SELECT :from || ?1 || ?2 || ?3 || :to FROM bound"), NULL, &e);

	ck_assert_msg(q != NULL, "%s", e.msg);
	given_bind_arm(q, b, 3, 1, 2);
	ck_assert_int_eq(query_next(q, &e), QUERY_MORE);
	ck_sv_lit(query_text(q, 0), "1x-41.52");
	query_close(q);
}
END_TEST

Suite *
test_given(void)
{
	Suite *s = suite_create("given");
	TCase *t = tcase_create("given");

	tcase_add_checked_fixture(t, setup, teardown);
	add_table(t, values, rows);
	tcase_add_test(t, names);
	tcase_add_test(t, of_arms);
	suite_add_tcase(s, t);
	return s;
}
