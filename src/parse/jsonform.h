/* SPDX-License-Identifier: MIT */
/*
 * jsonform.h: the form of a JSON object: its text without the scalars in it. A
 * program writes objects of few forms, so the text between the scalars need not
 * be read, only compared, when one has been seen before.
 */
#ifndef PARSE_JSONFORM_H
#define PARSE_JSONFORM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"
#include "parse/json.h"

enum { JSONFORM_HOLES = 48, JSONFORM_TEXT = 2048 };

/* Where a scalar stands. */
struct jsonform_hole {
	uint16_t at, n;      /* in the text */
	uint16_t key, key_n; /* its name, in the text; 0 bytes: an item */
	enum json_kind kind; /* of that in the text */
	bool esc;
	/* How many words there are from it on: scalars that are no numbers and have
	 * no digit, which come again. */
	uint8_t words;
	bool top;            /* a member of the object itself */
	bool before_name;    /* ,"name": follows, without blanks */
};

struct jsonform {
	uint16_t n, holes;
	struct jsonform_hole hole[JSONFORM_HOLES + 1]; /* and one at the end */
	/* The object from which it was learnt: it is the form, without the scalars. */
	char text[JSONFORM_TEXT + 8]; /* may be read behind its end */
};

/* False: not one whole object, too large for a form, or a name in it holds an
 * escape. Then *f says nothing. */
bool jsonform_learn(struct jsonform *f, sv object);
/* Is the text an object of this form? Then value[] has its scalars, in order, and
 * *same a bit for each of those words that are the same as in the form's text. */
bool jsonform_match(const struct jsonform *f, sv text,
    struct json_value value[JSONFORM_HOLES], uint64_t *same);

static inline sv
jsonform_key(const struct jsonform *f, size_t hole)
{
	return sv_of(f->text + f->hole[hole].key, f->hole[hole].key_n);
}

#endif
