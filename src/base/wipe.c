/* SPDX-License-Identifier: MIT */
#include "base/wipe.h"

void
wipe(void *p, size_t n)
{
	volatile unsigned char *v = p;

	while (n--)
		*v++ = 0;
}
