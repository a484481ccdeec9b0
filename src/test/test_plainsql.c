/* SPDX-License-Identifier: MIT */
#include "detect/plainsql.h"

#include "base/utc.h"
#include "detect/hits.h"
#include "record/site.h"
#include "test/ck.h"

Suite *test_plainsql(void);

static struct arena arena;
static struct buf out;
static struct site site;
static struct hits_env env;

static void
setup(void)
{
	arena_init(&arena);
	out = (struct buf)BUF_INIT;
	site_default(&arena, &site);
	env = (struct hits_env){ .site = &site, .now = 7,
		.seen = SV("[[1,2]]"), .dumps = SV("{}") };
}

static void
teardown(void)
{
	buf_release(&out);
	arena_release(&arena);
}

/* In a static initialiser. */
#define LIT(text) { (text), sizeof(text) - 1 }

static const struct {
	struct bind v;
	const char *want;
} literals[] = {
	{ { .kind = BIND_I64, .num = INT64_MIN }, "-9223372036854775808" },
	{ { .kind = BIND_REAL, .real = 0.5 }, "0.5" },
	{ { .kind = BIND_REAL, .real = 3 }, "3.0" },
	{ { .kind = BIND_TEXT, .text = LIT("") }, "''" },
	{ { .kind = BIND_TEXT, .text = LIT("it's") }, "'it''s'" },
	{ { .kind = BIND_TEXT, .text = LIT("a\nb\t\xc3\xa9") },
	    "'a\nb\t\xc3\xa9'" },
	{ { .kind = BIND_TEXT, .text = LIT("\x1b[2J") },
	    "CAST(x'1b5b324a' AS TEXT)" },
	{ { .kind = BIND_TEXT, .text = LIT("a\0b") },
	    "CAST(x'610062' AS TEXT)" },
	{ { .kind = BIND_TEXT, .text = LIT("\xe2\x80\xae") },
	    "CAST(x'e280ae' AS TEXT)" },
	{ { .kind = BIND_TEXT, .text = LIT("\xff") }, "CAST(x'ff' AS TEXT)" },
	{ { .kind = BIND_TEXT, .text = { NULL, 0 } }, "NULL" },
};

START_TEST(literal)
{
	plainsql_literal(&out, &literals[_i].v);
	ck_sv(buf_sv(&out), sv_str(literals[_i].want));
}
END_TEST

START_TEST(sql_rule)
{
	struct param param[] = { { SV("fast"), 5, 8, "site" } };
	sv fact[] = { SV("monitor_clients"), SV("screen_catalogue") };
	const struct rule r = { .id = SV("A-1"), .title = SV("two\nlines"),
		.param = param, .nparams = 1, .site_fact = fact,
		.nsite_facts = 2, .sql = SV("-- why\x1b\r\n"
		    "SELECT ':fast', :fast, :monitor_clients, :screen_catalogue"
		    ",\n  :from, :to, :now, 'a\x1b''b' /* :fast */,"
		    " path_stem(x), PATH_STEM(y), median, x REGEXP 'y'; ") };

	plainsql_rule(&out, &env, &r, 10, 20);
	ck_sv_lit(buf_sv(&out), "-- A-1\n-- two\\x0alines\n"
	    "-- site.yml does not say, so it is NULL: screen_catalogue\n"
	    "-- Only raxx has the functions it calls: path_stem, regexp\n"
	    ".param set :from 10\n.param set :to 20\n"
	    "-- why?\nSELECT ':fast', 5, '[]', NULL,\n  :from, :to, 7, "
	    "CAST(x'611b2762' AS TEXT) /* :fast */, path_stem(x), "
	    "PATH_STEM(y), median, x REGEXP 'y';\n");
}
END_TEST

START_TEST(sigma_rule)
{
	struct bind bind[] = { { .kind = BIND_TEXT, .text = SV("/a*") },
		{ .kind = BIND_I64, .num = 404 } };
	struct param param[] = { { SV("main"), 8, 8, "rule" } };
	struct arm arm = { .name = SV("main"), .kind = ARM_EVENT_COUNT,
		.window = UTC_MINUTE, .cond = { { CMP_GTE, 0 } }, .ncond = 1,
		.bind = bind, .nbinds = 2, .sql = SV("WITH bound(n) AS (SELECT "
		    "?2)\nSELECT ?2 WHERE wildcard(?1, '?1') AND ts BETWEEN "
		    ":from AND :to") };
	const struct rule r = { .id = SV("A"), .title = SV("t"),
		.param = param, .nparams = 1, .arm = &arm, .narms = 1 };

	plainsql_rule(&out, &env, &r, 100 * UTC_SECOND, 200 * UTC_SECOND);
	ck_sv_lit(buf_sv(&out), "-- A\n-- t\n\n-- arm main: events >= 8; "
	    "window 1m\n-- Only raxx has the functions it calls: wildcard\n"
	    ".param set :from 40000000\n.param set :to 200000000\n"
	    "SELECT 404 WHERE wildcard('/a*', '?1') AND ts BETWEEN "
	    ":from AND :to;\n");
}
END_TEST

/* Tables of the dictionary, and a correlation that the arm is made of. */
START_TEST(sigma_rule_with_a_link)
{
	struct arm link = { .name = SV("main.many"), .kind = ARM_EVENT_COUNT,
		.window = UTC_MINUTE, .step = 1, .sql = SV("SELECT 2") };
	struct bind bind[] = { { .kind = BIND_TEXT, .text = SV("x") } };
	struct arm arm = { .name = SV("main"), .kind = ARM_TEMPORAL,
		.window = UTC_MINUTE, .bind = bind, .nbinds = 1, .link = &link,
		.nlinks = 1, .sql = SV("WITH bound(n) AS (SELECT ?1)\n"
		    ", k1(id) AS (SELECT ?1)\nSELECT 1 WHERE :from < :to") };
	const struct rule r = { .id = SV("A"), .title = SV("t"), .arm = &arm,
		.narms = 1 };

	arm.threshold = link.threshold = -1;
	plainsql_rule(&out, &env, &r, 200 * UTC_SECOND, 300 * UTC_SECOND);
	ck_sv_lit(buf_sv(&out), "-- A\n-- t\n\n-- arm main: events; "
	    "window 1m\n.param set :from 140000000\n.param set :to 300000000\n"
	    "WITH k1(id) AS (SELECT 'x')\nSELECT 1 WHERE :from < :to;\n\n"
	    "-- step 1 has only the rows at which this fires: main.many: "
	    "events; window 1m\n.param set :from 80000000\n"
	    ".param set :to 300000000\nSELECT 2;\n");
}
END_TEST

START_TEST(planned_rule)
{
	const struct rule r = { .id = SV("A"), .title = SV("t"),
		.status = RULE_PLANNED, .reason = SV("later") };

	plainsql_rule(&out, &env, &r, 0, 0);
	ck_sv_lit(buf_sv(&out),
	    "-- A\n-- t\n-- It has no statement: later\n");
}
END_TEST

Suite *
test_plainsql(void)
{
	Suite *s = suite_create("plainsql");
	TCase *t = tcase_create("plainsql");

	tcase_add_checked_fixture(t, setup, teardown);
	add_table(t, literal, literals);
	tcase_add_test(t, sql_rule);
	tcase_add_test(t, sigma_rule);
	tcase_add_test(t, sigma_rule_with_a_link);
	tcase_add_test(t, planned_rule);
	suite_add_tcase(s, t);
	return s;
}
