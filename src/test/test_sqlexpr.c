/* SPDX-License-Identifier: MIT */
#include "detect/sqlexpr.h"

#include "base/buf.h"
#include "test/ck.h"

Suite *test_sqlexpr(void);

static const char *const kind_name[] = {
	[SQLEXPR_OTHER] = "?", [SQLEXPR_AND] = "and", [SQLEXPR_OR] = "or",
	[SQLEXPR_NOT] = "not", [SQLEXPR_IS_TRUE] = "true",
	[SQLEXPR_IS_FALSE] = "false", [SQLEXPR_IS_NULL] = "null",
	[SQLEXPR_IS] = "is", [SQLEXPR_EQ] = "=", [SQLEXPR_LT] = "<",
	[SQLEXPR_LE] = "<=", [SQLEXPR_GT] = ">", [SQLEXPR_GE] = ">=",
	[SQLEXPR_IN] = "in",
};

static void
show(struct buf *b, const struct sqlexpr *e)
{
	buf_printf(b, "(%s", kind_name[e->kind]);
	if (e->kind == SQLEXPR_OTHER)
		buf_printf(b, " %.*s", SV_ARG(e->text));
	if (e->kind >= SQLEXPR_IS_NULL)
		buf_printf(b, " %.*s", SV_ARG(e->left));
	if (e->kind >= SQLEXPR_IS)
		buf_printf(b, " %.*s", SV_ARG(e->right));
	for (const struct sqlexpr *k = e->kid; k; k = k->next) {
		buf_byte(b, ' ');
		show(b, k);
	}
	buf_byte(b, ')');
}

static const struct {
	const char *sql, *tree;
} cases[] = {
	{ "a = 1 AND b <> 2 OR NOT c",
	    "(or (and (= a 1) (not (= b 2))) (not (? c)))" },
	{ "x BETWEEN 1 AND 2 AND y", "(and (and (>= x 1) (<= x 2)) (? y))" },
	{ "x NOT BETWEEN :a - 1 AND :b",
	    "(not (and (>= x :a - 1) (<= x :b)))" },
	{ "(a OR (b = 2)) IS NOT TRUE", "(not (true (or (? a) (= b 2))))" },
	{ "a IS NULL", "(null a)" }, { "a NOTNULL", "(not (null a))" },
	{ "a NOT NULL", "(not (null a))" },
	{ "a IS NOT 499", "(not (is a 499))" },
	{ "coalesce(a, '') NOT IN ('x', 'y')",
	    "(not (in coalesce(a, '') 'x', 'y'))" },
	{ "\"p\" IN k1", "(in \"p\" k1)" },
	{ "a LIKE 'x' AND b", "(and (? a LIKE 'x') (? b))" },
	{ "NOT a REGEXP 'x' OR b", "(or (not (? a REGEXP 'x')) (? b))" },
	{ "a = b = c", "(? a = b = c)" }, { "a = 1 < b", "(? a = 1 < b)" },
	{ "a = 1 IS NOT TRUE", "(? a = 1 IS NOT TRUE)" },
	{ "CASE WHEN a AND b THEN 1 END = 1",
	    "(= CASE WHEN a AND b THEN 1 END 1)" },
	{ "EXISTS (SELECT 1 WHERE a AND b) AND c >= 3",
	    "(and (? EXISTS (SELECT 1 WHERE a AND b)) (>= c 3))" },
	{ "((a)) = (1)", "(= a 1)" }, { "", "(? )" },
	{ "a AND", "(? a AND)" }, { "'open", "(? 'open)" },
	{ "a = 1)", "(? a = 1))" },
};

START_TEST(tree)
{
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT;

	show(&b, sqlexpr_read(&a, sv_str(cases[_i].sql)));
	ck_assert_msg(sv_is(buf_sv(&b), cases[_i].tree), "%s: %.*s",
	    cases[_i].sql, SV_ARG(buf_sv(&b)));
	buf_release(&b);
	arena_release(&a);
}
END_TEST

Suite *
test_sqlexpr(void)
{
	Suite *s = suite_create("sqlexpr");
	TCase *t = tcase_create("tree");

	tcase_add_loop_test(t, tree, 0, countof(cases));
	suite_add_tcase(s, t);
	return s;
}
