/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* F_SETPIPE_SZ */
#include "base/pipesize.h"

#include <fcntl.h>

void
pipesize_widen(int fd)
{
#ifdef F_SETPIPE_SZ
	enum { MOST = 1 << 20 };

	fcntl(fd, F_SETPIPE_SZ, MOST);
#else
	(void)fd;
#endif
}
