/* SPDX-License-Identifier: MIT */
/*
 * reportread.h: inside of report.h: members of JSON objects into members of
 * structs, by tables (reportshape.c). What is not as it should be becomes a
 * problem of the report, and is left out.
 */
#ifndef OUTPUT_REPORTREAD_H
#define OUTPUT_REPORTREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "output/report.h"
#include "parse/json.h"

struct reportread {
	struct arena *a;
	struct report *out;
	struct buf tmp;
	int64_t line; /* of the input, from 1 on */
	bool show_personal;
};

struct reportread_field {
	const char *name;
	size_t at; /* offset of the member */
	bool (*read)(struct reportread *r, const struct json_value *v,
	    void *to);
};

struct reportread_shape {
	const struct reportread_field *field;
	size_t n;
	size_t size; /* of the struct, in bytes */
};

/* Each puts a JSON value into the member at `to`; false: not of its type. */
bool reportread_any(struct reportread *r, const struct json_value *v, void *to);
bool reportread_text(struct reportread *r, const struct json_value *v,
    void *to);
bool reportread_count(struct reportread *r, const struct json_value *v,
    void *to);
bool reportread_real(struct reportread *r, const struct json_value *v,
    void *to);
bool reportread_time(struct reportread *r, const struct json_value *v,
    void *to);
bool reportread_texts(struct reportread *r, const struct json_value *v,
    void *to);

/* A null is as good as a missing member; one of the wrong type is a problem and
 * left out. False: no object. */
bool reportread_members(struct reportread *r, const struct json_value *obj,
    const struct reportread_shape *s, void *to);
/* Numbers and times that no member has set are NONE or NAN, not zero. */
void reportread_clear(const struct reportread_shape *s, void *to);
/* The structs of an array's objects, in the arena. */
void *reportread_array(struct reportread *r, const struct json_value *v,
    const struct reportread_shape *s, size_t *n);

/* A problem at a line: the text in r->tmp. */
void reportread_tell(struct reportread *r, int64_t line);
/* "before 'value' after", at the current line. */
void reportread_problem(struct reportread *r, const char *before, sv value,
    const char *after);

#endif
