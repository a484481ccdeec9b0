/* SPDX-License-Identifier: MIT */
#include "input/rawin.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/stop.h"

void
rawin_init(struct rawin *r, int fd, sv bytes, const char *path)
{
	r->path = path;
	r->fd = fd;
	r->memory = r->bytes = bytes;
	blake3_init(&r->sum);
}

bool
rawin_interrupted(const struct rawin *r, struct err *e)
{
	return err_set(e, ST_FAIL, "%s: interrupted", r->path);
}

static ssize_t
read_raw(struct rawin *r, void *dst, size_t cap)
{
	sv part;

	if (r->fd >= 0)
		return read(r->fd, dst, cap);
	part = sv_cut_n(&r->bytes, cap);
	if (part.n)
		memcpy(dst, part.p, part.n);
	return (ssize_t)part.n;
}

/* What is read anew is part of the digest once. */
static void
note_bytes(struct rawin *r, const char *p, size_t n)
{
	uint64_t known = r->seen > r->pos ? r->seen - r->pos : 0;
	size_t skip = known < n ? (size_t)known : n;

	if (!r->undigested)
		blake3_add(&r->sum, p + skip, n - skip);
	r->pos += n;
}

bool
rawin_read(struct rawin *r, void *dst, size_t cap, size_t *n, struct err *e)
{
	ssize_t got;

	do
		got = read_raw(r, dst, cap);
	while (got < 0 && errno == EINTR && !stop_asked());
	if (got < 0 && errno == EINTR)
		return rawin_interrupted(r, e);
	if (got < 0)
		return err_sys(e, ST_FAIL, "%s: read failed at byte %llu",
		    r->path, (unsigned long long)r->pos);
	*n = (size_t)got;
	r->eof = got == 0;
	note_bytes(r, dst, *n);
	return true;
}

bool
rawin_fill(struct rawin *r, struct err *e)
{
	size_t n;

	memmove(r->buf, r->buf + r->at, r->n - r->at);
	r->n -= r->at;
	r->at = 0;
	if (!rawin_read(r, r->buf + r->n, RAWIN_SIZE - r->n, &n, e))
		return false;
	r->n += n;
	return true;
}

bool
rawin_upto(struct rawin *r, size_t n, struct err *e)
{
	while (rawin_unread(r) < n && !r->eof)
		if (!rawin_fill(r, e))
			return false;
	return true;
}

bool
rawin_drain(struct rawin *r, struct err *e)
{
	for (;;) {
		r->at = r->n;
		if (r->eof)
			return true;
		if (!rawin_fill(r, e))
			return false;
	}
}

bool
rawin_may_go_back(const struct rawin *r)
{
	return r->fd < 0 || (r->regular && lseek(r->fd, 0, SEEK_CUR) >= 0);
}

/* Reads start where those did that took the bytes first. */
bool
rawin_go_back(struct rawin *r, uint64_t place, struct err *e)
{
	uint64_t from = place - place % RAWIN_SIZE;
	size_t skip = (size_t)(place - from);

	if (r->fd < 0)
		r->bytes = sv_skip(r->memory, (size_t)from);
	else if (lseek(r->fd, -(off_t)(r->pos - from), SEEK_CUR) < 0)
		return err_sys(e, ST_FAIL, "%s: seek failed", r->path);
	r->seen = r->pos > r->seen ? r->pos : r->seen;
	r->pos = from;
	r->at = r->n = 0;
	r->eof = false;
	if (!rawin_upto(r, skip, e))
		return false;
	r->at = skip < r->n ? skip : r->n;
	return true;
}
