/* SPDX-License-Identifier: MIT */
/*
 * sitechain.h: `audit_chain` of site.yml: how the rows of the audit log are
 * chained, which files hold the keys, and heads of chains that somebody wrote
 * down elsewhere:
 *
 *   {format: raxx-audit-v1, keys: {k1: FILE}, heads: [{tenant: t-acme, seq: 40,
 *   mac: 64 digits}]}
 *
 * A file is named from the folder of site.yml on. That it cannot be read, or
 * that nobody here knows the format, is no error of site.yml: see chainkey.h.
 */
#ifndef RECORD_SITECHAIN_H
#define RECORD_SITECHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sv.h"

struct yaml;

struct site_chain {
	sv format; /* null: site.yml has no audit_chain */
	struct site_chain_key {
		sv id;   /* key_id of the rows */
		sv file; /* with the folder of site.yml before it */
	} *key;
	size_t nkeys;
};

/* Reads the map. `name` is the site.yml, for its folder and for messages. False
 * with its place: a member is unknown, missing or no value. */
bool sitechain_read(struct arena *perm, sv name, const struct yaml *y,
    struct site_chain *out, struct err *e);

#endif
