/* SPDX-License-Identifier: MIT */
#include "detect/sqlscan.h"

#include "base/buf.h"
#include "test/ck.h"

Suite *test_sqlscan(void);

/* A letter per kind, the token, a bar. */
static const struct {
	const char *sql, *want;
} rows[] = {
	{ "", "" },
	{ " \t\r\n", "" },
	{ "SELECT a.b FROM t", "wSELECT|wa|s.|wb|wFROM|wt|" },
	{ "-- x\na--y", "wa|" },
	{ "a/* b */c", "wa|wc|" },
	{ "a /* b", "wa|o/* b|" },
	{ "a /*", "wa|o/*|" },
	{ "/**/a", "wa|" },
	{ "'it''s' 'b'", "t'it''s'|t'b'|" },
	{ "'a -- b' '/*'", "t'a -- b'|t'/*'|" },
	{ "'open", "o'open|" },
	{ "x'00' X'1' x 'y", "tx'00'|tX'1'|wx|o'y|" },
	{ "\"a\"\"b\" `c` [d\"]", "n\"a\"\"b\"|n`c`|n[d\"]|" },
	{ "[open", "o[open|" },
	{ "1 1.5 .5 1e-3 1.e+2 0xFF 1.5x a.5", "#1|#1.5|#.5|#1e-3|#1.e+2|"
	    "#0xFF|#1.5x|wa|#.5|" },
	{ ":from @x $y ?1 ?", "p:from|p@x|p$y|p?1|p?|" },
	{ "a||b->>'$'->'$'", "wa|s|||wb|s->>|t'$'|s->|t'$'|" },
	{ "a<=b>=c<>d!=e==f<<g>>h<i", "wa|s<=|wb|s>=|wc|s<>|wd|s!=|we|s==|wf|"
	    "s<<|wg|s>>|wh|s<|wi|" },
	{ "\xc3\xa9$1 _a", "w\xc3\xa9$1|w_a|" },
	{ "(;)", "s(|s;|s)|" },
};

START_TEST(cuts)
{
	static const char kind[] = "wnt#pso";
	struct sqlscan s = { sv_str(rows[_i].sql), 0 };
	struct buf b = BUF_INIT;
	struct sqltok t;

	while (sqlscan_next(&s, &t)) {
		buf_byte(&b, kind[t.kind]);
		buf_add(&b, t.text);
		buf_byte(&b, '|');
		ck_assert_ptr_eq(t.text.p, rows[_i].sql + t.at);
	}
	ck_sv(buf_sv(&b), sv_str(rows[_i].want));
	buf_release(&b);
}
END_TEST

START_TEST(names)
{
	struct sqlscan s = { SV("a \"b\" [c] 'd' 1"), 0 };
	static const char *const want[] = { "a", "b", "c", NULL, NULL };
	struct sqltok t;

	for (size_t i = 0; sqlscan_next(&s, &t); i++)
		if (want[i])
			ck_sv(sqltok_name(&t), sv_str(want[i]));
		else
			ck_assert(sv_null(sqltok_name(&t)));
}
END_TEST

static const struct {
	const char *text;
	size_t at;
	int line, col;
} places[] = {
	{ "abc", 0, 1, 1 }, { "abc", 2, 1, 3 }, { "a\nbc", 2, 2, 1 },
	{ "a\nbc", 3, 2, 2 }, { "a\n\nb", 3, 3, 1 }, { "a\n", 2, 2, 1 },
	{ "a\tb", 2, 1, 3 }, { "abc", 9, 1, 4 },
};

START_TEST(place)
{
	int line, col;

	sqlscan_place(sv_str(places[_i].text), places[_i].at, &line, &col);
	ck_assert_int_eq(line, places[_i].line);
	ck_assert_int_eq(col, places[_i].col);
}
END_TEST

START_TEST(plain)
{
	struct buf b = BUF_INIT;

	sqlscan_plain(&b, SV(" a  IN (1,\n\t2) -- why\n AND 'x  y' /* z */ "));
	ck_sv_lit(buf_sv(&b), "a IN (1, 2) AND 'x  y'");
	buf_release(&b);
}
END_TEST

Suite *
test_sqlscan(void)
{
	Suite *s = suite_create("sqlscan");
	TCase *t = tcase_create("sqlscan");

	add_table(t, cuts, rows);
	tcase_add_test(t, names);
	add_table(t, place, places);
	tcase_add_test(t, plain);
	suite_add_tcase(s, t);
	return s;
}
