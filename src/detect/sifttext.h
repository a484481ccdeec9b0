/* SPDX-License-Identifier: MIT */
/*
 * sifttext.h: what the text of a column must have so that a comparison or a
 * call can hold: literals, for needles.h. For siftcond.c.
 */
#ifndef DETECT_SIFTTEXT_H
#define DETECT_SIFTTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/sv.h"
#include "detect/needles.h"
#include "detect/rule.h"
#include "detect/sqlexpr.h"
#include "detect/sqlshape.h"

struct sifttext {
	struct arena *a;
	struct needles *needles;
	const struct sqlshape *shape;
	bool (*param)(void *ctx, sv name, struct bind *out);
	void *ctx;
};

struct sifttext_list {
	sv *v;
	size_t n;
};

/* A whole number, or a parameter that is one. */
bool sifttext_int(const struct sifttext *t, sv text, int64_t *out);
/* Texts: one; of IN, what stands in its parentheses: several, or the items of
 * a parameter that is a JSON array. */
bool sifttext_values(const struct sifttext *t, sv text, bool in,
    struct sifttext_list *out);
/* The texts whose numbers are asked for: SELECT id FROM str WHERE s = ... */
bool sifttext_ids(const struct sifttext *t, sv text,
    struct sifttext_list *out);
/* coalesce(COLUMN, '') */
bool sifttext_coalesced(sv text, sv *column);

/* What follows appends to *needs (of uint32_t) the numbers of literals of which
 * the text has one; false: that is not known, and *needs as it was. */
void sifttext_need(const struct sifttext *t, sv literal, bool at_start,
    bool at_end, struct buf *needs);
/* Of the texts in a table of the WITH: SELECT id FROM str WHERE ... */
bool sifttext_table(const struct sifttext *t, sv name, struct buf *needs);
/* Of a call that says something about the text of one column. */
bool sifttext_call(const struct sifttext *t, const struct sqlexpr *e,
    sv *column, struct buf *needs);

#endif
