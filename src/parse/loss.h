/* SPDX-License-Identifier: MIT */
/*
 * loss.h: Logplex's own notices that lines were lost: L10-L15, L20, an L code of
 * tomorrow, discarded history. Only believed from Logplex or log-shuttle: an app
 * can print the same text. Source: heroku/logplex, heroku/log-shuttle, Dev Center.
 */
#ifndef PARSE_LOSS_H
#define PARSE_LOSS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"

struct loss {
	sv code;           /* "L10"; "history" for a discarded history */
	int64_t lost;      /* messages, -1 when not given */
	int64_t since;     /* microseconds UTC, UTC_NONE when not given */
	const char *scope; /* "drain", "tail" (this session), "dyno", "app" */
	sv drain;          /* drain token the notice names, or null */
};

/* Only a line from there can be one: others are an app's, which may say so too. */
bool loss_is_source(sv source, sv dyno);
bool loss_parse(sv source, sv dyno, sv message, struct loss *out);

#endif
