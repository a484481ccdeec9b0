/* SPDX-License-Identifier: MIT */
/*
 * sigmastage.h: the steps of a Sigma rule: of every rule document its
 * selections, in each the items one after the other, and its condition.
 */
#ifndef DETECT_SIGMASTAGE_H
#define DETECT_SIGMASTAGE_H

#include <stdint.h>

#include "base/err.h"
#include "detect/rule.h"
#include "detect/stage.h"

struct hits_env;

/* Reads the rule's file anew and appends the steps. Without env (NULL) nothing
 * is counted. Rows are those of the window. False when the file cannot be read;
 * it is the rule's, so it compiles. */
bool sigmastage_take(struct stages *l, const struct hits_env *env,
    const struct rule *r, int64_t from, int64_t to, struct err *e);

#endif
