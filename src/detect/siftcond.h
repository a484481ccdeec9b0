/* SPDX-License-Identifier: MIT */
/*
 * siftcond.h: what a row of a table must have so that a condition of SQL can
 * hold, as tests of its numbers alone: integers, NULLs, and which literals the
 * texts behind its dictionary numbers have. Whatever of the condition is not
 * understood may be anything, so that no row is left out that it lets pass.
 */
#ifndef DETECT_SIFTCOND_H
#define DETECT_SIFTCOND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/sv.h"
#include "detect/needles.h"
#include "detect/rule.h"
#include "detect/sifttable.h"
#include "detect/sqlshape.h"

/* Where a condition stands. */
struct siftscope {
	struct arena *a;
	const struct sifttable *table;
	sv alias;             /* names of columns may have it before them */
	bool alone;           /* or not, since no other table has columns */
	struct siftcells *cells;
	struct needles *needles;
	const struct sqlshape *shape; /* of the statement */
	/* The value of ":name" or "?1"; false: it is not known, or not the
	 * same for all windows. */
	bool (*param)(void *ctx, sv name, struct bind *out);
	void *ctx;
};

/* What a text can be: which of the literals it has. */
struct siftclass {
	const uint64_t *bits; /* see needles_find; NULL: it has none */
	uint32_t class;       /* for whoever gave it a number */
};

struct siftcond;

/* NULL when nothing of it narrows anything. `condition` is one or more joined
 * by AND, of which each must hold. */
struct siftcond *siftcond_make(const struct siftscope *scope,
    const sv *condition, size_t n);

/*
 * One of what a row must have, else it need not be looked at: a literal in a
 * text of some column, or, if `every`, something that all rows are asked for.
 */
struct siftgate {
	bool every;
	const struct siftneed {
		int cell;
		uint32_t needle;
	} *need;
	size_t n;
};
const struct siftgate *siftcond_gate(const struct siftcond *c);

/* Something that is asked first of every row, since it takes no time: one of a
 * few tests of one cell each, that it is NULL, or is not, is from low to high,
 * or that its text has some literal. None: any row may pass. */
struct siftfirst {
	size_t n;
	struct sifttest {
		enum sifttest_kind { SIFT_TEST_NULL, SIFT_TEST_SET,
			SIFT_TEST_RANGE, SIFT_TEST_TEXT } kind;
		int cell;
		int64_t low, high;
	} test[4];
};
struct siftfirst siftcond_first(const struct siftcond *c);
bool siftfirst_equal(const struct siftfirst *a, const struct siftfirst *b);

static inline bool
sifttest_holds(const struct sifttest *t, const struct rowcell *cell,
    const struct siftclass *class)
{
	const struct rowcell *c = &cell[t->cell];

	switch (t->kind) {
	case SIFT_TEST_NULL:
		return c->kind == ROWCELL_NULL;
	case SIFT_TEST_SET:
		return c->kind != ROWCELL_NULL;
	case SIFT_TEST_TEXT:
		return class[t->cell].bits != NULL;
	case SIFT_TEST_RANGE:
		break;
	}
	return c->kind == ROWCELL_INT ? c->i >= t->low && c->i <= t->high
	    : c->kind != ROWCELL_NULL;
}

static inline bool
siftfirst_holds(const struct siftfirst *f, const struct rowcell *cell,
    const struct siftclass *class)
{
	for (size_t i = 0; i < f->n; i++)
		if (sifttest_holds(&f->test[i], cell, class))
			return true;
	return f->n == 0;
}

/* May the row pass? class[i] is what the text of cell i is. */
bool siftcond_holds(const struct siftcond *c, const struct rowcell *cell,
    const struct siftclass *class);

#endif
