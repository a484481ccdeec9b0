/* SPDX-License-Identifier: MIT */
/*
 * sigma_field.h: which table a Sigma log source is, and which column a field
 * is. All names that rules may use stand in two static tables here.
 */
#ifndef DETECT_SIGMA_FIELD_H
#define DETECT_SIGMA_FIELD_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/sv.h"

enum sigma_table { ON_REQUEST, ON_ACCESS, ON_APP, SIGMA_TABLE_N };

struct sigma_source {
	const char *table;    /* base table of the store */
	int kind;             /* of rec, see store/kind.h */
	const char *source;   /* name of detect/source.h */
	const char *key;      /* field that groups single events, or NULL */
	const char *keywords[4]; /* fields that keywords search */
};

extern const struct sigma_source sigma_source[SIGMA_TABLE_N];

enum field_type {
	FIELD_TEXT,    /* dictionary number, or the text itself */
	FIELD_NUMBER,
	FIELD_ADDRESS, /* IPv4 integer, 8 bytes of IPv6 */
	FIELD_UUID     /* 16 bytes, or text */
};

struct sigma_field {
	const char *name;
	enum sigma_table table;
	const char *column;
	enum field_type type;
	const char *before, *after; /* function round the text, or "" */
	const char *also; /* column with the text in another form, or NULL: a
	                   * pattern that fits either fits */
};

/* First table for a log source; false when raxx has none like it. */
bool sigma_table_of(sv category, sv product, sv service,
    enum sigma_table *out);
/* NULL when the table has no such field. */
const struct sigma_field *sigma_field_find(enum sigma_table t, sv name);

/* Appends the SQL expression of the field's value: text or number, NULL when
 * the record has none. */
void sigma_field_value(struct buf *b, const struct sigma_field *f);
/* The same, always text. */
void sigma_field_text(struct buf *b, const struct sigma_field *f);

#endif
