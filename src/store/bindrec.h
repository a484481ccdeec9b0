/* SPDX-License-Identifier: MIT */
/* bindrec.h: the fields of a record as values of a statement. */
#ifndef STORE_BINDREC_H
#define STORE_BINDREC_H

#include <sqlite3.h>
#include <stdbool.h>

#include "record/rec.h"

/* Is the text this address as ip_write() writes it? */
bool bindrec_is_ipv4(sv text, const uint8_t addr[4]);

/* Is the value of a field that it has told by another? fwd is left out when it
 * is the IPv4 client alone: views show that then. */
static inline bool
bindrec_is_implied(const struct rec *r, int field)
{
	const struct rec_ip *ip = &r->v[REQUEST_client].u.ip;

	return r->kind == REC_REQUEST && field == REQUEST_fwd &&
	    rec_has(r, REQUEST_client) && ip->family == 4 &&
	    (ip->whole || bindrec_is_ipv4(r->v[field].text, ip->addr));
}

/* Parameter `at` becomes the value. Texts that rows hold as numbers of the
 * dictionary are bound as they are, and must live as long as the binding. */
void bindrec_value(sqlite3_stmt *s, int at, enum field_type type,
    const struct value *v);

#endif
