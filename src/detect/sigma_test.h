/* SPDX-License-Identifier: MIT */
/*
 * sigma_test.h: the values of an item as tests of SQL: groups joined by AND
 * (one without the modifier `all`), in a group tests joined by OR. Values are
 * bound; a test is not true, but may be NULL, where the record has no field.
 */
#ifndef DETECT_SIGMA_TEST_H
#define DETECT_SIGMA_TEST_H

#include <stdbool.h>

#include "detect/sigma_mod.h"
#include "detect/sigma_sql.h"

enum sigma_how {
	TEST_NULL,
	TEST_WILD, /* patterns */
	TEST_RE,
	TEST_NUMBER,
	TEST_NET,
	TEST_TIME, /* a part of a time */
	TEST_REF   /* another field */
};

struct sigma_test {
	enum sigma_how how;
	sv text;     /* pattern (of many, a line each) or regular expression */
	size_t bind; /* number of the parameter; 0: not bound yet */
	const struct sigma_field *other; /* TEST_REF; NULL: missing */
};

struct sigma_group {
	struct sigma_test *t;
	size_t n; /* 0: nothing fits, the list of a placeholder is empty */
};

struct sigma_tests {
	const struct sigma_field *f; /* NULL: keywords, or a missing field */
	bool keywords;
	struct sigma_mods mods;
	struct sigma_group *g;
	size_t n;
};

/* Reads the value or list of values *y for f, keywords and mods of *t. All but
 * patterns and regular expressions are bound. */
bool sigma_tests_read(struct sigma_sql *c, const struct yaml *y,
    struct sigma_tests *t);
/* Binds patterns, those of a group as one list, and regular expressions. */
void sigma_tests_bind(struct sigma_sql *c, struct sigma_tests *t);

/* Are all of them tests of a text? */
bool sigma_tests_textual(const struct sigma_tests *t);
/* Appends textual tests of the SQL expression before + text + after. */
void sigma_tests_text(struct buf *b, const struct sigma_tests *t,
    const char *before, const char *text, const char *after);
/* Appends the tests of the field. */
void sigma_tests_field(struct buf *b, const struct sigma_tests *t);

/* The pattern without its '\'; null view when it has a wildcard. */
sv sigma_plain(struct arena *a, sv pattern);

#endif
