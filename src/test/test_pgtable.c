/* SPDX-License-Identifier: MIT */
#include "parse/pgtable.h"

#include <stdlib.h>

#include "base/buf.h"
#include "test/ck.h"

Suite *test_pgtable(void);

static struct arena arena;

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

/* A header as "{a|b}", a row as "(a|b)", a foot as "$", a blank line as ".", a
 * bad one as "!(line)". */
static const struct {
	const char *text, *want;
} texts[] = {
	{ "", "" },
	{ "\n \n\r\n", "..." },
	/* heroku pg:outliers */
	{ " total_exec_time | prop_exec_time | ncalls | sync_io_time | query"
	    "               \n"
	    "-----------------+----------------+--------+--------------+------"
	    "---------------\n"
	    " 00:03:21.123456 | 91.2%          | 1,234  | 00:00:00     | SELECT"
	    " a || b | c\n"
	    " 00:00:00.5      | 0.1%           | 1      | 00:00:00     | COMMIT"
	    "\n(2 rows)\n\n",
	    "{total_exec_time|prop_exec_time|ncalls|sync_io_time|query}"
	    "(00:03:21.123456|91.2%|1,234|00:00:00|SELECT a || b | c)"
	    "(00:00:00.5|0.1%|1|00:00:00|COMMIT)$." },
	/* lines of a query; what indents them stays */
	{ " n | query     \n---+-----------\n"
	    " 1 | SELECT a +\n   |   FROM b +\n   |          +\n   | WHERE c\n"
	    " 2 | x\n",
	    "{n|query}(1|SELECT a\n  FROM b\n\nWHERE c)(2|x)" },
	/* of two columns */
	{ " a  | b \n----+---\n x +| p+\n y  | q\n z  | r\n",
	    "{a|b}(x\ny|p\nq)(z|r)" },
	{ " a  | b \n----+---\n x +| p\n y  |\n z  | r\n",
	    "{a|b}(x\ny|p)(z|r)" },
	/* text that ends in '+' and does not go on */
	{ " a | b \n---+---\n 1 | x+\n 2 | y+\n", "{a|b}(1|x+)(2|y+)" },
	{ " a | b \n---+---\n 1 | x\n   | y\n", "{a|b}(1|x)(|y)" },
	/* bars in the first column, bars where the rule says */
	{ " query   | n \n---------+---\n a | b   | 1\n || || | | 2\n",
	    "{query|n}(a | b|1)(|| || ||2)" },
	/* not in line with the rule */
	{ "a | b\n---|---\n12345 | x | y\n", "{a|b}(12345|x | y)" },
	{ " a | b \n---+---\n \303\251\303\251 | x\n",
	    "{a|b}(\303\251\303\251|x)" },
	/* NULL, no trailing blanks */
	{ " a | b \n---+---\n   |\n 1 |\n", "{a|b}(|)(1|)" },
	/* one column */
	{ " a \n---\n x\n\n y | z\n(1 row)\n", "{a}(x).(y | z)$" },
	/* several tables, text around them */
	{ "$ heroku pg:calls\n a | b \n---+---\n 1 | 2\n(1 row)\n\n c | d | e\n"
	    "---+---+---\n 1 | 2 | 3\n(1 row)\nbye\n",
	    "!($ heroku pg:calls\n){a|b}(1|2)$.{c|d|e}(1|2|3)$!(bye\n)" },
	{ " a | b \n---+---\n 1 | 2\n a | b \n---+---\n 3 | 4",
	    "{a|b}(1|2){a|b}(3|4)" },
	{ " a | b \r\n---+---\r\n 1 | x+\r\n   | y\r\n",
	    "{a|b}(1|x\ny)" },
	/* no rows */
	{ " a | b \n---+---\nx\n 1 | 2\n", "{a|b}!(x\n)(1|2)" },
	{ "a | b\n", "!(a | b\n)" },
	{ "a | b | c\n---+---\n1 | 2\n",
	    "!(a | b | c\n)!(---+---\n)!(1 | 2\n)" },
	{ "a | b\n--++--\n", "!(a | b\n)!(--++--\n)" },
	{ "a | b\n+-----\n", "!(a | b\n)!(+-----\n)" },
	{ "a | b\n-----+\n", "!(a | b\n)!(-----+\n)" },
	{ "---+---\n", "!(---+---\n)" },
	{ "\n---\n", ".!(---\n)" },
	{ "(x rows)\n(-1 rows)\n(1 rows\n",
	    "!((x rows)\n)!((-1 rows)\n)!((1 rows\n)" },
};

static void
note(struct buf *b, enum pgtable_result got, const struct pgtable_row *row)
{
	static const char open[] = {
		[PGTABLE_HEADER] = '{', [PGTABLE_ROW] = '('
	};

	if (got == PGTABLE_FOOT || got == PGTABLE_BLANK) {
		buf_byte(b, got == PGTABLE_FOOT ? '$' : '.');
		return;
	}
	if (got == PGTABLE_BAD) {
		buf_printf(b, "!(%.*s)", SV_ARG(row->raw));
		return;
	}
	for (size_t i = 0; i < row->ncell; i++) {
		buf_byte(b, i ? '|' : open[got]);
		buf_add(b, row->cell[i]);
	}
	buf_byte(b, got == PGTABLE_HEADER ? '}' : ')');
}

/* Reads text in pieces of `step` bytes, each in memory of just that size. */
static void
read_all(sv text, size_t step, struct buf *out)
{
	struct pgtable t = PGTABLE_INIT;
	enum pgtable_result got = PGTABLE_MORE;
	size_t done = 0, have = 0, lines = 0;

	while (got != PGTABLE_END) {
		size_t n = have - done;
		char *part = malloc(n + 1);
		sv rest = sv_of(part + 1, n);
		struct pgtable_row row;

		ck_assert_ptr_nonnull(part);
		if (n)
			memcpy(part + 1, text.p + done, n);
		got = pgtable_next(&t, &rest, have == text.n, &arena, &row);
		if (got == PGTABLE_MORE) {
			ck_assert(have < text.n && rest.n == n);
			have += step < text.n - have ? step : text.n - have;
		} else if (got != PGTABLE_END) {
			ck_assert_uint_eq(row.raw.n, n - rest.n);
			lines += row.lines;
			note(out, got, &row);
		}
		done += n - rest.n;
		free(part);
	}
	ck_assert_uint_eq(done, text.n);
	for (size_t i = 0; i < text.n; i++)
		lines -= text.p[i] == '\n';
	ck_assert_uint_eq(lines, text.n && !sv_ends(text, SV("\n")));
}

START_TEST(tables)
{
	for (size_t step = 1; step < 100; step += step < 7 ? 1 : 46) {
		struct buf b = BUF_INIT;

		read_all(sv_str(texts[_i].text), step, &b);
		ck_sv(buf_sv(&b), sv_str(texts[_i].want));
		buf_release(&b);
	}
}
END_TEST

/* In both styles: '-' and '+' stand for their lines, ':' for a bar, '~' for the
 * mark of a cell that goes on. */
static const struct {
	const char *text, *want;
} drawn[] = {
	{ "+---+-----+\n: a :  b  :\n+---+-----+\n: 1 : x y :\n: 2 :     :\n"
	    "+---+-----+\n(2 rows)\n\n", ".{a|b}(1|x y)(2|).$." },
	{ "+---+----+\r\n: a : b  :\r\n+---+----+\r\n: 1 : x ~:\r\n"
	    ":   :  y :\r\n: 2 : z  :\r\n+---+----+\r\n",
	    ".{a|b}(1|x\n y)(2|z)." },
	{ " a : b \n---+----\n 1 : x ~\n   : y:z\n(1 row)\n",
	    "{a|b}(1|x\ny:z)$" },
	{ "+---+\n: a :\n+---+\n: x :\n+---+\n", ".{a}(x)." },
	{ " a \n---\n x\n", "{a}(x)" },
	/* bars where the rule says; characters of several bytes */
	{ "+----+---+\n: a  : b :\n+----+---+\n: \303\251: : : :\n",
	    ".{a|b}(\303\251:|:)" },
	{ "+---+---+\n: a : b :\n+---+---+\n: \346\227\245 : x : y :\n",
	    ".{a|b}(\346\227\245|x : y)" },
	/* two boxes, one below the other */
	{ "+--+--+\n:a :b :\n+--+--+\n:1 :2 :\n+--+--+\n"
	    "+--+\n:c :\n+--+\n:3 :\n+--+\n", ".{a|b}(1|2)..{c}(3)." },
	/* sides that are missing */
	{ "+---+---+\n: a : b :\n+---+---+\n: 1 : 2\n 1 : 2 :\n: 1 :\n",
	    ".{a|b}!(: 1 : 2\n)!( 1 : 2 :\n)!(: 1 :\n)" },
	{ " a : b :\n+---+---+\n", "!( a : b :\n)." },
	{ "+\n++\n+-\n:\n+-++-+\n", "!(+\n)!(++\n)!(+-\n)!(:\n)!(+-++-+\n)" },
};

static void
put_style(struct buf *b, sv text, bool unicode)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		sv lines = SV("-:+~");
		static const char *const style[] = { "\342\224\200",
			"\342\224\202", "\342\224\274", "\342\206\265" };

		if (unicode && sv_find_byte(lines, c) < lines.n)
			buf_str(b, style[sv_find_byte(lines, c)]);
		else
			buf_byte(b, c == '~' ? '+' : c == ':' ? '|' : c);
	}
}

START_TEST(styles)
{
	for (int unicode = 0; unicode < 2; unicode++) {
		struct buf text = BUF_INIT, want = BUF_INIT, got = BUF_INIT;
		size_t step = 1;

		put_style(&text, sv_str(drawn[_i].text), unicode);
		for (; step < 100; step += step < 7 ? 1 : 46) {
			buf_clear(&got);
			read_all(buf_sv(&text), step, &got);
			buf_clear(&want);
			put_style(&want, sv_str(drawn[_i].want), unicode);
			ck_sv(buf_sv(&got), buf_sv(&want));
		}
		buf_release(&text);
		buf_release(&want);
		buf_release(&got);
	}
}
END_TEST

static const struct {
	const char *head;
	bool want;
} heads[] = {
	{ "+---+---+\n| a | b |\n+---+---+\n", true },
	{ " a \342\224\202 b \n\342\224\200\342\224\274\342\224\200\n", true },
	{ "+---+\n| a |\n+---+\n", false },
	{ " a | b \n\342\224\200\342\224\274\342\224\200\n", false },
	{ " a | b \n---+---\n", true },
	{ " a | b \n---+---", true },
	{ "$ heroku pg:calls\n\n a | b \r\n---+---\r\n", true },
	{ "a | b\n---|---\n", true },
	{ "", false },
	{ "\n\n\n", false },
	{ " a \n---\n", false },
	{ "Title\n-----\n", false },
	{ "a | b\n", false },
	{ "a | b | c\n---+---\n", false },
	{ "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n a | b\n---+---\n", false },
};

START_TEST(tells_tables)
{
	ck_assert(pgtable_is(sv_str(heads[_i].head)) == heads[_i].want);
}
END_TEST

static const struct {
	const char *text;
	int64_t us; /* -1: none */
} intervals[] = {
	{ "00:00:00", 0 },
	{ "00:03:21.123456", 201123456 },
	{ "00:00:00.5", 500000 },
	{ "154:39:26.431466", 556766431466 },
	{ "1 day", 86400000000 },
	{ "3 days 04:11:52", 274312000000 },
	{ "1 day 00:00:01", 86401000000 },
	{ "-1 days +24:00:01", 1000000 },
	{ "1 day -00:00:01", 86399000000 },
	{ "", -1 }, { "0", -1 }, { "00:00", -1 }, { "00:00:", -1 },
	{ "00:00:0x", -1 }, { "00:60:00", -1 }, { "00:00:60", -1 },
	{ "00:00:00.", -1 }, { "00:00:00.1234567", -1 }, { "00:00:00.-1", -1 },
	{ "1 mon", -1 }, { "1 mon 1 day", -1 }, { "x days", -1 },
	{ " day", -1 }, { "1 day x", -1 }, { "1 dayx", -1 }, { "1 day -", -1 },
	{ "99999999999999999999:00:00", -1 }, { "999999999999:00:00", -1 },
	{ "9223372036854775807 days", -1 }, { "+00:00:01", -1 },
	{ "00:00:00:00", -1 }, { "-0:00:00", -1 },
};

START_TEST(reads_intervals)
{
	int64_t us = -1;

	ck_assert(pgtable_interval(sv_str(intervals[_i].text), &us) ==
	    (intervals[_i].us >= 0));
	ck_assert_int_eq(us, intervals[_i].us);
}
END_TEST

static const struct {
	const char *text;
	int64_t n; /* -1: none */
} counts[] = {
	{ "0", 0 }, { "295", 295 }, { "1,234", 1234 },
	{ "102,114,301", 102114301 }, { "1234567", 1234567 },
	{ "9,223,372,036,854,775,807", INT64_MAX },
	{ "", -1 }, { ",", -1 }, { "1,", -1 }, { ",123", -1 }, { "1,23", -1 },
	{ "1234,567", -1 }, { "-1", -1 }, { "1.5", -1 }, { "x", -1 },
	{ "9,223,372,036,854,775,808", -1 }, { "1,234,567,890,123,456,789,012",
	    -1 },
};

START_TEST(reads_counts)
{
	int64_t n = -1;

	ck_assert(pgtable_count(sv_str(counts[_i].text), &n) ==
	    (counts[_i].n >= 0));
	ck_assert_int_eq(n, counts[_i].n);
}
END_TEST

START_TEST(any_byte)
{
	struct pgtable t = PGTABLE_INIT;
	sv rest = SV("\0 | \xff\n---+---\n\0|\xfe\n");
	struct pgtable_row row;

	ck_assert_int_eq(pgtable_next(&t, &rest, true, &arena, &row),
	    PGTABLE_HEADER);
	ck_sv_lit(row.cell[0], "\0");
	ck_assert_int_eq(pgtable_next(&t, &rest, true, &arena, &row),
	    PGTABLE_ROW);
	ck_sv_lit(row.cell[1], "\xfe");
}
END_TEST

START_TEST(too_many_columns)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < PGTABLE_COLUMNS_MAX; i++)
		buf_lit(&b, "a|");
	buf_lit(&b, "a\n");
	for (int i = 0; i < PGTABLE_COLUMNS_MAX; i++)
		buf_lit(&b, "-+");
	buf_lit(&b, "-\n");
	ck_assert(!pgtable_is(buf_sv(&b)));
	buf_release(&b);
}
END_TEST

static const char *const slow[] = {
	" 1 | x+\n", "   | x+\n", "x\n", "---+---\n", "a | b\n---+---\n", "|",
};

START_TEST(hostile_lines_take_linear_time)
{
	struct pgtable t = PGTABLE_INIT;
	struct pgtable_row row;
	struct buf b = BUF_INIT;
	size_t taken = 0;
	sv rest;

	buf_lit(&b, " a | b \n---+---\n");
	while (b.n < 4 * 1024 * 1024)
		buf_str(&b, slow[_i]);
	rest = buf_sv(&b);
	while (pgtable_next(&t, &rest, true, &arena, &row) != PGTABLE_END)
		taken += row.raw.n;
	ck_assert_uint_eq(taken, b.n);
	buf_release(&b);
}
END_TEST

Suite *
test_pgtable(void)
{
	Suite *s = suite_create("pgtable");
	TCase *tc = tcase_create("tables");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	add_table(tc, tables, texts);
	add_table(tc, styles, drawn);
	add_table(tc, tells_tables, heads);
	add_table(tc, reads_intervals, intervals);
	add_table(tc, reads_counts, counts);
	add_table(tc, hostile_lines_take_linear_time, slow);
	tcase_add_test(tc, any_byte);
	tcase_add_test(tc, too_many_columns);
	return s;
}
