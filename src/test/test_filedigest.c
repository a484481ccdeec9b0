/* SPDX-License-Identifier: MIT */
#include "input/filedigest.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "test/ck.h"

Suite *test_filedigest(void);

static char folder[] = "/tmp/raxx-filedigest.XXXXXX", path[64];

static void
setup(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/file", folder);
}

static void
teardown(void)
{
	unlink(path);
	rmdir(folder);
}

/* A file of n bytes, of which no two parts are alike; its digest. */
static void
make_file(size_t n, uint8_t digest[BLAKE3_LEN])
{
	FILE *f = fopen(path, "wb");
	uint32_t seed = 1;
	uint8_t *bytes = malloc(n + 1);
	struct blake3 b;

	ck_assert(f && bytes);
	for (size_t i = 0; i < n; i++) {
		seed = seed * 1103515245 + 12345;
		bytes[i] = (uint8_t)(seed >> 16);
	}
	ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
	ck_assert_int_eq(fclose(f), 0);
	blake3_init(&b);
	blake3_add(&b, bytes, n);
	blake3_end(&b, digest);
	free(bytes);
}

static const size_t sizes[] = {
	0, 1, BLAKE3_TREE_BYTES - 1, BLAKE3_TREE_BYTES, BLAKE3_TREE_BYTES + 1,
	2 * BLAKE3_TREE_BYTES, 8 * BLAKE3_TREE_BYTES, 8 * BLAKE3_TREE_BYTES + 1,
	16 * BLAKE3_TREE_BYTES, 37 * BLAKE3_TREE_BYTES + 12345
};

START_TEST(of_any_size_and_threads)
{
	static const unsigned threads[] = { 0, 1, 2, 3, 100 };
	uint8_t want[BLAKE3_LEN], got[BLAKE3_LEN];
	struct err e = ERR_INIT;
	bool whole;

	make_file(sizes[_i], want);
	for (size_t i = 0; i < countof(threads); i++) {
		memset(got, 0, sizeof(got));
		ck_assert(filedigest(path, sizes[_i], threads[i], got, &whole,
		    &e));
		ck_assert(whole);
		ck_assert_mem_eq(got, want, BLAKE3_LEN);
	}
	ck_assert(filedigest(path, sizes[_i] + 1, 2, got, &whole, &e));
	ck_assert(!whole);
	ck_assert(filedigest(path, sizes[_i] + 9 * BLAKE3_TREE_BYTES, 2, got,
	    &whole, &e));
	ck_assert(!whole);
}
END_TEST

START_TEST(cannot_be_read)
{
	uint8_t got[BLAKE3_LEN];
	struct err e = ERR_INIT, f = ERR_INIT;
	bool whole;

	unlink(path);
	ck_assert(!filedigest(path, 1, 2, got, &whole, &e));
	ck_assert(!filedigest(folder, 1, 2, got, &whole, &f));
	ck_assert(!filedigest(folder, 9 * BLAKE3_TREE_BYTES, 2, got, &whole, &f));
}
END_TEST

Suite *
test_filedigest(void)
{
	Suite *s = suite_create("filedigest");
	TCase *tc = tcase_create("filedigest");

	tcase_add_unchecked_fixture(tc, setup, teardown);
	add_table(tc, of_any_size_and_threads, sizes);
	tcase_add_test(tc, cannot_be_read);
	suite_add_tcase(s, tc);
	return s;
}
