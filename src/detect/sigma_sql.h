/* SPDX-License-Identifier: MIT */
/*
 * sigma_sql.h: an SQL statement that is being made of a Sigma rule: its text,
 * its bound values, and what keeps the rule from being served.
 */
#ifndef DETECT_SIGMA_SQL_H
#define DETECT_SIGMA_SQL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "detect/rule.h"
#include "detect/sigma_field.h"
#include "parse/yaml.h"

struct sigma_notes { /* "file:line:col: warning: ...", each once */
	sv *v;
	size_t n, cap;
};

struct sigma_sql {
	struct arena *a;
	const struct site *site; /* or NULL */
	sv file;                 /* of the document at hand */
	struct err *e;
	struct sigma_notes *notes; /* or NULL */
	enum sigma_table table;
	struct buf sql;
	struct buf with;   /* a line ", k1(id) AS MATERIALIZED (...)" a table */
	struct bind *bind; /* ?1 first; in the arena */
	size_t nbinds, cap;
	sv why;            /* why the table cannot serve it; null: it can */
	int why_line, why_col;
};

void sigma_sql_release(struct sigma_sql *c);

/* Number of the new parameter. */
size_t sigma_bind(struct sigma_sql *c, struct bind b);
size_t sigma_bind_text(struct sigma_sql *c, sv v);
/* Is there room left? Else *e says that the rule is too large. */
bool sigma_sql_fits(struct sigma_sql *c, const struct yaml *at);
/* The first reason not to serve the rule wins. */
void sigma_unserved(struct sigma_sql *c, int line, int col, const char *what,
    sv value, const char *rest);
void sigma_note(struct sigma_notes *n, struct arena *a, sv file, int line,
    int col, const char *what);
/* "file:line:col: what 'value'" where the key of `y` stands; false. */
bool sigma_key_err(struct err *e, sv file, const struct yaml *y,
    const char *what, sv value);

/*
 * Appends leaf(0) .. leaf(n - 1) to *b as a balanced tree: SQLite limits the
 * depth of an expression, and lists are long. False when a leaf is.
 */
bool sigma_tree(struct buf *b, size_t n, const char *op,
    bool (*leaf)(void *ctx, size_t i), void *ctx);

#endif
