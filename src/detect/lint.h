/* SPDX-License-Identifier: MIT */
/*
 * lint.h: what can be wrong with rules although each file loads: statements
 * that do not compile over the store's schema, columns that evaluation needs,
 * ids that stand twice.
 */
#ifndef DETECT_LINT_H
#define DETECT_LINT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct lint {
	size_t files, rules, errors;
};

/* Loads every file and checks its rules over an empty store; one line
 * "file:line:col: message" per faulty file or rule is appended to *out. False
 * only when the check itself cannot run. */
bool lint_files(struct arena *perm, const char *const *path, size_t n,
    struct buf *out, struct lint *sum, struct err *e);

#endif
