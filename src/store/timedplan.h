/* SPDX-License-Identifier: MIT */
/*
 * timedplan.h: what a cursor of timed.c is to read. SQLite asks that of a table
 * when it compiles a statement (https://www.sqlite.org/vtab.html#xbestindex) and
 * hands number and text of the answer, the plan, to each cursor; EXPLAIN shows the
 * text too. It is "USED SELECT ...": a statement over the table of the store, and
 * before it the bits of the columns that are wanted, in hexadecimal.
 */
#ifndef STORE_TIMEDPLAN_H
#define STORE_TIMEDPLAN_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sv.h"
#include "store/timedids.h"

enum {
	COLUMN_ID, COLUMN_TS, /* of each table */
	COLUMNS_MAX = 63      /* SQLite's bits say of each whether it is used */
};

/* A table of the store. */
struct timedplan_table {
	struct buf name;    /* with NUL */
	struct buf columns; /* their names, with NUL each */
	size_t ncolumns;
};

/* The number of a plan, in the bits of TIMEDPLAN_KIND one of these; what others
 * there are say which bounds it has. The parameters ?1 and ?2 of TIME and ORDER are
 * the first and last id to look at. */
enum {
	TIMEDPLAN_SCAN,  /* all rows */
	TIMEDPLAN_COUNT, /* one row, their number: nothing of them is wanted */
	TIMEDPLAN_ID,    /* at most one row */
	TIMEDPLAN_IDS,   /* those of a range of ids */
	TIMEDPLAN_TIME,  /* those of a range of times, in any order */
	TIMEDPLAN_ORDER, /* all by ts, of which nothing else is wanted */
	TIMEDPLAN_KIND = 7,
	TIMEDPLAN_SAME = 128, /* TIME: of rows with a request id */
	TIMEDPLAN_DOWN = 64 /* ORDER: the latest first */
};

/* Sets what xBestIndex is asked for: the plan, its arguments and cost. Result: a
 * code of SQLite. */
int timedplan_best(const struct timedplan_table *t, sqlite3_index_info *x);

/* The statement of the plan, which is within the text. Its columns are those of
 * the bits of *used in their order, and last the id (COUNT: the number). */
const char *timedplan_sql(const char *plan, uint64_t *used);
/* Appends, with NUL, the plan `order`, of ORDER, with its rows sorted. */
void timedplan_put_sorted(struct buf *b, const char *order, bool down);
/* Appends, with NUL, the plan of SCAN that reads ids alone. */
void timedplan_put_ids(struct buf *b, const struct timedplan_table *t);

/* Binds the plan's arguments v, those of xFilter, to the parameters of its
 * statement, which is reset. Result: a code of SQLite. */
int timedplan_bind(int plan, sqlite3_value **v, sqlite3_stmt *s);
/* Whole numbers low to high that have within them all times that the arguments of
 * TIME allow; the statement compares them itself. False: they allow none. */
bool timedplan_range(int plan, sqlite3_value **v, int64_t *low, int64_t *high);

/* The request id that the arguments of SAME ask for. */
sqlite3_value *timedplan_same(int plan, sqlite3_value **v);

/* Of what EXPLAIN has in P4 of VFilter: is it a whole table of the store that is
 * read, in the order of ids? Or in the order of times, which a statement may leave
 * early? *base is the table then. */
enum timedplan_reads {
	TIMEDPLAN_READS_PART, TIMEDPLAN_READS_ALL, TIMEDPLAN_READS_IN_ORDER
};
enum timedplan_reads timedplan_reads(sv plan, sv *base);

#endif
