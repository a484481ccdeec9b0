/* SPDX-License-Identifier: MIT */
/* pipesize.h: how much a pipe holds before its writer has to wait. */
#ifndef BASE_PIPESIZE_H
#define BASE_PIPESIZE_H

/* As much as any program may ask for, where a system lets it ask (Linux: 1 MiB,
 * pipe(7)); of what is no pipe nothing happens. Two programs that both work take
 * turns less often then. */
void pipesize_widen(int fd);

#endif
