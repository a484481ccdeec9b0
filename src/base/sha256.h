/* SPDX-License-Identifier: MIT */
/* sha256.h: SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104). Rules and findings
 * are named by the first, secrets and tokens are replaced by the second; inputs have
 * another digest (blake3.h). */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"

enum { SHA256_LEN = 32, SHA256_BLOCK = 64 };

struct sha256 {
	uint32_t h[8];
	uint64_t len;               /* bytes so far */
	uint8_t block[SHA256_BLOCK]; /* the len % 64 bytes not yet mixed in */
	bool fast;                  /* the processor has instructions for it */
};

void sha256_init(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *p, size_t n);
void sha256_end(struct sha256 *s, uint8_t out[SHA256_LEN]);

struct hmac {
	struct sha256 inner;
	uint8_t outer_pad[SHA256_BLOCK];
};

void hmac_init(struct hmac *h, const void *key, size_t n);
void hmac_add(struct hmac *h, const void *p, size_t n);
/* Also wipes the key material from *h. */
void hmac_end(struct hmac *h, uint8_t out[SHA256_LEN]);

/* A key made ready, for hashing many short texts under it. */
struct hmac_key {
	struct sha256 inner, outer;
};

void hmac_key_init(struct hmac_key *hk, const void *key, size_t n);
void hmac_key_hash(const struct hmac_key *hk, sv text,
    uint8_t out[SHA256_LEN]);

#endif
