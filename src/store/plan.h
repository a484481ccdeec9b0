/* SPDX-License-Identifier: MIT */
/*
 * plan.h: how SQLite will run a statement. It is read off the program that
 * SQLite compiles, not off EXPLAIN QUERY PLAN, whose words differ between
 * versions and name aliases instead of tables.
 */
#ifndef STORE_PLAN_H
#define STORE_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sv.h"

struct store;

struct plan_names {
	sv *name; /* sorted, each once */
	size_t n;
};

/* Tables of records, as statements call them: what happened at a time is found
 * without reading all of them, by timed.h or an index. */
void plan_event_tables(struct arena *a, struct plan_names *out);

/* Those of them that the statement reads from end to end. It must be one that
 * query_open() takes; parameters need no values. */
bool plan_scans(struct arena *a, struct store *st, sv sql,
    struct plan_names *out, struct err *e);

/* Views of the schema over a table. */
bool plan_views(struct arena *a, struct store *st, sv table,
    struct plan_names *out, struct err *e);

#endif
