/* SPDX-License-Identifier: MIT */
#include "detect/sqlrule.h"

#include "base/utc.h"
#include "test/ck.h"

Suite *test_sqlrule(void);

static struct arena arena;

static struct rule *
read_ok(const char *text)
{
	struct err e = ERR_INIT;
	struct rule *r = sqlrule_read(&arena,
	    (struct rule_file){ SV("r.sql"), sv_str(text) }, &e);

	ck_assert_msg(r != NULL, "%s", e.msg);
	return r;
}

START_TEST(everything)
{
	const struct rule *r = read_ok("\n-- id: A-1\n-- title: T: t\n"
	    "-- description: one\n--   two\n--\n-- level: high\n"
	    "-- status: active\n-- sources: heroku_router, heroku_app\n"
	    "-- fallback: heroku_platform\n-- prerequisite: p\n"
	    "-- next_step: n\n-- author: a\n-- license: MIT\n"
	    "-- suppress: 90m\n-- params: fast=8 slow=1.5\n"
	    "-- site: screen_catalogue\n"
	    "-- arm: fast window=10m threshold=fast metric='distinct screens'\n"
	    "--     key='token' level=low\n"
	    "-- arm: now window=24h baseline=never on=any standing=yes\n"
	    "--     needs=heroku_router.client,auth_events\n"
	    "\n-- why\nSELECT ':no', \":no\" /* :no */ -- :no\n"
	    ", :fast, :slow, :screen_catalogue, :from, :to;\n\n");

	ck_sv_lit(r->id, "A-1");
	ck_sv_lit(r->title, "T: t");
	ck_sv_lit(r->description, "one two");
	ck_assert_int_eq(r->level, LEVEL_HIGH);
	ck_sv_lit(r->route, "same-day");
	ck_assert_uint_eq(r->nsources, 2);
	ck_sv_lit(r->source[1], "heroku_app");
	ck_assert_uint_eq(r->nfallbacks, 1);
	ck_assert_uint_eq(r->nsite_facts, 1);
	ck_assert(r->suppress == 90 * UTC_MINUTE && r->lookback == UTC_DAY);
	ck_assert_uint_eq(r->nparams, 2);
	ck_assert(r->param[1].value == 1.5);
	ck_assert_uint_eq(r->narms, 2);
	ck_assert_int_eq(r->arm[0].kind, ARM_SQL);
	ck_assert_int_eq(r->arm[0].threshold, 0);
	ck_sv_lit(r->arm[0].metric, "distinct screens");
	ck_sv_lit(r->arm[0].key_name, "token");
	ck_assert_int_eq(r->arm[0].level, LEVEL_LOW);
	ck_assert(r->arm[1].never_baselined && r->arm[1].threshold == -1);
	ck_assert_int_eq(r->arm[1].on, ARM_ON_ANY);
	ck_assert(r->arm[1].standing && !r->arm[0].standing);
	ck_assert_uint_eq(r->arm[1].nneeds, 2);
	ck_sv_lit(r->arm[1].need[0], "heroku_router.client");
	ck_assert_int_eq(r->sql_line, 23);
	ck_assert(sv_starts(r->sql, SV("-- why\nSELECT")));
	ck_assert(sv_ends(r->sql, SV(":to;")));
}
END_TEST

START_TEST(planned)
{
	const struct rule *r = read_ok("-- id: A\r\n-- title: T\r\n"
	    "-- level: info\r\n-- status: planned\r\n-- reason: later\r\n");

	ck_assert_int_eq(r->status, RULE_PLANNED);
	ck_sv_lit(r->reason, "later");
	ck_sv_lit(r->route, "digest");
	ck_assert_uint_eq(r->narms, 0);
}
END_TEST

#define HEAD "-- id: A\n-- title: T\n-- level: low\n-- sources: heroku_app\n"
#define ARM "-- arm: a window=1m\n"

static const struct {
	const char *text, *want;
} bad[] = {
	{ "", "r.sql:1:1: 'id' is missing" },
	{ "-- id: A\n", "r.sql:1:1: 'title' is missing" },
	{ "-- id: A\n-- title: T\n", "r.sql:1:1: 'level' is missing" },
	{ "-- id: A b\n",
	    "r.sql:1:8: 'A b' is no id: letters, digits, '.', '_' and '-' only" },
	{ "-- idd: A\n", "r.sql:1:4: unknown key 'idd'" },
	{ "-- id: A\n-- id: B\n", "r.sql:2:4: key stands twice: 'id'" },
	{ "-- what\n", "r.sql:1:4: expected 'key: value', not 'what'" },
	{ "--   id: A\n", "r.sql:1:6: expected 'key: value', not 'id: A'" },
	{ "-- level: hihg\n", "r.sql:1:11: 'hihg' is no level: informational, "
	    "low, medium, high or critical" },
	{ "-- status: on\n",
	    "r.sql:1:12: 'on' is no status: active or planned" },
	{ "-- sources: heroku_app, x\n", "r.sql:1:25: 'x' is no source" },
	{ "-- site: host, hots\n", "r.sql:1:16: 'hots' is no fact of site.yml" },
	{ "-- suppress: soon\n",
	    "r.sql:1:14: 'soon' is no duration such as 60m" },
	{ "-- params: a=1 b\n", "r.sql:1:16: expected name=value at 'b'" },
	{ "-- params: a=x\n", "r.sql:1:14: no number: 'x'" },
	{ "-- params: a=1 a=2\n",
	    "r.sql:1:16: parameter stands twice: 'a'" },
	{ "-- params: from=1\n", "r.sql:1:12: no parameter name: 'from'" },
	{ "-- arm: a window=1m threshold=x\n", "r.sql:1:31: no parameter "
	    "(params come before arms): 'x'" },
	{ "-- arm: a window=1\n",
	    "r.sql:1:18: no duration such as 10m: '1'" },
	{ "-- arm: a metric='x\n",
	    "r.sql:1:18: no closing quote after ''x'" },
	{ "-- arm: a wndow=1m\n",
	    "r.sql:1:11: unknown word of an arm: 'wndow'" },
	{ "-- arm: a level=x\n", "r.sql:1:17: unknown level 'x'" },
	{ "-- arm: a standing=no\n",
	    "r.sql:1:20: standing can only be yes, not 'no'" },
	{ "-- arm: a baseline=no\n",
	    "r.sql:1:20: baseline can only be never, not 'no'" },
	{ "-- arm: a needs=x.y\n", "r.sql:1:17: 'x.y' is no source" },
	{ "-- arm: a needs=heroku_drain.x\n",
	    "r.sql:1:17: 'heroku_drain.x' is no column of a source" },
	{ "-- arm: a on=of\n", "r.sql:1:14: 'of' is neither sources, "
	    "fallback nor any" },
	{ "-- kind: x\n", "r.sql:1:10: 'x' is no kind: detection or posture" },
	{ HEAD "-- fallback: heroku_app\n" ARM "SELECT 1", "r.sql:1:1: "
	    "'fallback' is of no use: no arm has on=fallback or on=any" },
	{ HEAD "-- arm: a window=1m on=any\nSELECT 1", "r.sql:1:1: "
	    "'on=fallback' is of no use: the rule names no fallback" },
	{ "-- params: now=1\n", "r.sql:1:12: no parameter name: 'now'" },
	{ "-- arm: a\n", "r.sql:1:9: no window= in arm 'a'" },
	{ ARM ARM, "r.sql:2:9: arm stands twice: 'a'" },
	{ HEAD, "r.sql:1:1: an active rule needs an arm" },
	{ HEAD ARM, "r.sql:1:1: the SELECT is missing" },
	{ HEAD ARM "\nSELECT\n :x", "r.sql:8:2: undeclared parameter ':x'" },
	{ HEAD ARM "\nSELECT ?1", "r.sql:7:8: undeclared parameter '?1'" },
	{ HEAD "-- params: x=1\n" ARM "SELECT @x",
	    "r.sql:7:8: parameters are written :name, not '@x'" },
	{ HEAD "-- params: x=1\n" ARM "SELECT 1",
	    "r.sql:5:12: the statement never uses parameter 'x'" },
	{ HEAD "-- site: host\n" ARM "SELECT 1",
	    "r.sql:5:10: the statement never uses site fact 'host'" },
	{ HEAD "-- site: host\n-- params: host=1\n" ARM "SELECT :host",
	    "r.sql:6:12: both parameter and site fact: 'host'" },
	{ HEAD "-- status: planned\n",
	    "r.sql:1:1: a planned rule needs a reason" },
	{ HEAD "-- status: planned\n-- reason: r\nSELECT 1",
	    "r.sql:7:1: a planned rule has no SELECT" },
};

START_TEST(errors)
{
	struct err e = ERR_INIT;

	ck_assert_ptr_null(sqlrule_read(&arena,
	    (struct rule_file){ SV("r.sql"), sv_str(bad[_i].text) }, &e));
	ck_assert_str_eq(e.msg, bad[_i].want);
	ck_assert_int_eq(e.status, ST_USAGE);
}
END_TEST

static void
setup(void)
{
	arena_init(&arena);
}

static void
teardown(void)
{
	arena_release(&arena);
}

Suite *
test_sqlrule(void)
{
	Suite *s = suite_create("sqlrule");
	TCase *t = tcase_create("sqlrule");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, everything);
	tcase_add_test(t, planned);
	add_table(t, errors, bad);
	suite_add_tcase(s, t);
	return s;
}
