/* SPDX-License-Identifier: MIT */
/*
 * appfield.h: fields of an app's record that come from members or pairs of its
 * payload, by the names that apps give them. What a record has of a field stays.
 */
#ifndef RECORD_APPFIELD_H
#define RECORD_APPFIELD_H

#include <stdbool.h>
#include <stdint.h>

#include "record/rec.h"

struct jsonpayload_search;
struct normalline;

/* The field of a name, or -1. */
int appfield_find(sv key);
/* The value of such a name; f is negative: of none. literal: it is no string of JSON
 * but a number, true, false or null. */
void appfield_put(struct normalline *l, struct rec *r, int f, sv text,
    bool literal);
/* What other loggers call level, logger and event. */
void appfield_put_common(struct normalline *l, struct rec *r,
    const struct jsonpayload_search *found);

/* A text without its secrets, unless it is null. */
void appfield_put_text(struct normalline *l, struct rec *r, int field, sv text);
/* One name for each level; a word that is none stays. */
void appfield_put_level(struct normalline *l, struct rec *r, sv word);

/* Does the text begin inside of the other? */
static inline bool
appfield_is_piece(sv text, sv whole)
{
	return (uintptr_t)text.p >= (uintptr_t)whole.p &&
	    (uintptr_t)text.p < (uintptr_t)whole.p + whole.n;
}

#endif
