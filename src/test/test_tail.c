/* SPDX-License-Identifier: MIT */
#include "base/tail.h"

#include "test/ck.h"

Suite *test_tail(void);

/* However the text comes in pieces, its last bytes are the same. */
START_TEST(last_bytes)
{
	const sv text = SV("abcdefghijklmnopqrstuvwxyz");
	char p[8];

	for (size_t step = 1; step <= text.n; step++) {
		sv rest = text;
		size_t n = 0;

		while (rest.n)
			n = tail_add(p, n, sizeof(p), sv_cut_n(&rest, step));
		ck_sv_lit(sv_of(p, n), "stuvwxyz");
	}
}
END_TEST

START_TEST(short_texts)
{
	char p[4];
	size_t n = tail_add(p, 0, sizeof(p), SV_NULL);

	ck_assert_uint_eq(n, 0);
	n = tail_add(p, n, sizeof(p), SV("ab"));
	n = tail_add(p, n, sizeof(p), SV_NULL);
	ck_sv_lit(sv_of(p, n), "ab");
	n = tail_add(p, n, sizeof(p), SV("cd"));
	ck_sv_lit(sv_of(p, n), "abcd");
	n = tail_add(p, n, sizeof(p), SV("e"));
	ck_sv_lit(sv_of(p, n), "bcde");
}
END_TEST

Suite *
test_tail(void)
{
	Suite *s = suite_create("tail");
	TCase *tc = tcase_create("tail");

	suite_add_tcase(s, tc);
	tcase_add_test(tc, last_bytes);
	tcase_add_test(tc, short_texts);
	return s;
}
