/* SPDX-License-Identifier: MIT */
/*
 * query.h: read-only statements over a store, the way rules run them: one
 * statement, no writes, allowed functions only, time and row limits. This is
 * how code outside store/ reads the database without knowing SQLite.
 */
#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/sv.h"

struct store;
struct query;

enum query_end {
	QUERY_MORE,    /* a row is there */
	QUERY_DONE,    /* all rows were seen */
	QUERY_LIMIT,   /* time, row or memory limit, or a pattern hit its own */
	QUERY_FAILED   /* error, see *e */
};

/*
 * Compiles one SELECT. NULL with *e set (the message holds SQLite's text, and
 * the byte offset of the error in `*at` when at is not NULL and it is known,
 * else -1) for anything but one read-only SELECT. The text is copied.
 */
struct query *query_open(struct store *st, sv sql, int *at, struct err *e);
/* A function registered for rules: they may call it besides those of
 * sqlallow.h. The name stays the caller's, a constant. */
void query_allow(struct store *st, const char *function);
/* From now on, until NULL is given, this text is compiled in place of one that
 * query_open gets: what replace(ctx, sql) gives, which may be sql itself. */
void query_replace(struct store *st, sv (*replace)(void *ctx, sv sql),
    void *ctx);
void query_close(struct query *q);

/* Parameters by name without the colon. False when the statement has no such
 * parameter. Text is copied. */
bool query_bind_i64(struct query *q, const char *name, int64_t v);
bool query_bind_real(struct query *q, const char *name, double v);
bool query_bind_text(struct query *q, const char *name, sv v);
/* By number from 1, for statements compiled by us with ?1 ?2 ... */
void query_bind_i64_at(struct query *q, int i, int64_t v);
void query_bind_real_at(struct query *q, int i, double v);
void query_bind_text_at(struct query *q, int i, sv v);
/* i-th parameter's name without the colon, or NULL; i from 1. */
const char *query_param(struct query *q, int i);

/* Seconds of the processor's work that are allowed from now on (0 = no limit),
 * and rows. */
void query_limit(struct query *q, double seconds, uint64_t rows);
/* Bytes that SQLite may hold for it, QUERY_MEMORY if nobody says otherwise. */
enum { QUERY_MEMORY = 512 << 20 };
void query_limit_memory(struct query *q, int64_t bytes);
enum query_end query_next(struct query *q, struct err *e);
/* Which one ended it with QUERY_LIMIT: "time", "rows", "memory", "a pattern". */
const char *query_limit_hit(const struct query *q);

/* What statements have cost. */
struct query_cost {
	uint64_t rows;    /* returned */
	uint64_t steps;   /* of SQLite's virtual machine */
	uint64_t scanned; /* rows stepped over in full scans of a table */
	uint64_t sorts;
};
/* Adds what q has cost since it was asked last. */
void query_cost(struct query *q, struct query_cost *sum);
void query_cost_add(struct query_cost *sum, const struct query_cost *more);

/* Columns of the current row, from 0. Views live until the next query_next. */
int query_columns(struct query *q);
sv query_column_name(struct query *q, int col);
/* Number of the column called name, or -1. */
int query_column(struct query *q, const char *name);
bool query_is_null(struct query *q, int col);
int64_t query_i64(struct query *q, int col);
double query_real(struct query *q, int col);
sv query_text(struct query *q, int col); /* null view for NULL; blobs too */

/* First column of the first row of a constant statement of ours; *out stays when
 * there is no row or it is NULL. Asserts that it compiles. False when the store
 * fails. */
bool query_read_i64(struct store *st, const char *sql, int64_t *out,
    struct err *e);
/* The same, `def` for none, where a store that fails will be met again soon. */
int64_t query_one_i64(struct store *st, const char *sql, int64_t def);

#endif
