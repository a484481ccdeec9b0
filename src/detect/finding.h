/* SPDX-License-Identifier: MIT */
/*
 * finding.h: a run of firing as something a person can act on: who, how much,
 * against which threshold, when, and which records show it.
 */
#ifndef DETECT_FINDING_H
#define DETECT_FINDING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/sv.h"
#include "detect/nearby.h"
#include "detect/rule.h"
#include "detect/window.h"

struct store;

enum { FINDING_EVIDENCE_MAX = 10, FINDING_ID_LEN = 16 };

struct evidence {
	int64_t ts, rec;
	uint64_t hash;
	int64_t nth;
	sv source, summary, request_id; /* set by finding_locate */
	int64_t line, byte;
};

struct finding {
	const struct rule *rule;
	const struct arm *arm;
	char id[FINDING_ID_LEN + 1];
	int level; /* enum level */
	sv key;
	double metric; /* peak */
	int64_t first, last, fired_at;
	uint64_t events; /* records from first to last */
	struct evidence *evidence;
	size_t nevidence;
	sv note; /* of the first row with that metric; standing: of the first */
	struct nearby near; /* set by finding_locate */
	char incident[FINDING_ID_LEN + 1]; /* id of its first finding */
	unsigned repeats;   /* findings of the incident before this one */
	bool unsettled;     /* which may have begun before what was loaded */
	size_t allowed;     /* entry of site.yml from 1, or 0; see allow.h */
};

struct findings {
	struct finding *v;
	size_t n, cap;
};

/*
 * The findings of one arm: runs over its sorted hits whose last firing hit is
 * not before `from`. *open is set when a run's first firing hit is so close to
 * `loaded`, where firing begins, that an earlier one might belong to it.
 */
void findings_add(struct arena *a, const struct rule *r, const struct arm *arm,
    const struct hit *h, size_t n, int64_t from, int64_t loaded, bool *open,
    struct findings *out);
/* Firing hits no further apart than this are one finding; those of a posture
 * rule are one at any distance. */
int64_t arm_join(const struct rule *r, const struct arm *arm);
/* By rule, arm, first, key, id. */
void findings_sort(struct findings *f);

/* First 16 digits of SHA-256 over what makes a finding itself: rule, arm, key
 * and the record that fired first; a posture finding is the same as long as the
 * fact is, so its rule, arm and key alone. */
void finding_id(char out[FINDING_ID_LEN + 1], const struct rule *r,
    const struct arm *arm, const struct hit *fired);

/* Whom it goes to: immediate, same-day or digest. The rule says so, but not for
 * a finding of another level, nor if it names nobody: the level does then. */
sv finding_route(const struct finding *f);

/* Place, summary, request and own time of one record: ev->rec is known. */
bool finding_locate_one(struct arena *a, struct store *st, struct evidence *ev,
    struct err *e);
/* The same of each evidence record, and what happened shortly before
 * the finding. False when the store fails. */
bool finding_locate(struct arena *a, struct store *st, struct finding *f,
    struct err *e);

/* Lines of NDJSON: the finding, and its evidence. */
void finding_write(struct buf *b, const struct finding *f);
void finding_write_evidence(struct buf *b, const struct finding *f);

#endif
