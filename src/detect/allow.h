/* SPDX-License-Identifier: MIT */
/*
 * allow.h: which findings the entries of `allow` in site.yml cover, and what
 * each entry hid. A covered finding stays in the output and raises no alert. An
 * entry covers nothing from its `expires` on, compared with the run's now.
 */
#ifndef DETECT_ALLOW_H
#define DETECT_ALLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct catalog;
struct eval;
struct finding;
struct site;

/* False when an entry names an arm that its rule does not have; or, of a `whole`
 * catalog, a rule that is not in it. In others, such as a directory of public
 * rules, entries for ours are unused. */
bool allow_check(const struct catalog *c, const struct site *site, bool whole,
    struct err *e);

/* To look through the records of a finding for a client or a user agent its rule
 * is evaluated again. Findings of more records than this, and what is behind so
 * many findings of a run, are not looked through: they stay open. */
enum { ALLOW_RECORDS_MAX = 20000, ALLOW_LOOKS_MAX = 500 };

struct allow {
	struct eval *ev;
	uint64_t *hid; /* per entry of the site: findings it covers */
	unsigned looks;
};

void allow_init(struct allow *al, struct eval *ev);

/*
 * Sets f->allowed: number from 1 of the first entry that covers the finding, 0
 * when none does. `client` is the finding's key where that is a client or a
 * network; else, and for a user agent, every record of the finding must have
 * been sent so. Every entry that covers it counts it. False when the store
 * fails.
 */
bool allow_find(struct allow *al, struct finding *f, struct err *e);

/* A line of NDJSON for each entry, in their order: see run.h. */
void allow_write(struct buf *b, const struct allow *al);

#endif
