/* SPDX-License-Identifier: MIT */
/*
 * rawin.h: the bytes of one input as they lie, from a descriptor or in memory,
 * read through a buffer. What was read is in the digest, once:
 * also when a place is gone back to.
 */
#ifndef INPUT_RAWIN_H
#define INPUT_RAWIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/blake3.h"
#include "base/err.h"
#include "base/sv.h"

enum { RAWIN_SIZE = 256 * 1024 };

struct rawin {
	const char *path;
	int fd;            /* -1: */
	sv memory, bytes;  /* bytes in memory: all, what is unread */
	bool regular;      /* a regular file */
	struct blake3 sum;
	bool undigested;   /* nobody will ask for it */
	uint64_t pos;      /* bytes read so far */
	uint64_t seen;     /* ... before it was read anew from an earlier place */
	uint8_t buf[RAWIN_SIZE];
	size_t at, n;      /* unread part of buf: [at, n) */
	bool eof;          /* there is nothing more */
};

/* `fd` or, if it is -1, `bytes`; all, and `path` for messages, are borrowed. */
void rawin_init(struct rawin *r, int fd, sv bytes, const char *path);

static inline size_t
rawin_unread(const struct rawin *r)
{
	return r->n - r->at;
}

/* They are here, until more is read. */
static inline uint8_t *
rawin_next(struct rawin *r)
{
	return r->buf + r->at;
}

/* How many bytes lie before the first that is unread. */
static inline uint64_t
rawin_place(const struct rawin *r)
{
	return r->pos - rawin_unread(r);
}

/* False, "interrupted": a signal asked to stop (base/stop.h). */
bool rawin_interrupted(const struct rawin *r, struct err *e);

/* These are false on a read error, or when interrupted. */

/* Reads to where the bytes are wanted, while the buffer has none; *n is 0 at
 * the end. */
bool rawin_read(struct rawin *r, void *dst, size_t cap, size_t *n,
    struct err *e);
/* Reads more behind what is unread, which moves to the front; there is room
 * unless the buffer is full of unread bytes. */
bool rawin_fill(struct rawin *r, struct err *e);
/* Until n bytes are unread, or there are no more. */
bool rawin_upto(struct rawin *r, size_t n, struct err *e);
/* Drops what is unread, and reads on to the end. */
bool rawin_drain(struct rawin *r, struct err *e);

/* Can bytes be read anew? */
bool rawin_may_go_back(const struct rawin *r);
/* To a place before: the byte there is the next. */
bool rawin_go_back(struct rawin *r, uint64_t place, struct err *e);

#endif
