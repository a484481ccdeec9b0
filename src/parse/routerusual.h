/* SPDX-License-Identifier: MIT */
/*
 * routerusual.h: lines of Heroku's router as nearly all are: of a request that
 * went well, all keys in their order, over TLS, no two blanks behind each other,
 * numbers of up to seven digits. False means no more here than: ask router.h.
 */
#ifndef PARSE_ROUTERUSUAL_H
#define PARSE_ROUTERUSUAL_H

#include "parse/router.h"

/* Sets flags, at, method, path, host, request_id, fwd, dyno, protocol, tls_version and
 * the values of the numbers; not their texts, which say no more, nor what is not in
 * such a line. When it is false, some of them. */
bool routerusual_parse(sv message, struct router *r);
/* The same answer and nothing else. */
bool routerusual_is(sv message);
/* Is it a line of `heroku logs` with such a message? Then its time too. */
bool routerusual_line(sv line, int64_t *ts);

#endif
