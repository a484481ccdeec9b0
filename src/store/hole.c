/* SPDX-License-Identifier: MIT */
#include "store/hole.h"

#include "base/buf.h"
#include "record/rec.h"
#include "record/sink.h"
#include "store/dbpriv.h"

struct pull {
	int64_t id, start, stop; /* 0: there is none */
};

/* The pull next to ?1 in order of arrival, before or after it. */
static struct pull
neighbour(struct store *st, int64_t source, bool before)
{
	static const char *const sql[2] = {
		"SELECT s.id, p.start, p.stop FROM source AS s, source AS me "
		"JOIN span AS p ON p.source = s.id WHERE me.id = ?1 "
		"AND s.form = 'pull' AND s.app IS me.app AND "
		"(s.arrived, s.digest) > (me.arrived, me.digest) "
		"ORDER BY s.arrived, s.digest LIMIT 1",
		"SELECT s.id, p.start, p.stop FROM source AS s, source AS me "
		"JOIN span AS p ON p.source = s.id WHERE me.id = ?1 "
		"AND s.form = 'pull' AND s.app IS me.app AND "
		"(s.arrived, s.digest) < (me.arrived, me.digest) "
		"ORDER BY s.arrived DESC, s.digest DESC LIMIT 1",
	};
	sqlite3_stmt *s = db_prepare(st, sql[before]);
	struct pull p = { 0, 0, 0 };

	sqlite3_bind_int64(s, 1, source);
	if (sqlite3_step(s) == SQLITE_ROW)
		p = (struct pull){ sqlite3_column_int64(s, 0),
		    sqlite3_column_int64(s, 1), sqlite3_column_int64(s, 2) };
	sqlite3_finalize(s);
	return p;
}

static struct pull
this_pull(struct store *st, int64_t source)
{
	sqlite3_stmt *s = db_prepare(st,
	    "SELECT source, start, stop FROM span WHERE source = ?1");
	struct pull p = { 0, 0, 0 };

	sqlite3_bind_int64(s, 1, source);
	if (sqlite3_step(s) == SQLITE_ROW)
		p = (struct pull){ source, sqlite3_column_int64(s, 1),
		    sqlite3_column_int64(s, 2) };
	sqlite3_finalize(s);
	return p;
}

/* Has a line of ?1 its home in ?2, or another place there? One direction. */
static void
share_sql(struct buf *b)
{
	buf_lit(b, "SELECT 1 FROM also AS x WHERE x.source = ?1 AND (EXISTS "
	    "(SELECT 1 FROM also AS y WHERE y.rec = x.rec AND y.source = ?2) "
	    "OR ?2 = CASE x.rec & 15");
	for (int k = REC_NONE + 1; k < REC_KIND_N; k++)
		if (rec_kinds[k].log)
			buf_printf(b, " WHEN %d THEN (SELECT source FROM %s "
			    "WHERE id = x.rec >> 4)", k, rec_kinds[k].table);
	buf_lit(b, " END) LIMIT 1");
	buf_byte(b, '\0');
}

static bool
share_line(struct store *st, int64_t a, int64_t c)
{
	struct buf b = BUF_INIT;
	sqlite3_stmt *s;
	bool found = false;

	share_sql(&b);
	s = db_prepare(st, b.p);
	for (int way = 0; way < 2 && !found; way++) {
		sqlite3_bind_int64(s, 1, way ? c : a);
		sqlite3_bind_int64(s, 2, way ? a : c);
		found = sqlite3_step(s) == SQLITE_ROW;
		sqlite3_reset(s);
	}
	sqlite3_finalize(s);
	buf_release(&b);
	return found;
}

static bool
write_hole(struct store *st, const struct pull *a, const struct pull *b,
    struct err *e)
{
	sqlite3_stmt *s = db_prepare(st, "INSERT INTO hole SELECT app, ?1, ?2, "
	    "?3, ?4, ?5, ?6 FROM source WHERE id = ?1");
	int64_t reach = b->stop - b->start;
	bool ok;

	sqlite3_bind_int64(s, 1, a->id);
	sqlite3_bind_int64(s, 2, b->id);
	sqlite3_bind_int64(s, 3, a->stop);
	sqlite3_bind_int64(s, 4, b->start);
	if (reach > 0) {
		double lines = (double)PULL_MAX * (double)(b->stop - a->stop) /
		    (double)reach;

		if (lines < 1e15)
			sqlite3_bind_int64(s, 5, (int64_t)lines + 1);
		sqlite3_bind_int64(s, 6, reach);
	}
	ok = db_run(st, s, e);
	sqlite3_finalize(s);
	return ok;
}

static bool
forget(struct store *st, int64_t before, int64_t after, struct err *e)
{
	sqlite3_stmt *s = db_prepare(st,
	    "DELETE FROM hole WHERE before = ?1 AND after = ?2");
	bool ok;

	sqlite3_bind_int64(s, 1, before);
	sqlite3_bind_int64(s, 2, after);
	ok = db_run(st, s, e);
	sqlite3_finalize(s);
	return ok;
}

static bool
check_pair(struct store *st, const struct pull *a, const struct pull *b,
    struct err *e)
{
	if (a->id == 0 || b->id == 0 || b->start <= a->stop ||
	    share_line(st, a->id, b->id))
		return true;
	return write_hole(st, a, b, e);
}

bool
hole_update(struct store *st, int64_t source, struct err *e)
{
	struct pull me = this_pull(st, source);
	struct pull a = neighbour(st, source, true);
	struct pull b = neighbour(st, source, false);

	if (me.id == 0)
		return true;
	return (a.id == 0 || b.id == 0 || forget(st, a.id, b.id, e)) &&
	    check_pair(st, &a, &me, e) && check_pair(st, &me, &b, e);
}

bool
hole_leave(struct store *st, int64_t source, struct err *e)
{
	struct pull me = this_pull(st, source);
	struct pull a = neighbour(st, source, true);
	struct pull b = neighbour(st, source, false);

	if (me.id == 0)
		return true;
	return (a.id == 0 || forget(st, a.id, me.id, e)) &&
	    (b.id == 0 || forget(st, me.id, b.id, e)) &&
	    check_pair(st, &a, &b, e);
}
