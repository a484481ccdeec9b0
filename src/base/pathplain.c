/* SPDX-License-Identifier: MIT */
#include "base/pathplain.h"

#include "base/percent.h"

enum { ESCAPES_MAX = 8 }; /* one in the other; a server resolves two at most */

static sv
without_escapes(sv v, struct arena *a)
{
	for (int i = 0; i < ESCAPES_MAX; i++) {
		sv next = percent_decode(v, a);

		if (next.p == v.p)
			break;
		v = next;
	}
	return v;
}

static sv
cut_segment(sv *rest)
{
	size_t n = 0;
	sv seg;

	while (n < rest->n && rest->p[n] != '/' && rest->p[n] != '\\')
		n++;
	seg = sv_take(*rest, n);
	*rest = sv_skip(*rest, n + 1);
	return seg;
}

static sv
without_tail(sv seg)
{
	while (seg.n && (seg.p[seg.n - 1] == '.' || seg.p[seg.n - 1] == ' '))
		seg.n--;
	return seg;
}

/* Length of a path of n bytes without its last segment. */
static size_t
parent_length(const char *path, size_t n)
{
	while (n > 0 && path[n - 1] != '/')
		n--;
	return n ? n - 1 : 0;
}

sv
pathplain(sv target, struct arena *a)
{
	sv rest = sv_take(target, sv_find_byte(target, '?'));
	char *out;
	size_t n = 0;

	rest = without_escapes(sv_take(rest, sv_find_byte(rest, '#')), a);
	out = arena_alloc(a, rest.n + 1);
	while (rest.n) {
		sv seg = cut_segment(&rest);

		seg = sv_take(seg, sv_find_byte(seg, ';'));
		if (sv_is(seg, "..")) {
			n = parent_length(out, n);
			continue;
		}
		seg = without_tail(seg);
		if (seg.n == 0)
			continue;
		out[n++] = '/';
		memcpy(out + n, seg.p, seg.n);
		n += seg.n;
	}
	return n ? sv_of(out, n) : SV("/");
}
