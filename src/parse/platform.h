/* SPDX-License-Identifier: MIT */
/*
 * platform.h: lines of Heroku itself: dyno states, starts and exits, releases,
 * builds, scaling, config names, maintenance, R codes. Source of the texts:
 * real lines, heroku/logplex, the Dev Center's error codes.
 */
#ifndef PARSE_PLATFORM_H
#define PARSE_PLATFORM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"

struct platform {
	const char *event; /* "state", "start", "exit", "stop", "release" ... */
	sv code;           /* R code, or null */
	sv actor;          /* who, from "by user X" or "by X"; or null */
	sv from, to;       /* dyno states, or null */
	int64_t version;   /* of a release, or -1 */
	int64_t status;    /* of an exit, or -1 */
};

/* True when the text is a known platform line; else event is "other". */
bool platform_parse(sv message, struct platform *out);

#endif
