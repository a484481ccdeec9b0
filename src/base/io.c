/* SPDX-License-Identifier: MIT */
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/stop.h"

bool
io_write_all(int fd, sv bytes, struct err *e)
{
	while (bytes.n) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR && !stop_asked())
			continue;
		if (n < 0 && errno == EINTR)
			return err_set(e, ST_FAIL, "interrupted");
		if (n < 0)
			return err_sys(e, ST_FAIL, "write-failed");
		bytes = sv_skip(bytes, (size_t)n);
		if (bytes.n && stop_asked()) /* it took a part, and waited */
			return err_set(e, ST_FAIL, "interrupted");
	}
	return true;
}

size_t
io_read_upto(int fd, void *dst, size_t n)
{
	char *p = dst;
	size_t have = 0;

	while (have < n) {
		ssize_t got = read(fd, p + have, n - have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		have += (size_t)got;
	}
	return have;
}

static bool
read_all(int fd, size_t max, struct buf *b)
{
	for (;;) {
		ssize_t n = read(fd, buf_reserve(b, 65536), 65536);

		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			return true;
		if (n < 0)
			return false;
		b->n += (size_t)n;
		if (b->n > max) {
			errno = EFBIG;
			return false;
		}
	}
}

bool
io_read_file(struct arena *a, const char *path, size_t max, sv *out,
    struct err *e)
{
	struct buf b = BUF_INIT;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	bool ok = fd >= 0 && read_all(fd, max, &b);

	if (!ok)
		err_sys(e, ST_USAGE, "%s", path);
	else
		*out = arena_sv(a, buf_sv(&b));
	buf_release(&b);
	if (fd >= 0)
		close(fd);
	return ok;
}

bool
io_close_stdout(struct err *e)
{
	if (fflush(stdout) != 0 || ferror(stdout) || close(STDOUT_FILENO) != 0)
		return err_sys(e, ST_FAIL, "write-failed: standard output");
	return true;
}

void
io_reserve_std(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}
