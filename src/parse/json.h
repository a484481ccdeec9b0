/* SPDX-License-Identifier: MIT */
/*
 * json.h: reads JSON (RFC 8259) by pulling tokens; strict, depth limited, no
 * recursion, no allocation except to unescape a string. Bytes in strings need
 * not be valid UTF-8 (log lines are cut anywhere).
 */
#ifndef PARSE_JSON_H
#define PARSE_JSON_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/sv.h"

enum json_kind {
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_OBJECT,
	JSON_ARRAY,
	JSON_KIND_N
};

enum { JSON_DEPTH_MAX = 64 };

struct json_value {
	enum json_kind kind;
	sv raw;  /* the value's bytes in the text, quotes and brackets included */
	bool esc; /* string: holds a backslash, so json_text must unescape */
};

/*
 * json_value: reads one whole value (with everything inside it) off the front
 * of *rest, after blanks, validating it. False with *rest at the offending
 * byte when it is not JSON or nested deeper than JSON_DEPTH_MAX.
 */
bool json_value(sv *rest, struct json_value *v);
/* One that holds no other, right at the front; false leaves *rest anywhere. */
bool json_scalar(sv *rest, struct json_value *v);
/* The whole text is one value, blanks around it allowed. */
bool json_parse(sv text, struct json_value *v);

/*
 * Iteration over the members of an object or the items of an array that
 * json_value returned. `it` starts as json_begin(v). False at the end.
 * Keys come as values of kind JSON_STRING.
 */
sv json_begin(const struct json_value *v);
bool json_member(sv *it, struct json_value *key, struct json_value *v);
bool json_item(sv *it, struct json_value *v);

/*
 * The members of an object that nobody has read yet: reading and checking are
 * one pass. json_next is false at the end; then w.bad tells that the text was
 * not one whole object, and what came out of it does not count.
 */
struct json_walk {
	sv rest;
	bool first, bad;
};

void json_walk(struct json_walk *w, sv object);
bool json_next(struct json_walk *w, struct json_value *key,
    struct json_value *v);

/* The text of a string that holds a backslash: see json_text. */
sv json_unescape(struct arena *a, const struct json_value *v);
/* Text of a string, unescaped into the arena only if need be (\u0000 stays a
 * NUL byte, a lone surrogate becomes U+FFFD). For other kinds the raw bytes. */
static inline sv
json_text(struct arena *a, const struct json_value *v)
{
	if (v->kind != JSON_STRING)
		return v->raw;
	return v->esc ? json_unescape(a, v) :
	    sv_of(v->raw.p + 1, v->raw.n - 2);
}
/* Does the string key equal lit? Escaped keys are compared unescaped. */
bool json_key_is(const struct json_value *key, sv lit);
/* First member called name of an object; false if absent or not an object. */
bool json_find(const struct json_value *obj, sv name, struct json_value *v);
/* An integer without fraction that fits; a number with a zero fraction is one
 * too ("2.0" is 2). */
bool json_i64(const struct json_value *v, int64_t *out);
bool json_double(const struct json_value *v, double *out);

#endif
