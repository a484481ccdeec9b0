/* SPDX-License-Identifier: MIT */
/*
 * joingroup.h: the joins of join.h that are open: which of the lines that wait
 * belong together as far as is known, and how their roles are settled when one
 * closes. For join*.c only.
 */
#ifndef RECORD_JOINGROUP_H
#define RECORD_JOINGROUP_H

#include "record/joinslot.h"

enum { JOINGROUP_FULL = 10000 }; /* bytes of log-shuttle's chunk */

/* An open join. Its first line waits, and so all behind it. */
struct join_group {
	enum join_how how;
	uint64_t key;          /* hash of the origin */
	uint64_t first, last;  /* ordinals, linked by `after` */
	uint32_t count;
	uint32_t sure;         /* traceback: how many surely belong to it */
	int64_t first_ts, last_ts;
	uint64_t start;        /* join.bytes before its first line */
	uint64_t full;         /* length of the chunk that asks for its rest */
	bool done;             /* nothing but a bare line can be added */
	bool headless;         /* traceback: of a syntax error, perhaps */
	bool torn;             /* traceback: a full chunk had no rest */
	struct pytrace trace;
	sv attachment;         /* chunk: "[ATTACHMENT] [LINE-" */
	bool has_first;        /* chunk: number 1 came */
	bool router;           /* continued: a router line that is not whole */
	bool odd;              /* command: it holds an odd number of backticks */
};

/* Hash of a line's origin, which opens and finds groups. */
uint64_t joingroup_key(const struct join_line *line);
/* Is the line of the same origin and drain? */
bool joingroup_is_of(const struct join *j, const struct join_group *g,
    uint64_t key, const struct join_line *line);

/* A new group of the newest line. One that only waits for a bare line takes no
 * other's place: it goes with the next line. */
struct join_group *joingroup_open(struct join *j, enum join_how how,
    uint64_t key);
/* The newest line joins the group. */
void joingroup_append(struct join *j, struct join_group *g);
/* Complete, but that a bare line may follow. */
void joingroup_finish(struct join *j, struct join_group *g);

/* Settles its lines; groups behind it move down by one. */
void joingroup_close(struct join *j, struct join_group *g);
/* A line with a header has come: no bare line continues what is done. */
void joingroup_close_done(struct join *j);
/* Closes what is too far back for the newest line, in lines, bytes or time. */
void joingroup_close_old(struct join *j, const struct join_line *line);

#endif
