/* SPDX-License-Identifier: MIT */
/*
 * platform.h: lines of Heroku itself: dyno states, starts and exits, releases,
 * builds, scaling, config names, maintenance, R codes. Source of the texts:
 * real lines of 2011 to 2026, heroku/logplex, the Dev Center's error codes, the
 * log parsers of Heroku's own tools.
 *
 * event         subject: what the line is about, a view into it
 * addon         attachment or resource: "DATABASE (@ref:postgresql-flat-1)"
 * build         "started", "succeeded", "failed", "finished"
 * config        names, never values: "DATABASE_URL, REDIS_URL"
 * deploy        commit
 * error         name of the R code: "Boot timeout"; its code is in `code`
 * scale         "web@2:Standard-1X worker@0:Basic", before 2016 "web=2"
 * stack         new stack; from and to when both are named
 * start         command, which may hold secrets; to the end of the line when
 *               the line is only its first, as commands can have several
 * stop          signal: "SIGTERM"
 * Without subject: exit, idle, log-session, logplex, maintenance-off,
 * maintenance-on, memory, release, release-phase, restart, rollback, run,
 * state, unidle.
 */
#ifndef PARSE_PLATFORM_H
#define PARSE_PLATFORM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"

struct platform {
	const char *event;
	sv code;           /* R code, or null */
	sv actor;          /* who, from "by user X" or "by X"; or null */
	sv from, to;       /* states of a dyno, stacks; or null */
	sv subject;        /* as above, or null */
	int64_t version;   /* of a release, or -1 */
	int64_t status;    /* of an exit, or -1 */
	double megabytes;  /* of memory in use, or -1 */
	double percent;    /* of the memory quota, or -1 */
};

/* True when the text is a known platform line; else event is "other". */
bool platform_parse(sv message, struct platform *out);
/* The same answer and nothing else. */
bool platform_knows(sv message);

#endif
