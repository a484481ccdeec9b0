/* SPDX-License-Identifier: MIT */
/*
 * docrow.h: a JSON object as a row of named cells, by a table that says which
 * member becomes which column. One pass over the object, whatever its size.
 */
#ifndef PARSE_DOCROW_H
#define PARSE_DOCROW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/sv.h"
#include "parse/envelope.h"
#include "parse/json.h"

enum doc_type {
	DOC_NULL,
	DOC_TEXT,   /* unescaped; may hold any byte */
	DOC_NUMBER, /* text as in the JSON; num too if it is a fitting integer */
	DOC_BOOL,   /* num is 0 or 1 */
	DOC_TIME,   /* num is microseconds UTC; text as it was */
	DOC_JSON,   /* an object or array as in the file, or one made here */
	DOC_SECRET, /* to be replaced by a keyed hash before it is kept */
	DOC_TYPE_N
};

struct doc_cell {
	sv name;
	enum doc_type type;
	sv text;
	int64_t num;
};

/* Names are unique in a row. A member that is absent makes no cell, one that is
 * null makes a DOC_NULL. */
struct doc_row {
	int64_t ts; /* UTC_NONE when the row has none */
	struct doc_cell *cell;
	size_t ncell, cap;
};

struct docrow_column {
	const char *member; /* "version"; "user.email": one in an object */
	const char *name;
	enum doc_type type; /* what the value should be */
};

struct docrow_layout {
	const struct docrow_column *column;
	size_t ncolumn;
	const char *time; /* name of the column that gives ts, or NULL */
	/* Objects and arrays that are left out, the last one NULL; or NULL. */
	const char *const *left;
};

#define DOCROW_INIT { UTC_NONE, NULL, 0, 0 }

/*
 * docrow_read: the members of item as cells of *row, which is emptied first.
 * Views into the item or the arena. A value that is not what its column wants
 * keeps its own type, but a time must be one: text as of utc_parse, or a number
 * of seconds. Columns of one name: the first member that is not null.
 * Members without a column, and a second one of the same name, are put into the
 * cell "extra", a JSON object; those inside an object as "user.name". A second
 * secret of one name is dropped, but nothing in it is known to be free of
 * secrets.
 * False: *bad says "bad-item" (no object, or no member with a column) or
 * "bad-time", at the value, as docrow_no_time says it.
 */
bool docrow_read(const struct docrow_layout *l, const struct json_value *item,
    struct arena *a, struct doc_row *row, struct bad_line *bad);

/* Adds a cell; the caller sees to it that the name is new. */
void docrow_add(struct arena *a, struct doc_row *row, struct doc_cell cell);
void docrow_text(struct arena *a, struct doc_row *row, const char *name, sv v);
void docrow_count(struct arena *a, struct doc_row *row, const char *name,
    uint64_t n);
/* The value as a cell of the wanted type or of its own, in place of the one of
 * that name if there is one. False, the row unchanged, for a time that is none.
 */
bool docrow_set(struct arena *a, struct doc_row *row, const char *name,
    enum doc_type type, const struct json_value *v);
/* Plain cells url_scheme, url_host and url_port of a URL, as far as urlhost.h
 * tells them. */
void docrow_url(struct arena *a, struct doc_row *row, sv url);

/* Says "bad-time" and "created_at: expected a time" of a member. */
void docrow_no_time(struct arena *a, const char *member, size_t at,
    struct bad_line *bad);

/* NULL if there is none. */
const struct doc_cell *docrow_find(const struct doc_row *row, sv name);
/* Does the object have all of these members? */
bool docrow_has(const struct json_value *item, const char *const *name,
    size_t n);

#endif
