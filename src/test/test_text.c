/* SPDX-License-Identifier: MIT */
#include "output/text.h"

#include <check.h>

#include "base/attr.h"
#include "output/page.h"

Suite *test_text(void);

static struct arena a = ARENA_INIT;
static struct page p;
static struct buf out = BUF_INIT;

static void
setup(void)
{
	page_init(&p, &a);
	buf_clear(&out);
}

static void
teardown(void)
{
	arena_release(&a);
	buf_release(&out);
}

static struct cell
cell(const char *text)
{
	return (struct cell){ .text = sv_str(text) };
}

static void
check(size_t width, bool colour, const char *want)
{
	const struct look look = { colour, width };

	text_render(&out, &p, &look);
	buf_byte(&out, '\0');
	ck_assert_str_eq(out.p, want);
}

START_TEST(headings)
{
	page_put(&p, BLOCK_TITLE, cell("Title"));
	page_put(&p, BLOCK_SECTION, cell("Part"));
	page_put(&p, BLOCK_PARA, cell("one"));
	page_put(&p, BLOCK_PARA, cell("two\n"));
	check(20, false, "Title\n=====\n\nPart\n----\none\n\ntwo\\x0a\n");
}
END_TEST

START_TEST(words_wrap)
{
	page_put(&p, BLOCK_PARA, cell("aaa bbb cccccccccccc dd"));
	check(8, false, "aaa bbb\ncccccccc\ncccc dd\n");
}
END_TEST

START_TEST(wide_characters_wrap)
{
	page_put(&p, BLOCK_PARA, cell("\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2"));
	check(4, false, "\xe6\xbc\xa2\xe5\xad\x97\n\xe6\xbc\xa2\n");
}
END_TEST

START_TEST(fields_continue)
{
	page_fields(&p);
	page_field(&p, "a", cell("one two three"));
	page_field(&p, "long", cell("x"));
	page_field(&p, "", cell("y"));
	check(13, false, "a     one two\n      three\nlong  x\n      y\n");
}
END_TEST

static const struct column col[] = { { "Id", false }, { "N", true },
	{ "Notes", false } };

START_TEST(table_fits)
{
	page_table(&p, col, countof(col));
	page_row(&p, (struct cell[]){ cell("r1"), cell("10"),
	    cell("some words that wrap") });
	page_row(&p, (struct cell[]){ cell("r22"), cell("7"), cell("") });
	check(19, false,
	    "Id    N  Notes\n"
	    "---  --  ----------\n"
	    "r1   10  some words\n"
	    "         that wrap\n"
	    "r22   7\n");
}
END_TEST

START_TEST(table_without_rows)
{
	page_table(&p, col, countof(col));
	check(40, false, "Id  N  Notes\n--  -  -----\n");
}
END_TEST

START_TEST(narrow_table_loses_nothing)
{
	const char *seen = "abcdefghijklmnop";

	page_table(&p, col, countof(col));
	page_row(&p, (struct cell[]){ cell("x"), cell("1"), cell(seen) });
	check(6, false,
	    "Id  N  Note\n"
	    "       s\n"
	    "--  -  ----\n"
	    "x   1  abcd\n"
	    "       efgh\n"
	    "       ijkl\n"
	    "       mnop\n");
}
END_TEST

START_TEST(colour_is_asked_for)
{
	struct cell bad = cell("fired");

	bad.tone = TONE_BAD;
	page_put(&p, BLOCK_PARA, bad);
	page_put(&p, BLOCK_PARA, cell("plain"));
	check(20, true, "\033[1;31mfired\033[0m\n\nplain\n");
}
END_TEST

START_TEST(colour_needs_asking)
{
	struct cell bad = cell("fired");

	bad.tone = TONE_BAD;
	page_put(&p, BLOCK_PARA, bad);
	check(20, false, "fired\n");
}
END_TEST

Suite *
test_text(void)
{
	Suite *s = suite_create("text");
	TCase *t = tcase_create("text");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, headings);
	tcase_add_test(t, words_wrap);
	tcase_add_test(t, wide_characters_wrap);
	tcase_add_test(t, fields_continue);
	tcase_add_test(t, table_fits);
	tcase_add_test(t, table_without_rows);
	tcase_add_test(t, narrow_table_loses_nothing);
	tcase_add_test(t, colour_is_asked_for);
	tcase_add_test(t, colour_needs_asking);
	suite_add_tcase(s, t);
	return s;
}
