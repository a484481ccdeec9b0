/* SPDX-License-Identifier: MIT */
#include "record/secretmark.h"

#include "record/secrettext.h"

size_t
secretmark_length(sv v)
{
	sv rest = v;

	if (byte_at(v, 0) != '<' || (!sv_skip_lit(&rest, SV("<secret:")) &&
	    !sv_skip_lit(&rest, SV("<token:"))))
		return 0;
	if (!sv_is_hex(sv_take(rest, SECRETMARK_DIGITS)))
		return 0;
	return byte_at(rest, SECRETMARK_DIGITS) == '>' ?
	    v.n - rest.n + SECRETMARK_DIGITS + 1 : 0;
}

bool
secretmark_is(sv v)
{
	return v.n && secretmark_length(v) == v.n;
}

bool
secretmark_has(sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if (v.p[i] == '<' && secretmark_length(sv_skip(v, i)))
			return true;
	return false;
}

bool
secretmark_around(sv text, size_t at)
{
	return (at >= 6 && secretmark_length(sv_skip(text, at - 6))) ||
	    (at >= 7 && secretmark_length(sv_skip(text, at - 7)));
}
