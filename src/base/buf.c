/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/oom.h"
#include "base/swar.h"

void
buf_release(struct buf *b)
{
	free(b->p);
	*b = (struct buf)BUF_INIT;
}

sv
buf_keep(struct buf *b, struct arena *a)
{
	sv out = arena_sv(a, buf_sv(b));

	buf_release(b);
	return out;
}

void
buf_grow(struct buf *b, size_t n)
{
	size_t cap = b->cap < 256 ? 256 : b->cap;

	if (n > SIZE_MAX / 2 - b->n)
		oom();
	while (cap < b->n + n)
		cap *= 2;
	b->p = realloc(b->p, cap);
	if (b->p == NULL)
		oom();
	b->cap = cap;
}

void
buf_str(struct buf *b, const char *s)
{
	buf_mem(b, s, strlen(s));
}

void
buf_u64(struct buf *b, uint64_t v)
{
	enum { DIGITS = 8, MAX = 100000000 };
	const bool more = v >= MAX;
	size_t zeros; /* in front, which are not written */
	uint64_t x;

	if (unlikely(more)) {
		buf_u64(b, v / MAX);
		v %= MAX;
	}
	x = swar_decimal((uint32_t)v);
	zeros = more ? 0 : swar_first(x | UINT64_C(1) << 8 * (DIGITS - 1));
	swar_store(buf_reserve(b, DIGITS), (x + SWAR_ONES * '0') >> 8 * zeros);
	b->n += DIGITS - zeros;
}

void
buf_i64(struct buf *b, int64_t v)
{
	if (v < 0)
		buf_byte(b, '-');
	buf_u64(b, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

static const char hex_digit[] = "0123456789abcdef";

void
buf_hex(struct buf *b, const void *p, size_t n)
{
	const unsigned char *u = p;
	char *to = buf_reserve(b, 2 * n);

	for (size_t i = 0; i < n; i++) {
		to[2 * i] = hex_digit[u[i] >> 4];
		to[2 * i + 1] = hex_digit[u[i] & 15];
	}
	b->n += 2 * n;
}

void
buf_hex64(struct buf *b, uint64_t v)
{
	char *to = buf_reserve(b, 16);

	swar_store(to, swar_hex_digits((uint32_t)(v >> 32)));
	swar_store(to + 8, swar_hex_digits((uint32_t)v));
	b->n += 16;
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	buf_reserve(b, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->n += (size_t)n;
}
