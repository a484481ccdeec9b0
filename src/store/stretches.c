/* SPDX-License-Identifier: MIT */
/*
 * Times are nearly ascending. So what is reached up to a stretch is, and what is
 * still to come from it on: they bound where to look, and there each is asked.
 */
#include "store/stretches.h"

static const int64_t *
latest_up_to(const struct stretches *s)
{
	return (const int64_t *)(const void *)s->reach.p;
}

static const int64_t *
earliest_from(const struct stretches *s)
{
	return latest_up_to(s) + s->n;
}

static void
set_reach(struct stretches *s)
{
	int64_t *up, *from, most = INT64_MIN, least = INT64_MAX;

	buf_clear(&s->reach);
	/* one more, so that there is memory when there is none of these */
	buf_reserve(&s->reach, (2 * s->n + 1) * sizeof(int64_t));
	up = (int64_t *)(void *)s->reach.p;
	from = up + s->n;
	for (size_t i = 0; i < s->n; i++) {
		if (s->v[i].stop > most)
			most = s->v[i].stop;
		up[i] = most;
	}
	for (size_t i = s->n; i-- > 0;) {
		if (s->v[i].start < least)
			least = s->v[i].start;
		from[i] = least;
	}
}

int
stretches_more(struct stretches *s, sqlite3 *db)
{
	struct stretch x;
	sqlite3_stmt *q = NULL;
	int rc = sqlite3_prepare_v2(db, "SELECT id, byte, start, stop FROM "
	    "main.stretch WHERE id > ?1 ORDER BY id", -1, &q, NULL);

	if (rc == SQLITE_OK)
		sqlite3_bind_int64(q, 1, s->n ? s->v[s->n - 1].id : INT64_MIN);
	while (rc == SQLITE_OK && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		x = (struct stretch){ sqlite3_column_int64(q, 0),
			sqlite3_column_int64(q, 1), sqlite3_column_int64(q, 2),
			sqlite3_column_int64(q, 3) };
		buf_mem(&s->mem, &x, sizeof(x));
		rc = SQLITE_OK;
	}
	sqlite3_finalize(q);
	s->v = (const struct stretch *)(const void *)s->mem.p;
	s->n = s->mem.n / sizeof(x);
	set_reach(s);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int
read_all(struct stretches *s, sqlite3 *db)
{
	struct stretch all = { INT64_MIN, 0, INT64_MIN, INT64_MAX };
	int rc;

	buf_clear(&s->mem);
	s->n = 0;
	rc = stretches_more(s, db);
	if (s->n)
		return rc;
	buf_mem(&s->mem, &all, sizeof(all));
	s->v = (const struct stretch *)(const void *)s->mem.p;
	s->n = 1;
	set_reach(s);
	return rc;
}

int
stretches_read(struct stretches *s, sqlite3 *db)
{
	/* one that this connection writes may change at any time */
	bool written = sqlite3_txn_state(db, "main") == SQLITE_TXN_WRITE;
	uint32_t version = 0;
	int rc = sqlite3_file_control(db, "main", SQLITE_FCNTL_DATA_VERSION,
	    &version);

	if (rc != SQLITE_OK || (s->known && !written && version == s->version))
		return rc;
	rc = read_all(s, db);
	s->known = rc == SQLITE_OK && !written;
	s->version = version;
	return rc;
}

void
stretches_release(struct stretches *s)
{
	buf_release(&s->mem);
	buf_release(&s->reach);
	*s = (struct stretches){ .n = 0 };
}

/* The first of ascending numbers that is `least` or more. */
static size_t
first_from(const int64_t *v, size_t n, int64_t least)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (v[mid] < least)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct timerange
stretches_find(const struct stretches *s, int64_t low, int64_t high)
{
	struct timerange r = { low, high, 0, 0 };

	if (low > high)
		return r;
	r.at = first_from(latest_up_to(s), s->n, low);
	r.end = high == INT64_MAX ? s->n :
	    first_from(earliest_from(s), s->n, high + 1);
	return r;
}

static bool
is_in(const struct stretch *x, const struct timerange *r)
{
	return x->stop >= r->low && x->start <= r->high;
}

bool
stretches_next(const struct stretches *s, struct timerange *r, int64_t *from,
    int64_t *to)
{
	while (r->at < r->end && !is_in(&s->v[r->at], r))
		r->at++;
	if (r->at >= r->end)
		return false;
	*from = s->v[r->at].id;
	while (r->at < r->end && is_in(&s->v[r->at], r))
		r->at++;
	*to = r->at < s->n ? s->v[r->at].id - 1 : INT64_MAX;
	return true;
}
