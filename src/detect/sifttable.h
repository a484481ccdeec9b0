/* SPDX-License-Identifier: MIT */
/*
 * sifttable.h: the tables of the log that are sifted, the readable views over
 * them, and what their columns are.
 */
#ifndef DETECT_SIFTTABLE_H
#define DETECT_SIFTTABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/sv.h"
#include "store/rowscan.h"

enum siftcol_kind {
	SIFT_INT,    /* a number */
	SIFT_WORD,   /* a text by its dictionary number; few are different */
	SIFT_TEXT,   /* the same, or the text itself; many are different */
	SIFT_OPAQUE, /* only whether it is NULL is known */
	SIFT_PAYLOAD /* of view app_events: a name for a number */
};

struct siftcol {
	const char *name;
	enum siftcol_kind kind;
	const char *also; /* the column that it is when this one is NULL */
};

struct sifttable {
	const char *name, *base;      /* base: the table behind it */
	const struct siftcol *column; /* up to one without a name */
};

/* The table, or the readable view of one, called so; NULL: it is not sifted. */
const struct sifttable *sifttable_find(sv name);
bool sifttable_is_view(const struct sifttable *t);
/* Its i-th column that may hold a number of the dictionary; NULL: no more. */
const char *sifttable_text(const struct sifttable *t, size_t i);

/* Columns of a table that are read, in order of their cells. */
struct siftcells {
	const char *name[ROWSCAN_COLUMNS];
	bool text[ROWSCAN_COLUMNS]; /* what texts it has matters */
	size_t n;
};

/* The cell of a column of the base, made if need be; -1: there is no more
 * room. */
int siftcells_add(struct siftcells *c, const char *column);

#endif
