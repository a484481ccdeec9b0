/* SPDX-License-Identifier: MIT */
/*
 * sigma_match.h: the detection part of a Sigma rule -> one SQL expression over
 * a base table, which is 0 or 1 and never NULL. A comparison with a field that
 * a record lacks is false, so `not` of it is true. All values are bound.
 */
#ifndef DETECT_SIGMA_MATCH_H
#define DETECT_SIGMA_MATCH_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "detect/rule.h"
#include "detect/sigma_field.h"
#include "parse/yaml.h"

struct sigma_sql {
	struct arena *a;
	sv file;
	struct err *e;
	enum sigma_table table;
	struct buf sql;
	struct bind *bind; /* ?1 first; in the arena */
	size_t nbinds, cap;
	sv missing;        /* first field that the table lacks, or null */
	const struct yaml *missing_at;
};

/* Appends the expression of a `detection:` map to c->sql. */
bool sigma_match(struct sigma_sql *c, const struct yaml *detection);

#endif
