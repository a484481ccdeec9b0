/* SPDX-License-Identifier: MIT */
/*
 * plainsql.h: the statements of a rule as a script for the sqlite3 shell: every
 * value but the window stands in them as a literal. What functions of raxx a
 * statement calls, which the shell does not have, is said in a comment.
 */
#ifndef DETECT_PLAINSQL_H
#define DETECT_PLAINSQL_H

#include <stdint.h>

#include "base/buf.h"
#include "detect/rule.h"

struct hits_env;

/*
 * Appends the script: for an SQL rule its statement, for a Sigma rule that of
 * every arm, whose rows are the events that raxx then counts. `env` gives what
 * a run knows; its store is not read. A fact that site.yml lacks is NULL, with
 * a comment. A rule that has no statement is a comment with the reason.
 */
void plainsql_rule(struct buf *b, const struct hits_env *env,
    const struct rule *r, int64_t from, int64_t to);

/* A value as SQL: a number, or text in quotes, in hexadecimal when it holds
 * what would drive a terminal. A null view is NULL. */
void plainsql_literal(struct buf *b, const struct bind *v);

#endif
