/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

#include "base/buf.h"

static unsigned char
at(sv v, size_t i)
{
	return i < v.n ? (unsigned char)v.p[i] : 0;
}

static bool
is_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

size_t
utf8_len(sv v)
{
	unsigned char c = at(v, 0), d = at(v, 1);

	if (v.n == 0)
		return 0;
	if (c < 0x80)
		return 1;
	if (c < 0xc2 || c > 0xf4 || !is_tail(d))
		return 0;
	if (c < 0xe0)
		return 2;
	if (!is_tail(at(v, 2)))
		return 0;
	if (c < 0xf0) {
		if ((c == 0xe0 && d < 0xa0) || (c == 0xed && d > 0x9f))
			return 0;
		return 3;
	}
	if (!is_tail(at(v, 3)) || (c == 0xf0 && d < 0x90) ||
	    (c == 0xf4 && d > 0x8f))
		return 0;
	return 4;
}

/* Eight bytes at once: each 0x01..0x7f? (x - 1) | x has the high bit of a byte
 * that is 0 or above 0x7f, unless a borrow came from below; then the slow path
 * looks again and finds nothing. */
static bool
is_plain8(const char *p)
{
	uint64_t x;

	memcpy(&x, p, sizeof(x));
	return (((x - UINT64_C(0x0101010101010101)) | x) &
	    UINT64_C(0x8080808080808080)) == 0;
}

/* Length of the longest clean start. */
static size_t
clean_run(sv v)
{
	size_t i = 0;

	while (i < v.n) {
		size_t n;

		if (v.n - i >= 8 && is_plain8(v.p + i)) {
			i += 8;
			continue;
		}
		n = v.p[i] == '\0' ? 0 : utf8_len(sv_skip(v, i));
		if (n == 0)
			return i;
		i += n;
	}
	return i;
}

sv
utf8_clean(sv v, struct arena *scratch)
{
	size_t run = clean_run(v);
	struct buf b = BUF_INIT;
	sv out;

	if (run == v.n)
		return v;
	for (;;) {
		buf_add(&b, sv_cut_n(&v, run));
		if (v.n == 0)
			break;
		buf_lit(&b, "\\x");
		buf_hex(&b, v.p, 1);
		v = sv_skip(v, 1);
		run = clean_run(v);
	}
	out = arena_sv(scratch, buf_sv(&b));
	buf_release(&b);
	return out;
}
