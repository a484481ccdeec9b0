/* SPDX-License-Identifier: MIT */
/*
 * secretshape.h: secrets that are told by what they look like: keys with the
 * prefix of their maker, JSON web tokens, private keys, numbers of payment
 * cards. Source of the prefixes: the makers' pages on secret scanning; of the
 * card ranges: ISO/IEC 7812 and the networks' public tables.
 */
#ifndef RECORD_SECRETSHAPE_H
#define RECORD_SECRETSHAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ascii.h"
#include "base/sv.h"

/* The first bytes of shape i, at least two; false when there is no such. */
bool secretshape_start(size_t i, sv *start);

/* The secret that starts at text[at], a view into text, or empty. Look only
 * where the first bytes of a shape stand. */
sv secretshape_at(sv text, size_t at);
/* A card number of 13 to 19 digits, alone or in its groups: range of a network
 * and check digit fit, and no digit, letter or point touches it. */
sv secretshape_card(sv text, size_t at);
enum { SECRETSHAPE_CARD = 13 }; /* digits of the shortest one */
enum { SECRETSHAPE_MIN = 13 }; /* bytes of the shortest secret of all */
/* False: none is at the front of v, which starts with a digit. Most numbers are
 * shorter; digits in groups are four, then four or more. */
static inline bool
secretshape_may_be_card(sv v)
{
	return v.n >= SECRETSHAPE_CARD && is_digit(v.p[3]) &&
	    is_digit(v.p[7]) && is_digit(v.p[5]) && is_digit(v.p[6]) &&
	    is_digit(v.p[8]) && is_digit(v.p[2]);
}
/* The same of every place in a text of n bytes, at most 64, of whose digits there is
 * a bit each: bit i is for what stands behind byte i. */
static inline uint64_t
secretshape_cards(uint64_t digits, size_t n)
{
	uint64_t may = digits >> 3 & digits >> 4 & digits >> 6 & digits >> 7 &
	    digits >> 8 & digits >> 9;
	size_t places = n < SECRETSHAPE_CARD ? 0 : n - SECRETSHAPE_CARD;

	return may & ((UINT64_C(1) << places) - 1);
}
/* Is it dotted quads, commas between, and nothing else? No secret looks like that:
 * no more than three digits stand together. */
bool secretshape_is_quads(sv v);
/* The word behind "Bearer" or "Basic" at text[at], in any case and without a
 * key before; empty when it does not look like credentials. */
sv secretshape_scheme(sv text, size_t at);
/* Nothing but base64, and of all that is in it. */
bool secretshape_is_base64(sv text);
/* A line of a private key's body: such a text, as wide as PEM is. */
static inline bool
secretshape_is_body(sv text)
{
	return (text.n == 64 || text.n == 70 || text.n == 76) &&
	    secretshape_is_base64(text);
}

#endif
