/* SPDX-License-Identifier: MIT */
/*
 * join.h: messages that Heroku's way broke into several lines, put together
 * again. It stands between the envelope and the record: lines go in and come
 * out in file order, each exactly once, now with a role. Of a message the HEAD
 * carries the whole text; its other lines are PARTs that name the head.
 *
 * What is joined (facts: heroku/log-shuttle config.go and logplex_formatter.go;
 * pganalyze/collector; heroku/cli; heroku/legacy-cli issue 1023; CPython
 * traceback.py; real files):
 *   split      log-shuttle cuts a dyno's line at 10,000 bytes, colours of the
 *              app and blanks included, before 2014 at 1,024
 *   chunk      Postgres cuts a message: "[ATTACHMENT] [LINE-CHUNK] text"
 *   traceback  Python prints it line by line, workers mixed
 *   command    "Starting process with command `...": newlines in the command
 *   continued  lines without a header: the text client printed a newline
 *
 * Only what the lines hold decides: order, event time, bytes; never the clock,
 * nor how the input was cut into packets, nor when join_next is called. The one
 * exception is JOIN_IDLE, which gives up the wait for lines without a header.
 */
#ifndef RECORD_JOIN_H
#define RECORD_JOIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "parse/envelope.h"
#include "parse/pytrace.h"

enum {
	JOIN_LINES = 1000,           /* from the head to the last line */
	JOIN_BYTES = 4 << 20,        /* ... all lines between included */
	JOIN_CONTINUED_BYTES = 1 << 20,
	JOIN_OPEN = 64               /* at once; one more closes the oldest */
};

/* Microseconds of event time. */
enum {
	JOIN_WINDOW = 2000000,   /* any line that much after the head closes */
	JOIN_STEP = 5000,        /* between two lines of one traceback ... */
	JOIN_STEP_COARSE = 1000000 /* ... when both times are whole seconds */
};

struct rec;

/* First what there is to know of a line that nothing is joined to. */
struct join_line {
	uint64_t line;
	uint64_t length;      /* of a bare line in the input; it stands between
	                         numbers that are written apart and read together
	                         (see sv_by_halves) */
	uint64_t byte;
	bool bare;            /* no header of its own: env.whole and message are
	                         its, the rest of env that of the line it follows */
	bool looked;          /* join_look did; then: */
	bool opens, waits;    /* it may open a join; a bare line may follow */
	bool stable;          /* this struct and its bytes stay as they are
	                         until join_detach */
	struct rec *ready;    /* its record as a line by itself, or NULL; the
	                         caller's: a line that is copied has none */
	struct envelope env;
};

enum join_role { JOIN_LONE, JOIN_HEAD, JOIN_PART };

enum join_how {
	JOIN_SPLIT, JOIN_CHUNK, JOIN_TRACEBACK, JOIN_COMMAND, JOIN_CONTINUED,
	JOIN_HOW_N
};

extern const char *const join_how_name[JOIN_HOW_N];

/* What the caller knows of a message: kept with its head, zero at first. */
struct join_memo {
	bool known;
	bool closed;   /* no line without a header continues it */
	uint64_t hash; /* of the head alone */
};

struct joined {
	enum join_role role;
	enum join_how how;            /* of a HEAD or PART */
	const struct join_line *own;  /* the line as it came */
	sv text;                      /* HEAD: the message; LONE: own */
	uint32_t lines;               /* of the whole message; LONE: 1 */
	const struct join_line *head; /* PART: its head */
	struct join_memo *memo;       /* HEAD, PART: of their message */
	uint32_t nth;                 /* PART: place in the message, from 2 */
	bool broken;                  /* a full chunk without its rest, a chunk
	                                 without those before it, a traceback or
	                                 command without its end */
};

struct join_slot;
struct join_group;

struct join {
	bool bares;              /* lines without a header can come */
	const struct join_line *passing[2]; /* by themselves: go out next */
	size_t npassing;
	const struct join_line *waiting; /* by itself unless a bare line follows;
	                                  * then no other line waits */
	struct join_slot *held;  /* two places for copies of such, in turn */
	size_t turn;
	struct arena mem;        /* of the tables of slots and groups */
	struct join_slot *slot;  /* ring, by ordinal */
	uint64_t cap;
	uint64_t first, next;    /* ordinals of the lines that wait */
	uint64_t oldest;         /* the slots from here on are in use */
	uint64_t spent;          /* given out last; its memory may go */
	uint64_t bytes;          /* of all lines that ever waited */
	struct join_group *group; /* JOIN_OPEN of them, oldest first */
	size_t ngroup;
	struct buf text;
	size_t ntail;
	char tail[64];           /* end of a router line that is not whole */
};

enum join_flush {
	JOIN_MORE, /* more lines may follow */
	JOIN_IDLE, /* none just now: what only waits for a bare line goes */
	JOIN_END   /* none ever */
};

/* `bares`: lines without a header can come. Without them nothing waits for
 * them: then lines that open no join pass uncopied. */
void join_init(struct join *j, bool bares);
void join_release(struct join *j);

/* What a line is to a join that takes `bares` depends on itself alone: it can be
 * found out before, by any thread. */
void join_look(struct join_line *line, bool bares);

/* Takes a line. It and its views must stay as they are until join_next has
 * returned false. */
void join_add(struct join *j, const struct join_line *line);

/* Does nothing wait but perhaps a line for a bare one? Then a line with a header
 * that opens no join is one by itself unless a bare line follows it. */
static inline bool
join_is_idle(const struct join *j)
{
	return j->npassing == 0 && j->first == j->next;
}

/* For join_add_lone: the line waits for a bare one, alone. */
void join_hold(struct join *j, const struct join_line *line);

/*
 * The same as join_add and join_next, for most lines at once: when nothing waits
 * but a line by itself, and join_look has found that the line opens no join. How
 * many lines by themselves go out now, in order: none, one, or two. Negative:
 * nothing was done.
 */
static inline int
join_add_lone(struct join *j, const struct join_line *line,
    const struct join_line *out[2])
{
	int n = 0;

	if (!line->looked || line->opens || !join_is_idle(j))
		return -1;
	if (j->waiting)
		out[n++] = j->waiting;
	j->waiting = NULL;
	if (line->waits)
		join_hold(j, line);
	else
		out[n++] = line;
	return n;
}

/* What was stable may change from now on: what waits of it is copied. */
void join_detach(struct join *j);

/*
 * The next line whose role is settled; false when there is none yet (after
 * JOIN_END: none at all). Pointers and views in *out are valid until the next
 * call. The chunks of a message may come in any order: their head is chunk 1,
 * which may come after some of its parts. A bare line with nothing to continue
 * comes out LONE with own->bare set.
 */
bool join_next(struct join *j, enum join_flush flush, struct joined *out);

#endif
