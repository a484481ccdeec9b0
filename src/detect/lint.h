/* SPDX-License-Identifier: MIT */
/*
 * lint.h: what is wrong with rule files: what keeps one from loading,
 * statements that do not compile over the store's schema, columns that
 * evaluation needs, ids that stand twice. Warnings are for what works but
 * should not be so: a rule that cannot run, a table that is read as a whole, an
 * arm that no row can name.
 */
#ifndef DETECT_LINT_H
#define DETECT_LINT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "detect/rule.h"

struct site;

struct lint {
	size_t files, rules, errors, warnings;
	/* of the linter */
	struct arena *a;
	struct store *st;
	const struct site *site; /* NULL unless set after lint_open */
	bool strict;
	struct rule **rule;
	struct buf *out;
};

/*
 * Every complaint is a line "file:line:col: message" or "file:line:col:
 * warning: message" appended to *out. With `strict` what no source serves is an
 * error, as it is in a file written for raxx. False when the check itself
 * cannot run.
 */
bool lint_open(struct lint *l, struct arena *perm, bool strict,
    struct buf *out, struct err *e);
/* Loads a file and checks its rules; one error per file or rule. */
void lint_file(struct lint *l, struct rule_file f);
void lint_path(struct lint *l, const char *path);
/* The same of files that may refer to each other. */
void lint_paths(struct lint *l, const char *const *path, size_t n);
void lint_close(struct lint *l);

#endif
