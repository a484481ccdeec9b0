/* SPDX-License-Identifier: MIT */
/* bulkbind.h: a row that was made for a page (bulkrow.h), as the values of a
 * statement. */
#ifndef STORE_BULKBIND_H
#define STORE_BULKBIND_H

#include <sqlite3.h>

#include "store/bulkrow.h"

/* Parameters from 1 on become the columns of the row, the first one the id. Its
 * texts must stay as they are as long as the binding. */
void bulkbind_row(sqlite3_stmt *s, int64_t id, const struct bulkrow *r);

#endif
