/* SPDX-License-Identifier: MIT */
#include "store/subset.h"

#include <assert.h>

#include "base/buf.h"
#include "store/dbpriv.h"
#include "store/query.h"

/* Names are looked up in the temporary schema first, where a store that is
 * looked at as of an earlier time has views of its own. */
static const char view_sql[] =
    "SELECT sql FROM (SELECT sql, 1 AS place FROM temp.sqlite_schema WHERE "
    "type = 'view' AND name = ?1 UNION ALL SELECT sql, 2 FROM "
    "main.sqlite_schema WHERE type = 'view' AND name = ?1) ORDER BY place";

/* The SELECT of a view, whose last words are FROM `table` AS r: they become the
 * rows of the subset alone. */
static void
put_body(struct buf *b, sv sql, const char *name, const char *table)
{
	size_t as = sv_find(sql, SV(" AS SELECT"));
	struct buf end = BUF_INIT;
	sv body = sv_skip(sql, as + 4);

	buf_printf(&end, "FROM %s AS r", table);
	assert(sv_ends(body, buf_sv(&end)));
	buf_add(b, sv_take(body, body.n - end.n));
	buf_printf(b, "FROM temp.%s_id AS rows_ CROSS JOIN %s AS r "
	    "ON r.id = rows_.id", name, table);
	buf_release(&end);
}

static void
put_view(struct store *st, struct buf *b, const char *name, const char *of,
    const char *table, bool copy)
{
	sqlite3_stmt *s = db_prepare(st, view_sql);

	buf_printf(b, "CREATE TEMP %s %s AS ", copy ? "TABLE" : "VIEW",
	    name);
	db_bind_sv(s, 1, sv_str(of));
	if (strcmp(of, table) != 0 && sqlite3_step(s) == SQLITE_ROW)
		put_body(b, sv_str((const char *)sqlite3_column_text(s, 0)),
		    name, table);
	else
		buf_printf(b, "SELECT r.* FROM temp.%s_id AS rows_ CROSS JOIN "
		    "%s AS r ON r.id = rows_.id", name, table);
	buf_byte(b, '\0');
	sqlite3_finalize(s);
}

static bool
put_rows(struct store *st, const char *name, const int64_t *id, size_t n,
    struct err *e)
{
	struct buf b = BUF_INIT;
	sqlite3_stmt *s;
	bool ok = true;

	buf_printf(&b, "INSERT INTO temp.%s_id VALUES (?1)%c", name, '\0');
	s = db_prepare(st, b.p);
	buf_release(&b);
	for (size_t i = 0; i < n && ok; i++) {
		sqlite3_bind_int64(s, 1, id[i]);
		ok = db_run(st, s, e);
	}
	sqlite3_finalize(s);
	return ok;
}

static void
set_writable(struct store *st, bool on)
{
	if (st->query_only)
		sqlite3_exec(st->db, on ? "PRAGMA query_only=0"
		    : "PRAGMA query_only=1", NULL, NULL, NULL);
}

bool
subset_make(struct store *st, const char *name, const char *of,
    const char *table, const int64_t *id, size_t n, bool copy,
    struct err *e)
{
	struct buf ids = BUF_INIT, view = BUF_INIT;
	bool ok;

	assert(st->guarded == 0);
	set_writable(st, true);
	buf_printf(&ids, "CREATE TEMP TABLE %s_id (id INTEGER PRIMARY KEY)%c",
	    name, '\0');
	put_view(st, &view, name, of, table, copy);
	ok = db_exec(st, ids.p, e) && put_rows(st, name, id, n, e) &&
	    db_exec(st, view.p, e);
	buf_release(&ids);
	buf_release(&view);
	set_writable(st, false);
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
	struct buf b = BUF_INIT;
	bool ok;

	set_writable(st, true);
	buf_printf(&b, "CREATE TEMP TABLE %s (%s)%c", name, columns, '\0');
	ok = db_exec(st, b.p, e) && put_numbers(st, name, v, ncolumns, n, e);
	buf_release(&b);
	set_writable(st, false);
	return ok;
}

bool
subset_select(struct store *st, const char *name, const char *select,
    struct err *e)
{
	struct buf b = BUF_INIT;
	bool ok;

	set_writable(st, true);
	buf_printf(&b, "CREATE TEMP TABLE %s AS %s%c", name, select, '\0');
	ok = db_exec(st, b.p, e);
	buf_release(&b);
	set_writable(st, false);
	return ok;
}

void
subset_drop(struct store *st, const char *name)
{
	set_writable(st, true);
	for (size_t i = 0; i < 3; i++) {
		struct buf b = BUF_INIT;

		buf_lit(&b, "DROP ");
		buf_str(&b, i == 0 ? "VIEW" : "TABLE");
		buf_printf(&b, " IF EXISTS temp.%s%s%c", name,
		    i == 2 ? "_id" : "", '\0');
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
