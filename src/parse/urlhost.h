/* SPDX-License-Identifier: MIT */
/*
 * urlhost.h: what may be shown of a URL that holds a secret: its scheme, host
 * and port, never user info, path or query.
 */
#ifndef PARSE_URLHOST_H
#define PARSE_URLHOST_H

#include <stdbool.h>

#include "base/sv.h"

struct urlhost {
	sv scheme;
	sv host; /* of an IPv6 address with its brackets */
	sv port; /* one to five digits, or null */
};

/*
 * urlhost_read: the parts of "SCHEME://[USER INFO@]HOST[:PORT][/?# ...]". Views
 * into url. False when it is no such URL, and when the host cannot be told for
 * sure: with an '@' behind it, a part of the user info may look like a host,
 * because people do not escape '/' in passwords.
 */
bool urlhost_read(sv url, struct urlhost *out);

#endif
