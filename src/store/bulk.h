/* SPDX-License-Identifier: MIT */
/*
 * bulk.h: the rows that one input adds, written as pages by ourselves
 * (bulktree.h): several times faster than INSERT, which binds every column.
 * They come into the store in one of two ways:
 *   - bulk_move: the pages are a database of their own beside it, in memory or
 *     in a file, from which SQLite moves the records as they are;
 *   - bulk_extend: a copy of the store's file whose trees go on with these
 *     pages; it then takes the place of the file (draft.h).
 */
#ifndef STORE_BULK_H
#define STORE_BULK_H

#include "record/rec.h"
#include "store/bulktable.h"

struct store;

/* What is written so: the kinds of records by their number, and these. */
enum {
	BULK_STR = REC_NONE,
	BULK_REJECT = REC_KIND_N,
	BULK_FORM,
	BULK_SHAPE,
	BULK_STRETCH,
	BULK_N
};

struct bulk {
	struct bulkpages pages;
	struct bulktable table[BULK_N];
	int64_t source;  /* of the rejects, on which they have an index */
	uint32_t base;   /* pages of the store */
	bool open;       /* between bulk_open and bulk_release */
};

/* False: audit rows of customers have indexes, so SQLite inserts them. */
static inline bool
bulk_takes(int what)
{
	return what != REC_CUSTOMER;
}

const char *bulk_table_name(int what);

/* `source`: the input that all rejects will name; those that the store has name
 * none that is larger. `base`: pages of the store that will get the rows.
 * `path`: the file for what memory does not hold, borrowed. */
void bulk_open(struct bulk *b, int64_t source, uint32_t base,
    const char *path);
void bulk_release(struct bulk *b);

/* Before the first row of a table: the largest id that the store has there. */
static inline void
bulk_begin(struct bulk *b, int what, int64_t before)
{
	bulktable_begin(&b->table[what], before);
}

/* A row whose id is larger than all others of the table, of a reject by one. */
static inline bool
bulk_add(struct bulk *b, int what, int64_t id, const struct bulkrow *r,
    struct err *e)
{
	return bulktable_add(&b->table[what], id, r, e);
}

/* Bytes of pages so far. */
uint64_t bulk_size(const struct bulk *b);
bool bulk_is_empty(const struct bulk *b);

/* Moves the rows into the store, in the transaction that is open there. When
 * that has ended, bulk_detach must follow. */
bool bulk_move(struct bulk *b, struct store *st, struct err *e);
void bulk_detach(struct store *st);

/* Has the store pages as we write them? Somebody may have run VACUUM. */
bool bulk_may_extend(struct store *st);
/* Makes the file a copy of the store with the rows in it. The store is locked
 * and unchanged since bulk_open. */
bool bulk_extend(struct bulk *b, struct store *st, struct err *e);

#endif
