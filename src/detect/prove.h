/* SPDX-License-Identifier: MIT */
/*
 * prove.h: do the statements of rules compile over the schema of a store, and
 * give the columns that evaluation needs? An error has its place in the rule's
 * file.
 */
#ifndef DETECT_PROVE_H
#define DETECT_PROVE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/sv.h"

struct store;
struct rule;
struct catalog;

enum proof {
	PROOF_GOOD,
	PROOF_BAD,  /* *e says why */
	PROOF_NONE  /* it reads a table of a dump that is not there: *e names it */
};

/* One rule over a store with the functions of sqlfn.h. Rules that are not
 * active have nothing to prove. */
enum proof prove_rule(struct store *st, const struct rule *r, struct err *e);

/* All rules over an empty store; false for the first that is bad. */
bool prove_catalog(const struct catalog *c, struct err *e);

/* "file:line:col: message" for byte `at` of the rule's statement. */
bool prove_err(const struct rule *r, size_t at, const char *message,
    struct err *e);

#endif
