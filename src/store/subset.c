/* SPDX-License-Identifier: MIT */
#include "store/subset.h"

#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "store/dbpriv.h"
#include "store/query.h"
#include "store/subsetrows.h"

/* Names are looked up in the temporary schema first, where a store that is
 * looked at as of an earlier time has views of its own. */
static const char view_sql[] =
    "SELECT sql FROM (SELECT sql, 1 AS place FROM temp.sqlite_schema WHERE "
    "type = 'view' AND name = ?1 UNION ALL SELECT sql, 2 FROM "
    "main.sqlite_schema WHERE type = 'view' AND name = ?1) ORDER BY place";

static void
put_rows(struct buf *b, size_t nr, const char *table)
{
	/* the store's: what stands before it is slower by number */
	buf_printf(b, "FROM " SUBSETROWS "(%zu) AS rows_ CROSS JOIN main.%s AS "
	    "r ON r.id = rows_.id", nr, table);
}

/* The SELECT of a view, whose last words are FROM `table` AS r: they become the
 * rows of the subset alone. */
static void
put_body(struct buf *b, sv sql, size_t nr, const char *table)
{
	size_t as = sv_find(sql, SV(" AS SELECT"));
	struct buf end = BUF_INIT;
	sv body = sv_skip(sql, as + 4);

	buf_printf(&end, "FROM %s AS r", table);
	assert(sv_ends(body, buf_sv(&end)));
	buf_add(b, sv_take(body, body.n - end.n));
	put_rows(b, nr, table);
	buf_release(&end);
}

/* What of the columns of a view or table is chosen, as SELECT has it. */
static void
put_choice(struct store *st, struct buf *b, const char *of,
    const struct subset_choice *copy)
{
	sqlite3_stmt *s = db_prepare(st, "SELECT name FROM pragma_table_info(?1)");
	struct arena a = ARENA_INIT;
	struct buf names = BUF_INIT;
	const char *comma = "SELECT ";
	const sv *column;
	bool *keep;
	size_t n;

	db_bind_sv(s, 1, sv_str(of));
	while (sqlite3_step(s) == SQLITE_ROW) {
		sv name = arena_sv(&a, db_column_sv(s, 0));

		buf_mem(&names, &name, sizeof(name));
	}
	sqlite3_finalize(s);
	column = (const sv *)(const void *)names.p;
	n = names.n / sizeof(*column);
	keep = arena_array(&a, n + 1, sizeof(*keep));
	copy->choose(copy->ctx, column, n, keep);
	for (size_t i = 0; i < n; i++) {
		if (!keep[i])
			continue;
		buf_printf(b, "%s\"%.*s\"", comma, SV_ARG(column[i]));
		comma = ", ";
	}
	buf_str(b, comma[0] == 'S' ? "SELECT NULL AS none" : "");
	buf_release(&names);
	arena_release(&a);
}

static void
put_view(struct store *st, struct buf *b, const char *name, const char *of,
    const char *table, size_t nr, const struct subset_choice *copy)
{
	sqlite3_stmt *s = db_prepare(st, view_sql);

	buf_printf(b, "CREATE TEMP %s %s AS ", copy ? "TABLE" : "VIEW",
	    name);
	if (copy) {
		put_choice(st, b, of, copy);
		buf_lit(b, " FROM (");
	}
	db_bind_sv(s, 1, sv_str(of));
	if (strcmp(of, table) != 0 && sqlite3_step(s) == SQLITE_ROW) {
		put_body(b, sv_str((const char *)sqlite3_column_text(s, 0)),
		    nr, table);
	} else {
		buf_lit(b, "SELECT r.* ");
		put_rows(b, nr, table);
	}
	buf_str(b, copy ? ")" : "");
	buf_byte(b, '\0');
	sqlite3_finalize(s);
}

static void
set_writable(struct store *st, bool on)
{
	if (st->query_only)
		sqlite3_exec(st->db, on ? "PRAGMA query_only=0"
		    : "PRAGMA query_only=1", NULL, NULL, NULL);
}

bool
subset_change(struct store *st, const char *sql, struct err *e)
{
	int guarded = st->guarded;
	bool ok;

	st->guarded = 0;
	set_writable(st, true);
	ok = db_exec(st, sql, e);
	set_writable(st, false);
	st->guarded = guarded;
	return ok;
}

bool
subset_make(struct store *st, const char *name, const char *of,
    const char *table, const int64_t *id, size_t n,
    const struct subset_choice *copy, struct err *e)
{
	struct buf view = BUF_INIT;
	size_t nr;
	bool ok = subsetrows_add(st, id, n, &nr, e);

	if (!ok)
		return false;
	put_view(st, &view, name, of, table, nr, copy);
	ok = subset_change(st, view.p, e);
	buf_release(&view);
	if (copy || !ok)
		subsetrows_drop(st, nr);
	return ok;
}

static bool
put_numbers(struct store *st, const char *name, const int64_t *v,
    size_t ncolumns, size_t n, struct err *e)
{
	struct buf b = BUF_INIT;
	sqlite3_stmt *s;
	bool ok = true;

	buf_printf(&b, "INSERT INTO temp.%s VALUES (", name);
	for (size_t i = 0; i < ncolumns; i++)
		buf_str(&b, i ? ", ?" : "?");
	buf_printf(&b, ")%c", '\0');
	s = db_prepare(st, b.p);
	buf_release(&b);
	for (size_t i = 0; i < n && ok; i++) {
		for (size_t k = 0; k < ncolumns; k++)
			sqlite3_bind_int64(s, (int)k + 1, v[ncolumns * i + k]);
		ok = db_run(st, s, e);
	}
	sqlite3_finalize(s);
	return ok;
}

bool
subset_numbers(struct store *st, const char *name, const char *columns,
    const int64_t *v, size_t ncolumns, size_t n, struct err *e)
{
	struct err ignored = ERR_INIT; /* what failed before says it */
	struct buf b = BUF_INIT;
	int guarded = st->guarded;
	bool ok;

	st->guarded = 0;
	set_writable(st, true);
	/* else each row would be a transaction */
	buf_printf(&b, "SAVEPOINT numbers; CREATE TEMP TABLE %s (%s)%c", name,
	    columns, '\0');
	ok = db_exec(st, b.p, e) && put_numbers(st, name, v, ncolumns, n, e);
	ok = db_exec(st, "RELEASE numbers", ok ? e : &ignored) && ok;
	buf_release(&b);
	set_writable(st, false);
	st->guarded = guarded;
	return ok;
}

bool
subset_select(struct store *st, const char *name, const char *select,
    struct err *e)
{
	struct buf b = BUF_INIT;
	bool ok;

	buf_printf(&b, "CREATE TEMP TABLE %s AS %s%c", name, select, '\0');
	ok = subset_change(st, b.p, e);
	buf_release(&b);
	return ok;
}

void
subset_drop(struct store *st, const char *name)
{
	set_writable(st, true);
	for (size_t i = 0; i < 2; i++) {
		struct buf b = BUF_INIT;

		buf_printf(&b, "DROP %s IF EXISTS temp.%s%c", i ? "TABLE"
		    : "VIEW", name, '\0');
		/* of a view or a table: one of the two is an error */
		sqlite3_exec(st->db, b.p, NULL, NULL, NULL);
		buf_release(&b);
	}
	set_writable(st, false);
}

int64_t
subset_version(struct store *st)
{
	return query_one_i64(st, "PRAGMA data_version", 0);
}
