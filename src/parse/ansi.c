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

/* "ESC [ parameters letter" */
static size_t
control_len(sv v)
{
	size_t n = 2;

	while (n < v.n && v.p[n] >= ' ' && v.p[n] <= '?')
		n++;
	return n < v.n && v.p[n] >= '@' && v.p[n] <= '~' ? n + 1 : 0;
}

/* "ESC ] text", up to BEL or "ESC \\". */
static size_t
title_len(sv v)
{
	for (size_t n = 2; n < v.n; n++)
		if (v.p[n] == '\a')
			return n + 1;
		else if (sv_starts(sv_skip(v, n), SV("\x1b\\")))
			return n + 2;
	return 0;
}

/* Length of the escape sequence at the start of v, or 0. */
static size_t
escape_len(sv v)
{
	if (sv_starts(v, SV("\x1b[")))
		return control_len(v);
	if (sv_starts(v, SV("\x1b]")))
		return title_len(v);
	if (sv_starts(v, SV("\x1b(")))
		return v.n > 2 ? 3 : 0;
	return sv_starts(v, SV("\x1b=")) || sv_starts(v, SV("\x1b>")) ? 2 : 0;
}

sv
ansi_skip(sv text)
{
	size_t n;

	do {
		text = sv_trim_left(text);
		n = escape_len(text);
		text = sv_skip(text, n);
	} while (n);
	return text;
}
