/* SPDX-License-Identifier: MIT */
/*
 * router.h: one line of Heroku's HTTP router: the key=value form of 2013 and
 * later (legacy and Router 2.0) and the text form before. Clients write method,
 * path, host, request id and the left part of fwd: what the router wrote itself
 * is taken from the right, and a line that can be read in two ways is flagged.
 */
#ifndef PARSE_ROUTER_H
#define PARSE_ROUTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"

enum { ROUTER_AMBIGUOUS = 1 }; /* a key of the router occurs twice */

/* Null views: the key is absent. Empty: it has no value. */
struct router {
	sv at, code, desc, sock, cause, method, path, host, request_id, fwd, dyno;
	sv connect, service, status, bytes, protocol, tls, tls_version;
	unsigned flags;
};

bool router_parse(sv message, struct router *out);

/* "18ms", "18" -> 18; false when empty or no such number. */
bool router_ms(sv v, int64_t *ms);

#endif
