/* SPDX-License-Identifier: MIT */
#include "base/oom.h"

#include <stdio.h>
#include <stdlib.h>

void
oom(void)
{
	fputs("raxx: out-of-memory\n", stderr);
	_Exit(3);
}
