/* SPDX-License-Identifier: MIT */
#include "base/sha256.h"

#include "base/attr.h"
#include "base/sha256x86.h"
#include "base/swar.h"
#include "base/wipe.h"

static const uint32_t k[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
};

static inline uint32_t
rotr(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static inline uint32_t
load32(const uint8_t *p)
{
	return (uint32_t)(swar_turn(swar_load4((const char *)p)) >> 32);
}

/* The first sixteen words are there. */
static void
schedule(uint32_t w[64])
{
	for (int i = 16; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];

		w[i] = w[i - 16] + w[i - 7] +
		    (rotr(a, 7) ^ rotr(a, 18) ^ a >> 3) +
		    (rotr(b, 17) ^ rotr(b, 19) ^ b >> 10);
	}
}

/* One round; the eight variables change places instead of being moved. */
#define ROUND(a, b, c, d, e, f, g, h, i) do { \
	uint32_t t = h + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + \
	    (g ^ (e & (f ^ g))) + k[i] + w[i]; \
	d += t; \
	h = t + (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + \
	    ((a & b) | (c & (a | b))); \
} while (0)

static void
mix_scheduled(uint32_t s[8], uint32_t w[64])
{
	uint32_t a = s[0], b = s[1], c = s[2], d = s[3];
	uint32_t e = s[4], f = s[5], g = s[6], h = s[7];

	schedule(w);
	for (int i = 0; i < 64; i += 8) {
		ROUND(a, b, c, d, e, f, g, h, i);
		ROUND(h, a, b, c, d, e, f, g, i + 1);
		ROUND(g, h, a, b, c, d, e, f, i + 2);
		ROUND(f, g, h, a, b, c, d, e, i + 3);
		ROUND(e, f, g, h, a, b, c, d, i + 4);
		ROUND(d, e, f, g, h, a, b, c, i + 5);
		ROUND(c, d, e, f, g, h, a, b, i + 6);
		ROUND(b, c, d, e, f, g, h, a, i + 7);
	}
	s[0] += a;
	s[1] += b;
	s[2] += c;
	s[3] += d;
	s[4] += e;
	s[5] += f;
	s[6] += g;
	s[7] += h;
}

static void
mix_block(uint32_t s[8], const uint8_t *p)
{
	uint32_t w[64];

	for (int i = 0; i < 16; i++)
		w[i] = load32(p + 4 * i);
	mix_scheduled(s, w);
}

/* A block whose words are numbers already. */
static void
mix_words(struct sha256 *s, const uint32_t words[16])
{
	uint32_t w[64];

	if (s->fast) {
		sha256x86_mix_words(s->h, words, k);
		return;
	}
	memcpy(w, words, 16 * sizeof(*w));
	mix_scheduled(s->h, w);
}

static void
mix(struct sha256 *s, const uint8_t *p, size_t n)
{
	if (s->fast) {
		sha256x86_mix(s->h, p, n, k);
		return;
	}
	for (; n; n--, p += SHA256_BLOCK)
		mix_block(s->h, p);
}

void
sha256_init(struct sha256 *s)
{
	*s = (struct sha256){ .h = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	} };
	s->fast = sha256x86_usable();
}

void
sha256_add(struct sha256 *s, const void *p, size_t n)
{
	const uint8_t *u = p;
	size_t held = (size_t)(s->len % SHA256_BLOCK);

	if (n == 0)
		return;
	s->len += n;
	if (held) {
		size_t take = SHA256_BLOCK - held;

		take = take < n ? take : n;
		memcpy(s->block + held, u, take);
		if (held + take < SHA256_BLOCK)
			return;
		mix(s, s->block, 1);
		u += take;
		n -= take;
	}
	if (n >= SHA256_BLOCK)
		mix(s, u, n / SHA256_BLOCK);
	memcpy(s->block, u + n / SHA256_BLOCK * SHA256_BLOCK, n % SHA256_BLOCK);
}

enum { LENGTH = SHA256_BLOCK - sizeof(uint64_t) }; /* where it stands */

static void
end(struct sha256 *s)
{
	size_t held = (size_t)(s->len % SHA256_BLOCK);

	s->block[held++] = 0x80;
	if (held > LENGTH) {
		memset(s->block + held, 0, SHA256_BLOCK - held);
		mix(s, s->block, 1);
		held = 0;
	}
	memset(s->block + held, 0, LENGTH - held);
	swar_store((char *)s->block + LENGTH, swar_turn(s->len * 8));
	mix(s, s->block, 1);
}

/* The digest, by eight bytes, as it may be read at once. */
static void
put_digest(const struct sha256 *s, uint8_t out[SHA256_LEN])
{
	for (size_t i = 0; i < 8; i += 2)
		swar_store((char *)out + 4 * i,
		    swar_turn((uint64_t)s->h[i] << 32 | s->h[i + 1]));
}

void
sha256_end(struct sha256 *s, uint8_t out[SHA256_LEN])
{
	end(s);
	put_digest(s, out);
}

void
hmac_init(struct hmac *h, const void *key, size_t n)
{
	uint8_t pad[SHA256_BLOCK] = { 0 };

	sha256_init(&h->inner);
	if (n > SHA256_BLOCK) {
		sha256_add(&h->inner, key, n);
		sha256_end(&h->inner, pad);
		sha256_init(&h->inner);
	} else if (n) {
		memcpy(pad, key, n);
	}
	for (size_t i = 0; i < SHA256_BLOCK; i++) {
		h->outer_pad[i] = pad[i] ^ 0x5c;
		pad[i] ^= 0x36;
	}
	sha256_add(&h->inner, pad, sizeof(pad));
	wipe(pad, sizeof(pad));
}

void
hmac_add(struct hmac *h, const void *p, size_t n)
{
	sha256_add(&h->inner, p, n);
}

void
hmac_end(struct hmac *h, uint8_t out[SHA256_LEN])
{
	uint8_t digest[SHA256_LEN];

	sha256_end(&h->inner, digest);
	sha256_init(&h->inner);
	sha256_add(&h->inner, h->outer_pad, sizeof(h->outer_pad));
	sha256_add(&h->inner, digest, sizeof(digest));
	sha256_end(&h->inner, out);
	wipe(h, sizeof(*h));
}

void
hmac_key_init(struct hmac_key *hk, const void *key, size_t n)
{
	struct hmac h;

	hmac_init(&h, key, n);
	hk->inner = h.inner;
	sha256_init(&hk->outer);
	sha256_add(&hk->outer, h.outer_pad, sizeof(h.outer_pad));
	wipe(&h, sizeof(h));
}

/* Ends what has been hashed in whole blocks with a text. */
static void
end_with(struct sha256 *s, sv text)
{
	if (s->fast && text.n < LENGTH) { /* most end in one block */
		sha256x86_end(s->h, text.p, text.n, s->len, k);
		return;
	}
	sha256_add(s, text.p, text.n);
	end(s);
}

/* The digest of the inner hash stays words: written as bytes, it would be waited for
 * once more. */
void
hmac_key_hash(const struct hmac_key *key, sv text, uint8_t out[SHA256_LEN])
{
	struct sha256 inner = key->inner, outer = key->outer;
	uint32_t words[16] = { [8] = UINT32_C(1) << 31,
		[15] = (SHA256_BLOCK + SHA256_LEN) * 8 };

	end_with(&inner, text);
	memcpy(words, inner.h, sizeof(inner.h));
	mix_words(&outer, words);
	put_digest(&outer, out);
}
