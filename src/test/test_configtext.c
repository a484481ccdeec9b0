/* SPDX-License-Identifier: MIT */
#include "parse/configtext.h"

#include <stdlib.h>

#include "base/buf.h"
#include "parse/configvar.h"
#include "test/ck.h"

Suite *test_configtext(void);

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

/* Vars as "(NAME|value)", what is passed over as ".", a heading as "{app}", a
 * bad line as "!(line)", an open one as "?(NAME)". */
static const struct {
	const char *text, *want;
} texts[] = {
	{ "", "" },
	{ "\n \r\n", ".." },
	/* --shell, as the client quotes */
	{ "A=b\nB_2=\n", "(A|b)(B_2|)" },
	{ "A='b c'\n", "(A|b c)" },
	{ "A='https://u:p@h.example/?a=b&c'\n",
	    "(A|https://u:p@h.example/?a=b&c)" },
	{ "A='b\\\\c'\n", "(A|b\\c)" },
	{ "A='b\\\\'\n", "(A|b\\)" },
	{ "A=\"it's \\\"x\\\" \\$1 \\`y\\` \\! \\\\\"\n",
	    "(A|it's \"x\" $1 `y` ! \\)" },
	{ "A=\"-----BEGIN KEY-----\\nabc=\\n\"\n",
	    "(A|-----BEGIN KEY-----\nabc=\n)" },
	{ "A=\"\\q\\'\"\n", "(A|\\q\\')" },
	/* sh words */
	{ "A='it'\\''s'\n", "(A|it's)" },
	{ "A=two\\ words\n", "(A|two words)" },
	{ "A=a\"b\"'c'd\n", "(A|abcd)" },
	{ "A=''\nB=\"\"\n", "(A|)(B|)" },
	{ "A='a\nb'\nB=c", "(A|a\nb)(B|c)" },
	{ "A=\"a\r\nb\"\r\nB=c\r\n", "(A|a\nb)(B|c)" },
	{ "export A=b\nexport  C='d'\n", "(A|b)(C|d)" },
	{ "# keys\nA=b # why\nC=d#e\n", ".(A|b)(C|d#e)" },
	{ "  A=b  \n", "(A|b)" },
	{ "A=b=c==\n", "(A|b=c==)" },
	{ "lower=x\n", "(lower|x)" },
	{ "A=b", "(A|b)" },
	{ "A=C:\\", "(A|C:\\)" },
	{ "A=a\\\nB=b\n", "(A|a\\)(B|b)" },
	/* no words: as they stand */
	{ "A=b c\n", "(A|b c)" },
	{ "A='b' c\n", "(A|'b' c)" },
	{ "A='b'c d\n", "(A|'b'c d)" },
	{ "A=it's\nB=c\n", "(A|it's)(B|c)" },
	/* a quote that is never closed: that line only */
	{ "A=\"b\nB=c\nD='e f'\n", "?(A)(B|c)(D|e f)" },
	{ "A='b\nB='c d'\nC='e f'", "?(A)(B|c d)(C|e f)" },
	{ "A='b\nB=\"c\nd\"\n", "?(A)(B|c\nd)" },
	{ "A=b\nC='d\r\n\r\nE='f'\r\ng=h\r\n", "(A|b)?(C).(E|f)(g|h)" },
	{ "A='it'\\''s\nB=c\n", "?(A)(B|c)" },
	{ "A='b' 'c\nB=d\n", "(A|'b' 'c)(B|d)" },
	{ "A='b", "?(A)" },
	/* the listing */
	{ "=== raxx-api-prod Config Vars\n\nA:        b\nLONG_ONE: c d\n",
	    "{raxx-api-prod}.(A|b)(LONG_ONE|c d)" },
	{ "=== \342\254\242 raxx-api-prod Config Vars\r\n\r\nA: b\r\n",
	    "{raxx-api-prod}.(A|b)" },
	{ "=== a Config Vars\nA: b\n\n=== b Config Vars\nLONG: c\n",
	    "{a}(A|b).{b}(LONG|c)" },
	{ "=== a Config Vars\nA:\nB: \nC: 'x'\nD: ''\n",
	    "{a}(A|)(B|)(C|'x')(D|)" },
	{ "=== a Config Vars\nA: x\nKEY: -----BEGIN-----\nab+/\n\nQ==\n"
	    "-----END-----\n\nZ: y\n",
	    "{a}(A|x)(KEY|-----BEGIN-----\nab+/\n\nQ==\n-----END-----)."
	    "(Z|y)" },
	{ "=== a Config Vars\nK: a\r\nb=c\r\n# d\r\n\r\n",
	    "{a}(K|a\nb=c\n# d)." },
	/* lines of a value that look like vars: not in the column */
	{ "=== a Config Vars\nPGP_SECRET: --BEGIN\nVersion: 2\nother: x\n",
	    "{a}(PGP_SECRET|--BEGIN\nVersion: 2\nother: x)" },
	{ "=== a Config Vars\nA:     b\nlower: c\nB:     d",
	    "{a}(A|b)(lower|c)(B|d)" },
	{ "A: b\nC: d\n", "(A|b)(C|d)" },
	{ "A: b\nC=d\n", "(A|b)(C|d)" },
	/* others */
	{ "=== web (Eco): x (1)\nweb.1: up\n", ".(web.1|up)" },
	{ "hello\nA=b\n", "!(hello\n)(A|b)" },
	{ "=b\n1A=b\nA/B=c\n:x\n", "!(=b\n)!(1A=b\n)!(A/B=c\n)!(:x\n)" },
	{ "A-B=c\nA.B='d'\n", "(A-B|c)(A.B|d)" },
	{ "A:b\n", "!(A:b\n)" },
	{ "===\n", "!(===\n)" },
};

static void
note(struct buf *b, enum configtext_result got,
    const struct configtext_item *item)
{
	if (got == CONFIGTEXT_VAR)
		buf_printf(b, "(%.*s|%.*s)", SV_ARG(item->name),
		    SV_ARG(item->value));
	else if (got == CONFIGTEXT_BAD)
		buf_printf(b, "!(%.*s)", SV_ARG(item->raw));
	else if (got == CONFIGTEXT_OPEN)
		buf_printf(b, "?(%.*s)", SV_ARG(item->name));
	else if (!sv_null(item->app))
		buf_printf(b, "{%.*s}", SV_ARG(item->app));
	else
		buf_byte(b, '.');
}

/* Reads text in pieces of `step` bytes, each in memory of just that size. */
static void
read_all(sv text, size_t step, struct buf *out)
{
	struct configtext t = CONFIGTEXT_INIT;
	enum configtext_result got = CONFIGTEXT_MORE;
	size_t done = 0, have = 0, lines = 0;

	while (got != CONFIGTEXT_END) {
		size_t n = have - done;
		char *part = malloc(n + 1);
		sv rest = sv_of(part + 1, n);
		struct configtext_item item;

		ck_assert_ptr_nonnull(part);
		if (n)
			memcpy(part + 1, text.p + done, n);
		got = configtext_next(&t, &rest, have == text.n, &arena, &item);
		if (got == CONFIGTEXT_MORE) {
			ck_assert(have < text.n && rest.n == n);
			have += step < text.n - have ? step : text.n - have;
		} else if (got != CONFIGTEXT_END) {
			ck_assert_uint_eq(item.raw.n, n - rest.n);
			lines += item.lines;
			note(out, got, &item);
		}
		done += n - rest.n;
		free(part);
	}
	ck_assert_uint_eq(done, text.n);
	for (size_t i = 0; i < text.n; i++)
		lines -= text.p[i] == '\n';
	ck_assert_uint_eq(lines, text.n && !sv_ends(text, SV("\n")));
}

START_TEST(vars)
{
	for (size_t step = 1; step < 100; step += step < 7 ? 1 : 46) {
		struct buf b = BUF_INIT;

		read_all(sv_str(texts[_i].text), step, &b);
		ck_sv(buf_sv(&b), sv_str(texts[_i].want));
		buf_release(&b);
	}
}
END_TEST

static const struct {
	const char *head;
	bool want;
} heads[] = {
	{ "A=b\n", true },
	{ "A=b", true },
	{ "A='b c'\nlower=x\nB=y\n", true },
	{ "\n# x\nexport A=b\n", true },
	{ "DATABASE_URL: postgres://u:p@h.example/d\n", true },
	{ "DATABASE_URL: x\nERROR: y\n", true },
	{ "=== a Config Vars\n", true },
	{ "=== a Config Vars\nanything", true },
	{ "A=\"-----BEGIN\nabc\n-----END\"\nB=c\n", true },
	/* the head ends inside */
	{ "A=b\nC=\"-----BEGIN\nabc\n", true },
	{ "A=b\nC", true },
	{ "A: b\nB: c\nC", true },
	{ "", false },
	{ "\n\n", false },
	{ "# x\n", false },
	{ "=== web (Eco): x\n", false },
	{ "hello", false },
	{ "A=b\nhello\nC=d\n", false },
	{ "A=b\nC: d\n", false },
	{ "A: b\nmore\n", false },
	{ "A=b\nc=d\n", true },
	{ "a=b\nc='d e'\n", true },
	{ "a=b\nC='d\ne=f\n", true },
	{ "a=b\nc=\"d\ne", true },
	{ "B.C=d\na-b=c\nA=b\n", true },
	{ "a=b\nc=d\n", false },
	{ "at=info\nA=b c=d\nmsg=\"x y\" n=1\n", false },
	{ "at=info msg='x y'\n", false },
	{ "level=info msg=\"x\"\nlevel=warn msg=\"y\"\n", false },
	{ "at=info\nmethod=GET\n", false },
	{ "ERROR: relation \"x\" does not exist\nSTATEMENT: select 1\n", false },
	{ "INFO: started\n", false },
	{ "Host: h.example\nAccept: x\n", false },
	{ "2026-06-12T13:02:11.000000+00:00 app[web.1]: A=b\n", false },
	{ "{\"A\":\"b\"}\n", false },
	{ "A,B\n1,2\n", false },
};

START_TEST(tells_config_text)
{
	ck_assert(configtext_is(sv_str(heads[_i].head), &arena) ==
	    heads[_i].want);
}
END_TEST

START_TEST(any_byte)
{
	struct configtext t = CONFIGTEXT_INIT;
	sv rest = SV("A=\0\xff\nB='\0'\n\0\n");
	struct configtext_item item;

	configtext_next(&t, &rest, true, &arena, &item);
	ck_sv_lit(item.value, "\0\xff");
	configtext_next(&t, &rest, true, &arena, &item);
	ck_sv_lit(item.value, "\0");
	ck_assert_int_eq(configtext_next(&t, &rest, true, &arena, &item),
	    CONFIGTEXT_BAD);
	ck_sv_lit(item.raw, "\0\n");
	ck_assert(!configtext_is(SV("\0"), &arena));
	ck_assert(!configtext_is(SV_NULL, &arena));
}
END_TEST

START_TEST(row_shows_no_value)
{
	struct configtext t = CONFIGTEXT_INIT;
	sv rest = SV("A='postgres://u:p@db.example.com/\\\\d'\n");
	struct configtext_item item;
	struct doc_row row;

	configtext_next(&t, &rest, true, &arena, &item);
	configvar_row(&arena, item.name, item.value, &row);
	ck_assert_uint_eq(row.ncell, 5);
	ck_sv_lit(docrow_find(&row, SV("url_host"))->text, "db.example.com");
	ck_sv_lit(docrow_find(&row, SV("length"))->text, "32");
	for (size_t i = 0; i < row.ncell; i++)
		ck_assert(row.cell[i].type == DOC_SECRET ||
		    !sv_has(row.cell[i].text, SV("u:p")));
}
END_TEST

static void
repeat(struct buf *b, const char *s, size_t n)
{
	while (b->n < n)
		buf_str(b, s);
}

/* Each takes minutes if a line were looked at again for those before it. */
static const char *const slow[] = {
	"A=\\''\n", "A='\n", "A=\"\n", "A=\"\\\"'\n", "A: b\n", "x\n", "\n",
	"A=b\n", "A='b\"\n", "A=\"'\"'\n", "=== a\n", "A: b\nx\n", "A=", "a: b\n",
};

START_TEST(hostile_lines_take_linear_time)
{
	struct configtext t = CONFIGTEXT_INIT;
	struct configtext_item item;
	struct buf b = BUF_INIT;
	size_t taken = 0;
	sv rest;

	repeat(&b, slow[_i], 4 * 1024 * 1024);
	rest = buf_sv(&b);
	while (configtext_next(&t, &rest, true, &arena, &item) !=
	    CONFIGTEXT_END)
		taken += item.raw.n;
	ck_assert_uint_eq(taken, b.n);
	buf_release(&b);
}
END_TEST

START_TEST(long_values_end)
{
	struct configtext t = CONFIGTEXT_INIT;
	struct configtext_item item;
	struct buf b = BUF_INIT;
	sv rest;

	buf_lit(&b, "=== a Config Vars\nA: b\n");
	repeat(&b, "-----\n", 2 * CONFIGTEXT_VALUE_MAX);
	rest = buf_sv(&b);
	configtext_next(&t, &rest, false, &arena, &item);
	ck_assert_int_eq(configtext_next(&t, &rest, false, &arena, &item),
	    CONFIGTEXT_VAR);
	ck_assert(item.value.n > CONFIGTEXT_VALUE_MAX - 100 &&
	    item.value.n <= CONFIGTEXT_VALUE_MAX);
	ck_assert_int_eq(configtext_next(&t, &rest, false, &arena, &item),
	    CONFIGTEXT_BAD);
	buf_release(&b);
}
END_TEST

Suite *
test_configtext(void)
{
	Suite *s = suite_create("configtext");
	TCase *tc = tcase_create("texts");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	add_table(tc, vars, texts);
	add_table(tc, tells_config_text, heads);
	add_table(tc, hostile_lines_take_linear_time, slow);
	tcase_add_test(tc, any_byte);
	tcase_add_test(tc, row_shows_no_value);
	tcase_add_test(tc, long_values_end);
	return s;
}
