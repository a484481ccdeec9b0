/* SPDX-License-Identifier: MIT */
/*
 * sender.h: who sent the request that a record is about, as far as the store
 * tells: the address from the router before what the app says, which may
 * believe a header; the user agent from an access line or the app.
 */
#ifndef DETECT_SENDER_H
#define DETECT_SENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sv.h"

struct store;

struct sender {
	sv client; /* an address or a /64; null: not known */
	sv agent;  /* null: not known */
};

/*
 * A client chooses its request id, and may choose that of another: where one
 * request id has several clients, or several user agents, they are not known.
 * Text lives in the arena. False when the store fails.
 */
bool sender_load(struct arena *a, struct store *st, int64_t rec,
    struct sender *out, struct err *e);

#endif
