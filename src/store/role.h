/* SPDX-License-Identifier: MIT */
/*
 * role.h: one line, several roles. Inputs are cut anywhere, so that a line can
 * be alone in one, the head of a message in another and a part of a longer
 * message in a third. The store keeps one row of it: the first in an order that
 * depends on the versions alone, never on when they came:
 *   - the version that knows more lines from this one on (rec_lines), so that
 *     what follows it is in a message that is kept;
 *   - of equal ones the part: its head has the text, and what was before;
 *   - the part of the longer message; the kind that tells more (smaller
 *     number); the greater content, column by column.
 * All versions of a message begin at its head and differ in where they end, but
 * where tracebacks of several workers are mixed.
 */
#ifndef STORE_ROLE_H
#define STORE_ROLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "record/rec.h"
#include "store/dbpriv.h"
#include "store/stretches.h"

struct roles {
	struct store *st;
	sqlite3_stmt *lookup[REC_KIND_N]; /* NULL until the first use */
	sqlite3_stmt *tie[REC_KIND_N];
	bool parts; /* there are messages of several lines */
	struct stretches stretches; /* of the store */
	int64_t added; /* ids from here on are rows of this input that came into
	                * the store by themselves; INT64_MAX: there are none */
	struct buf text, names, samples; /* of a version */
};

/* The row of a line. */
struct role {
	enum rec_kind kind;
	int64_t id; /* 0: it is not in the store */
	int64_t lines, place;
	bool same; /* a part like that which was looked for */
};

/* Lets go of its statements; it may be used again. */
void roles_release(struct roles *s);

/* Finds the line (time, hash, nth of r) among the sources below `nsources` that
 * `same_app` marks, in whatever role. */
bool role_find(struct roles *s, const struct rec *r, uint32_t nth,
    const uint8_t *same_app, int64_t nsources, struct role *out,
    struct err *e);

/* Could the version `r` take the place of the stored one? False for most. */
bool role_rivals(const struct rec *r, const struct role *stored);

/* Is it the better of the two? */
bool role_wins(struct roles *s, const struct rec *r, const struct role *stored,
    bool *wins, struct err *e);
/* `r` was added as row `id` and takes the places of *stored, whose row goes;
 * *stored then names it. */
bool role_replace(struct roles *s, const struct rec *r, int64_t id,
    struct role *stored, struct err *e);

#endif
