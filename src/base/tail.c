/* SPDX-License-Identifier: MIT */
#include "base/tail.h"

size_t
tail_add(char *p, size_t n, size_t cap, sv piece)
{
	size_t keep;

	if (piece.n > cap)
		piece = sv_skip(piece, piece.n - cap);
	keep = n < cap - piece.n ? n : cap - piece.n;
	memmove(p, p + (n - keep), keep);
	if (piece.n)
		memcpy(p + keep, piece.p, piece.n);
	return keep + piece.n;
}
