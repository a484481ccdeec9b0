/* SPDX-License-Identifier: MIT */
/*
 * prefetch.h: memory that another thread wrote last, or that nobody has read for long,
 * fetched before it is needed. It changes nothing but the time.
 */
#ifndef BASE_PREFETCH_H
#define BASE_PREFETCH_H

#include <stddef.h>

#include "base/attr.h"

static inline void
prefetch_all(const void *p, size_t n)
{
	enum { CACHE_LINE = 64 };

	for (size_t at = 0; at < n; at += CACHE_LINE)
		prefetch((const char *)p + at);
}

#endif
