/* SPDX-License-Identifier: MIT */
/*
 * siftplan.h: where a statement reads a table of the log, and what rows of it
 * must have there to matter. A table of its WITH that goes exactly like
 *
 *   SELECT source, ts / 60000000 AS minute, count(*) AS n FROM request
 *   GROUP BY source, minute
 *
 * (but for blanks and the case of letters) need not be counted anew.
 */
#ifndef DETECT_SIFTPLAN_H
#define DETECT_SIFTPLAN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/sv.h"
#include "detect/siftcond.h"

struct siftscan {
	const struct sifttable *table; /* NULL: the requests of each minute */
	size_t at;       /* byte of the statement where its name stands, or the
	                  * SELECT of the minutes */
	sv name;         /* there */
	bool named;      /* an alias follows */
	bool joined;     /* with others */
	bool star;       /* columns that are not named may matter */
	struct siftcond *cond; /* NULL: nothing is known of a row alone */
	/* Its rows matter only if a row of another scan has the same request
	 * id: which one (of the plan), or -1; and the cell of that column. */
	int peer, id_cell;
};

struct siftplan {
	struct siftscan *scan; /* in the order of the text */
	size_t n;
	size_t *str;     /* bytes where a table of its WITH reads str alone */
	size_t nstrs;
	bool whole;      /* nothing else gives the statement rows: all parts of
	                  * its main SELECT read one of these alone */
};

/* Cells of tables by their base: cells(ctx, table). */
struct siftasker {
	struct needles *needles;
	struct siftcells *(*cells)(void *ctx, const struct sifttable *t);
	bool (*param)(void *ctx, sv name, struct bind *out);
	void *ctx;
};

void siftplan_make(struct arena *a, sv sql, const struct siftasker *asker,
    struct siftplan *out);

#endif
