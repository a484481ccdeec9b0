/* SPDX-License-Identifier: MIT */
/*
 * members.h: every record of a finding, not only the ten that it shows: the
 * rule is evaluated again over a window that holds the finding. What lies behind
 * the finding may decide that it is one, so the window should be that of the
 * run.
 */
#ifndef DETECT_MEMBERS_H
#define DETECT_MEMBERS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/sv.h"
#include "detect/finding.h"
#include "detect/hits.h"

struct members_of {
	const struct rule *rule;
	const struct arm *arm;
	sv key;
	int64_t first, last; /* of the finding, both inclusive */
	int64_t from, to;    /* what the rule looks at: holds the finding */
};

struct members {
	struct evidence *v;  /* by time and content; without places */
	size_t n;
	enum hits_end end;
	sv why;              /* when not HITS_DONE; then n is 0 */
};

void members_load(struct arena *a, const struct hits_env *env,
    const struct members_of *of, struct members *out);

#endif
