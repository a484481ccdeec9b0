/* SPDX-License-Identifier: MIT */
#include "detect/chainkey.h"

#include <sys/stat.h>

#include "base/sha256.h"
#include "record/sitechain.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_chainkey(void);

#define HEX32 "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F"

static struct site_chain_key key[3];
static struct site_chain chain;

/* A ring of the files that were written; k1, k2 ... */
static struct chainkey *
ring_of(const char *format, size_t n)
{
	chain = (struct site_chain){ sv_str(format), key, n };
	return chainkey_open(&chain);
}

static void
name_key(size_t i, const char *id, const char *file)
{
	key[i] = (struct site_chain_key){ sv_str(id),
		sv_str(stock_path(file)) };
}

static void
ck_json(const struct chainkey *ring, const char *want)
{
	struct buf b = BUF_INIT;

	chainkey_json(&b, ring);
	ck_sv(buf_sv(&b), sv_str(want));
	buf_release(&b);
}

START_TEST(a_key_is_ready)
{
	uint8_t raw[32], want[SHA256_LEN], got[SHA256_LEN];
	struct chainkey *ring;
	struct hmac_key direct;

	for (size_t i = 0; i < sizeof(raw); i++)
		raw[i] = (uint8_t)i;
	hmac_key_init(&direct, raw, sizeof(raw));
	hmac_key_hash(&direct, SV("text"), want);
	stock_write("a", SV("\n" HEX32 " \r\n"));
	ck_assert_int_eq(chmod(stock_path("a"), 0600), 0);
	name_key(0, "k1", "a");
	ring = ring_of("raxx-audit-v1", 1);
	ck_assert_uint_eq(chainkey_usable(ring), 1);
	ck_assert_ptr_nonnull(chainkey_find(ring, SV("k1")));
	hmac_key_hash(chainkey_find(ring, SV("k1")), SV("text"), got);
	ck_assert_mem_eq(got, want, sizeof(got));
	ck_assert_ptr_null(chainkey_find(ring, SV("k2")));
	ck_assert_ptr_null(chainkey_find(ring, SV_NULL));
	ck_json(ring, "{\"format\":\"raxx-audit-v1\",\"known\":true,\"keys\":"
	    "{\"k1\":{\"fault\":null,\"loose\":false}}}");
	chainkey_close(ring);
}
END_TEST

START_TEST(one_of_several)
{
	struct chainkey *ring;

	stock_write("a", SV(HEX32));
	ck_assert_int_eq(chmod(stock_path("a"), 0644), 0);
	name_key(0, "gone", "none");
	name_key(1, "k2", "a");
	ring = ring_of("raxx-audit-v1", 2);
	ck_assert_uint_eq(chainkey_usable(ring), 1);
	ck_assert_ptr_null(chainkey_find(ring, SV("gone")));
	ck_assert_ptr_nonnull(chainkey_find(ring, SV("k2")));
	chainkey_close(ring);
	ring = ring_of("raxx-audit-v1", 1);
	ck_assert_uint_eq(chainkey_usable(ring), 0);
	chainkey_close(ring);
}
END_TEST

static const struct {
	const char *text, *want; /* what the fault says */
} bad[] = {
	{ NULL, "No such file or directory" },
	{ "", "expected 16 to 1024 pairs of hexadecimal digits" },
	{ "00112233445566778899aabbccddee", "expected 16 to 1024 pairs" },
	{ HEX32 "0", "expected 16 to 1024 pairs" },
	{ "x" HEX32 "0", "expected 16 to 1024 pairs" },
	{ HEX32 " " HEX32, "expected 16 to 1024 pairs" },
};

START_TEST(faults_are_told)
{
	struct chainkey *ring;
	struct buf b = BUF_INIT;

	if (bad[_i].text)
		stock_write("a", sv_str(bad[_i].text));
	name_key(0, "k1", "a");
	ring = ring_of("raxx-audit-v1", 1);
	ck_assert_uint_eq(chainkey_usable(ring), 0);
	ck_assert_ptr_null(chainkey_find(ring, SV("k1")));
	chainkey_json(&b, ring);
	ck_assert_msg(sv_has(buf_sv(&b), sv_str(bad[_i].want)), "%.*s",
	    SV_ARG(buf_sv(&b)));
	ck_assert(!sv_has(buf_sv(&b), SV("0203")));
	buf_release(&b);
	chainkey_close(ring);
}
END_TEST

START_TEST(longest_key)
{
	struct chainkey *ring;
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < CHAINKEY_MOST; i++)
		buf_lit(&b, "7f");
	stock_write("a", buf_sv(&b));
	name_key(0, "k1", "a");
	ring = ring_of("raxx-audit-v1", 1);
	ck_assert_uint_eq(chainkey_usable(ring), 1);
	chainkey_close(ring);
	buf_lit(&b, "7f");
	stock_write("a", buf_sv(&b));
	ring = ring_of("raxx-audit-v1", 1);
	ck_assert_uint_eq(chainkey_usable(ring), 0);
	chainkey_close(ring);
	buf_release(&b);
}
END_TEST

START_TEST(another_format)
{
	struct chainkey *ring;

	stock_write("a", SV(HEX32));
	ck_assert_int_eq(chmod(stock_path("a"), 0640), 0);
	name_key(0, "k1", "a");
	ring = ring_of("raxx-audit-v2", 1);
	ck_assert_uint_eq(chainkey_usable(ring), 0);
	ck_assert_ptr_null(chainkey_find(ring, SV("k1")));
	ck_json(ring, "{\"format\":\"raxx-audit-v2\",\"known\":false,\"keys\":"
	    "{\"k1\":{\"fault\":null,\"loose\":true}}}");
	chainkey_close(ring);
}
END_TEST

START_TEST(no_chain)
{
	struct chainkey *ring = ring_of(NULL, 0);

	ck_assert_uint_eq(chainkey_usable(ring), 0);
	ck_json(ring, "null");
	chainkey_close(ring);
	chainkey_close(NULL);
}
END_TEST

Suite *
test_chainkey(void)
{
	Suite *s = suite_create("chainkey");
	TCase *t = tcase_create("chainkey");

	tcase_add_checked_fixture(t, stock_setup, stock_teardown);
	tcase_add_test(t, a_key_is_ready);
	tcase_add_test(t, one_of_several);
	add_table(t, faults_are_told, bad);
	tcase_add_test(t, longest_key);
	tcase_add_test(t, another_format);
	tcase_add_test(t, no_chain);
	suite_add_tcase(s, t);
	return s;
}
