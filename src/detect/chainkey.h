/* SPDX-License-Identifier: MIT */
/*
 * chainkey.h: the keys of the audit chain, read from the files that site.yml
 * names. Keys come from files only, never from a command line or the
 * environment, are held ready for use, and are overwritten on closing.
 *
 * A key that was named and is not to be had stops no run: the others and all
 * other rules can still say something. The ring keeps why, and the rule over
 * the chain tells it.
 */
#ifndef DETECT_CHAINKEY_H
#define DETECT_CHAINKEY_H

#include <stddef.h>

#include "base/buf.h"
#include "base/sv.h"

struct hmac_key;
struct site_chain;

enum {
	CHAINKEY_LEAST = 16, /* bytes; a shorter secret is no key */
	CHAINKEY_MOST = 1024
};

struct chainkey;

/* Reads the files: hexadecimal digits, two a byte, blanks around them. Never
 * NULL; of a site without audit_chain the ring is empty. */
struct chainkey *chainkey_open(const struct site_chain *c);
/* Overwrites the keys. NULL is allowed. */
void chainkey_close(struct chainkey *ring);

/* How many keys are to be had; none when the format is not known. */
size_t chainkey_usable(const struct chainkey *ring);
/* NULL: nobody named it, or it is not to be had. */
const struct hmac_key *chainkey_find(const struct chainkey *ring, sv id);

/*
 * What rules may know, as JSON; without audit_chain null. In the order of
 * site.yml:
 *
 *   {"format":F,"known":true,"keys":{"k1":{"fault":null,"loose":false}}}
 *
 * fault says why the key is not to be had, loose that others can read its file.
 */
void chainkey_json(struct buf *b, const struct chainkey *ring);

#endif
