/* SPDX-License-Identifier: MIT */
#include "parse/ansi.h"

#include "base/ascii.h"

/* Length of the colour at the start of v, or 0. */
static size_t
colour_len(sv v)
{
	size_t n = 2;

	if (!sv_starts(v, SV("\x1b[")))
		return 0;
	while (n < v.n && (is_digit(v.p[n]) || v.p[n] == ';' || v.p[n] == ':'))
		n++;
	return n < v.n && v.p[n] == 'm' ? n + 1 : 0;
}

sv
ansi_strip(sv text, struct arena *scratch)
{
	size_t esc = sv_find_byte(text, '\x1b'), n = esc, colour;
	char *p;

	if (esc == text.n)
		return text;
	p = arena_str(scratch, text);
	for (size_t i = esc; i < text.n;) {
		colour = colour_len(sv_skip(text, i));
		if (colour == 0)
			p[n++] = text.p[i++];
		i += colour;
	}
	return n == text.n ? text : sv_of(p, n);
}

sv
ansi_behind(sv text, size_t n)
{
	while (n && text.n) {
		size_t colour = colour_len(text);

		n -= colour == 0;
		text = sv_skip(text, colour ? colour : 1);
	}
	return text;
}
