/* SPDX-License-Identifier: MIT */
#include "parse/jsonseq.h"

#include <stdlib.h>

#include "base/buf.h"
#include "test/ck.h"

Suite *test_jsonseq(void);

enum { LIMIT = 24 };

/* Items as "(item)", what is none as "!(bytes)", newlines passed over as '+',
 * "$" for the end and "[$" for the end inside an array. */
static const struct {
	const char *text, *want;
} texts[] = {
	{ "", "$" },
	{ " \n\t\r\n", "++$" },
	/* JSON lines, concatenated documents */
	{ "{\"a\":1}\n{\"a\":2}\n", "({\"a\":1})+({\"a\":2})+$" },
	{ "{\"a\":1}{\"a\":2}", "({\"a\":1})({\"a\":2})$" },
	{ "{\n \"a\":\n 1\n}\n{}", "({\n \"a\":\n 1\n})+({})$" },
	{ "1 \"b\" null\ntrue", "(1)(\"b\")(null)+(true)$" },
	{ "\"a\"\"b\"{}", "(\"a\")(\"b\")({})$" },
	{ "{\"a\":1}\r\n{}\r\n", "({\"a\":1})+({})+$" },
	/* arrays */
	{ "[]", "$" },
	{ "[\n]\n", "++$" },
	{ "[1,2]", "(1)(2)$" },
	{ "[\n  {\"a\":1},\n  {\"a\":2}\n]\n",
	    "+({\"a\":1})+({\"a\":2})++$" },
	{ "[1]\n[2]{}", "(1)+(2)({})$" },
	{ "[[1,2],[3]]", "([1,2])([3])$" },
	{ "[ 1 , true , null ]", "(1)(true)(null)$" },
	{ "[\"],\",\"\\\"]\"]", "(\"],\")(\"\\\"]\")$" },
	/* an array that is never closed */
	{ "[", "[$" },
	{ "[1", "(1)[$" },
	{ "[1,\n", "(1)+[$" },
	{ "[{\"a\":1},{\"a\":", "({\"a\":1})!({\"a\":)[$" },
	{ "[{\"a\":1},{\"a\":\"x\n", "({\"a\":1})!({\"a\":\"x\n)[$" },
	/* no JSON outside of an array: the line */
	{ "hello\n{}", "!(hello\n)({})$" },
	{ "12abc {}\n1", "!(12abc {}\n)(1)$" },
	{ "truefalse\n1", "!(truefalse\n)(1)$" },
	{ "1,2\n3", "(1)!(,2\n)(3)$" },
	{ "2026-06-12 x\n1", "!(2026-06-12 x\n)(1)$" },
	{ "{\"a\":NaN}\n{}", "!({\"a\":NaN}\n)({})$" },
	{ "}\n{}", "!(}\n)({})$" },
	{ "nul", "!(nul)$" },
	{ "-", "!(-)$" },
	{ "\"ab", "!(\"ab)$" },
	{ "\"a\\", "!(\"a\\)$" },
	{ "{\"a\":1,\n{\"b\":2}\n", "!({\"a\":1,\n)({\"b\":2})+$" },
	/* what is cut swallows no line behind it */
	{ "{\"a\":[\n{\"b\":2}\n", "!({\"a\":[\n)({\"b\":2})+$" },
	/* no JSON inside of one: the item */
	{ "[{\"a\":NaN},{\"a\":2}]", "!({\"a\":NaN})({\"a\":2})$" },
	{ "[{\"a\":[x,{}]} ,2]", "!({\"a\":[x,{}]} )(2)$" },
	{ "[x,2]{}", "!(x)(2)({})$" },
	{ "[12abc,2]", "!(12abc)(2)$" },
	{ "[1 2,3]", "(1)!(2)(3)$" },
	{ "[{}{},3]", "({})!({})(3)$" },
	{ "[1}},3]", "!(1}})(3)$" },
	{ "[1:2,3]", "!(1:2)(3)$" },
	{ "[\"a\nb\",3]", "!(\"a\nb\",3])[$" },
	{ "[{\"a\":x\"},\n3]", "!({\"a\":x\"},\n3])[$" },
	{ "[{\"a\\\\\":x,\"]\":1},3]", "!({\"a\\\\\":x,\"]\":1})(3)$" },
	{ "[,1]", "!(,)(1)$" },
	{ "[1,,2]", "(1)!(,)(2)$" },
	{ "[1,]2", "(1)!(])(2)$" },
	{ "]1\n2", "!(]1\n)(2)$" },
	/* longer than the limit */
	{ "\"aaaaaaaaaaaaaaaaaaaaaa\" 1", "(\"aaaaaaaaaaaaaaaaaaaaaa\")(1)$" },
	{ "\"aaaaaaaaaaaaaaaaaaaaaaa\"\n1",
	    "!(\"aaaaaaaaaaaaaaaaaaaaaaa)!(\"\n)(1)$" },
	{ "[\"aaaaaaaaaaaaaaaaaaaaaaa\",1]",
	    "!(\"aaaaaaaaaaaaaaaaaaaaaaa)!(\")(1)$" },
	{ "[{\"a\":[1,2,3,{\"b\":\"]}\\\"\"}]},1]",
	    "!({\"a\":[1,2,3,{\"b\":\"]}\\\"\"})!(]})(1)$" },
	{ "{\"a\":\n[1,2,3,{\"b\":\"]}\\\"\"}]}1",
	    "!({\"a\":\n[1,2,3,{\"b\":\"]}\\\"\")!(}]})(1)$" },
	{ "[111111111111111111111111,1]", "(111111111111111111111111)(1)$" },
	{ "[1111111111111111111111111,1]",
	    "!(111111111111111111111111)!(1)(1)$" },
	{ "[1111111111111111111111111111111111111111111111111,1]",
	    "!(111111111111111111111111)!(111111111111111111111111)!(1)(1)$" },
	{ "[xxxxxxxxxxxxxxxxxxxxxxxx,1]", "!(xxxxxxxxxxxxxxxxxxxxxxxx)(1)$" },
	{ "xxxxxxxxxxxxxxxxxxxxxxxxxxx\n1",
	    "!(xxxxxxxxxxxxxxxxxxxxxxxx)!(xxx\n)(1)$" },
	{ "[xxxxxxxxxxxxxxxxxxxxxxxxxxx", "!(xxxxxxxxxxxxxxxxxxxxxxxx)!(xxx)[$" },
	{ "[\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nbbb,1]",
	    "!(\"aaaaaaaaaaaaaaaaaaaaaaa)!(aaaaaaa\nbbb)(1)$" },
	{ "                              1", "(1)$" },
};

static void
note(struct buf *b, const struct jsonseq *s, enum jsonseq_result got,
    const struct json_value *item)
{
	if (got == JSONSEQ_END)
		buf_printf(b, "%s$", s->open ? "[" : "");
	else
		buf_printf(b, "%s(%.*s)", got == JSONSEQ_BAD ? "!" : "",
		    SV_ARG(item->raw));
}

/* Reads text in pieces of `step` bytes, each in memory of just that size. */
static void
read_all(sv text, size_t step, struct buf *out)
{
	struct jsonseq s = JSONSEQ_INIT(LIMIT);
	enum jsonseq_result got = JSONSEQ_MORE;
	size_t done = 0, have = 0;

	while (got != JSONSEQ_END) {
		size_t n = have - done, skipped;
		char *part = malloc(n + 1);
		sv rest = sv_of(part + 1, n);
		struct json_value item;

		ck_assert_ptr_nonnull(part);
		if (n)
			memcpy(part + 1, text.p + done, n);
		got = jsonseq_next(&s, &rest, have == text.n, &item, &skipped);
		while (skipped--)
			buf_byte(out, '+');
		if (got == JSONSEQ_MORE) {
			ck_assert(have < text.n);
			have += step < text.n - have ? step : text.n - have;
		} else {
			note(out, &s, got, &item);
		}
		done += n - rest.n;
		free(part);
	}
	ck_assert_uint_eq(done, text.n);
}

START_TEST(cuts)
{
	for (size_t step = 1; step < 40; step += step < 7 ? 1 : 16) {
		struct buf b = BUF_INIT;

		read_all(sv_str(texts[_i].text), step, &b);
		ck_sv(buf_sv(&b), sv_str(texts[_i].want));
		buf_release(&b);
	}
}
END_TEST

START_TEST(any_byte)
{
	struct jsonseq s = JSONSEQ_INIT(100);
	sv rest = SV("\0\xff\n\"\xff\" [\0,\"\xfe\"]");
	struct json_value item;
	size_t skipped;

	ck_assert_int_eq(jsonseq_next(&s, &rest, true, &item, &skipped),
	    JSONSEQ_BAD);
	ck_sv_lit(item.raw, "\0\xff\n");
	ck_assert_int_eq(jsonseq_next(&s, &rest, true, &item, &skipped),
	    JSONSEQ_ITEM);
	ck_sv_lit(item.raw, "\"\xff\"");
	ck_assert_int_eq(jsonseq_next(&s, &rest, true, &item, &skipped),
	    JSONSEQ_BAD);
	ck_sv_lit(item.raw, "\0");
	ck_assert_int_eq(jsonseq_next(&s, &rest, true, &item, &skipped),
	    JSONSEQ_ITEM);
	ck_assert_int_eq(jsonseq_next(&s, &rest, true, &item, &skipped),
	    JSONSEQ_END);
	ck_assert(!s.open);
}
END_TEST

static size_t
count_results(sv text, size_t limit)
{
	struct jsonseq s = JSONSEQ_INIT(limit);
	struct json_value item;
	size_t skipped, n = 0;

	while (jsonseq_next(&s, &text, true, &item, &skipped) != JSONSEQ_END)
		n++;
	return n;
}

/* Each takes minutes if what is passed over were read again for every line. */
static const char *const slow[] = {
	"{\"a\":1},\n", "{\"a\":[1,\n", "\"a\":{\n", "[\n", "[{\"a\":\n", "\"\n",
	"{\"a\":1},\"b\":\n", "{}\n,", "x\n", "[\"", "{\"a\n", "\\\n", ",\n", "{",
};

START_TEST(hostile_lines_take_linear_time)
{
	struct buf b = BUF_INIT;

	while (b.n < 4 * 1024 * 1024)
		buf_str(&b, slow[_i]);
	ck_assert_uint_gt(count_results(buf_sv(&b), 1024 * 1024), 0);
	buf_release(&b);
}
END_TEST

START_TEST(skips_newlines_for_more_too)
{
	struct jsonseq s = JSONSEQ_INIT(100);
	sv rest = SV("\n[\n\n{\"a\"");
	struct json_value item;
	size_t skipped;

	ck_assert_int_eq(jsonseq_next(&s, &rest, false, &item, &skipped),
	    JSONSEQ_MORE);
	ck_assert_uint_eq(skipped, 3);
	ck_sv_lit(rest, "{\"a\"");
	ck_assert(s.open);
}
END_TEST

Suite *
test_jsonseq(void)
{
	Suite *s = suite_create("jsonseq");
	TCase *tc = tcase_create("texts");

	suite_add_tcase(s, tc);
	add_table(tc, cuts, texts);
	add_table(tc, hostile_lines_take_linear_time, slow);
	tcase_add_test(tc, any_byte);
	tcase_add_test(tc, skips_newlines_for_more_too);
	return s;
}
