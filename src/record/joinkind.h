/* SPDX-License-Identifier: MIT */
/*
 * joinkind.h: the ways in which lines are joined, one by one: what begins a
 * message, what goes on with it. Facts and their sources: join.h. All are about
 * the newest line that waits, whose slot is s and whose origin hashes to key;
 * true: it belongs to an open group now. For join.c only.
 */
#ifndef RECORD_JOINKIND_H
#define RECORD_JOINKIND_H

#include "record/joingroup.h"

/* The rest of a split? Whatever the next line of the origin is, it decides. */
bool joinkind_split(struct join *j, struct join_slot *s, uint64_t key);
/* A chunk of Postgres; also opens a group. */
bool joinkind_chunk(struct join *j, struct join_slot *s, uint64_t key);
/* All lines of a command have one time; other events can have it too. */
bool joinkind_command(struct join *j, struct join_slot *s, uint64_t key);
bool joinkind_trace(struct join *j, struct join_slot *s, uint64_t key);
/* Does the line, which is bare, go on with the one before? */
bool joinkind_bare(struct join *j, struct join_slot *s);
/* It begins a join, or stands alone. */
void joinkind_open(struct join *j, struct join_slot *s, uint64_t key);

/* Of a line alone; bares: see join_init. A cheap test that no line which opens a
 * join fails. */
bool joinkind_may_open(bool bares, const struct join_line *line);
/* Can a bare line continue this one? */
bool joinkind_waits(bool bares, const struct join_line *line);

/* What stood between a line of a message and its next one. */
sv joinkind_glue(const struct join_slot *before, const struct join_slot *s);

#endif
