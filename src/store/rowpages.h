/* SPDX-License-Identifier: MIT */
/*
 * rowpages.h: the rows of one table as the pages of a database file have them
 * (https://www.sqlite.org/fileformat2.html#b_tree_pages): inner pages name
 * pages, leaves hold rows. Every number of the file is checked before it is
 * used, since a store may be damaged: then it is refused ("store-refused").
 */
#ifndef STORE_ROWPAGES_H
#define STORE_ROWPAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "store/query.h"

struct sqlite3_file;

struct rowpages {
	struct sqlite3_file *file; /* borrowed */
	size_t page_size, usable;
	uint32_t pages;      /* of the file */
	uint32_t *leaf;      /* pages with rows, in their order */
	size_t nleaves, next; /* next: the first that was not read */
	uint8_t *ahead;      /* some of them */
	size_t nahead;       /* of these: the current one is the first */
	const uint8_t *page; /* it; NULL: none was read */
	size_t at, ncells;   /* of it */
	struct buf spill;    /* a row that goes on in other pages */
};

/* A row: as many bytes, behind which ROWPAGES_SLACK more can be read, so that
 * its numbers may be loaded whole. It is there until the next. */
struct rowpages_row {
	int64_t id;
	const uint8_t *p;
	size_t n;
};

enum { ROWPAGES_SLACK = 8 };

/* False: the file cannot be read so. It may have its newest pages elsewhere. */
bool rowpages_open(struct rowpages *r, struct sqlite3_file *file);
void rowpages_close(struct rowpages *r); /* also of one that is all zero */

/* Finds the leaves below `root`. */
bool rowpages_find(struct rowpages *r, uint32_t root, struct err *e);

/* QUERY_MORE, QUERY_DONE or QUERY_FAILED. */
enum query_end rowpages_next(struct rowpages *r, struct rowpages_row *out,
    struct err *e);

/* Before the first row: the leaves of `r` from number `from` on become those of
 * `rest`, which reads `file`. False, and nothing is done: that is not the same
 * file in the same state. */
bool rowpages_split(struct rowpages *r, size_t from,
    struct sqlite3_file *file, struct rowpages *rest);

/* False, with what is said of a damaged store. */
bool rowpages_damaged(struct err *e);

#endif
