/* SPDX-License-Identifier: MIT */
/*
 * sigma.h: Sigma v2 documents -> rules. One file is one rule when its first
 * document has a `raxx:` block with an id; its correlations, and the rule
 * documents that none refers to, are the arms. Otherwise each such document is
 * a rule of its own, called by its Sigma id, name or title. Filters are no
 * rules: they are added to those that they name.
 *
 * Documents refer to each other by id or name, in their file first, then in
 * the others of the set. One that a correlation refers to makes no rule unless
 * that says `generate`; but a file that is one rule stays so whoever refers to
 * a part of it.
 *
 * raxx: of the first document: id, sources, fallback, route, prerequisite,
 * next_step, suppress. Of a document that makes an arm: arm (its name), metric
 * and key (in words), level, baseline: never, needs, on. Other keys are errors.
 */
#ifndef DETECT_SIGMA_H
#define DETECT_SIGMA_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "detect/rule.h"

struct sigma; /* files that belong together; in the arena */

/* The site, which may be NULL, is kept: it has the lists of placeholders. */
struct sigma *sigma_open(struct arena *perm, const struct site *site);
/* Parses a file; *number names it. First all files are added, then all are
 * linked, then each makes its rules. */
bool sigma_add(struct sigma *s, struct rule_file f, bool strict,
    size_t *number, struct err *e);
bool sigma_link(struct sigma *s, size_t number, struct err *e);
/* Appends the rules of the file to the array (*out, *n). */
bool sigma_make(struct sigma *s, size_t number, struct rule ***out, size_t *n,
    struct err *e);
/* What loads but is hardly meant so: "file:line:col: warning: ...". */
void sigma_warnings(const struct sigma *s, sv **out, size_t *n);

/* All of it for one file alone. */
bool sigma_read(struct arena *perm, struct rule_file f, bool strict,
    struct rule ***out, size_t *n, struct err *e);

#endif
