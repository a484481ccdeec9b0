/* SPDX-License-Identifier: MIT */
/*
 * meta.h: what a rule says about itself, the same in both rule formats: a
 * field is a row with its name, its check and its place in struct rule.
 */
#ifndef DETECT_META_H
#define DETECT_META_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/sv.h"
#include "detect/rule.h"

enum { META_WHY = 200 };

/* In place of a byte of the text: it is the key that is wrong. */
#define META_KEY SIZE_MAX

/*
 * Sets the field called key from its text. False with a reason in `why`: an
 * unknown field ("unknown key 'x'"), or a value that does not fit; then *at is
 * the byte of the text where what does not fit starts. Lists (sources,
 * fallback, site) are separated by commas.
 */
bool meta_set(struct arena *a, struct rule *r, sv key, sv text, size_t *at,
    char why[META_WHY]);
bool meta_is_list(sv key);

/* A rule with the defaults of a field that nobody sets: suppress 60 minutes. */
struct rule *meta_new(struct arena *a, struct rule_file f);
/* The route of a level, for what names none of its own. */
sv meta_route(enum level level);
/* What follows from the other fields: route from level, lookback from arms. */
void meta_finish(struct rule *r);

/* Appends a parameter; its index. */
int meta_param(struct rule *r, sv name, double value);
/* Parameter by name, or -1. */
int meta_find_param(const struct rule *r, sv name);

/* Words of an arm: needs=SOURCE[.COLUMN],... and on=sources|fallback|any.
 * False with a reason, as meta_set. */
bool meta_needs(struct arena *a, struct arm *arm, sv text, char why[META_WHY]);
bool meta_on(struct arm *arm, sv text, char why[META_WHY]);
/* Do the arms fit the fallback? False with a reason. */
bool meta_check_arms(const struct rule *r, char why[META_WHY]);

/* SHA-256 of the text, 64 hexadecimal digits. */
sv meta_digest(struct arena *a, sv text);

/* Letters, digits, '.', '_' and '-'; at least one. */
bool meta_is_name(sv v);
/* "10m" with one unit of s, m, h, d. */
bool meta_span(sv v, int64_t *us);

#endif
