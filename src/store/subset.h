/* SPDX-License-Identifier: MIT */
/*
 * subset.h: some rows of a table, by their numbers, as a temporary view that a
 * statement can name in place of the table, or of the readable view over it.
 */
#ifndef STORE_SUBSET_H
#define STORE_SUBSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/sv.h"

struct store;

/* Which of n columns a copy needs: those it sets keep[i] of, false before. */
struct subset_choice {
	void (*choose)(void *ctx, const sv *column, size_t n, bool *keep);
	void *ctx;
};

/* Makes the view `name` with the columns of `of`, which reads `table`, over the
 * rows id, ascending, which must last as long as it; copied into a table of that
 * name, if `copy` is there, with the columns that it chooses: then it can be joined well, a statement that names it often
 * compiles in a fraction of the time that the columns of a readable view take,
 * and id need not last. Of a connection, until it is closed or the name is
 * dropped, which no query may be open for. False when the store fails. */
bool subset_make(struct store *st, const char *name, const char *of,
    const char *table, const int64_t *id, size_t n,
    const struct subset_choice *copy, struct err *e);
/* A temporary table of numbers: `columns` is their names, n rows of ncolumns in
 * v. */
bool subset_numbers(struct store *st, const char *name, const char *columns,
    const int64_t *v, size_t ncolumns, size_t n, struct err *e);
/* A temporary table of what a SELECT of ours gives now. */
bool subset_select(struct store *st, const char *name, const char *select,
    struct err *e);
/* Runs statements of ours that make something temporary; queries may be open. */
bool subset_change(struct store *st, const char *sql, struct err *e);
void subset_drop(struct store *st, const char *name);

/* A number that is another one when somebody else has written to the store. */
int64_t subset_version(struct store *st);

#endif
