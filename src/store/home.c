/* SPDX-License-Identifier: MIT */
#include "store/home.h"

#include "base/buf.h"
#include "base/utc.h"
#include "parse/naming.h"
#include "record/rec.h"
#include "store/dbpriv.h"
#include "store/hole.h"
#include "store/kind.h"

/* What moves: records of kind k whose home arrived later than `me`. */
static void
select_moves(struct buf *b, int k, long long me)
{
	buf_printf(b,
	    "CREATE TEMP TABLE move (id INTEGER PRIMARY KEY, source, line, "
	    "byte, new_line, new_byte);"
	    "INSERT INTO move SELECT r.id, r.source, " KIND_LINE ", "
	    KIND_BYTE ", a.line, a.byte FROM also AS a JOIN %s AS r ON r.id = a.rec >> 4 "
	    "WHERE a.source = %lld AND a.rec & 15 = %d AND r.source IN "
	    "(SELECT id FROM source WHERE (arrived, digest) > (SELECT arrived, "
	    "digest FROM source WHERE id = %lld) AND id <> %lld);",
	    kind_base(k), me, k, me, me);
}

/* The old home and the new one change places. */
static void
swap_places(struct buf *b, int k, long long me)
{
	const char *t = kind_base(k);

	buf_printf(b,
	    "INSERT INTO also SELECT id << 4 | %d, source, line, byte FROM move;"
	    "DELETE FROM also WHERE source = %lld AND rec IN "
	    "(SELECT id << 4 | %d FROM move);"
	    "UPDATE main.%s SET (source, line, byte) = (SELECT %lld, new_line, "
	    "new_byte FROM move WHERE move.id = %s.id) "
	    "WHERE id IN (SELECT id FROM move);", k, me, k, t, me, t);
}

static void
move_counts(struct buf *b, long long me)
{
	buf_printf(b,
	    "UPDATE source SET stored = stored - n, duplicates = duplicates + n "
	    "FROM (SELECT source AS s, count(*) AS n FROM move GROUP BY source) "
	    "WHERE id = s;"
	    "UPDATE source SET stored = stored + n, duplicates = duplicates - n "
	    "FROM (SELECT count(*) AS n FROM move) WHERE id = %lld;", me);
}

static bool
update_kind(struct store *st, int k, int64_t source, struct err *e)
{
	struct buf b = BUF_INIT;
	bool ok;

	select_moves(&b, k, (long long)source);
	swap_places(&b, k, (long long)source);
	move_counts(&b, (long long)source);
	buf_lit(&b, "DROP TABLE move;");
	buf_byte(&b, '\0');
	ok = db_exec(st, b.p, e);
	buf_release(&b);
	return ok;
}

bool
home_update(struct store *st, int64_t source, struct err *e)
{
	sqlite3_stmt *s = db_prepare(st,
	    "SELECT DISTINCT rec & 15 FROM also WHERE source = ?1");
	bool shared[REC_KIND_N] = { false }, ok = true;

	sqlite3_bind_int64(s, 1, source);
	while (sqlite3_step(s) == SQLITE_ROW)
		shared[sqlite3_column_int(s, 0) % REC_KIND_N] = true;
	sqlite3_finalize(s);
	for (int k = REC_NONE + 1; ok && k < REC_KIND_N; k++)
		if (shared[k])
			ok = update_kind(st, k, source, e);
	return ok;
}

static bool
is_dated(sv name)
{
	struct naming n;

	naming_read(name, &n);
	return n.taken != UTC_NONE;
}

bool
home_is_copy(const struct source *src, sv name, int64_t arrived)
{
	return !sv_is(src->form, "dump") || src->arrived == arrived ||
	    !is_dated(src->name) || !is_dated(name);
}

/* The known input that a copy tells more about: 0 when it tells nothing. The
 * same bytes as another app's or another dump's tell nothing of this one. */
static int64_t
find_better(struct store *st, const struct source *src, int64_t stop)
{
	sqlite3_stmt *s = db_prepare(st, "SELECT id, name, arrived "
	    "FROM source WHERE digest = ?1 AND app IS ?2 AND dump IS ?3 AND "
	    "form = ?4 AND ((?5, ?6) < (arrived, name) OR (form = 'pull' AND "
	    "?7 > (SELECT max(stop) FROM span WHERE source = source.id))) "
	    "ORDER BY id");
	int64_t id = 0;

	sqlite3_bind_blob(s, 1, src->digest, sizeof(src->digest), SQLITE_STATIC);
	db_bind_sv(s, 2, src->app);
	db_bind_sv(s, 3, src->dump);
	db_bind_sv(s, 4, src->form);
	sqlite3_bind_int64(s, 5, src->arrived);
	db_bind_sv(s, 6, src->name);
	sqlite3_bind_int64(s, 7, stop);
	while (id == 0 && sqlite3_step(s) == SQLITE_ROW)
		if (home_is_copy(src, db_column_sv(s, 1),
		    sqlite3_column_int64(s, 2)))
			id = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return id;
}

static bool
keep_better(struct store *st, int64_t id, const struct source *src,
    int64_t stop, struct err *e)
{
	sqlite3_stmt *s = db_prepare(st, "UPDATE source SET (arrived, name) = "
	    "(?2, ?3) WHERE id = ?1 AND (?2, ?3) < (arrived, name)");
	bool ok;

	sqlite3_bind_int64(s, 1, id);
	sqlite3_bind_int64(s, 2, src->arrived);
	db_bind_sv(s, 3, src->name);
	ok = db_run(st, s, e);
	sqlite3_finalize(s);
	if (!ok || !sv_is(src->form, "pull"))
		return ok;
	s = db_prepare(st, "UPDATE span SET stop = max(stop, ?2) "
	    "WHERE source = ?1");
	sqlite3_bind_int64(s, 1, id);
	sqlite3_bind_int64(s, 2, stop);
	ok = db_run(st, s, e);
	sqlite3_finalize(s);
	return ok;
}

static bool
copy_to(struct store *st, int64_t id, const struct source *src, int64_t stop,
    struct err *e)
{
	bool pull = sv_is(src->form, "pull");

	return (!pull || hole_leave(st, id, e)) &&
	    keep_better(st, id, src, stop, e) &&
	    home_update(st, id, e) &&
	    (!pull || hole_update(st, id, e));
}

bool
home_copy(struct store *st, const struct source *src, struct err *e)
{
	int64_t stop = src->nspans ? src->span[src->nspans - 1].stop : INT64_MIN;
	int64_t id;
	bool moved;

	if (find_better(st, src, stop) == 0)
		return true;
	if (!db_begin(st, &moved, e))
		return false;
	if (moved)
		return err_set(e, ST_FAIL, "store-busy: store: another program "
		    "replaced it meanwhile");
	id = find_better(st, src, stop);
	if ((id == 0 || copy_to(st, id, src, stop, e)) &&
	    db_exec(st, "COMMIT", e))
		return true;
	sqlite3_exec(st->db, "ROLLBACK", NULL, NULL, NULL);
	return false;
}
