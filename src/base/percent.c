/* SPDX-License-Identifier: MIT */
#include "base/percent.h"

#include "base/ascii.h"
#include "base/near.h"

int
percent_byte(sv text, size_t at, size_t *n)
{
	int hi, lo;

	*n = 1;
	if (text.p[at] != '%' || text.n - at < 3)
		return (unsigned char)text.p[at];
	hi = hex_value(text.p[at + 1]);
	lo = hex_value(text.p[at + 2]);
	if (hi < 0 || lo < 0)
		return '%';
	*n = 3;
	return hi << 4 | lo;
}

/* Index of the first escape at or behind `from`, or text.n. */
static size_t
find_escape(sv text, size_t from)
{
	size_t n = 1;

	for (size_t at = from; at < text.n; at++) {
		at = (size_t)(near_byte(text.p + at, text.p + text.n, '%') -
		    text.p);
		if (at < text.n)
			percent_byte(text, at, &n);
		if (n == 3)
			return at;
	}
	return text.n;
}

sv
percent_decode(sv text, struct arena *a)
{
	size_t at = find_escape(text, 0), out = at, n;
	char *p;

	if (at == text.n)
		return text;
	p = arena_alloc(a, text.n - 2); /* one escape at least */
	memcpy(p, text.p, at);
	for (; at < text.n; at += n)
		p[out++] = (char)percent_byte(text, at, &n);
	return sv_of(p, out);
}
