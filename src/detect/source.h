/* SPDX-License-Identifier: MIT */
/*
 * source.h: the telemetry sources that rules name: what each is called, how
 * its records are counted in a store, and what has to happen in the world when
 * it is missing. The state of every rule follows from these facts.
 */
#ifndef DETECT_SOURCE_H
#define DETECT_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sv.h"
#include "detect/dumps.h"

struct sift;
struct store;
struct site;

enum source_feed {
	FEED_LOG,  /* log lines: judged by log coverage */
	FEED_DUMP, /* taken whole at one time: blind after that time */
	FEED_FILE, /* a file that site.yml names: read at every run */
	FEED_NONE, /* nothing of ours reads it yet: always absent */
	FEED_N
};

enum source_status {
	SOURCE_ABSENT,
	SOURCE_MANUAL,    /* pulls and dumps made by hand */
	SOURCE_AUTOMATED, /* a drain, a stream; a dump if site.yml says so */
	SOURCE_STATUS_N
};

extern const char *const source_status_name[SOURCE_STATUS_N];

enum source_id {
	SRC_HEROKU_ROUTER,
	SRC_HEROKU_APP,
	SRC_HEROKU_PLATFORM,
	SRC_HEROKU_DRAIN,
	SRC_POSTGRES_LINES,
	SRC_AUTH_EVENTS,
	SRC_PREVIEW_EVENTS,
	SRC_ACCESS_LINES,
	SRC_WAITLIST_SIGNUPS,
	SRC_CONSOLE_AUDIT_EVENTS,
	SRC_CUSTOMER_AUDIT_EVENTS,
	SRC_SENTRY_EVENTS,
	SRC_PG_STAT_STATEMENTS,
	SRC_PLATFORM_API,
	SRC_CONFIG_VARS,
	SRC_DRAIN_LIST,
	SRC_AUDIT_CHAIN_KEY,
	SRC_STRIPE_WEBHOOKS,
	SRC_N
};

struct source_def {
	const char *name;         /* as rules write it */
	const char *label;        /* as a page prints it */
	const char *view;         /* its rows in the store, or NULL */
	const char *prerequisite; /* why it is missing, if it is */
	enum source_feed feed;
	const char *count;        /* SQL: records, first, last; NULL: none */
	const char *dumps;        /* SQL: the tables' names; NULL: no dump */
};

extern const struct source_def source_def[SRC_N];

/* Row of source_def called name, or -1. */
int source_find(sv name);
/* Streams of the log (detect/coverage.h) that a FEED_LOG source is in. */
unsigned source_streams(int i);

struct source_fact {
	enum source_status status;
	int64_t records;
	int64_t first, last; /* event time; UTC_NONE without records */
	struct dumps dumps;  /* of others no time at all */
};

/*
 * What the store holds of every source. A dump without rows is present: it
 * says that there were none; one that vouches for nothing is not. The log came by itself if an input that did
 * reaches furthest up to `to`, the end of the window. Sift may be NULL. False
 * when the store fails.
 */
bool source_load(struct arena *a, struct store *st, const struct site *site,
    int64_t to, const struct sift *sift, struct source_fact out[SRC_N],
    struct err *e);

/* Sources of dumps of which the store has no input: absent at any time. */
void source_missing(struct store *st, bool missing[SRC_N]);

/* Adds the statements that source_load runs. */
void source_sift(struct sift *s);

#endif
