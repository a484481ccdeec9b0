/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/ascii.h"
#include "record/secretshape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
has_start(sv v)
{
	sv start;

	for (size_t i = 0; secretshape_start(i, &start); i++)
		if (sv_starts(v, start))
			return true;
	return false;
}

/* Digits, in groups or not; none touches it. */
static void
check_card(sv text, size_t at, sv card)
{
	size_t digits = 0, end = at + card.n;

	for (size_t i = 0; i < card.n; i++)
		digits += is_digit(card.p[i]) ? 1 : 0;
	assert(digits >= 13 && digits <= 19 && card.n - digits <= 4);
	assert(card.p == text.p + at && end <= text.n);
	assert(end == text.n || !is_digit(text.p[end]));
	assert(sv_eq(secretshape_card(card, 0), card));
}

/* The word of a scheme stands behind it, and nothing of it is left behind. */
static void
check_scheme(sv text, size_t at, sv word)
{
	size_t start = (size_t)(word.p - text.p), end = start + word.n;

	assert(start >= at + 6 && end <= text.n);
	assert(sv_eq_nocase(sv_of(text.p + at, 5), SV("basic")) ||
	    sv_eq_nocase(sv_of(text.p + at, 6), SV("bearer")));
	assert(end == text.n || !is_alnum(text.p[end]));
}

static void
check_at(sv text, size_t at)
{
	sv shape = secretshape_at(text, at), card = secretshape_card(text, at);
	sv word = secretshape_scheme(text, at);

	if (shape.n) {
		assert(shape.p == text.p + at && at + shape.n <= text.n);
		assert(has_start(shape));
	}
	if (card.n)
		check_card(text, at, card);
	if (word.n)
		check_scheme(text, at, word);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size);

	if (size > 4096)
		return 0;
	for (size_t i = 0; i < text.n; i++)
		check_at(text, i);
	assert(!secretshape_is_body(text) ||
	    sv_find_byte(text, ' ') == text.n);
	return 0;
}
