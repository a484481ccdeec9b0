/* SPDX-License-Identifier: MIT */
#include "base/mark.h"

#include <string.h>

#include "test/ck.h"

Suite *test_mark(void);

static const struct mark_key key = { {
	0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9, 0x94d049bb133111eb,
	0xc2b2ae3d27d4eb4f, 0x165667b19e3779f9, 0x27d4eb2f165667c5,
	0x85ebca77c2b2ae63, 0xd6e8feb86659fd93,
} };

static uint64_t
mark_of(const struct mark_key *k, const char *p, size_t n, size_t step)
{
	struct mark m;

	mark_init(&m, k);
	for (size_t i = 0; i < n; i += step)
		mark_add(&m, p + i, n - i < step ? n - i : step);
	return mark_end(&m);
}

/* In what pieces the bytes come does not matter. */
START_TEST(pieces)
{
	char text[300];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)(i * 7);
	for (size_t n = 0; n <= sizeof(text); n++)
		for (size_t step = 1; step < 140; step += 13)
			ck_assert_uint_eq(mark_of(&key, text, n, step),
			    mark_of(&key, text, n, sizeof(text)));
}
END_TEST

/* Every byte, the length and the key count; zeros at the end too. */
START_TEST(differ)
{
	struct mark_key other = key;
	char text[200] = "";
	uint64_t first = mark_of(&key, text, sizeof(text), 64), got;

	for (size_t i = 0; i < sizeof(text); i++) {
		ck_assert_uint_ne(mark_of(&key, text, i, 64), first);
		for (int bit = 0; bit < 8; bit++) {
			text[i] = (char)(1 << bit);
			got = mark_of(&key, text, sizeof(text), 64);
			ck_assert_uint_ne(got, first);
		}
		text[i] = 0;
	}
	for (size_t i = 0; i < countof(other.word); i++) {
		other.word[i]++;
		got = mark_of(&other, text, sizeof(text), 64);
		ck_assert_uint_ne(got, first);
		other = key;
	}
}
END_TEST

/* Marks lie in stores: they may not change. As computed by hand in Python. */
START_TEST(fixed)
{
	ck_assert_uint_eq(mark_of(&key, "raxx", 4, 4), 0xbaaf926453321597);
}
END_TEST

Suite *
test_mark(void)
{
	Suite *s = suite_create("mark");
	TCase *tc = tcase_create("marks");

	tcase_add_test(tc, pieces);
	tcase_add_test(tc, differ);
	tcase_add_test(tc, fixed);
	suite_add_tcase(s, tc);
	return s;
}
