/* SPDX-License-Identifier: MIT */
#include "parse/ansi.h"

#include "test/ck.h"

Suite *test_ansi(void);

static const struct {
	const char *text, *want;
} texts[] = {
	{ "", "" },
	{ "plain", "plain" },
	{ "\x1b[m", "" },
	{ "\x1b[36m\x1b[0m", "" },
	{ "\x1b[38;5;10m2026 app[web.1]:\x1b[0m x", "2026 app[web.1]: x" },
	{ "desc=\"\x1b[1;31mApp crashed\x1b[0m\" a", "desc=\"App crashed\" a" },
	{ "\x1b[38:2::1:2:3mx\x1b[39m", "x" },
	/* what drives a terminal in another way stays to be seen */
	{ "\x1b[2J\x1b]0;title\x07\x1b[31mx", "\x1b[2J\x1b]0;title\x07x" },
	{ "\x1b", "\x1b" },
	{ "a\x1b[", "a\x1b[" },
	{ "a\x1b[31", "a\x1b[31" },
	{ "\x1b\x1b[1m[1m", "\x1b[1m" }, /* one pass */
	{ "\x1b[1x\x1b[1m", "\x1b[1x" },
};

START_TEST(strips)
{
	struct arena a = ARENA_INIT;

	ck_sv(ansi_strip(sv_str(texts[_i].text), &a), sv_str(texts[_i].want));
	arena_release(&a);
}
END_TEST

static const struct {
	const char *text, *want;
} starts[] = {
	{ "", "" },
	{ "x \x1b[m", "x \x1b[m" },
	{ " \t\r\x1b[1;31m \x1b[?2004l\rx", "x" },
	{ "\x1b]0;me@host: ~\ax", "x" },
	{ "\x1b]8;;http://x\x1b\\x", "x" },
	{ "\x1b(B\x1b=\x1b>x", "x" },
	/* none, or cut */
	{ "\x1bx", "\x1bx" },
	{ "\x1b", "\x1b" },
	{ "\x1b(", "\x1b(" },
	{ "\x1b[1;", "\x1b[1;" },
	{ "\x1b]0;x", "\x1b]0;x" },
	{ "\x1b[m\x1b[\x1b[m", "\x1b[\x1b[m" },
};

START_TEST(skips)
{
	ck_sv(ansi_skip(sv_str(starts[_i].text)), sv_str(starts[_i].want));
}
END_TEST

START_TEST(plain_is_not_copied)
{
	struct arena a = ARENA_INIT;
	sv text = SV("no colour \x1b[2K here");

	ck_assert_ptr_eq(ansi_strip(text, &a).p, text.p);
	arena_release(&a);
}
END_TEST

static const struct {
	const char *text;
	size_t n;
	const char *want;
} fronts[] = {
	{ "abc", 2, "c" },
	{ "abc", 0, "abc" },
	{ "abc", 4, "" },
	{ "\x1b[36ma:\x1b[0m b\x1b[1mc", 3, "b\x1b[1mc" },
	{ "a: \x1b[1mb", 3, "\x1b[1mb" },
	{ "\x1b[2Ja", 4, "a" },
};

START_TEST(behind)
{
	ck_sv(ansi_behind(sv_str(fronts[_i].text), fronts[_i].n),
	    sv_str(fronts[_i].want));
}
END_TEST

Suite *
test_ansi(void)
{
	Suite *s = suite_create("ansi");
	TCase *tc = tcase_create("colours");

	suite_add_tcase(s, tc);
	add_table(tc, strips, texts);
	add_table(tc, skips, starts);
	tcase_add_test(tc, plain_is_not_copied);
	add_table(tc, behind, fronts);
	return s;
}
