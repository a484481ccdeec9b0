/* SPDX-License-Identifier: MIT */
/*
 * sigma_cond.h: a condition -> tree. Words are cut at blanks and parentheses,
 * so that an identifier may be called not_x, filter.conf or a|b. Loosest
 * first: or, and, not, "1 of", parentheses. "of" is resolved here: 1 and any
 * are OR, all is AND of the names that fit the pattern.
 */
#ifndef DETECT_SIGMA_COND_H
#define DETECT_SIGMA_COND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sv.h"

struct yaml;

enum sigma_cond_kind { COND_OR, COND_AND, COND_NOT, COND_NAME };

struct sigma_cond {
	enum sigma_cond_kind kind;
	size_t name;             /* COND_NAME: which of the names */
	struct sigma_cond *kid;  /* others: first operand */
	size_t nkids;
	struct sigma_cond *next; /* sibling */
};

struct sigma_names {
	const sv *v;
	size_t n;
	bool of;          /* may "1 of" stand in the condition? */
	const char *what; /* "selection": in "no selection is called" */
};

/* Reads the text of the scalar `y`; NULL with *e set ("file:line:col: ..."). */
struct sigma_cond *sigma_cond_read(struct arena *a, sv file,
    const struct yaml *y, const struct sigma_names *names, struct err *e);

/* Next word of a condition, cut off *rest; empty at the end. */
sv sigma_cond_word(sv *rest);
/* Is it one of the words with a meaning: and, or, not ...? */
bool sigma_cond_reserved(sv word);

#endif
