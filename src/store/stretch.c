/* SPDX-License-Identifier: MIT */
#include "store/stretch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/oom.h"
#include "store/dbpriv.h"

/* --- of an input ---------------------------------------------------------- */

struct stretch *
stretch_of(struct stretch_queue *q, int64_t id)
{
	int64_t first = id & -STRETCH;

	for (size_t i = q->n; i-- > 0 && q->kept[i].id >= first;)
		if (q->kept[i].id == first)
			return &q->kept[i];
	return NULL;
}

bool
stretch_takes(struct stretch_queue *q, int64_t id)
{
	return q->n == 0 || (id & -STRETCH) > q->kept[q->n - 1].id ||
	    stretch_of(q, id) != NULL;
}

bool
stretch_pop(struct stretch_queue *q, struct stretch *out)
{
	if (q->n == 0)
		return false;
	*out = q->kept[0];
	memmove(q->kept, q->kept + 1, --q->n * sizeof(q->kept[0]));
	return true;
}

const struct stretch *
stretch_add(struct stretch_queue *q, int64_t id, int64_t ts, int64_t byte,
    struct stretch *done)
{
	struct stretch *s = stretch_of(q, id);

	done->id = -1;
	if (likely(s != NULL)) {
		s->start = ts < s->start ? ts : s->start;
		s->stop = ts > s->stop ? ts : s->stop;
		return s;
	}
	if (q->n == STRETCH_KEPT)
		stretch_pop(q, done);
	s = &q->kept[q->n++];
	*s = (struct stretch){ id & -STRETCH, byte, ts, ts };
	return s;
}

/* --- of a store ----------------------------------------------------------- */

static void
add_bounds(struct stretches *s)
{
	s->latest = realloc(s->latest, (s->n + 1) * sizeof(*s->latest));
	s->earliest = realloc(s->earliest, (s->n + 1) * sizeof(*s->earliest));
	if (s->latest == NULL || s->earliest == NULL)
		oom();
	for (size_t i = 0; i < s->n; i++)
		s->latest[i] = i && s->latest[i - 1] > s->v[i].stop ?
		    s->latest[i - 1] : s->v[i].stop;
	for (size_t i = s->n; i-- > 0;)
		s->earliest[i] = i + 1 < s->n &&
		    s->earliest[i + 1] < s->v[i].start ? s->earliest[i + 1] :
		    s->v[i].start;
}

bool
stretches_load(struct stretches *s, struct store *st, struct err *e)
{
	sqlite3_stmt *q = db_prepare(st, "SELECT id, byte, start, stop "
	    "FROM main.stretch WHERE id > ?1 ORDER BY id");
	struct buf b = { (char *)s->v, s->n * sizeof(*s->v),
		s->n * sizeof(*s->v) };
	int rc;

	sqlite3_bind_int64(q, 1, s->n ? s->v[s->n - 1].id : INT64_MIN);
	while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
		struct stretch x = { sqlite3_column_int64(q, 0),
			sqlite3_column_int64(q, 1), sqlite3_column_int64(q, 2),
			sqlite3_column_int64(q, 3) };

		buf_mem(&b, &x, sizeof(x));
	}
	sqlite3_finalize(q);
	s->v = (struct stretch *)(void *)b.p;
	s->n = b.n / sizeof(*s->v);
	add_bounds(s);
	return rc == SQLITE_DONE || db_err(st, e, "stretches");
}

void
stretches_release(struct stretches *s)
{
	free(s->v);
	free(s->latest);
	free(s->earliest);
	*s = (struct stretches){ .n = 0 };
}

/* The first one, if all before end earlier. */
static size_t
find_first(const struct stretches *s, int64_t from)
{
	size_t lo = 0, hi = s->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->latest[mid] < from)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool
overlaps(const struct stretch *s, int64_t from, int64_t to)
{
	return s->start <= to && s->stop >= from;
}

bool
stretches_next(const struct stretches *s, int64_t from, int64_t to,
    struct stretch_range *r)
{
	size_t i = r->at ? r->at : find_first(s, from);

	while (i < s->n && s->earliest[i] <= to && !overlaps(&s->v[i], from, to))
		i++;
	r->at = i;
	if (i == s->n || s->earliest[i] > to)
		return false;
	r->first = s->v[i].id;
	while (i + 1 < s->n && s->v[i + 1].id == s->v[i].id + STRETCH &&
	    overlaps(&s->v[i + 1], from, to))
		i++;
	r->last = s->v[i].id + STRETCH - 1;
	r->at = i + 1;
	return true;
}
