/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What RFC 3629 says, from the code point: shortest form, no surrogate. */
static size_t
length(sv v)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c = v.n ? (uint8_t)v.p[0] : 0xff, n;

	n = c < 0x80 ? 1 : c >> 5 == 6 ? 2 : c >> 4 == 14 ? 3 :
	    c >> 3 == 30 ? 4 : 0;
	if (n == 0 || n > v.n)
		return 0;
	c &= n == 1 ? 0x7f : 0xffU >> (n + 1);
	for (uint32_t i = 1; i < n; i++) {
		if (((uint8_t)v.p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | ((uint8_t)v.p[i] & 0x3f);
	}
	return c >= least[n] && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff) ?
	    n : 0;
}

static bool
is_clean(sv v)
{
	while (v.n) {
		size_t n = length(v);

		assert(n == utf8_len(v));
		if (n == 0 || v.p[0] == '\0')
			return false;
		v = sv_skip(v, n);
	}
	return true;
}

/* The output is valid, without NUL, and the input itself if that was so too;
 * what was valid is still there, each other byte is four. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size), out, rest;
	struct arena a = ARENA_INIT;

	out = rest = utf8_clean(text, &a);
	assert(is_clean(out));
	assert((out.p == text.p) == is_clean(text));
	while (text.n) {
		size_t n = text.p[0] ? length(text) : 0;

		assert(n ? sv_starts(rest, sv_take(text, n)) :
		    sv_starts(rest, SV("\\x")) && rest.n >= 4);
		rest = sv_skip(rest, n ? n : 4);
		text = sv_skip(text, n ? n : 1);
	}
	assert(rest.n == 0);
	arena_release(&a);
	return 0;
}
