/* SPDX-License-Identifier: MIT */
/*
 * joinslot.h: the queue of join.h: a ring of lines that wait, each in a slot
 * with its own memory, and what was decided of them. A line is named by its
 * ordinal, counted from the first that ever waited; slots of lines that are out
 * are used again once all of their message are. For join*.c only.
 */
#ifndef RECORD_JOINSLOT_H
#define RECORD_JOINSLOT_H

#include "record/join.h"

/* A line that waits, or waited: all lines of a message stay until its last is
 * out. */
struct join_slot {
	struct join_line line;
	struct buf bytes; /* what the views of `line` and `body` point to */
	sv body;          /* what it adds to the joined text */
	bool glued;       /* without a newline before it */
	uint64_t after;   /* ordinal of the next line of its group */
	uint64_t chunk;   /* Postgres: its number, from 1 */
	/* Once its role is settled: */
	bool settled, broken;
	enum join_role role;
	enum join_how how;
	uint64_t head;    /* ordinal */
	uint32_t nth;
	uint32_t lines;   /* of a head: how many */
	uint32_t left;    /* of a head: how many are not given out */
	struct join_memo memo; /* of a head */
};

/* The slot of a line that waits, or of whose message one does. */
static inline struct join_slot *
joinslot_at(const struct join *j, uint64_t ordinal)
{
	return &j->slot[ordinal & (j->cap - 1)];
}

/* The views of s->line go to s->bytes from now on. */
void joinslot_copy(struct join_slot *s);
/* A copy of the line at the end, its role open. */
struct join_slot *joinslot_push(struct join *j, const struct join_line *line);
/* The n lines from `first`, linked by `after`, are one message, or a line by
 * itself. */
void joinslot_settle(struct join *j, uint64_t first, uint32_t n,
    enum join_how how, bool broken);
/* Gives back the memory of long lines once their message is out. */
void joinslot_drop_spent(struct join *j);

#endif
