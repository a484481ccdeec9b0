/* SPDX-License-Identifier: MIT */
#include "detect/sqlcheck.h"

#include "test/ck.h"

Suite *test_sqlcheck(void);

static struct arena arena;

static const char *const good[] = {
	"SELECT 1", "VALUES (1)", "WITH a AS (SELECT 1) SELECT * FROM a",
	"-- x\nSELECT ''", "SELECT date(ts / 1000000, 'unixepoch') FROM request",
	"SELECT strftime('%s', ts), date(ts, '+1 day', 'start of month')",
	"SELECT datetime(:to, '-' || n || ' days'), date(x, '7 days')",
	"SELECT date FROM t", "SELECT time, 'now', 'localtime'",
	"SELECT t.time FROM t", "SELECT f('now'), lower('localtime')",
	"WITH time(a, b) AS (SELECT 1, 2) SELECT a FROM time",
	"WITH date() AS MATERIALIZED (SELECT 1) SELECT 1",
	"SELECT unixepoch(created_at), timediff(a, b), julianday(x)",
	"SELECT '\"', \"'\", `[`, [`]",
	"SELECT a REGEXP '^a+$', regexp('x{2}', a), a REGEXP b",
	"SELECT a REGEXP '(' || b || ')', regexp('(' || b, a), regexp(b, '(')",
	"SELECT ip_in(a, '10.0.0.0/8'), ip_in(f(a, 'x'), '::/0'), ip_in(a, b)",
	"SELECT regexp, ip_in",
};

START_TEST(accepted)
{
	char why[SQLCHECK_WHY];
	size_t at;

	ck_assert_msg(sqlcheck_text(&arena, sv_str(good[_i]), &at, why),
	    "%s", why);
}
END_TEST

static const struct {
	const char *sql;
	size_t at;
	const char *want;
} bad[] = {
	{ "SELECT 'a", 7, "no closing quote after ''a'" },
	{ "SELECT \"a", 7, "no closing quote after '\"a'" },
	{ "SELECT 1 /* a", 9, "the comment has no end: '/* a'" },
	{ "-- nothing", 10, "the SELECT is missing" },
	{ "WITH a AS (SELECT 1)", 20, "the SELECT is missing" },
	{ "INSERT INTO t VALUES (1)", 0, "expected one SELECT, not 'INSERT'" },
	{ " PRAGMA x", 1, "expected one SELECT, not 'PRAGMA'" },
	{ "WITH a AS (SELECT 1) DELETE FROM t", 21,
	    "expected one SELECT, not 'DELETE'" },
	{ "EXPLAIN SELECT 1", 0, "expected one SELECT, not 'EXPLAIN'" },
	{ "SELECT date('now')", 12,
	    "another time at every run (use :to): ''now''" },
	{ "SELECT DATETIME( 'NOW' , '+1 day')", 17,
	    "another time at every run (use :to): ''NOW''" },
	{ "SELECT strftime('%s', 'now')", 22,
	    "another time at every run (use :to): ''now''" },
	{ "SELECT unixepoch('subsec')", 17,
	    "another time at every run (use :to): ''subsec''" },
	{ "SELECT timediff(a, 'now')", 19,
	    "another time at every run (use :to): ''now''" },
	{ "SELECT \"date\"('now')", 14,
	    "another time at every run (use :to): ''now''" },
	{ "SELECT julianday()", 7,
	    "without a time it is now (use :to): 'julianday'" },
	{ "SELECT strftime('%s')", 7,
	    "without a time it is now (use :to): 'strftime'" },
	{ "SELECT 1, CURRENT_TIMESTAMP", 10,
	    "another time at every run (use :to): 'CURRENT_TIMESTAMP'" },
	{ "SELECT current_date", 7,
	    "another time at every run (use :to): 'current_date'" },
	{ "SELECT date(ts, 'localtime')", 16,
	    "depends on the time zone of the machine: ''localtime''" },
	{ "SELECT time(ts, '+1 day', 'UTC')", 26,
	    "depends on the time zone of the machine: ''UTC''" },
	{ "SELECT date(ts, x)", 16, "a modifier must be a text, not 'x'" },
	{ "SELECT date(ts, 'local' || 'time')", 16,
	    "a modifier must be a text, not ''local''" },
	{ "SELECT date(f(a, b), 'start of day', g(1))", 37,
	    "a modifier must be a text, not 'g'" },
	{ "SELECT lower(date('now'))", 18,
	    "another time at every run (use :to): ''now''" },
	{ "SELECT date(date('now'))", 17,
	    "another time at every run (use :to): ''now''" },
	{ "SELECT a REGEXP 'b('", 19,
	    "pattern, byte 2: missing closing parenthesis" },
	{ "SELECT a REGEXP '''[z-a]'", 22,
	    "pattern, byte 4: range out of order in character class" },
	{ "SELECT regexp('a(', b)", 17,
	    "pattern, byte 2: missing closing parenthesis" },
	{ "SELECT ip_in(f(a, b), '10.1.2.0/22')", 22,
	    "no network: ''10.1.2.0/22''" },
	{ "SELECT date(a,'1','1','1','1','1','1','1','1','1','1','1','1','1',"
	    "'1','1','1','localtime')", 7, "too many arguments of 'date'" },
};

START_TEST(refused)
{
	char why[SQLCHECK_WHY];
	size_t at = 99;

	ck_assert(!sqlcheck_text(&arena, sv_str(bad[_i].sql), &at, why));
	ck_assert_str_eq(why, bad[_i].want);
	ck_assert_uint_eq(at, bad[_i].at);
}
END_TEST

static void
teardown(void)
{
	arena_release(&arena);
}

Suite *
test_sqlcheck(void)
{
	Suite *s = suite_create("sqlcheck");
	TCase *t = tcase_create("sqlcheck");

	tcase_add_checked_fixture(t, NULL, teardown);
	add_table(t, accepted, good);
	add_table(t, refused, bad);
	suite_add_tcase(s, t);
	return s;
}
