/* SPDX-License-Identifier: MIT */
/*
 * dumps.h: until when the dumps of a source vouch for what was in its tables,
 * and what is wrong with them. A whole dump vouches until it was taken; one
 * that is damaged until its last row that was understood; one without a byte,
 * not even a header or `[]`, for nothing. Of several apps that count each has to.
 */
#ifndef DETECT_DUMPS_H
#define DETECT_DUMPS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sv.h"

struct site;
struct store;

struct dumps {
	int64_t until; /* they vouch up to here; UTC_NONE: for nothing */
	int64_t taken; /* arrival of the one that reaches there, or UTC_NONE */
	int64_t whole; /* up to here nothing is wrong; UTC_NONE: never */
	/* What is wrong after that, or why they vouch for nothing: "1 row of
	 * NAME was rejected"; null: nothing. */
	sv flaw;
};

/*
 * Of the tables that the list of SQL strings names. Rejected rows, and as many
 * events of Sentry as its API gives in one page, leave the time of a dump but
 * are a flaw, unless a later dump of the same table and app has none. False
 * when the store fails.
 */
bool dumps_load(struct arena *a, struct store *st, const struct site *site,
    const char *names, struct dumps *out, struct err *e);

#endif
