/* SPDX-License-Identifier: MIT */
/*
 * prefetch.h: memory that another thread wrote last, or that nobody has read for long,
 * fetched before it is needed. It changes nothing but the time.
 */
#ifndef BASE_PREFETCH_H
#define BASE_PREFETCH_H

#include <stddef.h>

#include "base/attr.h"

enum { PREFETCH_LINE = 64 }; /* bytes that a cache has as one */

static inline void
prefetch_all(const void *p, size_t n)
{
	for (size_t at = 0; at < n; at += PREFETCH_LINE)
		prefetch((const char *)p + at);
}

/* The same for memory that will be written: what other threads have of it leaves
 * their caches, for which the writes would wait. */
static inline void
prefetch_all_write(const void *p, size_t n)
{
	for (size_t at = 0; at < n; at += PREFETCH_LINE)
		prefetch_write((const char *)p + at);
}

#endif
