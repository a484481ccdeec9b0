/* SPDX-License-Identifier: MIT */
/*
 * regex.h: every pattern of raxx, matched as bytes, unanchored, within limits
 * on the pattern, on backtracking and on the work for one subject. A limit is
 * an answer of its own, never "no match". The only user of PCRE2.
 */
#ifndef DETECT_REGEX_H
#define DETECT_REGEX_H

#include <stdbool.h>

#include "base/err.h"
#include "base/sv.h"

struct regex;

enum regex_flags {
	REGEX_NOCASE = 1,    /* ASCII letters in either case */
	REGEX_MULTILINE = 2, /* ^ and $ at every line */
	REGEX_DOTALL = 4,    /* . takes a newline too */
	REGEX_NO_JIT = 8
};

enum regex_result { REGEX_MATCH, REGEX_NO_MATCH, REGEX_UNDECIDED };

enum { REGEX_PATTERN_MAX = 8192 }; /* bytes */

/* NULL with *e set ("pattern, byte N: ..."; ST_USAGE) for a bad pattern. */
struct regex *regex_open(sv pattern, unsigned flags, struct err *e);
/* Is it a pattern? If not, *e as above and the byte N in *at. */
bool regex_check(sv pattern, unsigned flags, size_t *at, struct err *e);
/* NULL is allowed. */
void regex_close(struct regex *r);

/* Does the pattern occur in the subject? Not for two threads at once. */
enum regex_result regex_match(struct regex *r, sv subject);

#endif
