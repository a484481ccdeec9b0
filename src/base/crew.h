/* SPDX-License-Identifier: MIT */
/* crew.h: pieces of work done at the same time, each by a thread of its own. */
#ifndef BASE_CREW_H
#define BASE_CREW_H

#include <stddef.h>

enum { CREW_MAX = 8 };

/* work(ctx, i) for every i below n, CREW_MAX at most; returns when all is done.
 * The caller does the first piece, and those for which there is no thread. */
void crew_run(size_t n, void (*work)(void *ctx, size_t i), void *ctx);

#endif
