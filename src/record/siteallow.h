/* SPDX-License-Identifier: MIT */
/*
 * siteallow.h: `allow` of site.yml: findings that somebody looked at and
 * accepts. An entry names a rule (`*`: any) and what of it: an arm, a key, a
 * client; it says who answers for it, why, and until when. A user agent alone
 * is no description, because anyone can send it.
 */
#ifndef RECORD_SITEALLOW_H
#define RECORD_SITEALLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/ip.h"
#include "base/sv.h"

struct yaml;

struct site_allow {
	int line, col;        /* where it stands */
	sv rule;              /* an id, or "*" */
	sv arm, key;          /* null: any */
	sv client;            /* as written, null: any */
	struct ip_net net;    /* of it */
	sv user_agent;        /* a part of it; null: any */
	sv owner, reason;
	int64_t expires;      /* from then on it covers nothing */
};

/* Reads the list `y`, whose items are maps. Views live in the tree. False with
 * "name:line:col: ..." for a member that is unknown, missing or no value. */
bool siteallow_read(struct arena *perm, sv name, const struct yaml *y,
    struct site_allow **out, size_t *n, struct err *e);

#endif
