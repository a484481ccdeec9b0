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

/*
 * Of two inputs of the same bytes and app: is one a copy of the other, of this name
 * and arrival? Two dumps whose names say that they were taken at two times are not:
 * what they show was so at both.
 */
bool home_is_copy(const struct source *src, sv name, int64_t arrived);
/* Takes to `source` what it shares with inputs that arrived later. Inside the
 * transaction that adds it. */
bool home_update(struct store *st, int64_t source, struct err *e);
/*
 * An input is known of which this is a copy. Of the two times of arrival the earlier
 * is kept, with its name; and a pull taken later vouches for more time. Nothing
 * changes when it tells neither. Outside a transaction.
 */
bool home_copy(struct store *st, const struct source *src, struct err *e);

#endif
