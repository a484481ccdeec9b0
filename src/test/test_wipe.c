/* SPDX-License-Identifier: MIT */
#include "base/wipe.h"

#include <string.h>

#include "test/ck.h"

Suite *test_wipe(void);

START_TEST(only_what_was_named)
{
	char text[] = "a secret!", want[] = "a\0\0\0\0\0\0t!";

	wipe(text + 1, 6);
	ck_assert_mem_eq(text, want, sizeof(text));
	wipe(text, 0);
	ck_assert_mem_eq(text, want, sizeof(text));
}
END_TEST

Suite *
test_wipe(void)
{
	Suite *s = suite_create("wipe");
	TCase *tc = tcase_create("wipe");

	tcase_add_test(tc, only_what_was_named);
	suite_add_tcase(s, tc);
	return s;
}
