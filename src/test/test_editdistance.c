/* SPDX-License-Identifier: MIT */
#include "detect/editdistance.h"

#include "test/ck.h"

Suite *test_editdistance(void);

static const struct {
	const char *a, *b;
	unsigned max, want;
} rows[] = {
	{ "", "", 2, 0 },
	{ "abc", "abc", 0, 0 },
	{ "abc", "abd", 0, 1 },
	{ "abc", "abd", 2, 1 },
	{ "abc", "ab", 2, 1 },
	{ "ab", "abc", 2, 1 },
	{ "abc", "xabc", 2, 1 },
	{ "abcd", "badc", 4, 3 },
	{ "kitten", "sitting", 4, 3 },
	{ "kitten", "sitting", 2, 3 },
	{ "", "ab", 2, 2 },
	{ "", "abc", 2, 3 },
	{ "abcdef", "", 16, 6 },
	{ "ann@example.com", "anm@example.com", 2, 1 },
	{ "ann@example.com", "bob@example.com", 2, 3 },
	{ "aaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbb", 99, 17 },
};

START_TEST(distances)
{
	sv a = sv_str(rows[_i].a), b = sv_str(rows[_i].b);

	ck_assert_uint_eq(edit_distance(a, b, rows[_i].max), rows[_i].want);
	ck_assert_uint_eq(edit_distance(b, a, rows[_i].max), rows[_i].want);
}
END_TEST

enum { SIDE = 9 };

static unsigned
whole_table(sv a, sv b)
{
	unsigned d[SIDE + 1][SIDE + 1];

	for (size_t i = 0; i <= a.n; i++)
		for (size_t j = 0; j <= b.n; j++) {
			unsigned best = (unsigned)(i + j);

			if (i && j)
				best = d[i - 1][j - 1] +
				    (a.p[i - 1] != b.p[j - 1]);
			if (i && d[i - 1][j] + 1 < best)
				best = d[i - 1][j] + 1;
			if (j && d[i][j - 1] + 1 < best)
				best = d[i][j - 1] + 1;
			d[i][j] = best;
		}
	return d[a.n][b.n];
}

/* The band knows what the whole table knows, up to its limit. */
START_TEST(band_equals_table)
{
	char a[SIDE], b[SIDE];
	unsigned x = 7;

	for (int round = 0; round < 20000; round++) {
		unsigned max = (unsigned)round % 5, want;
		size_t n = 0, m = 0;

		for (int i = 0; i < SIDE; i++) {
			x = x * 1103515245u + 12345u;
			a[i] = (char)('a' + (x >> 16) % 3);
			b[i] = (char)('a' + (x >> 20) % 3);
			n += (x >> 24) % 2;
			m += (x >> 25) % 2;
		}
		want = whole_table(sv_of(a, n), sv_of(b, m));
		ck_assert_uint_eq(edit_distance(sv_of(a, n), sv_of(b, m), max),
		    want > max ? max + 1 : want);
	}
}
END_TEST

Suite *
test_editdistance(void)
{
	Suite *s = suite_create("editdistance");
	TCase *t = tcase_create("editdistance");

	add_table(t, distances, rows);
	tcase_add_test(t, band_equals_table);
	suite_add_tcase(s, t);
	return s;
}
