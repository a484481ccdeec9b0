/* SPDX-License-Identifier: MIT */
/*
 * profile.h: what rules cost, for people who write them. It depends on the
 * machine and must never be among the data.
 */
#ifndef DETECT_PROFILE_H
#define DETECT_PROFILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/sv.h"
#include "store/query.h"

struct page;

struct profile_row {
	sv rule;               /* id */
	double seconds;        /* of the whole evaluation, findings too */
	unsigned statements;   /* that were run */
	uint64_t hits;         /* in the windows */
	struct query_cost cost; /* of the statements */
};

struct profile {
	struct arena *a;
	struct profile_row *row;
	size_t n, cap;
};

/* The row of a rule, which is made when it is new: windows add up. */
struct profile_row *profile_row(struct profile *p, sv rule);
/* By time, the longest first. */
void profile_sort(struct profile *p);

void profile_page(struct page *page, const struct profile *p);
/* {type: "profile", rule, wall_ms, statements, vm_steps, scan_steps, sorts,
 * rows, hits} */
void profile_ndjson(struct buf *b, const struct profile *p);

#endif
