/* SPDX-License-Identifier: MIT */
/* sqlvalue.h: arguments and results of our SQL functions. */
#ifndef STORE_SQLVALUE_H
#define STORE_SQLVALUE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/sv.h"

/* The bytes of a blob, else of the value as text; null for NULL. They live as long
 * as the argument, until it is asked for in another form. */
sv sqlvalue_bytes(sqlite3_value *v);
bool sqlvalue_any_null(int n, sqlite3_value **v);

/* The text is the result, copied; null: NULL is. */
void sqlvalue_give(sqlite3_context *c, sv text);
/* The buffer is, and is released. */
void sqlvalue_give_buf(sqlite3_context *c, struct buf *b);

#endif
