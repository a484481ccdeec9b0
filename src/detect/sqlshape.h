/* SPDX-License-Identifier: MIT */
/*
 * sqlshape.h: the shape of a SELECT: the tables of its WITH, the parts of a
 * compound, their clauses, the terms that AND joins. Only what stands at the
 * top is taken apart; what is in parentheses stays one piece. All views point
 * into the text. Made for statements that SQLite accepts: of others the shape
 * may be wrong, but never outside the text.
 */
#ifndef DETECT_SQLSHAPE_H
#define DETECT_SQLSHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/sv.h"

struct sqlcte { /* NAME (COLUMNS) AS MATERIALIZED (BODY) */
	sv name;    /* without quotes */
	sv text;    /* all of it */
	sv body;    /* without its parentheses */
};

struct sqlshape {
	struct sqlcte *cte;
	size_t nctes;
	bool recursive; /* WITH RECURSIVE */
	sv main;        /* what follows the WITH; empty: there is nothing */
};

/* False when a WITH is not one: then all of the text is `main`. */
bool sqlshape_read(struct arena *a, sv sql, struct sqlshape *out);

/* One SELECT, or VALUES, of a compound; a clause that is missing is empty. The
 * views leave the keywords out but for `rest`. */
struct sqlpart {
	sv text;   /* all of it, for VALUES too */
	sv list;   /* with DISTINCT; empty for VALUES */
	sv from, where, group, having;
	sv window; /* WINDOW clause, with the keyword */
	sv rest;   /* ORDER BY and LIMIT, with the keywords */
};

/* Parts of a compound in order; 0 when it is none. */
size_t sqlshape_parts(struct arena *a, sv select, struct sqlpart **out);

/* Terms of a condition that AND joins at the top; 0 when it is empty. */
size_t sqlshape_terms(struct arena *a, sv condition, sv **out);

struct sqlsource {
	sv name;       /* table, view or WITH table; null for a subquery */
	sv body;       /* of a subquery, without its parentheses */
	bool optional; /* right of a LEFT JOIN: rows are kept without it */
};

/* What a FROM clause reads. */
size_t sqlshape_sources(struct arena *a, sv from, struct sqlsource **out);

/* Where a name that is not quoted away in text or comments stands in sql: the
 * byte, or sql.n. Letters in either case. */
size_t sqlshape_find(sv sql, sv name);

#endif
