/* SPDX-License-Identifier: MIT */
/*
 * buf.h: growable bytes. Valid from BUF_INIT to buf_release(); buf_clear()
 * empties it and keeps the memory. Appending never fails (see oom.h). The
 * bytes may move on every append: take a view only when done.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdint.h>

#include "base/attr.h"
#include "base/sv.h"

struct buf {
	char *p;
	size_t n;
	size_t cap;
};

#define BUF_INIT { NULL, 0, 0 }

void buf_release(struct buf *b);
/* Its bytes, copied into the arena; the buffer is released. */
struct arena;
sv buf_keep(struct buf *b, struct arena *a);

static inline void
buf_clear(struct buf *b)
{
	b->n = 0;
}

static inline sv
buf_sv(const struct buf *b)
{
	return sv_of(b->p ? b->p : "", b->n);
}

void buf_grow(struct buf *b, size_t n);

/* Room for n more bytes; returns where they go. The caller adds to b->n. */
static inline char *
buf_reserve(struct buf *b, size_t n)
{
	if (unlikely(b->cap - b->n < n))
		buf_grow(b, n);
	return b->p + b->n;
}

static inline void
buf_byte(struct buf *b, char c)
{
	if (unlikely(b->n == b->cap))
		buf_grow(b, 1);
	b->p[b->n++] = c;
}

static inline void
buf_mem(struct buf *b, const void *p, size_t n)
{
	if (unlikely(b->cap - b->n < n))
		buf_grow(b, n);
	if (n)
		memcpy(b->p + b->n, p, n);
	b->n += n;
}

static inline void
buf_add(struct buf *b, sv v)
{
	buf_mem(b, v.p, v.n);
}

#define buf_lit(b, lit) buf_mem((b), (lit), sizeof(lit) - 1)

void buf_str(struct buf *b, const char *s);
void buf_u64(struct buf *b, uint64_t v);
void buf_i64(struct buf *b, int64_t v);
/* Lower-case hexadecimal. */
void buf_hex(struct buf *b, const void *p, size_t n);
void buf_hex64(struct buf *b, uint64_t v);
void buf_printf(struct buf *b, const char *fmt, ...) attr_printf(2, 3);

#endif
