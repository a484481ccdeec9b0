/* SPDX-License-Identifier: MIT */
/*
 * doc.h: the shapes of JSON documents that Heroku users hold, one row each: how
 * an item (jsonseq.h) is told, the table it belongs to and the rows it gives.
 * Adding a shape is one row and its file. The lists of `heroku ... --json` are
 * those of the Platform API.
 *
 * Cells of type DOC_SECRET hold the secret itself: the caller replaces it.
 * "extra", request_url, messages and tags are what others wrote: they may hold
 * secrets too.
 */
#ifndef PARSE_DOC_H
#define PARSE_DOC_H

#include "parse/docrow.h"

/* The rows of one item; doc_begin starts it. Holds views into the item only, so
 * the arena may be rewound after each row. */
struct doc_it {
	const struct doc_shape *shape;
	const struct json_value *item;
	size_t n;        /* calls so far */
	sv outer, inner; /* lists inside the item, if the shape has such */
	struct json_value date, month;
	const char *level;
};

struct doc_shape {
	const char *table; /* unique */
	const char *doc;
	bool snapshot;     /* rows say what is at the time of taking: no ts */
	const struct docrow_layout *layout; /* NULL: members are rows */
	/* Does the object have the members that no other shape has? */
	bool (*is)(const struct json_value *item);
	/* The next row; false when there are no more. *ok tells whether *out
	 * was read, or else *bad says why not ("bad-item", "bad-time"). */
	bool (*next)(struct doc_it *it, struct arena *a, struct doc_row *out,
	    struct bad_line *bad, bool *ok);
};

/* In the order in which they are tried. */
extern const struct doc_shape *const doc_shapes[];
extern const size_t ndoc_shapes;

/* The shape of an item, NULL if it is of none. Reads the item a few times for
 * each shape: ask the shape of the item before first. */
const struct doc_shape *doc_find(const struct json_value *item);
/* By table; NULL if there is none. */
const struct doc_shape *doc_named(sv table);

/* The item may be of another shape, or no object: then the row is bad. */
void doc_begin(struct doc_it *it, const struct doc_shape *shape,
    const struct json_value *item);
bool doc_next(struct doc_it *it, struct arena *a, struct doc_row *out,
    struct bad_line *bad, bool *ok);

/* For `next`: the one row that the layout makes of the item. */
bool doc_next_flat(struct doc_it *it, struct arena *a, struct doc_row *out,
    struct bad_line *bad, bool *ok);

#endif
