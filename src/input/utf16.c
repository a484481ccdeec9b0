/* SPDX-License-Identifier: MIT */
#include "input/utf16.h"

#include "base/ascii.h"

/* The unit is a character of ASCII text. */
static bool
is_plain(sv text, size_t at, bool big)
{
	char high = text.p[at + !big], low = text.p[at + big];

	return high == '\0' && (is_space(low) || (low >= ' ' && low <= '~'));
}

/* Most characters of the head are plain, the first of them, and none has NUL in
 * the place of its other byte, as what is no text has. */
static bool
is_bare(sv head, bool big)
{
	size_t plain = 0, units = head.n / 2;

	for (size_t i = 0; i < units; i++) {
		if (head.p[2 * i + big] == '\0')
			return false;
		plain += is_plain(head, 2 * i, big);
	}
	return units > 1 && is_plain(head, 0, big) && plain * 4 >= units * 3;
}

size_t
utf16_needs(sv text)
{
	return text.n >= UTF16_MARK && (is_plain(text, 0, false) ||
	    is_plain(text, 0, true)) ? UTF16_HEAD : UTF16_MARK;
}

bool
utf16_start(struct utf16 *u, sv text, size_t *mark)
{
	sv head = sv_take(text, UTF16_HEAD);
	bool big = sv_starts(text, SV("\xfe\xff"));

	*mark = big || sv_starts(text, SV("\xff\xfe")) ? UTF16_MARK : 0;
	*u = (struct utf16){ .big = big || is_bare(head, true) };
	return *mark || u->big || is_bare(head, false);
}

bool
utf16_is_within(sv text)
{
	enum { RUN = 4 };
	size_t run = 0, at = sv_find_byte(text, '\0');

	/* Two bytes on, the next unit; one byte on, the other order. */
	for (at = at ? at - 1 : 0; at + 2 <= text.n && run < RUN;) {
		bool plain = is_plain(text, at, false) || is_plain(text, at, true);

		run = plain ? run + 1 : 0;
		at += plain ? 2 : 1;
	}
	return run == RUN;
}

static void
put_tail(struct buf *out, uint32_t c, int bytes)
{
	while (bytes--)
		buf_byte(out, (char)(0x80 | (c >> (6 * bytes) & 0x3f)));
}

static void
put_char(struct buf *out, uint32_t c)
{
	if (c < 0x80) {
		buf_byte(out, (char)c);
	} else if (c < 0x800) {
		buf_byte(out, (char)(0xc0 | c >> 6));
		put_tail(out, c, 1);
	} else if (c < 0x10000) {
		buf_byte(out, (char)(0xe0 | c >> 12));
		put_tail(out, c, 2);
	} else {
		buf_byte(out, (char)(0xf0 | c >> 18));
		put_tail(out, c, 3);
	}
}

static void
put_waiting(struct utf16 *u, struct buf *out)
{
	if (u->high)
		put_char(out, u->high);
	u->high = 0;
}

static void
take_unit(struct utf16 *u, uint16_t unit, struct buf *out)
{
	if (u->high && (unit & 0xfc00) == 0xdc00) {
		put_char(out, 0x10000u + ((u->high & 0x3ffu) << 10) +
		    (unit & 0x3ffu));
		u->high = 0;
		return;
	}
	put_waiting(u, out);
	if ((unit & 0xfc00) == 0xd800)
		u->high = unit;
	else
		put_char(out, unit);
}

void
utf16_add(struct utf16 *u, sv text, struct buf *out)
{
	for (size_t i = 0; i < text.n; i++) {
		uint8_t b = (uint8_t)text.p[i];

		if (u->half)
			take_unit(u, (uint16_t)(u->big ?
			    u->first << 8 | b : b << 8 | u->first), out);
		u->first = b;
		u->half = !u->half;
	}
}

bool
utf16_end(struct utf16 *u, struct buf *out)
{
	put_waiting(u, out);
	return !u->half;
}

/* One unit per character, two for those that UTF-8 writes in four bytes. */
size_t
utf16_width(sv decoded)
{
	size_t units = 0;

	for (size_t i = 0; i < decoded.n; i++) {
		uint8_t b = (uint8_t)decoded.p[i];

		units += (b & 0xc0) != 0x80;
		units += b >= 0xf0;
	}
	return 2 * units;
}
