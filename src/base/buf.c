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

static unsigned
count_digits(uint64_t v)
{
	unsigned n = 1;

	for (; v >= 10000; v /= 10000)
		n += 4;
	return n + (v >= 10) + (v >= 100) + (v >= 1000);
}

void
buf_u64(struct buf *b, uint64_t v)
{
	static const char pairs[] =
	    "00010203040506070809101112131415161718192021222324"
	    "25262728293031323334353637383940414243444546474849"
	    "50515253545556575859606162636465666768697071727374"
	    "75767778798081828384858687888990919293949596979899";
	unsigned n = count_digits(v);
	char *to = buf_reserve(b, n) + n;

	b->n += n;
	for (; v > 9; v /= 100) {
		to -= 2;
		memcpy(to, pairs + 2 * (v % 100), 2);
	}
	if (n % 2)
		to[-1] = (char)('0' + v);
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
