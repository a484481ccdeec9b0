/* SPDX-License-Identifier: MIT */
#include "output/markdown.h"

#include <check.h>

#include "base/attr.h"
#include "output/page.h"

Suite *test_markdown(void);

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
cell(const char *text, bool code)
{
	return (struct cell){ .text = sv_str(text), .code = code };
}

static void
check(const char *want)
{
	const struct look look = { true, 100 };

	markdown_render(&out, &p, &look);
	buf_byte(&out, '\0');
	ck_assert_str_eq(out.p, want);
}

START_TEST(headings)
{
	page_put(&p, BLOCK_TITLE, cell("T #1", false));
	page_put(&p, BLOCK_SECTION, cell("S", false));
	page_put(&p, BLOCK_ITEM, cell("I", false));
	page_put(&p, BLOCK_PARA, cell("- p", false));
	check("# T \\#1\n\n## S\n\n### I\n\n&#45; p\n");
}
END_TEST

START_TEST(fields)
{
	page_fields(&p);
	page_field(&p, "key", cell("a`b", true));
	page_field(&p, "", cell("x|y", true));
	check("- **key**: ``a`b``\n    - `x|y`\n");
}
END_TEST

START_TEST(table)
{
	static const struct column col[] = { { "A", false }, { "N", true } };

	page_table(&p, col, countof(col));
	page_row(&p, (struct cell[]){ cell("a|\n", false), cell("1", false) });
	page_row(&p, (struct cell[]){ cell("", true), cell("", false) });
	page_row(&p, (struct cell[]){ cell("c|d", true), cell("2", false) });
	check("| A | N |\n| --- | ---: |\n| a\\|\\\\x0a | 1 |\n|  |  |\n"
	      "| `c\\|d` | 2 |\n");
}
END_TEST

START_TEST(no_colour_ever)
{
	struct cell bad = cell("fired", false);

	bad.tone = TONE_BAD;
	page_put(&p, BLOCK_PARA, bad);
	check("fired\n");
}
END_TEST

START_TEST(formats_have_names)
{
	ck_assert(page_format_find(SV("md"))->render == markdown_render);
	ck_assert_ptr_null(page_format_find(SV("html5")));
	for (size_t i = 0; i < page_nformats; i++)
		ck_assert(page_formats[i].name && page_formats[i].doc &&
		    page_formats[i].render);
}
END_TEST

Suite *
test_markdown(void)
{
	Suite *s = suite_create("markdown");
	TCase *t = tcase_create("markdown");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, headings);
	tcase_add_test(t, fields);
	tcase_add_test(t, table);
	tcase_add_test(t, no_colour_ever);
	tcase_add_test(t, formats_have_names);
	suite_add_tcase(s, t);
	return s;
}
