/* SPDX-License-Identifier: MIT */
/*
 * auditmac.h: the MAC of one row of a hash chain, format raxx-audit-v1:
 *
 *   HMAC-SHA-256(key, "raxx-audit-v1" NUL, prev_mac, u32be(fields), then for
 *   each field u32be(length) and its bytes, or ff ff ff ff for NULL)
 *
 * prev_mac is that of the row before of the same tenant, 32 raw bytes, all zero
 * for the first. The fields are seq (decimal), created_at (UTC, as in
 * 2026-06-12T07:00:01.500000Z), actor_id, action and detail, as they were
 * written: no text is normalised. Pure.
 */
#ifndef DETECT_AUDITMAC_H
#define DETECT_AUDITMAC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sha256.h"
#include "base/sv.h"

#define AUDITMAC_FORMAT "raxx-audit-v1"

enum { AUDITMAC_LEN = SHA256_LEN };

struct audit_row {
	int64_t seq;
	int64_t created_at; /* microseconds UTC */
	sv actor_id, action, detail; /* null view: NULL */
};

void auditmac_row(const struct hmac_key *key, const uint8_t prev[AUDITMAC_LEN],
    const struct audit_row *row, uint8_t out[AUDITMAC_LEN]);

/* 64 hexadecimal digits of either case; a null or empty view is the zeros that
 * stand before the first row. False: neither. */
bool auditmac_read(sv hex, uint8_t out[AUDITMAC_LEN]);

#endif
