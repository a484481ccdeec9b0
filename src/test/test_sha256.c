/* SPDX-License-Identifier: MIT */
#include "base/sha256.h"

#include <stdlib.h>

#include "base/buf.h"
#include "test/ck.h"

Suite *test_sha256(void);

static void
ck_digest(const uint8_t out[SHA256_LEN], const char *want)
{
	struct buf b = BUF_INIT;

	buf_hex(&b, out, SHA256_LEN);
	ck_sv(buf_sv(&b), sv_str(want));
	buf_release(&b);
}

#define TEXT448 "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
#define TEXT896 \
	"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn" \
	"hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"

/* FIPS 180-4 examples and the empty message. */
static const struct {
	const char *text, *want;
} messages[] = {
	{ "",
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "abc",
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ TEXT448,
	    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ TEXT896,
	    "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1" },
};

START_TEST(fips_180_4)
{
	sv text = sv_str(messages[_i].text);
	struct sha256 s;
	uint8_t out[SHA256_LEN];

	sha256_init(&s);
	sha256_add(&s, text.p, text.n);
	sha256_end(&s, out);
	ck_digest(out, messages[_i].want);
}
END_TEST

START_TEST(a_million_in_pieces)
{
	char piece[200];
	struct sha256 s;
	uint8_t out[SHA256_LEN];
	size_t left = 1000000;

	memset(piece, 'a', sizeof(piece));
	sha256_init(&s);
	for (size_t n = 0; left; n = (n + 7) % sizeof(piece)) {
		size_t take = n < left ? n : left;

		sha256_add(&s, piece, take);
		left -= take;
	}
	sha256_end(&s, out);
	ck_digest(out,
	    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}
END_TEST

/* Any length, fed whole or byte by byte: padding on each side of a block. */
START_TEST(pieces_equal_whole)
{
	char text[200];
	struct sha256 s;
	uint8_t whole[SHA256_LEN], parts[SHA256_LEN];
	size_t n = (size_t)_i;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)(i * 7);
	sha256_init(&s);
	sha256_add(&s, text, n);
	sha256_end(&s, whole);
	sha256_init(&s);
	for (size_t i = 0; i < n; i++)
		sha256_add(&s, text + i, 1);
	sha256_add(&s, NULL, 0);
	sha256_end(&s, parts);
	ck_assert_mem_eq(whole, parts, SHA256_LEN);
}
END_TEST

/* 55, 56 and 64 bytes decide how many blocks the padding takes. */
static const struct {
	size_t n;
	const char *want;
} edges[] = {
	{ 55,
	    "d5e285683cd4efc02d021a5c62014694958901005d6f71e89e0989fac77e4072" },
	{ 56,
	    "04c26261370ee7541549d16dee320c723e3fd14671e66a099afe0a377c16888e" },
	{ 63,
	    "75220b47218278e656f2013bb8f0c455a25eaf01e86c64924e9d48d89776d6f2" },
	{ 64,
	    "7ce100971f64e7001e8fe5a51973ecdfe1ced42befe7ee8d5fd6219506b5393c" },
	{ 65,
	    "9537c5fdf120482f7d58d25e9ed583f52c02b4e304ea814db1633ad565aed7e9" },
	{ 119,
	    "000b48d4edf0fa7bee3c6236ecd2785baa5db4eeb8bb54341b029e0d9fa5fb0c" },
	{ 120,
	    "13f05a0b594787f5ecd315edc96141bd3243203d1b7d4f0836f37308b276ba98" },
	{ 128,
	    "24da1b81d0b16df6428eee73c69fcb2a93c76bc6df706f0c6670fe6bfe800464" },
};

START_TEST(padding_edges)
{
	char text[200];
	struct sha256 s;
	uint8_t out[SHA256_LEN];

	memset(text, 'x', sizeof(text));
	sha256_init(&s);
	sha256_add(&s, text, edges[_i].n);
	sha256_end(&s, out);
	ck_digest(out, edges[_i].want);
}
END_TEST

#define X10(s) s s s s s s s s s s
#define AA64 X10("\xaa") X10("\xaa") X10("\xaa") X10("\xaa") \
	X10("\xaa") X10("\xaa") "\xaa\xaa\xaa\xaa"
#define AA131 X10(X10("\xaa")) X10("\xaa") X10("\xaa") X10("\xaa") "\xaa"

/* RFC 4231, cases 1 to 4, 6 and 7 (5 is a truncated one); then keys of one
 * block, of a byte more, and none. */
static const struct {
	sv key, text;
	const char *want;
} macs[] = {
	{ { X10("\x0b") X10("\x0b"), 20 }, { "Hi There", 8 },
	    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
	{ { "Jefe", 4 }, { "what do ya want for nothing?", 28 },
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
	{ { X10("\xaa") X10("\xaa"), 20 },
	    { X10("\xdd") X10("\xdd") X10("\xdd") X10("\xdd") X10("\xdd"), 50 },
	    "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe" },
	{ { "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10"
	    "\x11\x12\x13\x14\x15\x16\x17\x18\x19", 25 },
	    { X10("\xcd") X10("\xcd") X10("\xcd") X10("\xcd") X10("\xcd"), 50 },
	    "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b" },
	{ { AA131, 131 },
	    { "Test Using Larger Than Block-Size Key - Hash Key First", 54 },
	    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
	{ { AA131, 131 },
	    { "This is a test using a larger than block-size key and a larger "
	    "than block-size data. The key needs to be hashed before being "
	    "used by the HMAC algorithm.", 152 },
	    "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2" },
	{ { AA64, 64 }, { "Hi There", 8 },
	    "ebef34e13d0a0fe04593d043bc7a865106db0604211d404c18206d862e5d7852" },
	{ { AA64 "\xaa", 65 }, { "Hi There", 8 },
	    "00af6c42340b99e2e1d9a1cdf1547be431fe2e9bab3215c68d013ba858891927" },
	{ { NULL, 0 }, { NULL, 0 },
	    "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad" },
};

START_TEST(rfc_4231)
{
	struct hmac h, zero;
	uint8_t out[SHA256_LEN];
	sv text = macs[_i].text;

	hmac_init(&h, macs[_i].key.p, macs[_i].key.n);
	while (text.n) {
		sv part = sv_cut_n(&text, 5);

		hmac_add(&h, part.p, part.n);
	}
	hmac_end(&h, out);
	ck_digest(out, macs[_i].want);
	memset(&zero, 0, sizeof(zero));
	ck_assert_mem_eq(&h, &zero, sizeof(h));
}
END_TEST

/* The instructions of the processor, if it has them, and the C code agree. */
START_TEST(both_ways)
{
	uint8_t text[700], a[SHA256_LEN], b[SHA256_LEN];
	struct sha256 s, t;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i * 167 + (size_t)_i);
	sha256_init(&s);
	sha256_init(&t);
	t.fast = false;
	sha256_add(&s, text, (size_t)_i);
	sha256_add(&t, text, (size_t)_i);
	sha256_end(&s, a);
	sha256_end(&t, b);
	ck_assert_mem_eq(a, b, sizeof(a));
}
END_TEST

START_TEST(ready_key)
{
	uint8_t out[SHA256_LEN];
	struct hmac_key hk;

	hmac_key_init(&hk, macs[_i].key.p, macs[_i].key.n);
	for (int twice = 0; twice < 2; twice++) {
		hmac_key_hash(&hk, macs[_i].text, out);
		ck_digest(out, macs[_i].want);
	}
}
END_TEST

/* As the hash that takes pieces, of texts of any length, by both ways. */
START_TEST(ready_key_equals)
{
	uint8_t want[SHA256_LEN], fast[SHA256_LEN], slow[SHA256_LEN];
	size_t n = (size_t)_i;
	char *memory = malloc(n + 1), *text;
	struct hmac_key hk;
	struct hmac h;

	ck_assert_ptr_nonnull(memory);
	text = memory + 1; /* ends where the memory ends */
	for (size_t i = 0; i < n; i++)
		text[i] = (char)(i * 89 + n);
	hmac_init(&h, "key", 3);
	hmac_add(&h, text, n);
	hmac_end(&h, want);
	hmac_key_init(&hk, "key", 3);
	hmac_key_hash(&hk, sv_of(text, n), fast);
	hk.inner.fast = hk.outer.fast = false;
	hmac_key_hash(&hk, sv_of(text, n), slow);
	ck_assert_mem_eq(fast, want, sizeof(want));
	ck_assert_mem_eq(slow, want, sizeof(want));
	free(memory);
}
END_TEST

Suite *
test_sha256(void)
{
	Suite *s = suite_create("sha256");
	TCase *tc = tcase_create("digests");

	suite_add_tcase(s, tc);
	add_table(tc, fips_180_4, messages);
	tcase_add_test(tc, a_million_in_pieces);
	tcase_add_loop_test(tc, pieces_equal_whole, 0, 200);
	add_table(tc, padding_edges, edges);
	add_table(tc, rfc_4231, macs);
	add_table(tc, ready_key, macs);
	tcase_add_loop_test(tc, both_ways, 0, 700);
	tcase_add_loop_test(tc, ready_key_equals, 0, 140);
	return s;
}
