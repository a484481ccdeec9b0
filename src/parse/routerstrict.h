/* SPDX-License-Identifier: MIT */
/*
 * routerstrict.h: lines of Heroku's router in the order and form in which it
 * writes them today, read in one straight run: nearly all there are. For
 * router.c, which reads the others.
 */
#ifndef PARSE_ROUTERSTRICT_H
#define PARSE_ROUTERSTRICT_H

#include "parse/router.h"

/* False without a doubt: *r, which is empty at first, may be filled in part. */
bool routerstrict_parse(sv msg, struct router *r);

/* Letters, digits, '_', '-' and '.'; also none. */
bool routerstrict_is_token(sv v);
/* "18", with `ms` also "18ms", into *out; -1 when it is empty or none, and false
 * when it is none. */
bool routerstrict_number(sv v, bool ms, int64_t *out);

#endif
