/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "parse/ansi.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is left stands in the text in this order. */
static void
check_left(sv text, sv out)
{
	size_t at = 0;

	assert(out.n <= text.n && (out.p == text.p) == (out.n == text.n));
	for (size_t i = 0; i < out.n; i++) {
		at += sv_find_byte(sv_skip(text, at), out.p[i]);
		assert(at < text.n);
		at++;
	}
}

/* A text without escapes, coloured wherever the bytes say, is the text again. */
static void
check_coloured(sv text, struct arena *a)
{
	static const char *const colours[] = {
		"\x1b[m", "\x1b[0m", "\x1b[1;31m", "\x1b[38:5:208m",
	};
	struct buf plain = BUF_INIT, coloured = BUF_INIT;

	for (size_t i = 0; i < text.n; i++) {
		unsigned c = (unsigned char)text.p[i];

		if (c % 3 == 0)
			buf_str(&coloured, colours[c % countof(colours)]);
		if (c == 0x1b)
			continue;
		buf_byte(&plain, text.p[i]);
		buf_byte(&coloured, text.p[i]);
	}
	assert(sv_eq(ansi_strip(buf_sv(&coloured), a), buf_sv(&plain)));
	assert(ansi_strip(buf_sv(&plain), a).p == buf_sv(&plain).p);
	buf_release(&plain);
	buf_release(&coloured);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size);
	struct arena a = ARENA_INIT;
	sv out = ansi_strip(text, &a);

	check_left(text, out);
	for (size_t n = 0; n <= out.n && n <= 64; n++)
		assert(sv_eq(ansi_strip(ansi_behind(text, n), &a),
		    sv_skip(out, n)));
	check_coloured(text, &a);
	arena_release(&a);
	return 0;
}
