/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

#include "base/buf.h"

static size_t
lead_len(unsigned char c)
{
	if (c < 0x80)
		return 1;
	if (c < 0xc2 || c > 0xf4)
		return 0;
	return c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

size_t
utf8_decode(sv v, uint32_t *cp)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = v.n ? lead_len((unsigned char)v.p[0]) : 0;
	uint32_t c;

	if (len == 0 || v.n < len)
		return 0;
	c = (unsigned char)v.p[0] & (len == 1 ? 0x7fu : 0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		unsigned char next = (unsigned char)v.p[i];

		if ((next & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (next & 0x3fu);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*cp = c;
	return len;
}

size_t
utf8_len(sv v)
{
	uint32_t cp;

	return utf8_decode(v, &cp);
}

bool
utf8_is_unsafe(uint32_t c)
{
	static const uint32_t range[][2] = {
		{ 0x80, 0x9f }, { 0xad, 0xad }, { 0x61c, 0x61c },
		{ 0x180e, 0x180e }, { 0x200b, 0x200f }, { 0x2028, 0x202e },
		{ 0x2060, 0x206f }, { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb },
		{ 0xe0000, 0xe007f },
	};

	for (size_t i = 0; i < countof(range); i++)
		if (c <= range[i][1])
			return c >= range[i][0];
	return false;
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

bool
utf8_valid(sv v)
{
	for (size_t run; (run = clean_run(v)) < v.n; v = sv_skip(v, run + 1))
		if (v.p[run] != '\0')
			return false;
	return true;
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
