/* SPDX-License-Identifier: MIT */
/*
 * secretkey.h: the key before a sign, read backwards from it: password=,
 * "token" : , user[otp]=, pin%3D, "API key: ", in every spelling of quotes,
 * brackets and signs. Whether its value is secret secretname.h tells.
 */
#ifndef RECORD_SECRETKEY_H
#define RECORD_SECRETKEY_H

#include <stdbool.h>

#include "base/sv.h"

struct secretkey {
	sv text;        /* into the text, or a constant: "api_key" */
	sv quote;       /* its closing quote with the backslashes before */
	size_t next;    /* index behind the sign */
	unsigned depth; /* how often the sign is percent-encoded */
	bool colon;     /* the sign is ':', else '=', "=>" */
	bool spaced;    /* blanks may stand behind the sign */
	bool query;     /* of a query string */
};

/* The key whose sign starts at text[at]; it may be empty. False: no sign. */
bool secretkey_at(sv text, size_t at, struct secretkey *k);
/* The same of a name in double quotes right before the colon text[at], with nothing
 * in it that is spelled: *k need not be looked for. */
void secretkey_quoted(sv text, size_t at, struct secretkey *k);
/* The key that ends before text[at], without blanks, quotes and the bracket
 * of "user[password]": sets text, quote and query only. */
void secretkey_read(sv text, size_t at, struct secretkey *k);
/* "=", ":", "%3D", "%253a", "\u003d" at text[at], which is not the end: '=' or
 * ':', or 0; *width bytes wide, percent-encoded *depth times. */
int secretkey_sign(sv text, size_t at, size_t *width, unsigned *depth);

#endif
