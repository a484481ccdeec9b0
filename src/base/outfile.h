/* SPDX-License-Identifier: MIT */
/*
 * outfile.h: a file that is written whole or not at all. Until it is kept its
 * bytes are in a draft, PATH.XXXXXX beside it, readable by its owner only; so a
 * run that fails leaves what was there before, and one that is killed leaves
 * that and the draft.
 */
#ifndef BASE_OUTFILE_H
#define BASE_OUTFILE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/err.h"

struct outfile {
	const char *path; /* borrowed */
	bool replace;     /* a file was there, and may be replaced */
	int fd;           /* of the draft; -1: none */
	struct buf draft; /* its name, ends in NUL */
};

#define OUTFILE_INIT { .fd = -1 }

/* May PATH be written at all? False with ST_FAIL "output-refused" for all but
 * a regular file; a link is none. *there: it exists, and is *sb; otherwise
 * errno is ENOENT. Nothing is opened. */
bool outfile_look(const char *path, bool *there, struct stat *sb,
    struct err *e);
/* True: outfile_keep or outfile_discard must follow. A file that exists is
 * refused ("output-exists") unless forced. */
bool outfile_open(struct outfile *f, const char *path, bool force,
    struct err *e);
bool outfile_write(struct outfile *f, sv bytes, struct err *e);
/* Syncs the draft and gives it its name; on false it is discarded. A file that
 * came since outfile_open stays, forced or not. */
bool outfile_keep(struct outfile *f, struct err *e);
void outfile_discard(struct outfile *f); /* one not open is allowed */

#endif
