/* SPDX-License-Identifier: MIT */
#include "store/draft.h"

#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/attr.h"
#include "store/dbpriv.h"

/* Folders for temporary files, as SQLite has them. */
static const char *const folders[] = { "/var/tmp", "/usr/tmp", "/tmp", "." };

void
draft_name(struct store *st, struct buf *name)
{
	uint64_t any;
	size_t i = 0;

	if (st->mode != STORE_MEMORY) {
		buf_printf(name, "%s-load%c", st->name.p, '\0');
		return;
	}
	while (i + 1 < countof(folders) && access(folders[i], W_OK | X_OK) != 0)
		i++;
	sqlite3_randomness(sizeof(any), &any);
	buf_printf(name, "%s/raxx-%016llx%c", folders[i],
	    (unsigned long long)any, '\0');
}

bool
draft_possible(struct store *st)
{
	struct stat sb;

	return st->mode == STORE_MEMORY || (st->mode == STORE_WRITE &&
	    stat(st->name.p, &sb) == 0 && sb.st_nlink == 1);
}

/* Nothing is lost with a draft: it needs no journal, and is synced once. */
bool
draft_open(struct store *st, const char *path, struct err *e)
{
	query_forget(st);
	st->held = st->db;
	st->db = NULL;
	if (!db_connect(st, path, path, e) || !db_exec(st,
	    "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
	    "PRAGMA cache_size=-65536; BEGIN IMMEDIATE;", e))
		return false;
	db_trust(st);
	return true;
}

/* To the disk, with the owner and mode of the store. */
static bool
sync_draft(struct store *st, const char *path, struct err *e)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	struct stat sb;
	bool ok = fd >= 0 && stat(st->name.p, &sb) == 0 &&
	    (geteuid() != 0 || fchown(fd, sb.st_uid, sb.st_gid) == 0) &&
	    fchmod(fd, sb.st_mode & 07777) == 0;

	if (!ok)
		err_sys(e, ST_FAIL, "write-failed: %s", path);
	else if (fsync(fd) != 0)
		ok = err_sys(e, ST_FAIL, "sync-failed: %s", path);
	if (fd >= 0 && close(fd) != 0 && ok)
		ok = err_sys(e, ST_FAIL, "write-failed: %s", path);
	return ok;
}

static bool
sync_folder(struct store *st, struct err *e)
{
	struct buf b = BUF_INIT;
	bool ok;
	int fd;

	buf_mem(&b, st->name.p, st->name.n);
	fd = open(dirname(b.p), O_RDONLY | O_CLOEXEC | O_DIRECTORY);
	buf_release(&b);
	ok = fd >= 0 && fsync(fd) == 0;
	if (!ok)
		err_sys(e, ST_FAIL, "sync-failed: folder of %s", st->path.p);
	if (fd >= 0)
		close(fd);
	return ok;
}

/* Somebody may have moved or removed the store, lock or not. */
static bool
take_place(struct store *st, const char *path, struct err *e)
{
	int moved = 0;

	sqlite3_file_control(st->held, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
	if (moved)
		return err_set(e, ST_FAIL, "write-failed: %s: somebody moved "
		    "it meanwhile", st->path.p);
	return rename(path, st->name.p) == 0 ||
	    err_sys(e, ST_FAIL, "write-failed: %s", st->path.p);
}

/* Nothing outlives the program. Once the name is gone no connection can be made:
 * rowscan.c's is made before. */
static bool
keep_nameless(struct store *st, const char *path, struct err *e)
{
	if (!db_exec(st, "PRAGMA journal_mode=MEMORY", e))
		return false;
	if (sqlite3_open_v2(path, &st->twin, SQLITE_OPEN_READONLY |
	    SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
		sqlite3_close(st->twin);
		st->twin = NULL;
	}
	unlink(path);
	sqlite3_close(st->held);
	st->held = NULL;
	return true;
}

bool
draft_keep(struct store *st, const char *path, struct err *e)
{
	bool synced;

	if (!db_exec(st, "COMMIT", e))
		return false;
	if (st->mode == STORE_MEMORY)
		return keep_nameless(st, path, e);
	query_forget(st);
	sqlite3_close(st->db);
	st->db = NULL;
	if (!sync_draft(st, path, e) || !take_place(st, path, e))
		return false;
	synced = sync_folder(st, e);
	sqlite3_close(st->held); /* gives up the lock */
	st->held = NULL;
	return db_reopen(st, e) && synced;
}

void
draft_drop(struct store *st, const char *path)
{
	if (st->held == NULL)
		return;
	unlink(path);
	query_forget(st);
	sqlite3_close(st->db);
	st->db = st->held;
	st->held = NULL;
}
