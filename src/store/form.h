/* SPDX-License-Identifier: MIT */
/*
 * form.h: the text of an app line apart: its form, of which an app has few, and
 * the words that differ. A word is letters and digits, also with - . _ within;
 * those that have a digit are the values. The form has %s in their place and
 * other % doubled, so that format() of SQL gives the text again; what a value is
 * in the store tells how it is written:
 *   integer      as decimal digits
 *   text         as it is
 *   real         seconds since 1970 of a time "2025-03-03T00:00:23.411Z"
 *   blob         of 0 bytes: the row's request_id; of 1: its client (IPv4); of
 *                16: a uuid in lower case; longer than 2: lower-case hexadecimal
 */
#ifndef STORE_FORM_H
#define STORE_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/ip.h"
#include "base/sv.h"
#include "record/apart.h"

enum {
	FORM_VALUES = 16,    /* columns v1 to v16 of the table app */
	FORM_TEXT_MAX = 2048 /* bytes of a form */
};

struct form {
	struct buf text;
	sv value[FORM_VALUES]; /* views into what was cut */
	size_t n;
};

/* False: the text has too many values, is too long, or has a NUL. Replaces what
 * is in *f. */
bool form_cut(struct form *f, sv text);

/* Where the value ends whose word begins at text[at]; `at` when none begins there.
 * What stands before it does not belong to the word. */
size_t form_value_end(sv text, size_t at);

enum form_kind { FORM_INT, FORM_TEXT, FORM_REAL, FORM_BLOB };

struct form_value {
	enum form_kind kind;
	int64_t i;
	double real;
	sv bytes;          /* of a text or blob */
	uint8_t space[32]; /* for them */
};

/* What a row has beside its values. */
struct form_beside {
	sv request_id;    /* a uuid as it is written; null: none */
	struct ip client; /* family 0: none */
};

/* How a value is stored. */
void form_value(sv word, const struct form_beside *b, struct form_value *out);

/* Is each that a reader found one value, as form_cut() would have it? */
bool form_are_values(const struct apart_value *v, size_t n);

/* Appends the text of a value as it was stored; `id` is the request id's 16
 * bytes or null, `client` the number of the address. */
void form_put_value(struct buf *b, const struct form_value *v, sv id,
    int64_t client);
/* Appends a form up to its next value, which *rest is then behind; false at its
 * end. */
bool form_next(struct buf *b, sv *rest);

#endif
