/* SPDX-License-Identifier: MIT */
#include "record/mangle.h"

#include "test/ck.h"

Suite *test_mangle(void);

static const struct {
	const char *token, *core;
} cases[] = {
	{ "kQ3x_Zp-8", "kQ3x_Zp-8" },
	{ "-kQ3x_", "-kQ3x_" },
	{ "a.b.c", "a.b.c" },
	{ "v1:a+b@c", "v1:a+b@c" },
	/* behind it */
	{ "kQ3x.", "kQ3x" },
	{ "kQ3x...", "kQ3x" },
	{ "kQ3x>", "kQ3x" },
	{ "kQ3x)", "kQ3x" },
	{ "kQ3x).", "kQ3x" },
	{ "kQ3x,", "kQ3x" },
	{ "kQ3x\"", "kQ3x" },
	{ "kQ3x'", "kQ3x" },
	{ "kQ3x]", "kQ3x" },
	{ "kQ3x**", "kQ3x" },
	{ "kQ3x%", "kQ3x" },
	{ "kQ3x\xe2\x80\x9d", "kQ3x" },
	{ "kQ3x\xc2\xa0", "kQ3x" },
	{ "kQ3x Thanks, Bo", "kQ3x" },
	{ "kQ3x\r\nThanks", "kQ3x" },
	{ "kQ3x|open it", "kQ3x" },
	{ "kQ3x&gt;", "kQ3x" },
	{ "kQ3x&utm_source=mail", "kQ3x" },
	{ "kQ3x\">open</a>", "kQ3x" },
	/* before it */
	{ "<kQ3x", "kQ3x" },
	{ "<kQ3x>", "kQ3x" },
	{ "=kQ3x", "kQ3x" },
	{ "=3DkQ3x", "kQ3x" },
	{ "\"=3dkQ3x\"", "kQ3x" },
	/* inside */
	{ "kQ=3x", "kQ3x" },
	{ "kQ=\r\n3x", "kQ3x" },
	{ "kQ=\n3x", "kQ3x" },
	{ "kQ3x=3D=3D", "kQ3x" },
	{ "kQ3x==", "kQ3x" },
	{ "kQ3x=", "kQ3x" },
	{ "kQ3x=3D.", "kQ3x" },
	/* nothing left: it is what it is */
	{ "...", "..." },
	{ "==", "==" },
	{ "=3D", "=3D" },
	{ "\xe2\x80\x9d", "\xe2\x80\x9d" },
	{ "", "" },
	/* not undone: another token, or a part of one */
	{ "kq3x", "kq3x" },
	{ "kQ3xThanks", "kQ3xThanks" },
	{ "kQ3x.Thanks", "kQ3x.Thanks" },
	{ "kQ3", "kQ3" },
};

START_TEST(finds_the_core)
{
	struct arena a = ARENA_INIT;
	sv token = sv_str(cases[_i].token);

	ck_sv(mangle_core(token, &a), sv_str(cases[_i].core));
	arena_release(&a);
}
END_TEST

START_TEST(bytes_without_a_meaning)
{
	struct arena a = ARENA_INIT;

	ck_sv_lit(mangle_core(sv_of("ab\0cd", 5), &a), "ab");
	ck_sv_lit(mangle_core(sv_of("\0ab", 3), &a), "ab");
	ck_sv_lit(mangle_core(sv_of("ab\xff", 3), &a), "ab");
	arena_release(&a);
}
END_TEST

START_TEST(copies_only_what_it_must)
{
	struct arena a = ARENA_INIT;
	sv token = SV("<kQ3x>");

	ck_assert_ptr_eq(mangle_core(token, &a).p, token.p + 1);
	arena_release(&a);
}
END_TEST

Suite *
test_mangle(void)
{
	Suite *s = suite_create("mangle");
	TCase *t = tcase_create("mangle");

	tcase_add_loop_test(t, finds_the_core, 0, (int)countof(cases));
	tcase_add_test(t, bytes_without_a_meaning);
	tcase_add_test(t, copies_only_what_it_must);
	suite_add_tcase(s, t);
	return s;
}
