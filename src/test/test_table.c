/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "test/ck.h"

Suite *test_table(void);

/* Less than a page, parts of two, and many. */
static const size_t sizes[] = { 1, 4096, 5000, 3 << 20 };

static void
check_zero(const unsigned char *p, size_t n)
{
	unsigned char any = 0;

	for (size_t i = 0; i < n; i++)
		any |= p[i];
	ck_assert_int_eq(any, 0);
}

START_TEST(all_is_there_and_zero)
{
	size_t n = sizes[_i];
	unsigned char *p = table_new(n, 3);

	check_zero(p, n * 3);
	memset(p, 0xff, n * 3);
	free(p);
	p = table_new(n, 3); /* perhaps the same memory */
	check_zero(p, n * 3);
	free(p);
}
END_TEST

Suite *
test_table(void)
{
	Suite *s = suite_create("table");
	TCase *t = tcase_create("table");

	tcase_add_loop_test(t, all_is_there_and_zero, 0, (int)countof(sizes));
	suite_add_tcase(s, t);
	return s;
}
