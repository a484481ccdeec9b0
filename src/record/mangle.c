/* SPDX-License-Identifier: MIT */
#include "record/mangle.h"

#include "base/ascii.h"

/* A token begins and ends with one of these. */
static bool
is_edge(int c)
{
	return is_alnum(c) || c == '-' || c == '_' || c == '~';
}

/* What stands behind a link in a text, or in an HTML attribute. Bytes beyond
 * ASCII are dashes and quotes of a word processor, never part of a token. */
static bool
ends_link(int c)
{
	static const sv ends = { "\"'<>()[]{},;!*?#&|\\^`", 21 };

	return is_space(c) || is_control(c) || c >= 0x80 ||
	    sv_find_byte(ends, (char)c) < ends.n;
}

/* Length of what quoted-printable put here, or 0. */
static size_t
soft_length(sv v)
{
	static const sv soft[] = {
		{ "=3D", 3 }, { "=3d", 3 }, { "=\r\n", 3 }, { "=\n", 2 },
		{ "=", 1 },
	};

	for (size_t i = 0; i < sizeof(soft) / sizeof(soft[0]); i++)
		if (sv_starts(v, soft[i]))
			return soft[i].n;
	return 0;
}

static sv
skip_front(sv v)
{
	while (v.n && !is_edge((unsigned char)v.p[0])) {
		size_t n = soft_length(v);

		v = sv_skip(v, n ? n : 1);
	}
	return v;
}

static sv
trim_back(sv v)
{
	while (v.n && !is_edge((unsigned char)v.p[v.n - 1]))
		v.n--;
	return v;
}

/* Up to what ends the link; *soft: quoted-printable left something in it. */
static sv
take_link(sv v, bool *soft)
{
	size_t i = 0, n;

	for (*soft = false; i < v.n; i += n ? n : 1) {
		n = soft_length(sv_skip(v, i));
		if (n == 0 && ends_link((unsigned char)v.p[i]))
			break;
		*soft |= n > 0;
	}
	return sv_take(v, i);
}

static sv
without_soft(sv v, struct arena *a)
{
	char *p = arena_alloc(a, v.n);
	size_t k = 0;

	while (v.n) {
		size_t n = soft_length(v);

		if (n == 0)
			p[k++] = v.p[0];
		v = sv_skip(v, n ? n : 1);
	}
	return sv_of(p, k);
}

sv
mangle_core(sv token, struct arena *a)
{
	bool soft;
	sv core = take_link(skip_front(token), &soft);

	if (soft)
		core = without_soft(core, a);
	core = trim_back(core);
	return core.n ? core : token;
}
