/* SPDX-License-Identifier: MIT */
/*
 * distinct.h: how many different values a window has that slides: values come
 * and go. It holds what the window holds, not all that it ever held.
 */
#ifndef DETECT_DISTINCT_H
#define DETECT_DISTINCT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sv.h"

struct distinct {
	struct buf slots; /* a table of struct slot; a power of two of them */
	struct buf keys;  /* of the values in it */
	size_t used;      /* slots with a value, also one that has left */
	size_t n;         /* different values in the window */
};

#define DISTINCT_INIT { BUF_INIT, BUF_INIT, 0, 0 }

/* Values of two types are two, whatever their bytes. All zero is DISTINCT_INIT. */
void distinct_add(struct distinct *d, char type, sv value);
/* One that was added; what was not is left alone. */
void distinct_drop(struct distinct *d, char type, sv value);
void distinct_release(struct distinct *d);

#endif
