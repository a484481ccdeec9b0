/* SPDX-License-Identifier: MIT */
/*
 * secreturl.h: what a URL holds that is secret: the user info before its host
 * (RFC 3986, 3.2.1; also with bytes that should be encoded and are not), or all
 * behind the host of a web hook.
 */
#ifndef RECORD_SECRETURL_H
#define RECORD_SECRETURL_H

#include "base/sv.h"

/* Index behind "://" at text[at], also of JSON (":\/\/") and percent-encoded
 * *depth times; 0 when it is not there. */
size_t secreturl_sign(sv text, size_t at, unsigned *depth);
/* The secret behind that, a view into text, or empty. */
sv secreturl_secret(sv text, size_t from, unsigned depth);

#endif
