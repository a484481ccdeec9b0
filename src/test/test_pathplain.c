/* SPDX-License-Identifier: MIT */
#include "base/pathplain.h"

#include "test/ck.h"

Suite *test_pathplain(void);

static const struct {
	const char *target, *plain;
} cases[] = {
	{ "/a/b/c", "/a/b/c" },
	{ "/", "/" },
	{ "", "/" },
	{ "a/b", "/a/b" },
	{ "/a/b?x=/../c", "/a/b" },
	{ "/a/b#c", "/a/b" },
	{ "/A/b", "/A/b" },
	{ "//a///b//", "/a/b" },
	{ "/a/./b/.", "/a/b" },
	{ "/a/x/../b", "/a/b" },
	{ "/a/../../b", "/b" },
	{ "/..", "/" },
	{ "/../a", "/a" },
	{ "/a/..;/b", "/b" },
	{ "/a/..;x=1/b", "/b" },
	{ "/a;x=1/b;y", "/a/b" },
	{ "/a/;/b", "/a/b" },
	{ "/a%2fb", "/a/b" },
	{ "/a%2Fb", "/a/b" },
	{ "/a%252fb", "/a/b" },
	{ "/a%25252fb", "/a/b" },
	{ "/a/%2e%2e/b", "/b" },
	{ "/a/%2e/b", "/a/b" },
	{ "/%61/b", "/a/b" },
	{ "/a\\b", "/a/b" },
	{ "/a%5cb", "/a/b" },
	{ "/a/b.", "/a/b" },
	{ "/a/b...", "/a/b" },
	{ "/a/b%20", "/a/b" },
	{ "/a./b", "/a/b" },
	{ "/a/.../b", "/a/b" },
	{ "/a/b/", "/a/b" },
	{ "/a/.b", "/a/.b" },
	{ "/a/b.c", "/a/b.c" },
	{ "/a%3fb", "/a?b" },
	{ "/a%zzb%", "/a%zzb%" },
	{ "/<token:0123456789abcdef>/b", "/<token:0123456789abcdef>/b" },
};

START_TEST(is_plain)
{
	struct arena a = ARENA_INIT;

	ck_sv(pathplain(sv_str(cases[_i].target), &a), sv_str(cases[_i].plain));
	arena_release(&a);
}
END_TEST

/* Escapes of escapes of escapes take a bounded time: some stay. */
START_TEST(gives_up)
{
	struct arena a = ARENA_INIT;

	ck_sv_lit(pathplain(SV("/%2525252525252525252541"), &a), "/%252541");
	arena_release(&a);
}
END_TEST

Suite *
test_pathplain(void)
{
	Suite *s = suite_create("pathplain");
	TCase *t = tcase_create("pathplain");

	tcase_add_loop_test(t, is_plain, 0, (int)countof(cases));
	tcase_add_test(t, gives_up);
	suite_add_tcase(s, t);
	return s;
}
