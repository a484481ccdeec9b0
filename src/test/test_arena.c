/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdint.h>

#include "test/ck.h"

Suite *test_arena(void);

static bool
all_zero(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

START_TEST(memory_is_zeroed_and_aligned)
{
	struct arena a = ARENA_INIT;

	for (size_t n = 0; n < 70; n++) {
		unsigned char *p = arena_alloc(&a, n);

		ck_assert_ptr_nonnull(p);
		ck_assert_uint_eq((uintptr_t)p % _Alignof(max_align_t), 0);
		ck_assert(all_zero(p, n));
		memset(p, 0xff, n);
	}
	arena_release(&a);
}
END_TEST

START_TEST(pieces_do_not_overlap)
{
	struct arena a = ARENA_INIT;
	unsigned char *p[500];

	/* Together several blocks, and one piece larger than any. */
	for (size_t i = 0; i < countof(p); i++) {
		size_t n = i == 250 ? (size_t)3 << 20 : 1000;

		p[i] = arena_alloc(&a, n);
		memset(p[i], (int)(i % 251), n);
	}
	for (size_t i = 0; i < countof(p); i++) {
		ck_assert_uint_eq(p[i][0], i % 251);
		ck_assert_uint_eq(p[i][999], i % 251);
	}
	arena_release(&a);
}
END_TEST

START_TEST(rewound_memory_is_zeroed_again)
{
	struct arena a = ARENA_INIT;
	struct arena_mark start = arena_mark(&a), mid;
	unsigned char *keep, *p;

	keep = arena_alloc(&a, 100);
	memset(keep, 1, 100);
	mid = arena_mark(&a);
	for (int i = 0; i < 300; i++)
		memset(arena_alloc(&a, 1000), 2, 1000);
	arena_rewind(&a, mid);
	ck_assert_uint_eq(keep[99], 1);
	p = arena_alloc(&a, 1000);
	ck_assert(all_zero(p, 1000));
	memset(p, 3, 1000);
	arena_rewind(&a, start);
	ck_assert(all_zero(arena_alloc(&a, 5000), 5000));
	arena_release(&a);
}
END_TEST

START_TEST(a_warm_arena_reuses_its_block)
{
	struct arena a = ARENA_INIT;
	struct arena_mark start = arena_mark(&a);
	void *first = arena_alloc(&a, 10);

	for (int i = 0; i < 10; i++) {
		arena_rewind(&a, start);
		ck_assert_ptr_eq(arena_alloc(&a, 10), first);
	}
	arena_release(&a);
	ck_assert_ptr_null(a.head);
}
END_TEST

START_TEST(copies)
{
	struct arena a = ARENA_INIT;
	char text[] = "a\0b";
	sv copy = arena_sv(&a, sv_of(text, 3));
	char *s = arena_str(&a, SV("path"));

	text[0] = 'x';
	ck_sv_lit(copy, "a\0b");
	ck_assert_int_eq(copy.p[3], '\0');
	ck_assert_str_eq(s, "path");
	ck_assert(sv_null(arena_sv(&a, SV_NULL)));
	ck_assert(!sv_null(arena_sv(&a, SV(""))));
	ck_assert_str_eq(arena_str(&a, SV_NULL), "");
	arena_release(&a);
}
END_TEST

START_TEST(too_large_ends_the_program)
{
	struct arena a = ARENA_INIT;

	arena_array(&a, SIZE_MAX / 2, 3);
}
END_TEST

Suite *
test_arena(void)
{
	Suite *s = suite_create("arena");
	TCase *tc = tcase_create("regions");

	suite_add_tcase(s, tc);
	tcase_add_test(tc, memory_is_zeroed_and_aligned);
	tcase_add_test(tc, pieces_do_not_overlap);
	tcase_add_test(tc, rewound_memory_is_zeroed_again);
	tcase_add_test(tc, a_warm_arena_reuses_its_block);
	tcase_add_test(tc, copies);
	tcase_add_exit_test(tc, too_large_ends_the_program, 3);
	return s;
}
