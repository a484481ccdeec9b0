/* SPDX-License-Identifier: MIT */
/*
 * router.h: one line of Heroku's HTTP router: the key=value form of 2013 and
 * later (legacy and Router 2.0) and the text form before. Clients write method,
 * path, host, request id, the left part of fwd and the agent: what the router
 * wrote itself is taken from the right, and a line that can be read in two ways
 * is flagged. The last entry of `fwd` is always the router's: where a line is
 * cut before the key behind it, or the agent of an H31 makes it uncertain, fwd
 * is null. (A line that was cut behind a forged dyno= is one that was cut behind
 * the router's to any reader.) What has no field is in `more` or `rest`.
 * Sources: Dev Center "HTTP Routing", "Heroku Error Codes"; real lines.
 */
#ifndef PARSE_ROUTER_H
#define PARSE_ROUTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"

enum { ROUTER_AMBIGUOUS = 1 }; /* can be read in two ways */

/* Null views: the key is absent. Empty: it has no value. Views into the message,
 * or constants where a form before 2013 leaves a key out. */
struct router {
	sv at, code, desc, sock, cause, method, path, host, request_id, fwd, dyno;
	sv connect, service, status, bytes, protocol, tls, tls_version;
	/* dyno: also web=, its old name */
	sv queue, wait;  /* until March 2013 */
	sv more;  /* in the tail, from the first unknown key to the last */
	sv rest;  /* before it, from the first byte without a field to the last */
	sv agent; /* of H31: the client's, behind everything else */
	unsigned flags;
	/* The values of connect, service, status, bytes; -1: no such number */
	int64_t connect_ms, service_ms, status_number, bytes_number;
};

/* False when the line has none of the known forms. */
bool router_parse(sv message, struct router *out);

/* The same of a line in the form of today, without two blanks behind each other.
 * False means no more than: ask router_parse. */
bool router_quick(sv message, struct router *out);

/* Is it a key that has a field? */
bool router_knows(sv key);

#endif
