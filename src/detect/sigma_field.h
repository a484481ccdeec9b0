/* SPDX-License-Identifier: MIT */
/*
 * sigma_field.h: which tables a Sigma log source may be, which column a field
 * is, and what the text of a record is for keywords. All names that rules may
 * use stand in the static tables of sigma_field.c.
 */
#ifndef DETECT_SIGMA_FIELD_H
#define DETECT_SIGMA_FIELD_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/sv.h"

enum sigma_table {
	ON_REQUEST,  /* router lines */
	ON_ACCESS,   /* access lines of the app's server */
	ON_APP,      /* every other line of the app */
	ON_POSTGRES, /* those of them that Postgres wrote */
	ON_PLATFORM,
	ON_WAITLIST, /* dumps */
	ON_CONSOLE,
	ON_CUSTOMER,
	SIGMA_TABLE_N
};

enum { SIGMA_PARTS_MAX = 16, SIGMA_TABLES_MAX = 5 };

/* A part of the text that keywords search. */
struct sigma_part {
	const char *before; /* NULL: is searched, but no part of the line */
	const char *field, *after;
};

struct sigma_source {
	const char *lines;    /* what the records are, in words */
	const char *table;    /* base table of the store */
	const char *where;    /* which rows of it; NULL: all */
	int kind;             /* of rec, see store/kind.h */
	const char *source;   /* name of detect/source.h */
	const char *key;      /* field that groups single events, or NULL */
	struct sigma_part part[SIGMA_PARTS_MAX]; /* up to a NULL field */
};

extern const struct sigma_source sigma_source[SIGMA_TABLE_N];

enum sigma_type {
	SIGMA_WORD,    /* dictionary number */
	SIGMA_TEXT,    /* the same, or the text itself */
	SIGMA_FWD,     /* the same; NULL: the client, if it is IPv4 */
	SIGMA_PLAIN,   /* text itself */
	SIGMA_NUMBER,
	SIGMA_ADDRESS, /* IPv4 integer, 8 bytes of IPv6 */
	SIGMA_UUID,    /* 16 bytes, or text */
	SIGMA_TIME     /* microseconds UTC */
};

struct sigma_field {
	const char *name;
	unsigned on;        /* bits 1 << enum sigma_table */
	const char *column;
	enum sigma_type type;
	const char *before, *after; /* function round the text, or ""; of a
	                             * time: how strftime writes it */
	const char *also; /* column with the text in another form, or NULL: a
	                   * pattern that fits either fits */
};

/* Tables for a log source, the best first, up to SIGMA_TABLE_N; NULL when raxx
 * has none like it. The first that has all fields of a rule serves it. */
const enum sigma_table *sigma_tables_of(sv category, sv product, sv service);
/* NULL when the table has no such field. */
const struct sigma_field *sigma_field_find(enum sigma_table t, sv name);

/* Appends the SQL expression of the field's value: text or number, NULL when
 * the record has none. */
void sigma_field_value(struct buf *b, const struct sigma_field *f);
/* The same, always text. */
void sigma_field_text(struct buf *b, const struct sigma_field *f);
/* The text of a record of the table as one line, never NULL. */
void sigma_field_line(struct buf *b, enum sigma_table t);

#endif
