/* SPDX-License-Identifier: MIT */
/* tail.h: the last bytes of a text that comes in pieces. */
#ifndef BASE_TAIL_H
#define BASE_TAIL_H

#include "base/sv.h"

/* p[0..n) holds the last bytes so far, of at most cap; the piece follows them.
 * How many bytes it holds then. */
size_t tail_add(char *p, size_t n, size_t cap, sv piece);

#endif
