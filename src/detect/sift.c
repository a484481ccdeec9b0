/* SPDX-License-Identifier: MIT */
#include "detect/sift.h"

#include <assert.h>
#include <stdlib.h>

#include "base/oom.h"
#include "detect/given.h"
#include "detect/siftpriv.h"
#include "detect/tally.h"
#include "detect/textclass.h"
#include "store/query.h"
#include "store/rowscan.h"
#include "store/subset.h"

/* --- statements ----------------------------------------------------------- */

struct sift *
sift_open(struct store *st, size_t threads)
{
	struct sift *s = calloc(1, sizeof(*s));

	if (s == NULL)
		oom();
	s->st = st;
	s->threads = threads;
	s->needles = needles_open();
	s->tally = tally_open();
	return s;
}

/* Those of rules are told by where their text is: two may have the same text,
 * with other values for what is bound. */
static struct ask *
find_ask(const struct sift *s, sv sql)
{
	for (size_t i = 0; i < s->nasks; i++)
		if (s->ask[i].sql.n == sql.n && (s->ask[i].sql.p == sql.p ||
		    (!s->ask[i].arm && !s->ask[i].rule && sv_eq(s->ask[i].sql, sql))))
			return &s->ask[i];
	return NULL;
}

static void
add(struct sift *s, struct ask ask)
{
	if (find_ask(s, ask.sql) && !ask.arm)
		return;
	if (s->nasks == s->cap) {
		struct ask *old = s->ask;

		s->cap = s->cap ? 2 * s->cap : 64;
		s->ask = arena_array(&s->a, s->cap, sizeof(*s->ask));
		if (old)
			memcpy(s->ask, old, s->nasks * sizeof(*old));
	}
	s->ask[s->nasks++] = ask;
}

void
sift_add(struct sift *s, sv sql)
{
	add(s, (struct ask){ .sql = sql });
}

/* Lines come with a row of their input; a run that is recorded has none. */
static int64_t
inputs_of(struct store *st)
{
	return query_one_i64(st, "SELECT count(*) + sum(id * 1000003 + stored "
	    "+ duplicates) FROM source", 0);
}

static void
add_arm(struct sift *s, const struct arm *arm)
{
	for (size_t i = 0; i < arm->nlinks; i++)
		add_arm(s, &arm->link[i]);
	if (arm->sql.n)
		add(s, (struct ask){ .sql = arm->sql, .arm = arm });
}

void
sift_add_rule(struct sift *s, const struct hits_env *env, const struct rule *r)
{
	if (r->sql.n)
		add(s, (struct ask){ .sql = r->sql, .env = env, .rule = r });
	for (size_t i = 0; i < r->narms; i++)
		add_arm(s, &r->arm[i]);
}

/* --- plans ---------------------------------------------------------------- */

struct base *
sift_base(struct sift *s, const char *table)
{
	for (size_t i = 0; i < s->nbases; i++)
		if (strcmp(s->base[i].table, table) == 0)
			return &s->base[i];
	assert(s->nbases < BASES);
	s->base[s->nbases].table = table;
	return &s->base[s->nbases++];
}

static struct siftcells *
cells_of(void *ctx, const struct sifttable *t)
{
	return &sift_base(ctx, t->base)->cells;
}

/* "?3", or a name: what differs between windows is not known. */
static bool
param(void *ctx, sv name, struct bind *out)
{
	const struct ask *ask = ((struct sift *)ctx)->asking;
	uint64_t i;

	if (sv_skip_lit(&name, SV("?"))) {
		if (!ask->arm || !sv_to_u64(name, &i) || i == 0 ||
		    i > ask->arm->nbinds)
			return false;
		*out = ask->arm->bind[i - 1];
		return true;
	}
	return ask->rule && !given_is(name) && given_find(ask->env, ask->rule,
	    0, 0, name, out) == GIVEN_OK;
}

static void
plan_all(struct sift *s)
{
	const struct siftasker asker = { s->needles, cells_of, param, s };

	for (size_t i = 0; i < s->nasks; i++) {
		struct ask *ask = &s->ask[i];

		s->asking = ask;
		siftplan_make(&s->a, ask->sql, &asker, &ask->plan);
		ask->scan = arena_array(&s->a, ask->plan.n + 1,
		    sizeof(*ask->scan));
		for (size_t k = 0; k < ask->plan.n; k++) {
			struct scan *scan = &ask->scan[k];

			scan->plan = &ask->plan.scan[k];
			if (scan->plan->peer >= 0)
				scan->peer = &ask->scan[scan->plan->peer];
			if (!siftscan_asked(scan))
				continue;
			scan->every = !scan->plan->cond ||
			    siftcond_gate(scan->plan->cond)->every;
			sift_base(s, scan->plan->table->base)->nscans++;
		}
	}
}

static void
list_scans(struct sift *s)
{
	for (size_t i = 0; i < s->nbases; i++) {
		s->base[i].scan = arena_array(&s->a, s->base[i].nscans + 1,
		    sizeof(struct scan *));
		s->base[i].nscans = 0;
	}
	for (size_t i = 0; i < s->nasks; i++)
		for (size_t k = 0; k < s->ask[i].plan.n; k++) {
			struct scan *scan = &s->ask[i].scan[k];
			struct base *b;

			if (!siftscan_asked(scan))
				continue;
			b = sift_base(s, scan->plan->table->base);
			b->scan[b->nscans++] = scan;
		}
}

bool
sift_is_current(const struct sift *s)
{
	return s->done && (subset_version(s->st) == s->version ||
	    inputs_of(s->st) == s->inputs);
}

/* A statement whose views cannot be made stays as it is. */
static sv
replace(void *ctx, sv sql)
{
	struct sift *s = ctx;
	struct ask *ask = find_ask(s, sql);
	struct err e = ERR_INIT;

	if (!ask || !sift_is_current(s))
		return sql;
	if (!ask->made && !siftview_make(s, ask, &e))
		ask->out = SV_NULL;
	ask->made = true;
	return sv_null(ask->out) ? sql : ask->out;
}

int64_t
sift_rows(const struct sift *s, const char *table)
{
	if (!s || !sift_is_current(s))
		return -1;
	for (size_t i = 0; i < s->nbases; i++)
		if (strcmp(s->base[i].table, table) == 0)
			return (int64_t)s->base[i].rows;
	return -1;
}

struct tally *
sift_tally(const struct sift *s)
{
	return s && sift_is_current(s) ? s->tally : NULL;
}

bool
sift_is_empty(const struct sift *s, sv sql)
{
	const struct ask *ask = s ? find_ask(s, sql) : NULL;

	return ask && sift_is_current(s) && siftview_is_empty(s, ask);
}

bool
sift_run(struct sift *s, struct err *e)
{
	bool ok;

	siftpass_tables(s);
	plan_all(s);
	list_scans(s);
	s->version = subset_version(s->st);
	s->inputs = inputs_of(s->st);
	if (!rowscan_begin(s->st, e))
		return false;
	ok = siftpass_run(s, e);
	rowscan_end(s->st);
	if (ok && s->done)
		query_replace(s->st, replace, s);
	return ok;
}

void
siftscan_release(struct scan *scan)
{
	buf_release(&scan->id);
	buf_release(&scan->hash);
	bloom_release(&scan->ids);
}

void
sift_close(struct sift *s)
{
	if (s == NULL)
		return;
	query_replace(s->st, NULL, NULL);
	siftview_drop(s);
	for (size_t i = 0; i < s->nasks; i++)
		for (size_t k = 0; k < s->ask[i].plan.n; k++)
			siftscan_release(&s->ask[i].scan[k]);
	textclass_close(s->classes);
	tally_close(s->tally);
	needles_close(s->needles);
	arena_release(&s->a);
	free(s);
}
