/* SPDX-License-Identifier: MIT */
#include "base/near.h"

#include <stdlib.h>

#include "test/ck.h"

Suite *test_near(void);

enum { LONGEST = 70 };

/* Of each length, equal and with each single byte changed; in memory that ends with
 * the text, so that sanitizers see a look behind it. */
START_TEST(same_is_memcmp)
{
	size_t n = (size_t)_i;
	char *a = malloc(n + 1), *b = malloc(n + 1);

	ck_assert(a && b);
	for (size_t i = 0; i < n; i++)
		a[i + 1] = b[i + 1] = (char)(i * 7 + 3);
	ck_assert(near_same(a + 1, b + 1, n));
	for (size_t i = 1; i <= n; i++) {
		b[i] ^= 0x20;
		ck_assert(!near_same(a + 1, b + 1, n));
		b[i] ^= 0x20;
	}
	free(a);
	free(b);
}
END_TEST

Suite *
test_near(void)
{
	Suite *s = suite_create("near");
	TCase *t = tcase_create("near");

	tcase_add_loop_test(t, same_is_memcmp, 0, LONGEST + 1);
	suite_add_tcase(s, t);
	return s;
}
