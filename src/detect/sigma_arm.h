/* SPDX-License-Identifier: MIT */
/*
 * sigma_arm.h: a linked document -> an arm of a rule. A rule document is one
 * statement. A correlation is a tree whose leaves are rule documents: it has a
 * statement over all of them with its own groups, and a link for every
 * correlation in it, which has the same with its groups.
 */
#ifndef DETECT_SIGMA_ARM_H
#define DETECT_SIGMA_ARM_H

#include <stdbool.h>

#include "detect/rule.h"
#include "detect/sigma_doc.h"

struct sigma_made {
	const struct sigma_doc **doc; /* all that it is made of, each once */
	size_t ndocs;
	unsigned tables; /* bits 1 << enum sigma_table */
	sv why;          /* why it cannot be served; null: it can */
	sv why_file;     /* ... and where, for an error */
	int why_line, why_col;
};

/* Sets all of *arm but name and level, which must be set before; words that
 * are set stay. Parameters are added to *r. When the arm cannot be served the
 * rest of it is not set, and that is no error. */
bool sigma_arm(struct sigma *s, const struct sigma_doc *d, struct rule *r,
    struct arm *arm, struct sigma_made *out, struct err *e);

#endif
