/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* madvise */
#include "base/table.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/oom.h"

/* Of the pages that are in it alone. What the system cannot do stays as it is. */
static void
populate(void *p, size_t n)
{
#ifdef MADV_POPULATE_WRITE
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t start = ((uintptr_t)p + page - 1) & -page;
	uintptr_t stop = ((uintptr_t)p + n) & -page;

	if (stop > start)
		(void)madvise((char *)p + (start - (uintptr_t)p), stop - start,
		    MADV_POPULATE_WRITE);
#else
	(void)p;
	(void)n;
#endif
}

void *
table_new(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (p == NULL)
		oom();
	populate(p, n * size);
	return p;
}
