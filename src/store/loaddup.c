/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/oom.h"
#include "store/kind.h"
#include "store/loadpriv.h"

/* Places that are kept in memory, so that the store may still be replaced. */
enum { ALSO_MAX = 64 * 1024 };

/* --- what others hold --- */

/* Sources of the same app, of its logs or of the same dump. */
static const char same_app_sql[] =
    "SELECT id FROM source WHERE dump IS ?2 AND (form = 'dump') = ?3 "
    "AND app IS ?1";
static const char interval_sql[] =
    "SELECT start, stop FROM span WHERE source IN (SELECT id FROM source "
    "WHERE dump IS ?2 AND (form = 'dump') = ?3 AND app IS ?1)";

static sqlite3_stmt *
prepare_group(struct loader *l, const char *sql)
{
	sqlite3_stmt *s = db_prepare(l->st, sql);
	bool dump = sv_is(l->src->form, "dump");

	db_bind_sv(s, 1, l->src->app);
	db_bind_sv(s, 2, l->src->dump);
	sqlite3_bind_int(s, 3, dump);
	return s;
}

static int
cmp_interval(const void *a, const void *b)
{
	const struct interval *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

static void
merge_intervals(struct loader *l)
{
	size_t n = 0;

	if (l->nold)
		qsort(l->old, l->nold, sizeof(*l->old), cmp_interval);
	for (size_t i = 0; i < l->nold; i++) {
		if (n && l->old[i].start <= l->old[n - 1].stop) {
			if (l->old[i].stop > l->old[n - 1].stop)
				l->old[n - 1].stop = l->old[i].stop;
		} else {
			l->old[n++] = l->old[i];
		}
	}
	l->nold = n;
	l->at_old = 0;
}

static bool
load_same_app(struct loader *l, struct err *e)
{
	sqlite3_stmt *s = prepare_group(l, same_app_sql);
	int rc;

	free(l->same_app);
	l->nsources = l->source;
	l->same_app = calloc((size_t)l->source + 1, 1);
	if (l->same_app == NULL)
		oom();
	while ((rc = sqlite3_step(s)) == SQLITE_ROW)
		l->same_app[sqlite3_column_int64(s, 0)] = 1;
	sqlite3_finalize(s);
	return rc == SQLITE_DONE || db_err(l->st, e, "sources");
}

static bool
load_intervals(struct loader *l, struct err *e)
{
	sqlite3_stmt *s = prepare_group(l, interval_sql);
	struct buf b = BUF_INIT;
	int rc;

	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		struct interval v = { sqlite3_column_int64(s, 0),
		    sqlite3_column_int64(s, 1) };

		buf_mem(&b, &v, sizeof(v));
	}
	sqlite3_finalize(s);
	free(l->old);
	l->old = (struct interval *)(void *)b.p;
	l->nold = b.n / sizeof(*l->old);
	merge_intervals(l);
	return rc == SQLITE_DONE || db_err(l->st, e, "spans");
}

bool
loaddup_begin(struct loader *l, struct err *e)
{
	l->shared = 0;
	buf_clear(&l->also);
	return load_same_app(l, e) && load_intervals(l, e) && (l->nold == 0 ||
	    stretches_more(&l->roles.stretches, l->st->db) == SQLITE_OK ||
	    db_err(l->st, e, "stretches"));
}

/* Could a stored line have this time? Neighbours share an interval. */
static bool
overlaps(struct loader *l, int64_t ts)
{
	size_t lo = 0, hi = l->nold;

	if (ts >= l->old[l->at_old].start && ts <= l->old[l->at_old].stop)
		return true;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (l->old[mid].stop < ts)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == l->nold || l->old[lo].start > ts)
		return false;
	l->at_old = lo;
	return true;
}

/* --- one more place --- */

static bool
write_also(struct loader *l, const struct place_also *p, struct err *e)
{
	sqlite3_bind_int64(l->put_also, 1, p->rec);
	sqlite3_bind_int64(l->put_also, 2, l->source);
	sqlite3_bind_int64(l->put_also, 3, p->line);
	sqlite3_bind_int64(l->put_also, 4, p->byte);
	l->changed = true;
	return db_run(l->st, l->put_also, e);
}

bool
loaddup_flush(struct loader *l, struct err *e)
{
	const struct place_also *p = (const void *)l->also.p;
	size_t n = l->also.n / sizeof(*p);

	buf_clear(&l->also);
	for (size_t i = 0; i < n; i++)
		if (!write_also(l, &p[i], e))
			return false;
	return true;
}

static bool
put_also(struct loader *l, const struct rec *r, const struct role *stored,
    struct err *e)
{
	struct place_also p = { stored->id << REC_KIND_BITS |
	    (int64_t)stored->kind, (int64_t)r->line, (int64_t)r->byte };

	l->shared++;
	if (l->changed)
		return write_also(l, &p, e);
	buf_mem(&l->also, &p, sizeof(p));
	return l->also.n < ALSO_MAX * sizeof(p) || loaddup_flush(l, e);
}

/* The line is there; this version of it may be better. */
static bool
meet(struct loader *l, const struct rec *r, uint32_t nth, struct role *stored,
    struct err *e)
{
	bool wins;
	int64_t id;

	if (!role_rivals(r, stored))
		return true;
	if (!role_wins(&l->roles, r, stored, &wins, e))
		return false;
	return !wins || (loaddup_flush(l, e) &&
	    loadrow_add(l, r, nth, true, &id, e) &&
	    role_replace(&l->roles, r, id, stored, e));
}

bool
loaddup_find(struct loader *l, const struct rec *r, uint32_t nth, bool *dup,
    struct err *e)
{
	struct role stored = { .kind = r->kind };

	*dup = false;
	if (!overlaps(l, r->ts))
		return true;
	if (!role_find(&l->roles, r, nth, l->same_app, l->nsources, &stored, e))
		return false;
	*dup = stored.id != 0;
	return !*dup || (meet(l, r, nth, &stored, e) &&
	    put_also(l, r, &stored, e));
}
