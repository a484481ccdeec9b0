/* SPDX-License-Identifier: MIT */
/* io.h: whole reads and writes on descriptors, restarted after signals. */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sv.h"

/* False with ST_FAIL "write-failed: ..." when not every byte was taken,
 * "interrupted" when a signal ended the wait; see stop.h. */
bool io_write_all(int fd, sv bytes, struct err *e);
/* Bytes read: less than n only at the end or after an error. */
size_t io_read_upto(int fd, void *dst, size_t n);
/* A whole file of at most `max` bytes into the arena; ST_USAGE when it cannot
 * be read, since it is configuration. */
bool io_read_file(struct arena *a, const char *path, size_t max, sv *out,
    struct err *e);
/* stdout at the end of a program: flush, close and check both. */
bool io_close_stdout(struct err *e);
/* Descriptors 0-2 exist after this, so that no store becomes stderr. */
void io_reserve_std(void);

#endif
