/* SPDX-License-Identifier: MIT */
#include "base/hash.h"

#include "test/ck.h"

Suite *test_hash(void);

/* Stores name records by these numbers: they may never change. */
static const struct {
	size_t n;
	uint64_t seed, want;
} fixed[] = {
	{ 0, 0, UINT64_C(0x96ebbe173ff72a30) },
	{ 1, 0, UINT64_C(0xfa426cb4b0bfc581) },
	{ 7, 0, UINT64_C(0xb35916cd1d5da317) },
	{ 8, 0, UINT64_C(0x9663e7d7b95a627b) },
	{ 9, 0, UINT64_C(0xd37105a45bd4d5ce) },
	{ 15, 0, UINT64_C(0x0d46c2eaf24afb1f) },
	{ 16, 0, UINT64_C(0x7ab6a6c51f82bb7e) },
	{ 17, 0, UINT64_C(0x554b12cf0bd0d287) },
	{ 31, 0, UINT64_C(0xdbf80c47c4d04493) },
	{ 32, 0, UINT64_C(0x830396b3eb3151bf) },
	{ 33, 0, UINT64_C(0x52c03c2eb67a4f07) },
	{ 100, 0, UINT64_C(0x106ffad6a5d00531) },
	{ 300, 0, UINT64_C(0xfc32ac23667d72ef) },
	{ 9, 1, UINT64_C(0xd18f348546cd7a9e) },
	{ 9, UINT64_MAX, UINT64_C(0xf65a2ac2757c29ee) },
};

enum { LEN = 300 };

static void
fill(char text[LEN])
{
	for (int i = 0; i < LEN; i++)
		text[i] = (char)(i * 31 + 7);
}

START_TEST(values_are_fixed)
{
	char text[LEN];

	fill(text);
	ck_assert(hash64(sv_of(text, fixed[_i].n), fixed[_i].seed) ==
	    fixed[_i].want);
}
END_TEST

START_TEST(alignment_does_not_matter)
{
	char text[LEN], shifted[LEN + 1];

	fill(text);
	memcpy(shifted + 1, text, LEN);
	for (size_t n = 0; n <= LEN; n++)
		ck_assert(hash64(sv_of(text, n), 5) ==
		    hash64(sv_of(shifted + 1, n), 5));
}
END_TEST

START_TEST(each_bit_and_the_length_matter)
{
	char text[LEN] = { 0 };
	uint64_t base;

	for (size_t n = 1; n < 40; n++) {
		base = hash64(sv_of(text, n), 0);
		ck_assert(base != hash64(sv_of(text, n - 1), 0));
		for (size_t bit = 0; bit < 8 * n; bit++) {
			text[bit / 8] ^= (char)(1 << bit % 8);
			ck_assert(hash64(sv_of(text, n), 0) != base);
			text[bit / 8] ^= (char)(1 << bit % 8);
		}
	}
}
END_TEST

START_TEST(null_is_empty)
{
	ck_assert(hash64(SV_NULL, 3) == hash64(SV(""), 3));
	ck_assert(hash64(SV_NULL, 3) != hash64(SV_NULL, 4));
}
END_TEST

Suite *
test_hash(void)
{
	Suite *s = suite_create("hash");
	TCase *tc = tcase_create("values");

	suite_add_tcase(s, tc);
	add_table(tc, values_are_fixed, fixed);
	tcase_add_test(tc, alignment_does_not_matter);
	tcase_add_test(tc, each_bit_and_the_length_matter);
	tcase_add_test(tc, null_is_empty);
	return s;
}
