/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/utf8.h"
#include "input/utf16.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Decodes in steps; false when half a unit is left. */
static bool
decode(bool big, sv text, size_t step, struct buf *out)
{
	struct utf16 u = { .big = big };

	while (text.n)
		utf16_add(&u, sv_cut_n(&text, step), out);
	return utf16_end(&u, out);
}

static uint32_t
unit_at(bool big, sv text, size_t at)
{
	uint32_t a = (uint8_t)text.p[at], b = (uint8_t)text.p[at + 1];

	return big ? a << 8 | b : b << 8 | a;
}

/* Without lone surrogates what comes out is UTF-8. */
static void
check_valid(bool big, sv text, sv out)
{
	uint32_t before = 0;

	for (size_t i = 0; i + 1 < text.n; i += 2) {
		uint32_t unit = unit_at(big, text, i);
		bool low = (unit & 0xfc00) == 0xdc00;

		if (low != ((before & 0xfc00) == 0xd800))
			return;
		before = unit;
	}
	assert((before & 0xfc00) == 0xd800 || utf8_valid(out));
}

/* Pieces give what the whole gives, and no unit is lost. The first byte chooses
 * the order of bytes and the pieces. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_skip(sv_of((const char *)data, size), 1);
	struct buf whole = BUF_INIT, parts = BUF_INIT;
	bool big = size && (data[0] & 1), even;

	if (size == 0)
		return 0;
	even = decode(big, text, text.n, &whole);
	assert(even == (text.n % 2 == 0));
	assert(decode(big, text, 1u + (data[0] >> 1) % 17u, &parts) == even);
	assert(sv_eq(buf_sv(&whole), buf_sv(&parts)));
	assert(utf16_width(buf_sv(&whole)) == text.n - text.n % 2);
	check_valid(big, text, buf_sv(&whole));
	buf_release(&whole);
	buf_release(&parts);
	return 0;
}
