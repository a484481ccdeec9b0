/* SPDX-License-Identifier: MIT */
/*
 * maildomain.h: what is known of mail domains, as a list that was made by hand
 * and has a date: it is short, it grows old, and a domain that is not in it is
 * simply not known. Findings that rest on it show the date.
 */
#ifndef DETECT_MAILDOMAIN_H
#define DETECT_MAILDOMAIN_H

#include "base/sv.h"

/* When the rows were last looked at: "2026-11-26". */
extern const char maildomain_date[];

/*
 * Of a domain in lower case, or of the nearest domain above it that is listed:
 *   "free"        mailboxes for anybody
 *   "numeric"     the same, where a number for a name is the usual thing
 *   "relay"       forwards to a mailbox that stays hidden; names are random
 *                 by design and say nothing against their owner
 *   "disposable"  mailboxes for minutes, without an owner
 * Null when it is not listed.
 */
sv maildomain_kind(sv domain);

#endif
