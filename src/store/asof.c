/* SPDX-License-Identifier: MIT */
/*
 * asof.c: store_as_of of db.h. Temporary views shadow the tables, since names
 * are looked up in the temporary schema first, and the readable views are made
 * again over these.
 */
#include <assert.h>

#include "base/buf.h"
#include "store/dbpriv.h"

/* Every table but the dictionary, forms, shapes and the runs is about inputs. */
static const char tables_sql[] =
    "SELECT name, CASE name WHEN 'source' THEN 'id' WHEN 'hole' THEN 'after' "
    "ELSE 'source' END FROM main.sqlite_schema WHERE type = 'table' AND name "
    "NOT IN ('str', 'form', 'shape', 'stretch', 'run', 'verdict', 'finding', 'baseline') "
    "AND name NOT GLOB 'sqlite_*' ORDER BY name";

static const char views_sql[] =
    "SELECT substr(sql, length('CREATE ')) FROM main.sqlite_schema "
    "WHERE type = 'view' ORDER BY name";

static void
shadow_tables(struct store *st, struct buf *b, int64_t us)
{
	sqlite3_stmt *s = db_prepare(st, tables_sql);

	while (sqlite3_step(s) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(s, 0);

		buf_printf(b, "CREATE TEMP VIEW %s AS SELECT * FROM main.%s "
		    "WHERE %s IN (SELECT id FROM main.source WHERE arrived <= "
		    "%lld);", name, name,
		    (const char *)sqlite3_column_text(s, 1), (long long)us);
	}
	sqlite3_finalize(s);
}

static void
shadow_views(struct store *st, struct buf *b)
{
	sqlite3_stmt *s = db_prepare(st, views_sql);

	while (sqlite3_step(s) == SQLITE_ROW)
		buf_printf(b, "CREATE TEMP%s;",
		    (const char *)sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
}

bool
store_as_of(struct store *st, int64_t us, struct err *e)
{
	struct buf b = BUF_INIT;
	bool ok;

	assert(st->guarded == 0);
	shadow_tables(st, &b, us);
	shadow_views(st, &b);
	buf_byte(&b, '\0');
	ok = db_exec(st, b.p, e);
	buf_release(&b);
	return ok;
}
