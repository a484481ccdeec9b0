/* SPDX-License-Identifier: MIT */
#include "base/glance.h"

#include "test/ck.h"

Suite *test_glance(void);

enum { LONGEST = 70 };

/* The text a byte at a time. */
static unsigned
plainly(sv v)
{
	unsigned seen = 0;

	for (size_t i = 0; i < v.n; i++) {
		unsigned char c = (unsigned char)v.p[i];

		seen |= c < 0x20 || c > 0x7f ? GLANCE_ODD : 0u;
		seen |= i && c == ' ' && v.p[i - 1] == ' ' ? GLANCE_BLANKS : 0u;
	}
	return seen;
}

/* Each pair of bytes at each place of texts of each length, and nothing of what
 * stands round them. */
START_TEST(bytes_at_any_place)
{
	static const char odd[] = { '\0', '\t', '\n', 0x1b, 0x1f, ' ', '!', '~',
		0x7f, (char)0x80, (char)0xc3, (char)0xff };
	char text[LONGEST + 2];

	for (size_t n = 0; n <= LONGEST; n++)
		for (size_t at = 0; at < n; at++)
			for (size_t k = 0; k < sizeof(odd); k++) {
				sv v = sv_of(text + 1, n);

				memset(text, ' ', sizeof(text));
				memset(text + 1, 'x', n);
				text[1 + at] = odd[k];
				if (_i && at)
					text[at] = ' ';
				ck_assert_uint_eq(glance(v), plainly(v));
			}
}
END_TEST

Suite *
test_glance(void)
{
	Suite *s = suite_create("glance");
	TCase *tc = tcase_create("glance");

	tcase_add_loop_test(tc, bytes_at_any_place, 0, 2);
	suite_add_tcase(s, tc);
	return s;
}
