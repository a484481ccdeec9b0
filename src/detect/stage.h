/* SPDX-License-Identifier: MIT */
/*
 * stage.h: the steps of a rule one after the other, and how many rows each took
 * and left: where the events went that a rule did not find. A result has ways:
 * the parts of a statement, or the arms of a Sigma rule.
 */
#ifndef DETECT_STAGE_H
#define DETECT_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/sv.h"

enum { STAGE_UNKNOWN = -1, STAGE_WAYS = 64 };

struct stage {
	sv of;        /* table of the WITH, selection ...; null: as before */
	sv what;      /* the term, on one line */
	int64_t in, out; /* rows, STAGE_UNKNOWN when not counted */
	sv why;       /* it could not be counted; else null */
	uint64_t way; /* bit i: all rows of way i come through here */
};

struct stage_way {
	sv name;     /* arm, or null when it is known of none */
	size_t zero; /* first stage that leaves nothing of it, or SIZE_MAX */
};

struct stages {
	struct arena *a;
	struct stage *v;
	size_t n, cap;
	struct stage_way way[STAGE_WAYS];
	size_t nways;
};

void stage_add(struct stages *l, struct stage s);
/* The table or selection that stage i belongs to. */
sv stage_of(const struct stages *l, size_t i);
/* SQL text on one line, in the arena of the stages. */
sv stage_plain(struct stages *l, sv sql);
/* Another way; its bit, 0 when there are too many. */
uint64_t stage_add_way(struct stages *l, sv name);
/* When all is counted: the zero of every way. */
void stage_find_zeros(struct stages *l);

#endif
