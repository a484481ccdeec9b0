/* SPDX-License-Identifier: MIT */
#include "store/dict.h"

#include <stdio.h>

#include "base/hash.h"
#include "test/ck.h"

Suite *test_dict(void);

enum { MANY = 20000 };

static struct dict d;

static void
setup(void)
{
	dict_init(&d);
}

static void
teardown(void)
{
	dict_release(&d);
}

static int64_t
intern(sv text, bool want_fresh)
{
	uint64_t hash = hash_text(text);
	sv kept;
	int64_t id = dict_find(&d, text, hash, &kept);

	ck_assert_int_eq(id == 0, want_fresh);
	if (id == 0)
		id = dict_add(&d, text, hash, &kept);
	ck_assert(sv_eq(kept, text));
	return id;
}

START_TEST(equal_text_equal_number)
{
	ck_assert_int_eq(intern(SV("a"), true), 1);
	ck_assert_int_eq(intern(SV("b"), true), 2);
	ck_assert_int_eq(intern(SV("a"), false), 1);
	ck_assert_int_eq(intern(SV(""), true), 3);
	ck_assert_int_eq(intern(SV(""), false), 3);
}
END_TEST

START_TEST(bytes_behind_nul_count)
{
	ck_assert_int_eq(intern(SV("a\0b"), true), 1);
	ck_assert_int_eq(intern(SV("a\0c"), true), 2);
	ck_assert_int_eq(intern(SV("a"), true), 3);
	ck_assert_int_eq(intern(SV("a\0b"), false), 1);
}
END_TEST

START_TEST(text_is_copied)
{
	char text[] = "abc";

	intern(sv_str(text), true);
	text[0] = 'x';
	intern(SV("abc"), false);
	intern(SV("xbc"), true);
}
END_TEST

START_TEST(numbers_go_on_behind_loaded_ones)
{
	dict_load(&d, SV("old"), 41);
	dict_load(&d, SV("older"), 7);
	ck_assert_int_eq(intern(SV("old"), false), 41);
	ck_assert_int_eq(intern(SV("older"), false), 7);
	ck_assert_int_eq(intern(SV("new"), true), 42);
}
END_TEST

static sv
nth_text(char *text, size_t cap, int i)
{
	return sv_of(text, (size_t)snprintf(text, cap, "text %d", i));
}

START_TEST(growth_keeps_numbers)
{
	char text[32];

	for (int i = 0; i < MANY; i++)
		ck_assert_int_eq(intern(nth_text(text, sizeof(text), i), true),
		    i + 1);
	for (int i = 0; i < MANY; i++)
		ck_assert_int_eq(intern(nth_text(text, sizeof(text), i), false),
		    i + 1);
	ck_assert_uint_eq(d.used, MANY);
}
END_TEST

Suite *
test_dict(void)
{
	Suite *s = suite_create("dict");
	TCase *t = tcase_create("dict");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, equal_text_equal_number);
	tcase_add_test(t, bytes_behind_nul_count);
	tcase_add_test(t, text_is_copied);
	tcase_add_test(t, numbers_go_on_behind_loaded_ones);
	tcase_add_test(t, growth_keeps_numbers);
	suite_add_tcase(s, t);
	return s;
}
