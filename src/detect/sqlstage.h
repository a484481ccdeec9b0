/* SPDX-License-Identifier: MIT */
/*
 * sqlstage.h: the steps of an SQL rule: the tables of its WITH, in each the
 * terms of its WHERE one after the other, its groups and the terms of HAVING;
 * then the same of the main statement.
 */
#ifndef DETECT_SQLSTAGE_H
#define DETECT_SQLSTAGE_H

#include <stdint.h>

#include "detect/rule.h"
#include "detect/stage.h"

struct hits_env;

/* Appends them. Without env (NULL) nothing is counted. Rows are those that the
 * statement reads for the window, so also some from before it. */
void sqlstage_take(struct stages *l, const struct hits_env *env,
    const struct rule *r, int64_t from, int64_t to);

#endif
