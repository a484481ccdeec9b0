/* SPDX-License-Identifier: MIT */
#include "record/keyblock.h"

#include "base/ascii.h"
#include "base/hash.h"

enum { LINE_BYTES = 80 }; /* 64 and 76 are usual */

static bool
begins(sv message)
{
	return sv_has(message, SV("-----BEGIN ")) &&
	    sv_has(message, SV("PRIVATE KEY-----"));
}

/* Base64, or the headers of an encrypted key (RFC 1421), or nothing. */
static bool
is_inside(sv line)
{
	if (sv_starts(line, SV("Proc-Type: ")) ||
	    sv_starts(line, SV("DEK-Info: ")))
		return true;
	for (size_t i = 0; i < line.n; i++)
		if (!is_alnum(line.p[i]) && line.p[i] != '+' &&
		    line.p[i] != '/' && line.p[i] != '=')
			return false;
	return line.n <= LINE_BYTES;
}

bool
keyblock_holds(struct keyblock *k, sv origin, sv message)
{
	if (keyblock_may_begin(message) && begins(message)) {
		*k = (struct keyblock){ true, hash64(origin, 0) };
		return false;
	}
	if (!k->open || (!sv_null(origin) && hash64(origin, 0) != k->origin))
		return false;
	k->open = is_inside(message);
	return k->open && message.n;
}
