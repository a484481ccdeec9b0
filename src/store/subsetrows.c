/* SPDX-License-Identifier: MIT */
/* A table-valued function: https://www.sqlite.org/vtab.html#tabfunc2 */
#include "store/subsetrows.h"

#include <stdlib.h>

#include "base/oom.h"
#include "store/dbpriv.h"

struct rows {
	const int64_t *id;
	size_t n;
};

/* All of a connection. */
struct subsetrows {
	struct store *st;
	sqlite3 *db;
	struct buf rows; /* of struct rows */
};

struct table {
	sqlite3_vtab base;
	const struct subsetrows *sets;
};

struct cursor {
	sqlite3_vtab_cursor base;
	struct rows rows;
	size_t at;
};

enum { COLUMN_ID, COLUMN_NR };

static int
connect(sqlite3 *db, void *sets, int argc, const char *const *argv,
    sqlite3_vtab **out, char **why)
{
	struct table *t = sqlite3_malloc(sizeof(*t));

	(void)argc;
	(void)argv;
	(void)why;
	if (t == NULL)
		return SQLITE_NOMEM;
	*t = (struct table){ .sets = sets };
	*out = &t->base;
	/* views may name it */
	sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
	return sqlite3_declare_vtab(db, "CREATE TABLE x (id, nr HIDDEN)");
}

static int
disconnect(sqlite3_vtab *t)
{
	sqlite3_free(t);
	return SQLITE_OK;
}

static int
open_cursor(sqlite3_vtab *t, sqlite3_vtab_cursor **out)
{
	struct cursor *c = sqlite3_malloc(sizeof(*c));

	(void)t;
	if (c == NULL)
		return SQLITE_NOMEM;
	*c = (struct cursor){ .at = 0 };
	*out = &c->base;
	return SQLITE_OK;
}

static int
close_cursor(sqlite3_vtab_cursor *c)
{
	sqlite3_free(c);
	return SQLITE_OK;
}

/* Its one argument is needed. */
static int
best_index(sqlite3_vtab *t, sqlite3_index_info *x)
{
	(void)t;
	x->orderByConsumed = x->nOrderBy == 1 && !x->aOrderBy[0].desc &&
	    x->aOrderBy[0].iColumn == COLUMN_ID;
	for (int i = 0; i < x->nConstraint; i++) {
		const struct sqlite3_index_constraint *c = &x->aConstraint[i];

		if (c->iColumn != COLUMN_NR || !c->usable ||
		    c->op != SQLITE_INDEX_CONSTRAINT_EQ)
			continue;
		x->aConstraintUsage[i].argvIndex = 1;
		x->aConstraintUsage[i].omit = 1;
		return SQLITE_OK;
	}
	return SQLITE_CONSTRAINT;
}

static int
filter(sqlite3_vtab_cursor *p, int plan, const char *text, int n,
    sqlite3_value **v)
{
	const struct buf *rows = &((struct table *)p->pVtab)->sets->rows;
	struct cursor *c = (struct cursor *)p;
	sqlite3_int64 nr = n > 0 ? sqlite3_value_int64(v[0]) : -1;

	(void)plan;
	(void)text;
	c->at = 0;
	c->rows = (struct rows){ NULL, 0 };
	if (nr >= 0 && (uint64_t)nr < rows->n / sizeof(c->rows))
		c->rows = ((const struct rows *)(const void *)rows->p)[nr];
	return SQLITE_OK;
}

static int
next(sqlite3_vtab_cursor *p)
{
	((struct cursor *)p)->at++;
	return SQLITE_OK;
}

static int
is_end(sqlite3_vtab_cursor *p)
{
	const struct cursor *c = (const struct cursor *)p;

	return c->at >= c->rows.n;
}

static int
column(sqlite3_vtab_cursor *p, sqlite3_context *out, int i)
{
	const struct cursor *c = (const struct cursor *)p;

	if (i == COLUMN_ID)
		sqlite3_result_int64(out, c->rows.id[c->at]);
	return SQLITE_OK;
}

static int
rowid(sqlite3_vtab_cursor *p, sqlite3_int64 *out)
{
	*out = (sqlite3_int64)((const struct cursor *)p)->at;
	return SQLITE_OK;
}

static const sqlite3_module module = {
	.xConnect = connect, .xBestIndex = best_index,
	.xDisconnect = disconnect, .xOpen = open_cursor,
	.xClose = close_cursor, .xFilter = filter, .xNext = next,
	.xEof = is_end, .xColumn = column, .xRowid = rowid,
};

static void
release(void *p)
{
	struct subsetrows *sets = p;

	if (sets->st->subsets == sets)
		sets->st->subsets = NULL;
	buf_release(&sets->rows);
	free(sets);
}

/* A connection has its own, for as long as it lasts. */
static bool
make_module(struct store *st, struct err *e)
{
	struct subsetrows *sets = st->subsets;

	if (sets && sets->db == st->db)
		return true;
	sets = calloc(1, sizeof(*sets));
	if (sets == NULL)
		oom();
	sets->st = st;
	sets->db = st->db;
	st->subsets = sets;
	return sqlite3_create_module_v2(st->db, SUBSETROWS, &module, sets,
	    release) == SQLITE_OK || db_err(st, e, "store");
}

bool
subsetrows_add(struct store *st, const int64_t *id, size_t n, size_t *nr,
    struct err *e)
{
	struct rows r = { id, n };

	if (!make_module(st, e))
		return false;
	*nr = st->subsets->rows.n / sizeof(r);
	buf_mem(&st->subsets->rows, &r, sizeof(r));
	return true;
}

void
subsetrows_drop(struct store *st, size_t nr)
{
	((struct rows *)(void *)st->subsets->rows.p)[nr] =
	    (struct rows){ NULL, 0 };
}
