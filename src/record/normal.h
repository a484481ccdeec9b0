/* SPDX-License-Identifier: MIT */
/*
 * normal.h: a log line's envelope -> its record, typed and without secrets. Each
 * line becomes exactly one record; what no reader knows is kept as text.
 */
#ifndef RECORD_NORMAL_H
#define RECORD_NORMAL_H

#include "base/arena.h"
#include "parse/envelope.h"
#include "record/rec.h"
#include "record/note.h"
#include "record/redact.h"

struct site;

struct normal {
	struct redact redact;
	const struct ip_net *trusted; /* own proxies, see base/ip.h */
	size_t ntrusted;
	bool unseen; /* nobody will see the records: secrets are not looked for,
	              * and they have no name */
};

/* For records that are seen. The site's facts are in use as long as *n is. */
void normal_init(struct normal *n, const uint8_t key[REDACT_KEY_LEN],
    const struct site *site);

/* Fills *out but for line and byte. Views go to the envelope's line or the
 * scratch arena. */
void normal_line(const struct normal *n, const struct envelope *env,
    struct arena *scratch, struct rec *out);

/* A message of several lines. */
struct normal_join {
	sv text;        /* all of it; of a part not needed */
	const char *how; /* "traceback" ... */
	uint32_t lines; /* how many there are */
	uint32_t place; /* of a part, from 2 */
};

/* The first line, whose record holds the whole message. Its hash is that of the
 * line alone: an input that was cut behind it knows the same event. */
void normal_head(const struct normal *n, const struct envelope *env,
    const struct normal_join *join, struct arena *scratch, struct rec *out);
/* Another line of the message; `head` is the hash of its first. */
void normal_part(const struct normal *n, const struct envelope *env,
    uint64_t head, const struct normal_join *join, struct arena *scratch,
    struct rec *out);

#endif
