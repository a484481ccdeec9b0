/* SPDX-License-Identifier: MIT */
/* wipe.h: memory that held a key is overwritten before it is given back. */
#ifndef BASE_WIPE_H
#define BASE_WIPE_H

#include <stddef.h>

/* A memset to zero that the compiler may not drop. */
void wipe(void *p, size_t n);

#endif
