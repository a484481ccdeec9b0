/* SPDX-License-Identifier: MIT */
/* siftpriv.h: inside of struct sift, for the files of sift.h only. */
#ifndef DETECT_SIFTPRIV_H
#define DETECT_SIFTPRIV_H

#include "base/arena.h"
#include "base/buf.h"
#include "detect/bloom.h"
#include "detect/sift.h"
#include "detect/siftplan.h"

struct hits_env;
struct textclass;

enum { BASES = 8 }; /* tables of the log */

/* A place where a statement reads a table. */
struct scan {
	const struct siftscan *plan;
	struct buf id;   /* of int64_t */
	bool every;      /* every row is asked for it */
	bool dropped;    /* too many rows */
	struct scan *peer; /* whose rows have the request ids of its own */
	struct buf hash; /* uint64_t per row: of its request id; of peers */
	struct bloom ids; /* of these, once its table was passed over */
	char name[32];   /* of the view, once it is made */
};

/* A statement. */
struct ask {
	sv sql, out; /* out: null, it stays as it is */
	const struct hits_env *env; /* of a rule's own statement; else NULL */
	const struct rule *rule;
	const struct arm *arm;
	struct siftplan plan;
	struct scan *scan; /* as in the plan */
	bool made;         /* its views are, or cannot be */
};

/* Scans that a literal in the text of one cell leads to. */
struct leads {
	uint32_t *scan;
	size_t n;
	bool known;
};

struct base {
	const char *table;
	struct siftcells cells;
	struct scan **scan; /* those that are asked for, of all statements */
	size_t nscans;
	uint64_t rows;
	int ts, source, origin, subject; /* cells; the last two of metrics */
	bool request, metric;
};

struct sift {
	struct arena a;
	struct store *st;
	struct needles *needles;
	struct ask *ask;
	size_t nasks, cap;
	struct base base[BASES];
	size_t nbases;
	struct textclass *classes;
	struct tally *tally;
	struct ask *asking; /* whose plan is made */
	int64_t version, inputs; /* of the store at the pass */
	size_t threads;
	size_t nviews;
	struct scan *none[2 * BASES]; /* a view without rows of each table */
	size_t nnone;
	bool minutes;       /* their table is made */
	bool done;
};

static inline size_t
siftscan_rows(const struct scan *scan)
{
	return scan->id.n / sizeof(int64_t);
}

/* Is anything known of its rows? */
static inline bool
siftscan_asked(const struct scan *scan)
{
	return scan->plan->cond || scan->peer;
}

/* Of a table; made when it is new. */
struct base *sift_base(struct sift *s, const char *table);
void siftscan_release(struct scan *scan);

/* siftpass.c: the tables of the log, whether or not a statement reads them; then
 * all rows. Sets s->done unless the dictionary is too large. */
void siftpass_tables(struct sift *s);
bool siftpass_run(struct sift *s, struct err *e);

/* siftview.c: temporary views for a statement, and the text that names them.
 * Those of most are never needed, and so made when it is first opened. */
bool siftview_make(struct sift *s, struct ask *ask, struct err *e);
void siftview_drop(struct sift *s);
/* No row of a table can matter to it, and it has no other rows. */
bool siftview_is_empty(const struct sift *s, const struct ask *ask);

#endif
