/* SPDX-License-Identifier: MIT */
/*
 * secretname.h: names of keys, columns and headers whose value is secret
 * whatever it looks like: password, DJANGO_SECRET_KEY, clientSecret, X-Api-Key,
 * csrfmiddlewaretoken. Names of counts, hashes and limits are none: tokens,
 * token_h, token_expires_at.
 */
#ifndef RECORD_SECRETNAME_H
#define RECORD_SECRETNAME_H

#include <stdbool.h>

#include "base/sv.h"

enum { SECRETNAME_MAX = 64 }; /* of a longer name its end decides */

/* query: the name stands in a query string, where code=, key= and hash= are
 * secret too (OAuth, signed links). */
bool secretname_is(sv name, bool query);
/* Is it surely no such name, in a query or elsewhere? Cheap; false says nothing. */
bool secretname_is_plain(sv raw);
/* Does its value hold several cookies? */
bool secretname_is_cookie(sv name);
/* authorization, cookie, x-api-key: what a list of headers may hold. */
bool secretname_is_header(sv name);
/* password, passphrase, secret: where no sign is needed between name and a
 * quoted value, as in SQL. */
bool secretname_is_word(sv name);
/* Does a word before "key" make it secret? "API key: x" */
bool secretname_is_key_kind(sv word);

#endif
