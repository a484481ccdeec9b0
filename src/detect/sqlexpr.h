/* SPDX-License-Identifier: MIT */
/*
 * sqlexpr.h: a condition of SQL taken apart into what is joined by AND, OR and
 * NOT, down to comparisons, whose sides stay text. What is not understood stays
 * one piece, so that a reader can say of it that it knows nothing. All views
 * point into the text. Made for conditions that SQLite accepts.
 */
#ifndef DETECT_SQLEXPR_H
#define DETECT_SQLEXPR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/sv.h"

enum sqlexpr_kind {
	SQLEXPR_OTHER,   /* not understood */
	SQLEXPR_AND,     /* of its kids; so OR */
	SQLEXPR_OR,
	SQLEXPR_NOT,     /* of its kid; so IS TRUE, IS FALSE */
	SQLEXPR_IS_TRUE,
	SQLEXPR_IS_FALSE,
	SQLEXPR_IS_NULL, /* left */
	SQLEXPR_IS,      /* left IS right, of any value */
	SQLEXPR_EQ,      /* left and right; <> is its NOT; so the others */
	SQLEXPR_LT,
	SQLEXPR_LE,
	SQLEXPR_GT,
	SQLEXPR_GE,
	SQLEXPR_IN       /* right: a name, or what stands in the parentheses */
};

struct sqlexpr {
	enum sqlexpr_kind kind;
	sv text;
	sv left, right;
	bool list; /* of IN: right stood in parentheses */
	struct sqlexpr *kid, *next;
};

/* Never NULL. */
struct sqlexpr *sqlexpr_read(struct arena *a, sv text);

/* Without the parentheses around all of it, and blanks. */
sv sqlexpr_bare(sv text);

#endif
