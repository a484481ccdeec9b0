/* SPDX-License-Identifier: MIT */
/* Places and messages are tested with those of all other errors: test_lint. */
#include "detect/prove.h"

#include "detect/rule.h"
#include "detect/sqlfn.h"
#include "store/db.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_prove(void);

static struct arm arms[] = { { .name = { "one", 3 } },
	{ .name = { "two", 3 } } };

static struct rule
rule_of(const char *sql, size_t narms)
{
	return (struct rule){ .id = SV("A"), .file = SV("a.sql"),
		.sql = sv_str(sql), .sql_line = 3, .arm = arms,
		.narms = narms };
}

#define COLUMNS "1 AS key, 2 AS ts, 3 AS rec, 4 AS hash, 5 AS nth, " \
	"6 AS metric, 7 AS fire"

static const struct {
	const char *sql;
	size_t narms;
	enum proof want;
	const char *message;
} rows[] = {
	{ "SELECT " COLUMNS, 1, PROOF_GOOD, "" },
	{ "SELECT " COLUMNS, 2, PROOF_BAD,
	    "a.sql:3:1: the statement lacks the column 'arm'" },
	{ "SELECT 'one' AS arm, " COLUMNS, 2, PROOF_GOOD, "" },
	{ "SELECT 1\n, nope", 1, PROOF_BAD, "a.sql:4:3: no such column: nope" },
	{ "SELECT 1 FROM csv_x", 1, PROOF_NONE, "a.sql:3:15: warning: no such "
	    "table: csv_x: not checked, it comes with the dump" },
	{ "SELECT median(status) FROM requests\nGROUP", 1, PROOF_BAD,
	    "a.sql:4:6: incomplete input" },
};

START_TEST(statements)
{
	struct store *st = stock_memory();
	struct err e = ERR_INIT, quiet = ERR_INIT;
	const struct rule r = rule_of(rows[_i].sql, rows[_i].narms);

	ck_assert(sqlfn_register(st, &quiet));
	ck_assert_int_eq(prove_rule(st, &r, &e), rows[_i].want);
	ck_assert_str_eq(e.msg, rows[_i].message);
	store_close(st);
}
END_TEST

START_TEST(compiled_arms)
{
	struct store *st = stock_memory();
	struct err e = ERR_INIT;
	struct rule r = rule_of("", 1);

	r.line = 7;
	arms[0].sql = SV("SELECT nope");
	ck_assert_int_eq(prove_rule(st, &r, &e), PROOF_BAD);
	ck_assert_str_eq(e.msg,
	    "a.sql:7:1: arm 'one': no such column: nope");
	r.status = RULE_PLANNED;
	ck_assert_int_eq(prove_rule(st, &r, &e), PROOF_GOOD);
	store_close(st);
}
END_TEST

/* Tables of a WITH are proven alone: what is good only when all is compiled at
 * once is good, and what no piece shows is bad. */
static const struct {
	const char *sql;
	const char *bad; /* NULL: it is good */
} pieces[] = {
	{ "WITH a AS (SELECT 1 AS x), b AS (SELECT x AS y FROM a) "
	    "SELECT " COLUMNS " FROM b WHERE y", NULL },
	/* it names a table that comes later */
	{ "WITH a AS (SELECT y FROM b), b AS (SELECT 1 AS y) "
	    "SELECT " COLUMNS " FROM a", NULL },
	/* of a table that nobody reads nothing is compiled */
	{ "WITH a AS (SELECT nope FROM nowhere) SELECT " COLUMNS, NULL },
	{ "WITH RECURSIVE a(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM a "
	    "WHERE x < 9) SELECT " COLUMNS " FROM a", NULL },
	/* the columns of a table in another order than its stub's names */
	{ "WITH a(x, y) AS (SELECT 1, 2), b AS (SELECT y, x FROM a) "
	    "SELECT " COLUMNS " FROM b WHERE x = y", NULL },
	{ "WITH a AS (SELECT 1 AS x), b AS (SELECT y FROM a) "
	    "SELECT " COLUMNS " FROM b", "no such column: y" },
	{ "WITH a AS (SELECT x FROM b), b AS (SELECT x FROM a) "
	    "SELECT " COLUMNS " FROM a", "circular reference: a" },
	{ "WITH a AS (SELECT 1 AS x), a AS (SELECT 2 AS x) "
	    "SELECT " COLUMNS " FROM a", "duplicate WITH table name: a" },
	{ "WITH a(x, y) AS (SELECT 1) SELECT " COLUMNS " FROM a",
	    "table a has 1 values for 2 columns" },
	{ "WITH a AS (SELECT 1 AS x), b AS (SELECT 2 AS x) "
	    "SELECT " COLUMNS " FROM a, b WHERE x", "ambiguous column name: x" },
	{ "WITH a AS (SELECT 1 AS x) SELECT x AS other, " COLUMNS " FROM a",
	    "unknown column 'other'" },
};

START_TEST(in_pieces)
{
	struct rule r = rule_of(pieces[_i].sql, 1);
	struct rule *list[] = { &r };
	struct catalog c = { list, 1, SV("") };
	struct err e = ERR_INIT;

	if (!pieces[_i].bad) {
		ck_assert_msg(prove_catalog(&c, &e), "%s", e.msg);
		return;
	}
	ck_assert(!prove_catalog(&c, &e));
	ck_assert_msg(sv_has(sv_str(e.msg), sv_str(pieces[_i].bad)), "%s",
	    e.msg);
}
END_TEST

START_TEST(catalogs)
{
	struct rule good = rule_of("SELECT " COLUMNS " FROM requests", 1);
	struct rule dump = rule_of("SELECT " COLUMNS " FROM csv_x", 1);
	struct rule bad = rule_of("SELECT " COLUMNS " FROM nowhere", 1);
	struct rule *list[] = { &good, &dump, &bad };
	struct catalog c = { list, 2, SV("") };
	struct err e = ERR_INIT;

	ck_assert_msg(prove_catalog(&c, &e), "%s", e.msg);
	c.n = 3;
	ck_assert(!prove_catalog(&c, &e));
	ck_assert_int_eq(e.status, ST_USAGE);
	ck_assert(sv_ends(sv_str(e.msg), SV("no such table: nowhere")));
}
END_TEST

Suite *
test_prove(void)
{
	Suite *s = suite_create("prove");
	TCase *t = tcase_create("prove");

	tcase_add_checked_fixture(t, stock_setup, stock_teardown);
	add_table(t, statements, rows);
	tcase_add_test(t, compiled_arms);
	add_table(t, in_pieces, pieces);
	tcase_add_test(t, catalogs);
	suite_add_tcase(s, t);
	return s;
}
