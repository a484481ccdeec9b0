/* SPDX-License-Identifier: MIT */
/*
 * sqlfnset.h: inside of sqlfn.h: functions of one subject each, from a file of its
 * own. A new one is a row of a table there; a new subject a file, and a row in
 * sqlfn.c.
 *
 * Text is taken by length, so that a NUL byte hides nothing. sqlite3_user_data()
 * is the store.
 */
#ifndef DETECT_SQLFNSET_H
#define DETECT_SQLFNSET_H

#include <sqlite3.h>
#include <stddef.h>

struct sqlfn_call {
	const char *name;
	int nargs;
	void (*call)(sqlite3_context *, int, sqlite3_value **);
};

/* Aggregates; those with a value and an inverse serve windows too. */
struct sqlfn_aggregate {
	const char *name;
	int nargs;
	void (*step)(sqlite3_context *, int, sqlite3_value **);
	void (*final)(sqlite3_context *);
	void (*value)(sqlite3_context *);
	void (*inverse)(sqlite3_context *, int, sqlite3_value **);
};

struct sqlfn_set {
	const struct sqlfn_call *call;
	size_t ncalls;
	const struct sqlfn_aggregate *aggregate;
	size_t naggregates;
};

extern const struct sqlfn_set sqlfn_text, sqlfn_count, sqlfn_mail, sqlfn_web,
    sqlfn_math;

#endif
