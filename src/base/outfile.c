/* SPDX-License-Identifier: MIT */
#include "base/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"

bool
outfile_look(const char *path, bool *there, struct stat *sb, struct err *e)
{
	*there = lstat(path, sb) == 0;
	if (!*there)
		return errno == ENOENT || err_sys(e, ST_FAIL, "%s", path);
	return S_ISREG(sb->st_mode) || err_set(e, ST_FAIL,
	    "output-refused: %s is not a regular file", path);
}

bool
outfile_open(struct outfile *f, const char *path, bool force, struct err *e)
{
	struct stat sb;

	if (!outfile_look(path, &f->replace, &sb, e))
		return false;
	if (f->replace && !force)
		return err_set(e, ST_FAIL, "%s: output-exists: --force "
		    "overwrites it", path);
	if (path[0] == '\0') /* errno says what it is */
		return err_sys(e, ST_FAIL, "%s", path);
	f->path = path;
	buf_printf(&f->draft, "%s.XXXXXX%c", path, '\0');
	f->fd = mkstemp(f->draft.p); /* makes it 0600 */
	if (f->fd >= 0)
		return true;
	buf_release(&f->draft);
	return err_sys(e, ST_FAIL, "%s", path);
}

bool
outfile_write(struct outfile *f, sv bytes, struct err *e)
{
	return io_write_all(f->fd, bytes, e);
}

/* Where there are no hard links, an empty file takes the name for a moment. */
static bool
put_without_link(const struct outfile *f)
{
	int fd = open(f->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return false;
	close(fd);
	if (rename(f->draft.p, f->path) == 0)
		return true;
	unlink(f->path);
	return false;
}

/* Never over another file: rename() would take its name. */
static bool
put_new(const struct outfile *f)
{
	if (link(f->draft.p, f->path) != 0)
		return errno != EEXIST && put_without_link(f);
	unlink(f->draft.p);
	return true;
}

static bool
put_over(const struct outfile *f, struct err *e)
{
	struct stat sb;
	bool there;

	return outfile_look(f->path, &there, &sb, e) &&
	    (rename(f->draft.p, f->path) == 0 ||
	    err_sys(e, ST_FAIL, "write-failed: %s", f->path));
}

static bool
put(const struct outfile *f, struct err *e)
{
	if (f->replace)
		return put_over(f, e);
	if (put_new(f))
		return true;
	if (errno == EEXIST)
		return err_set(e, ST_FAIL, "%s: output-exists: somebody made "
		    "it meanwhile", f->path);
	return err_sys(e, ST_FAIL, "write-failed: %s", f->path);
}

/* fsync is not tried again: what it could not write may be gone for good. */
static bool
sync_draft(struct outfile *f, struct err *e)
{
	int fd = f->fd;
	bool ok = fsync(fd) == 0 ||
	    err_sys(e, ST_FAIL, "sync-failed: %s", f->path);

	f->fd = -1;
	if (close(fd) != 0 && ok)
		ok = err_sys(e, ST_FAIL, "write-failed: %s", f->path);
	return ok;
}

bool
outfile_keep(struct outfile *f, struct err *e)
{
	bool ok = sync_draft(f, e) && put(f, e);

	if (ok)
		buf_release(&f->draft);
	outfile_discard(f);
	return ok;
}

void
outfile_discard(struct outfile *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
	if (f->draft.n)
		unlink(f->draft.p);
	buf_release(&f->draft);
}
