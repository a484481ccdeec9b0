/* SPDX-License-Identifier: MIT */
#include "base/glance.h"

#include "test/ck.h"

Suite *test_glance(void);

enum { LONGEST = 140 };

static bool
is_odd(sv v)
{
	bool odd = false;

	for (size_t i = 0; i < v.n; i++)
		odd |= (unsigned char)v.p[i] < 0x20 ||
		    (unsigned char)v.p[i] > 0x7f;
	return odd;
}

/* Each byte at each place of texts of each length, and nothing of what stands
 * round them. */
START_TEST(bytes_at_any_place)
{
	char text[LONGEST + 2];

	for (size_t n = 0; n <= LONGEST; n++)
		for (size_t at = 0; at < n; at++) {
			sv v = sv_of(text + 1, n);
			bool odd;

			memset(text, 0xff, sizeof(text));
			memset(text + 1, 'x', n);
			text[1 + at] = (char)_i;
			ck_assert(glance_odd(v) == is_odd(v));
			ck_assert_uint_eq(glance_line(v, &odd),
			    sv_find_byte(v, '\n'));
			ck_assert(odd || _i == '\n');
		}
}
END_TEST

/* A line in a text that goes on. */
START_TEST(lines)
{
	char text[3 * LONGEST];
	bool odd;

	for (size_t n = 0; n <= LONGEST; n++)
		for (size_t at = 0; at <= n; at++) {
			memset(text, 'x', sizeof(text));
			text[n] = text[n + 3] = '\n';
			if (at < n)
				text[at] = (char)0xc3;
			ck_assert_uint_eq(glance_line(sv_of(text,
			    sizeof(text)), &odd), n);
			ck_assert(odd == (at < n));
		}
}
END_TEST

Suite *
test_glance(void)
{
	Suite *s = suite_create("glance");
	TCase *tc = tcase_create("glance");

	tcase_add_loop_test(tc, bytes_at_any_place, 0, 256);
	tcase_add_test(tc, lines);
	suite_add_tcase(s, tc);
	return s;
}
