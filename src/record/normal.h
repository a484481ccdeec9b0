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
#include "record/redact.h"

struct normal {
	struct redact redact;
	const struct ip_net *trusted; /* own proxies, see base/ip.h */
	size_t ntrusted;
};

/* Fills *out but for line and byte. Views go to the envelope's line or the
 * scratch arena. */
void normal_line(const struct normal *n, const struct envelope *env,
    struct arena *scratch, struct rec *out);

#endif
