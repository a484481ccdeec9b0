/* SPDX-License-Identifier: MIT */
/*
 * rowwhole.h: rows of pages (rowscan.h) as the views app_text and request have
 * them: messages that are apart (form.h), and what many requests have alike
 * (shape). Columns that tell how are read behind those that were asked for.
 */
#ifndef STORE_ROWWHOLE_H
#define STORE_ROWWHOLE_H

#include "store/form.h"
#include "store/rowscan.h"

struct rowwhole;

enum { ROWWHOLE_PARTS = 3 + FORM_VALUES }; /* such columns, at most */

/* For n columns of a table. *out is NULL when its rows are whole as they are. */
bool rowwhole_open(struct store *st, const char *table,
    const char *const *column, size_t n, struct rowwhole **out, struct err *e);
/* The same for another thread, to be closed first. */
struct rowwhole *rowwhole_lend(const struct rowwhole *w);
/* NULL is allowed. */
void rowwhole_close(struct rowwhole *w);

/* The columns that it needs beside those that were asked for. */
size_t rowwhole_parts(const struct rowwhole *w);
const char *rowwhole_part(const struct rowwhole *w, size_t i);

/* Replaces cells of a row. Texts are there until the next. */
void rowwhole_put(struct rowwhole *w, struct rowcell *cell);

#endif
