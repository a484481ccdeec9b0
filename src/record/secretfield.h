/* SPDX-License-Identifier: MIT */
/*
 * secretfield.h: secrets whose name stands elsewhere than before a sign: the
 * name of a field ("name": "token", "value": "x"), the columns of a unique key,
 * the first of a pair, an element of XML.
 */
#ifndef RECORD_SECRETFIELD_H
#define RECORD_SECRETFIELD_H

#include <stdbool.h>

#include "record/secretkey.h"

/* Is it a key whose value may name a field: "name", "key", "header"? */
bool secretfield_is_key(sv key);
/* The value of the field that the value of *k names, or empty. *quote as of
 * secretvalue_of(), also below. */
sv secretfield_named(sv text, const struct secretkey *k, sv *quote);
/* "Key (token)=(x) already exists." of Postgres, at the sign: what stands in the
 * second brackets, up to one that a word does not follow; or empty. */
sv secretfield_columns(sv text, size_t at);
/* ("Cookie", "a=b") in a list of headers, ["token", "x"], at the quote behind
 * the name; or empty. */
sv secretfield_pair(sv text, size_t at, sv *quote);
/* Is what ends before the quote text[at] a whole string that, as the first of a
 * pair, is no name of a secret? */
bool secretfield_is_plain_item(sv text, size_t at);
/* <password>x</password>, <wsse:Password Type="a">x</wsse:Password>, at the '<';
 * or empty. */
sv secretfield_element(sv text, size_t at);

#endif
