/* SPDX-License-Identifier: MIT */
/*
 * given.h: the values of the parameters in the statements of rules: what a run
 * knows, the numbers of the rule, the facts of site.yml, and what a compiled
 * Sigma rule compares with.
 */
#ifndef DETECT_GIVEN_H
#define DETECT_GIVEN_H

#include <stdbool.h>

#include "base/sv.h"
#include "detect/rule.h"

struct hits_env;
struct query;

/* Is it one of those that every statement may use besides its own: from, to,
 * now, covered_days, seen, dumps? */
bool given_is(sv name);

enum given_end {
	GIVEN_OK,
	GIVEN_FACT,   /* site.yml lacks the fact */
	GIVEN_UNKNOWN /* neither the run nor the rule has such a parameter */
};

/* The value of :name in a statement of r over from..to; text is borrowed. */
enum given_end given_find(const struct hits_env *env, const struct rule *r,
    int64_t from, int64_t to, sv name, struct bind *out);

/* Binds every named parameter. When one has no value its name is in *name. */
enum given_end given_bind(struct query *q, const struct hits_env *env,
    const struct rule *r, int64_t from, int64_t to, sv *name);

/* Binds the numbered parameters of a compiled statement, and :from and :to. */
void given_bind_arm(struct query *q, const struct bind *b, size_t n,
    int64_t from, int64_t to);

#endif
