/* SPDX-License-Identifier: MIT */
/* dbpriv.h: inside of struct store, for the files of store/ only. */
#ifndef STORE_DBPRIV_H
#define STORE_DBPRIV_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "store/db.h"

/* A query that was closed: a rule is run once for each window, and to compile its
 * statement takes longer than to run it over an hour. */
struct kept {
	sqlite3_stmt *s; /* NULL: none; reset, nothing bound */
	char *text;
};
enum {
	KEPT_MAX = 96,
	KEPT_MIN = 100 /* bytes: others are compiled at once */
};

/* By the processor's time, or a busy machine would change verdicts. That cannot
 * be over before the time of the clock is, which costs less to ask. */
struct deadline {
	double now; /* stopwatch_now(); 0: none */
	double cpu; /* stopwatch_cpu() */
};

struct store {
	sqlite3 *db;
	sqlite3 *held;     /* draft.c's: the connection to the store */
	sqlite3 *twin;     /* of a file without a name: another to it; or NULL */
	struct buf path;   /* as given, with NUL */
	struct buf name;   /* absolute, with NUL; empty in memory */
	enum store_mode mode;
	int guarded;       /* queries open: the authorizer is strict */
	bool watched;      /* it is set */
	bool query_only;
	struct kept kept[KEPT_MAX];
	size_t ndropped;   /* for newer ones */
	struct deadline deadline; /* of the query that runs */
	bool undecided;    /* a pattern function hit its limit */
	bool recovered;    /* see store_recovered() */
	const char *allowed[64]; /* functions that rules may call: query_allow() */
	size_t nallowed;
	sv (*replace)(void *ctx, sv sql); /* query_replace() */
	void *replace_ctx;
	struct subsetrows *subsets; /* subsetrows.c's; NULL: none */
	struct timed *timed; /* timed.c's; NULL: none */
	uint64_t scanned;  /* rows that its full scans have stepped over */
};

/* Query.c's: lets go of the statements that it keeps. */
void query_forget(struct store *st);

/* Opens the file `name`; `path` is for messages. */
bool db_connect(struct store *st, const char *path, const char *name,
    struct err *e);
/* May its views call functions such as json_extract? */
void db_trust(struct store *st);
/* Connects anew, to the file that has the name now; nothing may be prepared. */
bool db_reopen(struct store *st, struct err *e);
/* Begins a transaction that writes. *moved: there is none, since the name is
 * another file's now: db_reopen, and try again. */
bool db_begin(struct store *st, bool *moved, struct err *e);

/* *e from the last SQLite error of the connection; returns false. */
bool db_err(struct store *st, struct err *e, const char *what);
/* One or more constant statements of ours. */
bool db_exec(struct store *st, const char *sql, struct err *e);
/* Prepared and persistent; asserts that the text, which is ours, compiles. */
sqlite3_stmt *db_prepare(struct store *st, const char *sql);
void db_bind_sv(sqlite3_stmt *s, int i, sv v);
/* A column's text; empty when it is NULL. Lives until the next step. */
sv db_column_sv(sqlite3_stmt *s, int col);
/* Steps a statement without rows and resets it. */
bool db_run(struct store *st, sqlite3_stmt *s, struct err *e);

#endif
