/* SPDX-License-Identifier: MIT */
#include "store/spill.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/oom.h"

enum { PIECE = 1 << 16 }; /* methods of SQLite take no more at once */

static bool
failed(struct err *e, const char *what)
{
	return err_sys(e, ST_FAIL, "%s: temporary file", what);
}

static bool
open_file(struct spill *s, struct err *e)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	sqlite3_file *f = calloc(1, (size_t)vfs->szOsFile);
	int got;

	if (f == NULL)
		oom();
	if (vfs->xOpen(vfs, NULL, f, SQLITE_OPEN_TEMP_DB | SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE |
	    SQLITE_OPEN_DELETEONCLOSE, &got) == SQLITE_OK) {
		s->file = f;
		return true;
	}
	free(f);
	return failed(e, "write-failed");
}

bool
spill_write(struct spill *s, const void *p, size_t n, struct err *e)
{
	const char *from = p;

	if (s->file == NULL && !open_file(s, e))
		return false;
	for (size_t step; n; from += step, n -= step) {
		step = n < PIECE ? n : PIECE;
		if (s->file->pMethods->xWrite(s->file, from, (int)step,
		    s->size) != SQLITE_OK)
			return failed(e, "write-failed");
		s->size += (int64_t)step;
	}
	return true;
}

bool
spill_read(struct spill *s, int64_t at, void *p, size_t n, struct err *e)
{
	char *to = p;

	for (size_t step; n; to += step, at += (int64_t)step, n -= step) {
		step = n < PIECE ? n : PIECE;
		if (s->file->pMethods->xRead(s->file, to, (int)step, at) !=
		    SQLITE_OK)
			return failed(e, "read-failed");
	}
	return true;
}

void
spill_clear(struct spill *s)
{
	s->size = 0;
}

void
spill_release(struct spill *s)
{
	if (s->file)
		s->file->pMethods->xClose(s->file);
	free(s->file);
	*s = (struct spill)SPILL_INIT;
}
