/* SPDX-License-Identifier: MIT */
#include "parse/csv.h"

#include <stdlib.h>

#include "base/buf.h"
#include "test/ck.h"

Suite *test_csv(void);

static void
show_cell(struct buf *b, const struct csv_cell *c)
{
	buf_byte(b, c->quoted ? '[' : '<');
	buf_add(b, c->text);
	buf_byte(b, c->quoted ? ']' : '>');
}

/* A row as its cells, <> unquoted and [] quoted, then how it ended and how
 * many lines it has: "<1>[a]R1 ". */
static void
show(struct buf *b, enum csv_result res, const struct csv_row *row)
{
	static const char name[] = {
		[CSV_ROW] = 'R', [CSV_BLANK] = 'B', [CSV_MORE] = 'M',
		[CSV_END] = 'E', [CSV_OPEN_QUOTE] = 'O', [CSV_BAD_QUOTE] = 'X'
	};

	for (size_t i = 0; i < row->ncell; i++)
		show_cell(b, &row->cell[i]);
	buf_byte(b, name[res]);
	buf_u64(b, row->lines);
	buf_byte(b, ' ');
}

static const struct {
	const char *text, *want;
} files[] = {
	{ "", "" },
	{ "a,b\n1,2\n", "<a><b>R1 <1><2>R1 " },
	{ "a,b\n1,2", "<a><b>R1 <1><2>R1 " },
	{ "a,b\r\n1,2\r\n", "<a><b>R1 <1><2>R1 " },
	{ "a,b\r\n1,2\r", "<a><b>R1 <1><2>R1 " },
	{ "a\rb\n", "<a\rb>R1 " },
	{ "a\r\r\n", "<a\r>R1 " },
	{ "a,,\"\",b\n", "<a><>[]<b>R1 " },
	{ ",\n", "<><>R1 " },
	{ "\"\"\n", "[]R1 " },
	{ "\"\"", "[]R1 " },
	{ "\n\r\na\n\n", "B1 B1 <a>R1 B1 " },
	{ "\r", "B1 " },
	{ "\"a,b\",\"c\"\n", "[a,b][c]R1 " },
	{ "\"a \"\"b\"\" c\"\n", "[a \"b\" c]R1 " },
	{ "\"\"\"\"\n", "[\"]R1 " },
	{ "\"\"\"\"\"\"", "[\"\"]R1 " },
	{ "\"a\nb\",c\nd,e\n", "[a\nb]<c>R2 <d><e>R1 " },
	{ "\"a\r\nb\"\r\nc\r\n", "[a\r\nb]R2 <c>R1 " },
	{ "\"\n\n\"\n", "[\n\n]R3 " },
	{ "a\"b,c\"\n", "<a\"b><c\">R1 " },
	{ " \"a\"\n", "< \"a\">R1 " },
	{ "\"a\",\n", "[a]<>R1 " },
	{ "\"a\"x,b\nc\n", "X1 <c>R1 " },
	{ "\"a\" ,b\nc\n", "X1 <c>R1 " },
	{ "\"a\"\rx\nc\n", "X1 <c>R1 " },
	{ "\"a\nb\"x\nc\n", "X1 <b\"x>R1 <c>R1 " },
	{ "\"a\"x", "X1 " },
	{ "a\n\"b\nc,d\ne,f\n", "<a>R1 O1 <c><d>R1 <e><f>R1 " },
	{ "x,\"b\nc\n", "O1 <c>R1 " },
	{ "\"", "O1 " },
	{ "\"\n", "O1 " },
	{ "a,\"b\"\"", "O1 " },
	{ "\"a\n\"b\n", "X1 O1 " },
	/* COPY's end mark is the last row or none */
	{ "a,b\n1,2\n\\.\n", "<a><b>R1 <1><2>R1 B1 " },
	{ "a,b\n1,2\n\\.\r\n", "<a><b>R1 <1><2>R1 B1 " },
	{ "a,b\n\\.", "<a><b>R1 B1 " },
	{ "a,b\n\\.\r", "<a><b>R1 B1 " },
	{ "\\.\n1,2\n", "<\\.>R1 <1><2>R1 " },
	{ "\\.\n\n", "<\\.>R1 B1 " },
	{ "\\.\n\\.\n", "<\\.>R1 B1 " },
	{ "\"\\.\"\n", "[\\.]R1 " },
	{ "\\.,\n", "<\\.><>R1 " },
	{ "\\.x\n", "<\\.x>R1 " },
	{ " \\.\n", "< \\.>R1 " },
	{ "\\.\r\r\n", "<\\.\r>R1 " },
	/* what psql writes of other types */
	{ "\\x6869,\"{a,\"\"b c\"\"}\",\"{\"\"k\"\": [1, null]}\"\n",
	    "<\\x6869>[{a,\"b c\"}][{\"k\": [1, null]}]R1 " },
	{ "\"one\nline\r\nmore\",\\N,\"\\N\"\n",
	    "[one\nline\r\nmore]<\\N>[\\N]R3 " },
	{ "\xef\xbb\xbf" "a,b\n", "<\xef\xbb\xbf" "a><b>R1 " },
	{ "\xff,\"\xfe\"\n", "<\xff>[\xfe]R1 " },
};

static void
read_whole(sv text, struct buf *out)
{
	struct arena a = ARENA_INIT;
	struct csv_row row;
	enum csv_result res;
	size_t raw = 0;

	for (sv rest = text;;) {
		res = csv_next(&rest, ',', true, &a, &row);
		if (res == CSV_END)
			break;
		ck_assert_ptr_eq(row.raw.p, text.p + raw);
		raw += row.raw.n;
		ck_assert_uint_eq(rest.n, text.n - raw);
		show(out, res, &row);
	}
	/* invariant: the raw parts together are the text */
	ck_assert_uint_eq(raw, text.n);
	arena_release(&a);
}

START_TEST(rows)
{
	struct buf got = BUF_INIT;

	read_whole(sv_str(files[_i].text), &got);
	ck_sv(buf_sv(&got), sv_str(files[_i].want));
	buf_release(&got);
}
END_TEST

/* The bytes come `step` at a time, each in memory that ends behind them. */
static void
read_chunked(sv text, size_t step, struct buf *out)
{
	struct arena a = ARENA_INIT;
	struct csv_row row;
	enum csv_result res = CSV_MORE;
	size_t done = 0, have = 0;

	while (res != CSV_END) {
		size_t n = have - done;
		char *part = malloc(n ? n : 1);
		sv rest = sv_of(part, n);

		if (n)
			memcpy(part, text.p + done, n);
		res = csv_next(&rest, ',', have == text.n, &a, &row);
		done += n - rest.n;
		if (res == CSV_MORE) {
			ck_assert(have < text.n && rest.n == n);
			have += step < text.n - have ? step : text.n - have;
		} else if (res != CSV_END) {
			show(out, res, &row);
		}
		free(part);
	}
	ck_assert_uint_eq(done, text.n);
	arena_release(&a);
}

START_TEST(chunks_do_not_matter)
{
	sv text = sv_str(files[_i].text);

	for (size_t step = 1; step <= 17; step++) {
		struct buf got = BUF_INIT;

		read_chunked(text, step, &got);
		ck_sv(buf_sv(&got), sv_str(files[_i].want));
		buf_release(&got);
	}
}
END_TEST

START_TEST(more_is_asked_for_and_nothing_kept)
{
	static const char *const parts[] = {
		"", "a", "a,", "a\r", "\"", "\"a", "\"a\"", "\"a\"\"", "\"a\"\r",
		"\"a\"x", "a,\"b\nc,d\n", "\\", "\\.", "\\.\r", "\\.\n",
		"\\.\r\n"
	};
	struct arena a = ARENA_INIT;
	struct csv_row row;

	for (size_t i = 0; i < countof(parts); i++) {
		sv rest = sv_str(parts[i]);

		ck_assert_int_eq(csv_next(&rest, ',', false, &a, &row),
		    CSV_MORE);
		ck_sv(rest, sv_str(parts[i]));
		ck_assert_uint_eq(a.used, 0);
	}
	arena_release(&a);
}
END_TEST

START_TEST(embedded_nul)
{
	struct arena a = ARENA_INIT;
	sv rest = SV("a\0b,\"\0\"\"\"\n");
	struct csv_row row;

	ck_assert_int_eq(csv_next(&rest, ',', true, &a, &row), CSV_ROW);
	ck_assert_uint_eq(row.ncell, 2);
	ck_sv_lit(row.cell[0].text, "a\0b");
	ck_sv_lit(row.cell[1].text, "\0\"");
	arena_release(&a);
}
END_TEST

START_TEST(many_cells)
{
	enum { N = 1000 };
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT;
	struct csv_row row;
	int64_t n;
	sv rest;

	for (int i = 0; i < N; i++)
		buf_printf(&b, "%s%d", i ? "\t" : "", i);
	rest = buf_sv(&b);
	ck_assert_int_eq(csv_next(&rest, '\t', true, &a, &row), CSV_ROW);
	ck_assert_uint_eq(row.ncell, N);
	for (size_t i = 0; i < N; i++)
		ck_assert(sv_to_i64(row.cell[i].text, &n) && n == (int64_t)i);
	buf_release(&b);
	arena_release(&a);
}
END_TEST

static const struct {
	const char *header;
	char want;
} headers[] = {
	{ "", ',' },
	{ "id", ',' },
	{ "id,name", ',' },
	{ "id;name", ';' },
	{ "id\tname", '\t' },
	{ "id,name;x", ',' },
	{ "id,name;x;y", ';' },
	{ "\"a;b;c;d\",e", ',' },
	{ "a\nb;c", ',' },
	{ "\"a\nb\";c", ';' },
	{ "\"id\";\"full, name\";\"x\"\r\n", ';' },
	{ "\"id\"\t\"a;b\"\n", '\t' },
	{ "\"say \"\"a;b;c\"\"\",x", ',' },
	{ "id|name", '|' },
	{ "id|\"a,b\"|x\r\n", '|' },
	{ "id|a|b,name", ',' },
	{ "id|a|b\tname", '\t' },
	{ "\"id|name\"", ',' },
	{ "id\n|", ',' },
};

START_TEST(delimiter)
{
	ck_assert_int_eq(csv_delim(sv_str(headers[_i].header)),
	    headers[_i].want);
}
END_TEST

START_TEST(other_delimiters)
{
	struct arena a = ARENA_INIT;
	sv rest = SV("a,b;\"c;d\";\n");
	struct buf b = BUF_INIT;
	struct csv_row row;

	show(&b, csv_next(&rest, ';', true, &a, &row), &row);
	ck_sv_lit(buf_sv(&b), "<a,b>[c;d]<>R1 ");
	buf_release(&b);
	arena_release(&a);
}
END_TEST

Suite *
test_csv(void)
{
	Suite *s = suite_create("csv");
	TCase *tc = tcase_create("rows");

	suite_add_tcase(s, tc);
	add_table(tc, rows, files);
	add_table(tc, chunks_do_not_matter, files);
	tcase_add_test(tc, more_is_asked_for_and_nothing_kept);
	tcase_add_test(tc, embedded_nul);
	tcase_add_test(tc, many_cells);
	add_table(tc, delimiter, headers);
	tcase_add_test(tc, other_delimiters);
	return s;
}
