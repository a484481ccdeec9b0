/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/oom.h"

void
buf_release(struct buf *b)
{
	free(b->p);
	*b = (struct buf)BUF_INIT;
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

char *
buf_reserve(struct buf *b, size_t n)
{
	if (b->cap - b->n < n)
		buf_grow(b, n);
	return b->p + b->n;
}

void
buf_str(struct buf *b, const char *s)
{
	buf_mem(b, s, strlen(s));
}

void
buf_u64(struct buf *b, uint64_t v)
{
	static const char pairs[] =
	    "00010203040506070809101112131415161718192021222324"
	    "25262728293031323334353637383940414243444546474849"
	    "50515253545556575859606162636465666768697071727374"
	    "75767778798081828384858687888990919293949596979899";
	char text[20];
	size_t i = sizeof(text);

	for (; v > 9; v /= 100) {
		i -= 2;
		memcpy(text + i, pairs + 2 * (v % 100), 2);
	}
	if (v || i == sizeof(text))
		text[--i] = (char)('0' + v);
	buf_mem(b, text + i, sizeof(text) - i);
}

void
buf_i64(struct buf *b, int64_t v)
{
	if (v < 0)
		buf_byte(b, '-');
	buf_u64(b, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void
buf_hex(struct buf *b, const void *p, size_t n)
{
	static const char digit[] = "0123456789abcdef";
	const unsigned char *u = p;

	for (size_t i = 0; i < n; i++) {
		buf_byte(b, digit[u[i] >> 4]);
		buf_byte(b, digit[u[i] & 15]);
	}
}

void
buf_hex64(struct buf *b, uint64_t v)
{
	unsigned char u[8];

	for (int i = 0; i < 8; i++)
		u[i] = (unsigned char)(v >> (56 - 8 * i));
	buf_hex(b, u, sizeof(u));
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
