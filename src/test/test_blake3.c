/* SPDX-License-Identifier: MIT */
#include "base/blake3.h"

#include "base/buf.h"
#include "test/ck.h"

Suite *test_blake3(void);

enum { TEXT_MAX = 300000 };

static uint8_t text[TEXT_MAX];

static void
make_text(void)
{
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i % 251);
}

static void
digest_of(size_t lanes, size_t n, size_t step, uint8_t out[BLAKE3_LEN])
{
	struct blake3 b;

	blake3_init_lanes(&b, lanes);
	for (size_t i = 0; i < n; i += step) {
		blake3_add(&b, text + i, n - i < step ? n - i : step);
		blake3_add(&b, NULL, 0);
	}
	blake3_end(&b, out);
}

/* The text of the published test vectors; what b3sum 1.2.0 says. Blocks, chunks,
 * groups and trees end at these lengths, or one before or behind. */
static const struct {
	size_t n;
	const char *want;
} vectors[] = {
	{ 0,
	    "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262" },
	{ 1,
	    "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213" },
	{ 64,
	    "4eed7141ea4a5cd4b788606bd23f46e212af9cacebacdc7d1f4c6dc7f2511b98" },
	{ 65,
	    "de1e5fa0be70df6d2be8fffd0e99ceaa8eb6e8c93a63f2d8d1c30ecb6b263dee" },
	{ 1023,
	    "10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11" },
	{ 1024,
	    "42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7" },
	{ 1025,
	    "d00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444" },
	{ 2048,
	    "e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a" },
	{ 2049,
	    "5f4d72f40d7a5f82b15ca2b2e44b1de3c2ef86c426c95c1af0b6879522563030" },
	{ 3073,
	    "7124b49501012f81cc7f11ca069ec9226cecb8a2c850cfe644e327d22d3e1cd3" },
	{ 16384,
	    "f875d6646de28985646f34ee13be9a576fd515f76b5b0a26bb324735041ddde4" },
	{ 16385,
	    "1dabe216be2578830263b049de1639f39f05a4da616b9b78c7a5e4e41662fd1f" },
	{ 17409,
	    "50bc54238ac9271c9f3471f5206a04eb25d2e26b3214ed971cc55230b0d22864" },
	{ 65536,
	    "68d647e619a930e7b1082f74f334b0c65a315725569bdc123f0ee11881717bfe" },
	{ 65537,
	    "7c99f9840a73dfcb6e5bfe4ff6d1558acab7e015640790c26411818bdbe17eca" },
	{ 81921,
	    "c0e976cdf2c9a5d062fd80e8e032cb47339663bed0f9f93acb04b5d860b92b34" },
	{ 131072,
	    "306baba93b1a393cbd35172837c98b0f59a41f64e1b2682ae102d8b2534b9e1c" },
	{ 131073,
	    "f837d4254d24ba3d50fe3743d46e4af6db5f5d6ab0469197d94e7ba1e906c4d8" },
	{ 200001,
	    "8b682398b82e2a7b7b7a5a8a037303f13496af3073026bf71605a9dd10c5b900" },
};

static const size_t widths[] = { 1, 4, 8, 16 };

START_TEST(as_b3sum)
{
	struct buf b = BUF_INIT;
	uint8_t out[BLAKE3_LEN];

	make_text();
	for (size_t i = 0; i < countof(widths); i++) {
		digest_of(widths[i], vectors[_i].n, TEXT_MAX, out);
		buf_clear(&b);
		buf_hex(&b, out, sizeof(out));
		ck_sv(buf_sv(&b), sv_str(vectors[_i].want));
	}
	buf_release(&b);
}
END_TEST

/* In pieces of any size, by any width, and with empty pieces between. */
START_TEST(pieces_equal_whole)
{
	static const size_t steps[] = { 1, 63, 1024, 1500, 16383, 16384, 16385,
		40000, 131072 };
	size_t n = vectors[_i].n;
	uint8_t whole[BLAKE3_LEN], parts[BLAKE3_LEN];

	make_text();
	digest_of(1, n, TEXT_MAX, whole);
	for (size_t i = 0; i < countof(steps); i++) {
		digest_of(widths[i % countof(widths)], n, steps[i], parts);
		ck_assert_mem_eq(whole, parts, BLAKE3_LEN);
	}
}
END_TEST

/* Every number of chunks up to two trees and more, with a chunk cut at any place:
 * wide and narrow agree, and no two are equal. */
START_TEST(widths_agree)
{
	uint8_t narrow[BLAKE3_LEN], wide[BLAKE3_LEN], last[BLAKE3_LEN] = { 0 };

	make_text();
	for (size_t n = 1; n < TEXT_MAX / 2; n += 1021) {
		digest_of(1, n, TEXT_MAX, narrow);
		digest_of(16, n, 70000, wide);
		ck_assert_mem_eq(narrow, wide, BLAKE3_LEN);
		ck_assert_mem_ne(last, wide, BLAKE3_LEN);
		memcpy(last, wide, sizeof(last));
	}
}
END_TEST

START_TEST(every_byte_counts)
{
	uint8_t was[BLAKE3_LEN], is[BLAKE3_LEN];

	make_text();
	digest_of(16, 150000, TEXT_MAX, was);
	for (size_t i = 0; i < 150000; i += 1500 + i / 7) {
		text[i] ^= 1;
		digest_of(16, 150000, TEXT_MAX, is);
		ck_assert_mem_ne(was, is, BLAKE3_LEN);
		text[i] ^= 1;
	}
}
END_TEST

/* With the trees before byte n/2 by themselves. */
START_TEST(trees_by_themselves)
{
	static const size_t ends[] = { 1, BLAKE3_TREE_BYTES,
		BLAKE3_TREE_BYTES + 1, 2 * BLAKE3_TREE_BYTES,
		3 * BLAKE3_TREE_BYTES + 5, 4 * BLAKE3_TREE_BYTES, TEXT_MAX };
	uint8_t want[BLAKE3_LEN], got[BLAKE3_LEN], value[BLAKE3_LEN];
	size_t n = ends[_i], most = (n - 1) / BLAKE3_TREE_BYTES;

	make_text();
	digest_of(1, n, n, want);
	for (size_t trees = 0; trees <= most; trees++) {
		struct blake3 b;

		blake3_init(&b);
		for (size_t i = 0; i < trees; i++) {
			blake3_tree(text + i * BLAKE3_TREE_BYTES, i, value);
			blake3_add_tree(&b, value);
		}
		blake3_add(&b, text + trees * BLAKE3_TREE_BYTES,
		    n - trees * BLAKE3_TREE_BYTES);
		blake3_end(&b, got);
		ck_assert_mem_eq(got, want, BLAKE3_LEN);
	}
}
END_TEST

Suite *
test_blake3(void)
{
	Suite *s = suite_create("blake3");
	TCase *tc = tcase_create("blake3");

	tcase_add_loop_test(tc, as_b3sum, 0, countof(vectors));
	tcase_add_loop_test(tc, pieces_equal_whole, 0, countof(vectors));
	tcase_add_test(tc, widths_agree);
	tcase_add_test(tc, every_byte_counts);
	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, trees_by_themselves, 0, 7);
	return s;
}
