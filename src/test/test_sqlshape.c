/* SPDX-License-Identifier: MIT */
#include "detect/sqlshape.h"

#include "base/buf.h"
#include "test/ck.h"

Suite *test_sqlshape(void);

static struct arena arena;

static void
put(struct buf *b, sv v, char end)
{
	buf_add(b, v);
	buf_byte(b, end);
}

/* "name=body;" per table, then what follows the WITH. */
static const struct {
	const char *sql, *want;
} shapes[] = {
	{ "", "" },
	{ "SELECT 1", "SELECT 1" },
	{ "WITH a AS (SELECT 1) SELECT 2", "a=SELECT 1;SELECT 2" },
	{ "with \"a b\"(x, y) as materialized (select (1)), -- c\n"
	    "b AS NOT MATERIALIZED ( VALUES (')') /* ) */ )\nSELECT 1; ",
	    "a b=select (1);b=VALUES (')');SELECT 1; " },
	{ "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
	    "SELECT i FROM n", "n=SELECT 1 UNION ALL SELECT i + 1 FROM n;"
	    "SELECT i FROM n" },
	{ "-- with\nWITH a AS (SELECT 1)", "a=SELECT 1;" },
	{ "WITH a AS () SELECT 1", "a=;SELECT 1" },
	/* no WITH after all */
	{ "WITH a AS (SELECT 1", "WITH a AS (SELECT 1" },
	{ "WITH a SELECT 1", "WITH a SELECT 1" },
	{ "WITH", "WITH" },
};

START_TEST(shape)
{
	struct buf b = BUF_INIT;
	struct sqlshape s;

	sqlshape_read(&arena, sv_str(shapes[_i].sql), &s);
	for (size_t i = 0; i < s.nctes; i++) {
		put(&b, s.cte[i].name, '=');
		put(&b, s.cte[i].body, ';');
	}
	buf_add(&b, s.main);
	ck_sv(buf_sv(&b), sv_str(shapes[_i].want));
	buf_release(&b);
}
END_TEST

/* list|from|where|group|having|window|rest; */
static const struct {
	const char *sql, *want;
} parts[] = {
	{ "", "" },
	{ "FROM t", "" },
	{ "SELECT 1", "1||||||;" },
	{ "SELECT DISTINCT a, b c FROM t AS u WHERE x GROUP BY a, b "
	    "HAVING count(*) > 1 WINDOW w AS (ORDER BY a) ORDER BY a LIMIT 3;",
	    "DISTINCT a, b c|t AS u|x|a, b|count(*) > 1|WINDOW w AS (ORDER BY "
	    "a)|ORDER BY a LIMIT 3;" },
	{ "SELECT a FROM t UNION ALL SELECT b FROM u WHERE c EXCEPT VALUES (1)",
	    "a|t|||||;b|u|c||||;||||||;" },
	{ "SELECT (SELECT 1 FROM x WHERE y) FROM t", "(SELECT 1 FROM x WHERE y)"
	    "|t|||||;" },
	{ "SELECT a IS NOT DISTINCT FROM b FROM t", "a IS NOT DISTINCT FROM b|t"
	    "|||||;" },
	{ "SELECT count(*) FILTER (WHERE x) FROM t LIMIT 1", "count(*) FILTER "
	    "(WHERE x)|t|||||LIMIT 1;" },
	{ "SELECT \"from\", 'from' -- from\nFROM t", "\"from\", 'from'|t|||||;" },
	{ "SELECT CASE WHEN a THEN 'x' END FROM t WHERE CASE b WHEN 1 THEN 2 "
	    "END", "CASE WHEN a THEN 'x' END|t|CASE b WHEN 1 THEN 2 END||||;" },
	{ "SELECT a\nFROM t -- who\nWHERE b -- why\n", "a|t|b||||;" },
};

START_TEST(part)
{
	struct buf b = BUF_INIT;
	struct sqlpart *p;
	size_t n = sqlshape_parts(&arena, sv_str(parts[_i].sql), &p);

	for (size_t i = 0; i < n; i++) {
		put(&b, p[i].list, '|');
		put(&b, p[i].from, '|');
		put(&b, p[i].where, '|');
		put(&b, p[i].group, '|');
		put(&b, p[i].having, '|');
		put(&b, p[i].window, '|');
		put(&b, p[i].rest, ';');
	}
	ck_sv(buf_sv(&b), sv_str(parts[_i].want));
	buf_release(&b);
}
END_TEST

static const struct {
	const char *condition, *want;
} terms[] = {
	{ "", "" },
	{ "a", "a|" },
	{ "a AND b and c", "a|b|c|" },
	{ "a BETWEEN 1 AND 2 AND b", "a BETWEEN 1 AND 2|b|" },
	{ "a NOT BETWEEN b AND c AND d BETWEEN e AND f",
	    "a NOT BETWEEN b AND c|d BETWEEN e AND f|" },
	{ "a BETWEEN (b AND c) AND d AND e", "a BETWEEN (b AND c) AND d|e|" },
	{ "a OR b AND c", "a OR b AND c|" },
	{ "(a OR b) AND c", "(a OR b)|c|" },
	{ "a AND CASE WHEN b AND c THEN d OR e END AND f",
	    "a|CASE WHEN b AND c THEN d OR e END|f|" },
	{ "a = 'x AND y' AND \"or\" -- AND z\n AND b",
	    "a = 'x AND y'|\"or\"|b|" },
	{ "NOT EXISTS (SELECT 1 FROM t WHERE a AND b) AND c IN (1, 2)",
	    "NOT EXISTS (SELECT 1 FROM t WHERE a AND b)|c IN (1, 2)|" },
};

START_TEST(term)
{
	struct buf b = BUF_INIT;
	sv *t;
	size_t n = sqlshape_terms(&arena, sv_str(terms[_i].condition), &t);

	for (size_t i = 0; i < n; i++)
		put(&b, t[i], '|');
	ck_sv(buf_sv(&b), sv_str(terms[_i].want));
	buf_release(&b);
}
END_TEST

/* A '?' before what is optional. */
static const struct {
	const char *from, *want;
} sources[] = {
	{ "", "" },
	{ "t", "t|" },
	{ "main.\"T u\" AS v", "T u|" },
	{ "a, b AS c JOIN d ON a.x = d.y AND f(a, b) LEFT OUTER JOIN e "
	    "USING (x, y), g", "a|b|d|?e|g|" },
	{ "(SELECT 1 FROM x, y) AS s JOIN json_each(:a) AS j",
	    "(SELECT 1 FROM x, y)|json_each|" },
};

START_TEST(source)
{
	struct buf b = BUF_INIT;
	struct sqlsource *s;
	size_t n = sqlshape_sources(&arena, sv_str(sources[_i].from), &s);

	for (size_t i = 0; i < n; i++) {
		if (s[i].optional)
			buf_byte(&b, '?');
		if (sv_null(s[i].name))
			buf_printf(&b, "(%.*s)|", SV_ARG(s[i].body));
		else
			put(&b, s[i].name, '|');
	}
	ck_sv(buf_sv(&b), sv_str(sources[_i].want));
	buf_release(&b);
}
END_TEST

START_TEST(find)
{
	static const char sql[] = "SELECT 'requests' -- requests\n, x FROM "
	    "Requests";

	ck_assert_uint_eq(sqlshape_find(SV(sql), SV("requests")),
	    sizeof(sql) - 1 - 8);
	ck_assert_uint_eq(sqlshape_find(SV(sql), SV("y")), sizeof(sql) - 1);
}
END_TEST

static void
teardown(void)
{
	arena_release(&arena);
}

Suite *
test_sqlshape(void)
{
	Suite *s = suite_create("sqlshape");
	TCase *t = tcase_create("sqlshape");

	tcase_add_checked_fixture(t, NULL, teardown);
	add_table(t, shape, shapes);
	add_table(t, part, parts);
	add_table(t, term, terms);
	add_table(t, source, sources);
	tcase_add_test(t, find);
	suite_add_tcase(s, t);
	return s;
}
