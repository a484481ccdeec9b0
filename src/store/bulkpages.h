/* SPDX-License-Identifier: MIT */
/*
 * bulkpages.h: the pages of a database that we write ourselves: behind those it
 * has (the base), and over pages of the base that are not used any more. They
 * are in memory or, above a bound, in a file; a file may come with a base that
 * is a hole until it is filled.
 */
#ifndef STORE_BULKPAGES_H
#define STORE_BULKPAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum {
	BULK_PAGE = 8192 /* bytes: as create_schema() of db.c has it */
};

struct bulkpages {
	uint32_t next;       /* the first number that is not taken */
	uint32_t *spare;     /* of the base, to be used first */
	size_t nspare;
	struct buf mem;      /* from page 1 on; while there is no file */
	const char *path;    /* of the file once it is needed; NULL: memory only */
	size_t mem_max;      /* bytes in memory; above, in the file */
	int fd;              /* -1: none */
	bool stays;          /* the file will be synced: the caller sets it */
	size_t behind;       /* bytes written since the disk began with some */
};

/* `base`: pages there are. `path` is borrowed. */
void bulkpages_init(struct bulkpages *p, uint32_t base, const char *path,
    size_t mem_max);
/* The file, if there is one, is removed. */
void bulkpages_release(struct bulkpages *p);

/* Numbers at the end for up to `want` pages in a row; *got is 1 at least. */
uint32_t bulkpages_run(struct bulkpages *p, uint32_t want, uint32_t *got);
/* A number: a spare one if there is any. */
uint32_t bulkpages_one(struct bulkpages *p);
/* To be used again. */
void bulkpages_spare(struct bulkpages *p, uint32_t page);

/* Writes n pages in a row, taken or of the base. */
bool bulkpages_put(struct bulkpages *p, uint32_t page, const void *bytes,
    size_t n, struct err *e);
/* From now on in the file. */
bool bulkpages_to_file(struct bulkpages *p, struct err *e);
/* The file is somebody else's from now on. */
void bulkpages_leave(struct bulkpages *p);
/* Is there a file? Otherwise all is in p->mem. */
static inline bool
bulkpages_in_file(const struct bulkpages *p)
{
	return p->fd >= 0;
}

#endif
