/* SPDX-License-Identifier: MIT */
/*
 * gunzip.h: what an input of gzip members holds. By zlib, or by isa-l where it
 * is there (igz.h) and the bytes can be read anew, until something is wrong:
 * then zlib, from the member's start, tells what it is. The only user of zlib.
 */
#ifndef INPUT_GUNZIP_H
#define INPUT_GUNZIP_H

#include "input/rawin.h"

struct gunzip;

/* Do the unread bytes, two at least, begin a member? */
bool gunzip_magic(const struct rawin *in);

/* At the start of a member; `in` is borrowed. NULL: as when rawin_fill is
 * false. */
struct gunzip *gunzip_open(struct rawin *in, bool zlib_only, struct err *e);
void gunzip_close(struct gunzip *g); /* NULL is allowed */

/* Up to cap decoded bytes; *n is 0 only at the end. Then the input was read to
 * its end too. */
bool gunzip_read(struct gunzip *g, char *dst, size_t cap, size_t *n,
    struct err *e);

/* No more decoded bytes. */
bool gunzip_ended(const struct gunzip *g);
/* Why that was before the input's end, or NULL. */
const char *gunzip_cut(const struct gunzip *g);
/* The first member that fails its check, or NULL. */
const char *gunzip_doubt(const struct gunzip *g);
/* After the end: as stream_trailing. */
uint64_t gunzip_trailing(const struct gunzip *g, sv *head);

#endif
