/* SPDX-License-Identifier: MIT */
#include "store/shadow.h"

#include <assert.h>

#include "base/buf.h"
#include "store/apptext.h"
#include "store/dbpriv.h"
#include "store/idtext.h"
#include "store/subset.h"
#include "store/timed.h"

/* Of tables whose rows are shown in part. */
#define TIMED "timed_"

/* Every table but the dictionary, forms, shapes, stretches and the runs is about
 * inputs. */
static const char tables_sql[] =
    "SELECT name, CASE name WHEN 'source' THEN 'id' WHEN 'hole' THEN 'after' "
    "ELSE 'source' END, EXISTS (SELECT 1 FROM temp.sqlite_schema AS t WHERE "
    "t.name = '" TIMED "' || s.name) FROM main.sqlite_schema AS s "
    "WHERE type = 'table' AND name NOT IN ('str', 'form', 'shape', 'stretch', "
    "'run', 'verdict', 'finding', 'baseline') "
    "AND name NOT GLOB 'sqlite_*' ORDER BY name";

/* Those that apptext.c has others for come from there. */
static const char views_sql[] =
    "SELECT " IDTEXT_SHORT("substr(sql, length('CREATE VIEW '))")
    " FROM main.sqlite_schema "
    "WHERE type = 'view' AND name NOT IN ('app_text', 'app_events') "
    "ORDER BY name";

/* One that was left out would show rows that came later. */
static bool
shadow_tables(struct store *st, struct buf *b, int64_t us, struct err *e)
{
	sqlite3_stmt *s = db_prepare(st, tables_sql);
	int rc;

	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(s, 0);

		buf_printf(b, "CREATE TEMP VIEW %s AS SELECT * FROM %s%s "
		    "WHERE %s IN (SELECT id FROM main.source WHERE arrived <= "
		    "%lld);", name, sqlite3_column_int(s, 2) ? "temp." TIMED :
		    "main.", name, (const char *)sqlite3_column_text(s, 1),
		    (long long)us);
	}
	sqlite3_finalize(s);
	return rc == SQLITE_DONE || db_err(st, e, "store");
}

/* With what b has already, the readable views, over what stands before the tables
 * then. */
static bool
shadow_views(struct store *st, struct buf *b, struct err *e)
{
	sqlite3_stmt *s = db_prepare(st, views_sql);
	int rc;

	while ((rc = sqlite3_step(s)) == SQLITE_ROW)
		buf_printf(b, "CREATE TEMP VIEW IF NOT EXISTS%s;",
		    (const char *)sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	if (rc != SQLITE_DONE)
		return db_err(st, e, "store");
	buf_byte(b, '\0');
	return subset_change(st, b->p, e) && apptext_install(st, e);
}

bool
store_as_of(struct store *st, int64_t us, struct err *e)
{
	struct buf b = BUF_INIT;
	bool ok;

	assert(st->guarded == 0);
	ok = timed_make(st, TIMED, e) && shadow_tables(st, &b, us, e) &&
	    shadow_views(st, &b, e);
	buf_release(&b);
	return ok;
}

bool
shadow_install(struct store *st, struct err *e)
{
	struct buf b = BUF_INIT;
	bool ok = timed_make(st, "", e) && shadow_views(st, &b, e);

	buf_release(&b);
	return ok;
}
