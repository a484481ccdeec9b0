/* SPDX-License-Identifier: MIT */
/*
 * code.h: every code that Heroku writes into an app's logs: H of the router,
 * R of the dyno manager, L of Logplex, and the two notices that have a name
 * only. Sources: the Dev Center's error codes; heroku/cli
 * src/lib/apps/error-info.ts for the severities. The table says where a
 * severity is our own.
 */
#ifndef PARSE_CODE_H
#define PARSE_CODE_H

#include <stddef.h>

#include "base/sv.h"

struct code {
	const char *code;     /* "H12"; "blank-app" and "history" without one */
	const char *name;     /* "Request timeout", as in desc= or brackets */
	const char *severity; /* "info", "warning", "error", "critical" */
	const char *meaning;  /* one sentence */
};

/* In the order of sv_cmp(). */
extern const struct code codes[];
extern const size_t ncodes;

/* NULL when there is no such code; upper and lower case differ. */
const struct code *code_find(sv code);

#endif
