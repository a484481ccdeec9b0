/* SPDX-License-Identifier: MIT */
/*
 * home.h: a record belongs to the earliest arrived of the inputs that hold it,
 * whatever the order in which they were loaded. Counts of the inputs follow.
 */
#ifndef STORE_HOME_H
#define STORE_HOME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "record/sink.h"

struct store;

/* Takes to `source` what it shares with inputs that arrived later. Inside the
 * transaction that adds it. */
bool home_update(struct store *st, int64_t source, struct err *e);
/*
 * An input of the same bytes is known. Of the two times of arrival the earlier
 * is kept, with its name; and a pull taken later vouches for more time. Nothing
 * changes when it tells neither. Outside a transaction.
 */
bool home_copy(struct store *st, const struct source *src, struct err *e);

#endif
