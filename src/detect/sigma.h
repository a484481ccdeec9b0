/* SPDX-License-Identifier: MIT */
/*
 * sigma.h: Sigma v2 documents -> rules. One file is one rule when its first
 * document has a `raxx:` block with an id; its correlations, and the rule
 * documents that none refers to, are the arms. Otherwise each such document is
 * a rule of its own, called by its Sigma id, name or title.
 *
 * raxx: of the first document: id, sources, fallback, route, prerequisite,
 * next_step, suppress. Of a document that makes an arm: arm (its name), metric
 * and key (in words), level, baseline: never. Other keys are errors.
 */
#ifndef DETECT_SIGMA_H
#define DETECT_SIGMA_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "detect/rule.h"

/* As rule_load, for one YAML file. */
bool sigma_read(struct arena *perm, struct rule_file f, bool strict,
    struct rule ***out, size_t *n, struct err *e);

#endif
