/* SPDX-License-Identifier: MIT */
/*
 * sigma_column.h: tests of text columns. They hold numbers of the dictionary,
 * or seldom the text itself. So the tests are made once over the dictionary, as
 * a table "kN" of the statement, and the rows compare numbers; where the table
 * is empty, as it mostly is, not even these.
 */
#ifndef DETECT_SIGMA_COLUMN_H
#define DETECT_SIGMA_COLUMN_H

#include "detect/sigma_test.h"

/* Does the field have numbers of the dictionary? */
bool sigma_column_is(const struct sigma_field *f);
/* Appends the tests of the column of f and, where a record has it, of its other
 * form. */
void sigma_column(struct sigma_sql *c, const struct sigma_tests *t,
    const struct sigma_field *f);
/* The same of any of n such fields without a function round them. */
void sigma_columns(struct sigma_sql *c, const struct sigma_tests *t,
    const struct sigma_field *const *f, size_t n);

#endif
