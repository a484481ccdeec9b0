/* SPDX-License-Identifier: MIT */
/*
 * mailaddr.h: e-mail addresses as the waitlist holds them: who a mailbox
 * belongs to, and what a group of them has in common. Nothing here refuses an
 * address: text without '@' is a local part without a domain.
 *
 * Folding is what can be done without Unicode's tables: ASCII letters become
 * lower case, full-width forms of ASCII become ASCII, ideographic full stops
 * become '.'. Other letters keep their case and their composition, and a
 * domain in its "xn--" form is not that domain in its own script.
 */
#ifndef DETECT_MAILADDR_H
#define DETECT_MAILADDR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sv.h"

/*
 * The mailbox an address reaches, appended to b: folded, without "+tag",
 * whatever the domain (who is counted once too often is flagged for nothing,
 * and a domain that delivers tags to different people is rare), for
 * gmail.com and googlemail.com without dots and as gmail.com.
 */
void mail_canonical(struct buf *b, sv address);
/* The folded domain, without dots at the end; false without '@'. */
bool mail_domain(struct buf *b, sv address);
/* Local part of the canonical address. */
void mail_local(struct buf *b, sv address);

/* The shape of a local part: runs of letters as "a" and their length, of
 * digits as "0" and theirs, all else as it is: "ann.b12" is "a3.a102". */
void mail_shape(struct buf *b, sv local);
/* Splits off the digits at the end; false when there are none, when nothing
 * else is there, or more than 15 of them. */
bool mail_number(sv local, sv *stem, int64_t *number);
/* Are all characters ASCII digits, and is there one? */
bool mail_is_numeric(sv local);

/* Does a word mix letters of Latin, Greek, Cyrillic or Armenian, or does the
 * text hold a character that is not seen? */
bool mail_is_mixed(sv address);

#endif
