/* SPDX-License-Identifier: MIT */
/*
 * draft.h: a file that is to take the place of a store's. The store is locked
 * meanwhile, so no other process adds to it; one that comes to the lock later
 * finds that the file is another (store_begin). STORE-load beside the store is
 * the draft. It means nothing to anyone: the next run that needs it begins
 * anew, and it may be removed while nothing writes to the store.
 */
#ifndef STORE_DRAFT_H
#define STORE_DRAFT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

struct store;

/* The name that a draft has; of a store in memory it is a temporary file. */
void draft_name(struct store *st, struct buf *name);
/* May the file be replaced? Not one with several names. */
bool draft_possible(struct store *st);
/* From now on the connection is one to the draft, in a transaction. */
bool draft_open(struct store *st, const char *path, struct err *e);
/* Ends the transaction; the draft becomes the store, and the connection is one
 * to it. One in memory is a file without a name then. On false draft_drop must follow. */
bool draft_keep(struct store *st, const char *path, struct err *e);
/* The draft is removed and the connection is again the one to the store, which
 * stayed as it was. Without a draft nothing happens. */
void draft_drop(struct store *st, const char *path);

#endif
