/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/percent.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every byte as an escape. */
static void
encode(struct buf *b, sv v)
{
	for (size_t i = 0; i < v.n; i++) {
		buf_byte(b, '%');
		buf_hex(b, v.p + i, 1);
	}
}

/* Never longer; unchanged is the same view; what was encoded comes back, and
 * so does any text with its percent signs encoded. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size), got;
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT;

	got = percent_decode(text, &a);
	assert(got.n <= text.n && (text.n - got.n) % 2 == 0);
	assert((got.p == text.p) == (got.n == text.n));
	encode(&b, text);
	assert(sv_eq(percent_decode(buf_sv(&b), &a), text));
	buf_clear(&b);
	for (size_t i = 0; i < text.n; i++) {
		buf_byte(&b, text.p[i]);
		if (text.p[i] == '%')
			buf_lit(&b, "25");
	}
	assert(sv_eq(percent_decode(buf_sv(&b), &a), text));
	buf_release(&b);
	arena_release(&a);
	return 0;
}
