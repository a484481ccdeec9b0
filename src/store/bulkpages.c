/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* sync_file_range */
#include "store/bulkpages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/oom.h"

/* SQLite locks a byte of this page and never uses it. Source:
 * https://www.sqlite.org/fileformat2.html#the_lock_byte_page */
enum { LOCK_PAGE = 0x40000000 / BULK_PAGE + 1 };

enum { BEHIND = 16 << 20 }; /* bytes: see write_behind */

void
bulkpages_init(struct bulkpages *p, uint32_t base, const char *path,
    size_t mem_max)
{
	*p = (struct bulkpages){ .next = base + 1, .path = path,
		.mem_max = mem_max, .fd = -1 };
}

void
bulkpages_release(struct bulkpages *p)
{
	if (p->fd >= 0) {
		close(p->fd);
		unlink(p->path);
	}
	free(p->spare);
	buf_release(&p->mem);
	*p = (struct bulkpages){ .fd = -1 };
}

void
bulkpages_leave(struct bulkpages *p)
{
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
}

uint32_t
bulkpages_run(struct bulkpages *p, uint32_t want, uint32_t *got)
{
	uint32_t first;

	if (p->next == LOCK_PAGE)
		p->next++;
	first = p->next;
	*got = first < LOCK_PAGE && first + want > LOCK_PAGE ?
	    LOCK_PAGE - first : want;
	p->next += *got;
	return first;
}

uint32_t
bulkpages_one(struct bulkpages *p)
{
	uint32_t got;

	return p->nspare ? p->spare[--p->nspare] : bulkpages_run(p, 1, &got);
}

void
bulkpages_spare(struct bulkpages *p, uint32_t page)
{
	if ((p->nspare & (p->nspare + 1)) == 0) {
		p->spare = realloc(p->spare, (p->nspare + 1) * 2 *
		    sizeof(*p->spare));
		if (p->spare == NULL)
			oom();
	}
	p->spare[p->nspare++] = page;
}

/* Has the disk begin with what was written, where a system can be asked to: what
 * is synced at the end is little then, and nobody waits for all of it. */
static void
write_behind(struct bulkpages *p, size_t n)
{
	p->behind += n;
	if (!p->stays || p->behind < BEHIND)
		return;
#ifdef SYNC_FILE_RANGE_WRITE
	sync_file_range(p->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
#endif
	p->behind = 0;
}

static bool
write_at(struct bulkpages *p, const char *from, size_t n, uint64_t at,
    struct err *e)
{
	while (n) {
		ssize_t got = pwrite(p->fd, from, n, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return err_sys(e, ST_FAIL, "write-failed: %s", p->path);
		from += got;
		at += (uint64_t)got;
		n -= (size_t)got;
		write_behind(p, (size_t)got);
	}
	return true;
}

/* What a run that was killed left behind is removed: its store is locked by us.
 * Never through a link. */
static bool
open_file(struct bulkpages *p, struct err *e)
{
	if (unlink(p->path) != 0 && errno != ENOENT)
		return err_sys(e, ST_FAIL, "write-failed: %s", p->path);
	p->fd = open(p->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (p->fd < 0)
		return err_sys(e, ST_FAIL, "write-failed: %s", p->path);
	if (!write_at(p, p->mem.p, p->mem.n, 0, e))
		return false;
	buf_release(&p->mem);
	return true;
}

bool
bulkpages_to_file(struct bulkpages *p, struct err *e)
{
	return p->fd >= 0 || open_file(p, e);
}

bool
bulkpages_put(struct bulkpages *p, uint32_t page, const void *bytes, size_t n,
    struct err *e)
{
	uint64_t at = (uint64_t)(page - 1) * BULK_PAGE;

	n *= BULK_PAGE;
	if (p->fd < 0 && p->path && at + n > p->mem_max && !open_file(p, e))
		return false;
	if (p->fd >= 0)
		return write_at(p, bytes, n, at, e);
	if (at + n > p->mem.n) {
		size_t more = (size_t)(at + n) - p->mem.n;

		memset(buf_reserve(&p->mem, more), 0, more);
		p->mem.n += more;
	}
	memcpy(p->mem.p + at, bytes, n);
	return true;
}
