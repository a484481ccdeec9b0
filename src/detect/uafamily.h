/* SPDX-License-Identifier: MIT */
/*
 * uafamily.h: which kind of program a User-Agent names, without its version. It
 * is what the client claims: good enough to see that one account has several
 * programs, not to tell who they are.
 */
#ifndef DETECT_UAFAMILY_H
#define DETECT_UAFAMILY_H

#include "base/sv.h"

/* "Chrome", "curl" ...; "other" for a text that is none of them; null for no
 * text, an empty one and "-". The view is static. */
sv ua_family(sv agent);

#endif
