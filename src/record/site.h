/* SPDX-License-Identifier: MIT */
/*
 * site.h: site.yml, the facts of one deployment that no log contains. Unknown
 * keys are errors with line and column. Without a site.yml all lists are empty
 * and `loaded` is false; a rule that needs a fact then says which one.
 */
#ifndef RECORD_SITE_H
#define RECORD_SITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/ip.h"
#include "base/sv.h"
#include "record/sitechain.h"

struct site_list {
	sv *item;
	size_t n;
};

struct site_source { /* expected feed of one source */
	sv name;
	int64_t period;  /* microseconds, 0 unknown */
	bool automated;
};

struct site_place { /* in the file, from 1 */
	int line, col;
};

struct site_threshold { /* thresholds: {RULE: {name: number}} */
	sv rule, name;
	double value;
	struct site_place rule_at, name_at, value_at;
};

struct site_route {
	sv name, to;
};

struct site_allow; /* record/siteallow.h */

struct site {
	bool loaded;
	sv file;            /* as given, for messages */
	uint8_t digest[32]; /* SHA-256 of its text, zero when not loaded */
	sv host;
	struct ip_net *trusted;
	size_t ntrusted;
	sv preview_prefix;
	struct site_list secret_paths; /* "/api/beta/preview/{token}" */
	struct site_list apps;
	/* Every key that is there: as a list, if it is a value or a list of
	 * values, and as JSON, always a list or a map: a value alone is a list
	 * of one. */
	struct site_fact {
		sv key;
		struct site_list list;
		sv json;
	} *fact;
	size_t nfacts;
	struct site_source *source;
	size_t nsources;
	struct site_threshold *threshold;
	size_t nthresholds;
	struct site_route *route;
	size_t nroutes;
	struct site_chain chain;
	struct site_allow *allow; /* in the order of the file */
	size_t nallows;
	struct {
		bool set;
		int32_t daily;       /* minutes after midnight UTC, -1 none */
		int32_t hourly_from, hourly_to; /* minutes, -1 none */
		int64_t hourly_first, hourly_last; /* days, microseconds UTC */
		int32_t rebaseline_days; /* covered days, 0 none */
		bool rebaseline_on_drain;
	} schedule;
};

/* Reads site.yml text. Views live in the arena. */
bool site_read(struct arena *perm, sv name, sv text, struct site *out,
    struct err *e);
/* The same of a text that was parsed, without its digest. */
struct yaml;
bool site_read_tree(struct arena *perm, sv name, const struct yaml *doc,
    struct site *out, struct err *e);
/* No deployment known: secret_paths holds the built-in preview route. */
void site_default(struct arena *perm, struct site *out);
/* Does what was seen of the app count? Of any, when site.yml lists none. */
bool site_counts_app(const struct site *s, sv app);
/* The list of a key (screen_catalogue ...), or NULL when the site lacks it. */
const struct site_list *site_fact(const struct site *s, sv key);
/* The fact as JSON for an SQL parameter; null view when the site lacks it. */
sv site_fact_json(const struct site *s, sv key);
/* Is it a key of site.yml that rules may ask for? */
bool site_is_fact(sv key);
/* A list of what rules leave out: a site that has none leaves out nothing. */
bool site_is_exception(sv key);

#endif
