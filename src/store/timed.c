/* SPDX-License-Identifier: MIT */
/*
 * What a cursor reads is a statement over the table of the store, which a plan has
 * (timedplan.h). Statements are kept for the next cursor: rules ask the same of one
 * window after the other.
 */
#include "store/timed.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/oom.h"
#include "store/dbpriv.h"
#include "store/stretches.h"
#include "store/subset.h"
#include "store/timedplan.h"

#define MODULE "timed"

enum {
	IDLE_MAX = 16,  /* statements that are kept, of a table */
	BARREN_MAX = 64, /* stretches without a row that are borne with */
	FEW = 64        /* stretches that are looked through for a request id */
};

/* All of a connection. */
struct timed {
	struct store *st;
	sqlite3 *db;
	struct stretches stretches;
	sqlite3_stmt *hold; /* reads the store while cursors are open, so that
	                     * they all see one state of it; NULL until then */
	size_t open;        /* cursors */
};

/* A statement that reads the store. */
struct inner {
	char *plan;      /* NULL: none */
	sqlite3_stmt *s;
	int8_t at[COLUMNS_MAX]; /* its column for one of the table; -1 */
	int id;          /* and for the id */
};

struct table {
	sqlite3_vtab base;
	struct timed *all;
	struct timedplan_table of;
	struct timedids ids;
	struct inner idle[IDLE_MAX];
	size_t ndropped; /* of idle, for newer ones */
};

struct row {
	int64_t ts, id;
	bool none;
};

struct cursor {
	sqlite3_vtab_cursor base;
	struct inner inner;
	const char *text; /* the plan, as SQLite has it */
	int plan;
	bool end;
	struct timerange range; /* what is left of it */
	struct timedids_range ids; /* and, when they were looked up, of these */
	bool looked_up;
	int64_t n;              /* TIMEDPLAN_COUNT: rows, this one included */
	int64_t total;
	struct row row;         /* TIMEDPLAN_ORDER: the first */
	bool down;
	bool sorted;            /* it has become a plain statement */
};

static struct table *
table_of(sqlite3_vtab_cursor *c)
{
	return (struct table *)c->pVtab;
}

static int
kind_of(const struct cursor *c)
{
	return c->plan & TIMEDPLAN_KIND;
}

/* Is it at the row that find_first found? */
static bool
is_at_first(const struct cursor *c)
{
	return kind_of(c) == TIMEDPLAN_ORDER && !c->sorted;
}

/* --- tables --------------------------------------------------------------- */

static void
drop_inner(struct inner *x)
{
	sqlite3_finalize(x->s);
	free(x->plan);
	*x = (struct inner){ .plan = NULL };
}

static int
disconnect(sqlite3_vtab *p)
{
	struct table *t = (struct table *)p;

	for (size_t i = 0; i < IDLE_MAX; i++)
		drop_inner(&t->idle[i]);
	/* a connection that closes wants no statement left, but cursors of another
	 * table may need it yet: with that one it goes */
	if (t->all->open == 0) {
		sqlite3_finalize(t->all->hold);
		t->all->hold = NULL;
	}
	buf_release(&t->of.name);
	buf_release(&t->of.columns);
	timedids_release(&t->ids);
	free(t);
	return SQLITE_OK;
}

static bool
read_columns(struct table *t)
{
	struct buf b = BUF_INIT;
	sqlite3_stmt *s = NULL;

	buf_printf(&b, "SELECT * FROM main.%s%c", t->of.name.p, '\0');
	if (sqlite3_prepare_v2(t->all->db, b.p, -1, &s, NULL) == SQLITE_OK)
		t->of.ncolumns = (size_t)sqlite3_column_count(s);
	for (size_t i = 0; i < t->of.ncolumns; i++)
		buf_printf(&t->of.columns, "%s%c", sqlite3_column_name(s, (int)i),
		    '\0');
	sqlite3_finalize(s);
	buf_release(&b);
	return t->of.ncolumns > COLUMN_TS && t->of.ncolumns <= COLUMNS_MAX;
}

/* The same columns, types and all, since comparing goes by them. */
static int
declare(struct table *t)
{
	sqlite3_stmt *s = db_prepare(t->all->st,
	    "SELECT sql FROM main.sqlite_schema WHERE name = ?1");
	int rc = SQLITE_ERROR;

	db_bind_sv(s, 1, sv_str(t->of.name.p));
	if (sqlite3_step(s) == SQLITE_ROW)
		rc = sqlite3_declare_vtab(t->all->db,
		    (const char *)sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	return rc;
}

/* USING timed(TABLE) */
static int
connect(sqlite3 *db, void *all, int argc, const char *const *argv,
    sqlite3_vtab **out, char **why)
{
	struct table *t = calloc(1, sizeof(*t));
	struct store *st = ((struct timed *)all)->st;
	int guarded = st->guarded, rc = SQLITE_ERROR;

	(void)why;
	if (t == NULL)
		oom();
	t->all = all;
	st->guarded = 0; /* these are statements of ours */
	if (argc == 4) {
		buf_printf(&t->of.name, "%s%c", argv[3], '\0');
		rc = read_columns(t) ? declare(t) : SQLITE_ERROR;
	}
	st->guarded = guarded;
	if (rc == SQLITE_OK) /* views may name it */
		rc = sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
	if (rc == SQLITE_OK)
		*out = &t->base;
	else
		disconnect(&t->base);
	return rc;
}

/* Another function than connect: else there would be a table of the module's
 * name. */
static int
create(sqlite3 *db, void *all, int argc, const char *const *argv,
    sqlite3_vtab **out, char **why)
{
	return connect(db, all, argc, argv, out, why);
}

static int
best_index(sqlite3_vtab *p, sqlite3_index_info *x)
{
	return timedplan_best(&((const struct table *)p)->of, x);
}

/* --- cursors -------------------------------------------------------------- */

/* Shows the store as it is now, until the last cursor is closed. */
static int
hold(struct timed *all)
{
	int rc;

	if (all->hold == NULL) {
		rc = sqlite3_prepare_v3(all->db, "SELECT (SELECT id FROM "
		    "main.stretch LIMIT 1)", -1, SQLITE_PREPARE_PERSISTENT,
		    &all->hold, NULL);
		if (rc != SQLITE_OK)
			return rc;
	}
	rc = sqlite3_step(all->hold);
	if (rc == SQLITE_ROW)
		rc = stretches_read(&all->stretches, all->db);
	else if (rc == SQLITE_DONE)
		rc = SQLITE_ERROR;
	if (rc != SQLITE_OK)
		sqlite3_reset(all->hold);
	return rc;
}

static int
open_cursor(sqlite3_vtab *p, sqlite3_vtab_cursor **out)
{
	struct timed *all = ((struct table *)p)->all;
	struct cursor *c;

	if (all->open == 0) {
		int rc = hold(all);

		if (rc != SQLITE_OK)
			return rc;
	}
	c = calloc(1, sizeof(*c));
	if (c == NULL)
		oom();
	all->open++;
	*out = &c->base;
	return SQLITE_OK;
}

/* Lets go of the statement, which another cursor may need. */
static void
give_back(struct table *t, struct inner *x)
{
	struct inner *place = NULL;

	if (x->plan == NULL)
		return;
	sqlite3_reset(x->s);
	sqlite3_clear_bindings(x->s);
	for (size_t i = 0; i < IDLE_MAX && place == NULL; i++)
		if (t->idle[i].plan == NULL)
			place = &t->idle[i];
	if (place == NULL)
		place = &t->idle[t->ndropped++ % IDLE_MAX];
	drop_inner(place);
	*place = *x;
	*x = (struct inner){ .plan = NULL };
}

static int
close_cursor(sqlite3_vtab_cursor *p)
{
	struct cursor *c = (struct cursor *)p;
	struct timed *all = table_of(p)->all;

	give_back(table_of(p), &c->inner);
	free(c);
	if (--all->open == 0)
		sqlite3_reset(all->hold);
	return SQLITE_OK;
}

static int
compile(struct table *t, const char *plan, struct inner *x)
{
	uint64_t used;
	const char *sql = timedplan_sql(plan, &used);
	size_t n = strlen(plan) + 1;
	int k = 0, rc = sqlite3_prepare_v3(t->all->db, sql, -1,
	    SQLITE_PREPARE_PERSISTENT, &x->s, NULL);

	if (rc != SQLITE_OK)
		return rc;
	x->plan = malloc(n);
	if (x->plan == NULL)
		oom();
	memcpy(x->plan, plan, n);
	for (size_t i = 0; i < COLUMNS_MAX; i++)
		x->at[i] = used >> i & 1 ? (int8_t)k++ : -1;
	x->id = k;
	return SQLITE_OK;
}

/* The statement of a plan, for this cursor alone. */
static int
take_inner(struct table *t, const char *plan, struct inner *x)
{
	if (x->plan && strcmp(x->plan, plan) == 0) {
		sqlite3_reset(x->s);
		return SQLITE_OK;
	}
	give_back(t, x);
	for (size_t i = 0; i < IDLE_MAX; i++)
		if (t->idle[i].plan && strcmp(t->idle[i].plan, plan) == 0) {
			*x = t->idle[i];
			t->idle[i] = (struct inner){ .plan = NULL };
			return SQLITE_OK;
		}
	return compile(t, plan, x);
}

/* --- rows in the order of ids --------------------------------------------- */

/* Binds the next ids; false: there are none. */
static bool
next_ids(struct cursor *c)
{
	int64_t from, to;

	if (c->looked_up) {
		if (c->ids.n == 0)
			return false;
		from = to = c->ids.v->id;
		c->ids.v++;
		c->ids.n--;
	} else if (!stretches_next(&table_of(&c->base)->all->stretches,
	    &c->range, &from, &to)) {
		return false;
	}
	sqlite3_reset(c->inner.s);
	sqlite3_bind_int64(c->inner.s, 1, from);
	sqlite3_bind_int64(c->inner.s, 2, to);
	return true;
}

static int
step(struct cursor *c)
{
	int rc;

	do {
		rc = sqlite3_step(c->inner.s);
	} while (rc == SQLITE_DONE && kind_of(c) == TIMEDPLAN_TIME &&
	    next_ids(c));
	c->end = rc != SQLITE_ROW;
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* --- rows in the order of times ------------------------------------------- */

/* Of a table with few rows it costs less to sort them all. */
static int
sort_rows(struct cursor *c)
{
	struct buf b = BUF_INIT;
	int rc;

	timedplan_put_sorted(&b, c->inner.plan, c->down);
	rc = take_inner(table_of(&c->base), b.p, &c->inner);
	c->text = NULL;
	buf_release(&b);
	if (rc != SQLITE_OK)
		return rc;
	sqlite3_bind_int64(c->inner.s, 1, INT64_MIN);
	sqlite3_bind_int64(c->inner.s, 2, INT64_MAX);
	c->sorted = true;
	return step(c);
}

static bool
is_before(const struct cursor *c, int64_t ts, int64_t id)
{
	if (ts == c->row.ts)
		return (id < c->row.id) != c->down;
	return (ts < c->row.ts) != c->down;
}

/* Is a row of stretch i the first of those seen? */
static int
look_into(struct cursor *c, size_t i)
{
	sqlite3_stmt *s = c->inner.s;
	int rc;

	c->range = (struct timerange){ INT64_MIN, INT64_MAX, i, i + 1 };
	next_ids(c);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		int64_t ts = sqlite3_column_int64(s, c->inner.at[COLUMN_TS]);
		int64_t id = sqlite3_column_int64(s, c->inner.id);

		if (c->row.none || is_before(c, ts, id))
			c->row = (struct row){ ts, id, false };
	}
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* The first row by time, of which stretches say that they may have it; a
 * statement that wants more than that gets them sorted. */
static int
find_first(struct cursor *c)
{
	const struct stretches *s = &table_of(&c->base)->all->stretches;
	size_t barren = 0;

	c->row.none = true;
	for (size_t k = 0; k < s->n; k++) {
		size_t i = c->down ? s->n - 1 - k : k;
		int rc;

		if (!c->row.none && (c->down ? s->v[i].stop < c->row.ts :
		    s->v[i].start > c->row.ts))
			continue;
		if (c->row.none && barren++ == BARREN_MAX)
			return sort_rows(c);
		rc = look_into(c, i);
		if (rc != SQLITE_OK)
			return rc;
	}
	c->end = c->row.none;
	return SQLITE_OK;
}

static int
next_in_order(struct cursor *c)
{
	int rc = c->sorted ? SQLITE_OK : sort_rows(c);

	return rc == SQLITE_OK ? step(c) : rc;
}

/* --- what a cursor begins with -------------------------------------------- */

static int
begin_time(struct cursor *c, sqlite3_value **v)
{
	struct table *t = table_of(&c->base);
	const struct stretches *s = &t->all->stretches;
	int64_t low, high;
	int rc;

	c->end = !timedplan_range(c->plan, v, &low, &high);
	if (c->end)
		return SQLITE_OK;
	rc = timedplan_bind(c->plan, v, c->inner.s);
	if (rc != SQLITE_OK)
		return rc;
	c->range = stretches_find(s, low, high);
	if (c->plan & TIMEDPLAN_SAME && s->known &&
	    c->range.end > c->range.at + FEW)
		c->looked_up = timedids_find(&t->ids, t->all->db, t->of.name.p,
		    s->version, timedplan_same(c->plan, v), &c->ids, &rc);
	if (rc != SQLITE_OK)
		return rc;
	c->end = !next_ids(c);
	return c->end ? SQLITE_OK : step(c);
}

static int
begin_ids(struct cursor *c, sqlite3_value **v)
{
	int rc = timedplan_bind(c->plan, v, c->inner.s);

	return rc == SQLITE_OK ? step(c) : rc;
}

static int
begin_count(struct cursor *c)
{
	int rc = step(c);

	c->total = rc == SQLITE_OK ? sqlite3_column_int64(c->inner.s, 0) : 0;
	c->n = 1;
	c->end = c->total == 0;
	return rc;
}

static int
begin_order(struct cursor *c)
{
	c->sorted = false;
	c->down = c->plan & TIMEDPLAN_DOWN;
	return find_first(c);
}

static int
filter(sqlite3_vtab_cursor *p, int plan, const char *text, int n,
    sqlite3_value **v)
{
	struct cursor *c = (struct cursor *)p;
	int rc = SQLITE_OK;

	(void)n;
	if (text == c->text) /* of the same statement, which lasts longer */
		sqlite3_reset(c->inner.s);
	else
		rc = take_inner(table_of(p), text, &c->inner);
	if (rc != SQLITE_OK)
		return rc;
	c->text = text;
	c->plan = plan;
	c->end = c->looked_up = false;
	switch (kind_of(c)) {
	case TIMEDPLAN_COUNT:
		return begin_count(c);
	case TIMEDPLAN_ID:
	case TIMEDPLAN_IDS:
		return begin_ids(c, v);
	case TIMEDPLAN_TIME:
		return begin_time(c, v);
	case TIMEDPLAN_ORDER:
		return begin_order(c);
	default:
		return step(c);
	}
}

static int
next(sqlite3_vtab_cursor *p)
{
	struct cursor *c = (struct cursor *)p;
	int kind = kind_of(c), rc = SQLITE_OK;

	if (kind == TIMEDPLAN_COUNT) {
		c->end = c->n == c->total;
		c->n++;
	} else if (kind == TIMEDPLAN_ORDER) {
		rc = next_in_order(c);
	} else {
		rc = step(c);
	}
	if ((kind == TIMEDPLAN_COUNT || kind == TIMEDPLAN_SCAN) && !c->end)
		table_of(p)->all->st->scanned++;
	return rc;
}

static int
is_end(sqlite3_vtab_cursor *p)
{
	return ((const struct cursor *)p)->end;
}

static int
column(sqlite3_vtab_cursor *p, sqlite3_context *out, int i)
{
	const struct cursor *c = (const struct cursor *)p;

	if (is_at_first(c)) {
		sqlite3_result_int64(out, c->row.ts);
		return SQLITE_OK;
	}
	assert(c->inner.at[i] >= 0);
	sqlite3_result_value(out, sqlite3_column_value(c->inner.s,
	    c->inner.at[i]));
	return SQLITE_OK;
}

/* Rows that were counted, since nothing of them seemed to be wanted: now their
 * ids are. */
static int
read_ids(struct cursor *c)
{
	struct table *t = table_of(&c->base);
	struct buf b = BUF_INIT;
	int rc;

	timedplan_put_ids(&b, &t->of);
	rc = take_inner(t, b.p, &c->inner);
	c->text = NULL;
	buf_release(&b);
	c->plan = TIMEDPLAN_SCAN;
	for (int64_t i = 0; rc == SQLITE_OK && i < c->n; i++)
		rc = step(c);
	return rc;
}

static int
rowid(sqlite3_vtab_cursor *p, sqlite3_int64 *out)
{
	struct cursor *c = (struct cursor *)p;
	int rc = SQLITE_OK;

	if (kind_of(c) == TIMEDPLAN_COUNT)
		rc = read_ids(c);
	if (rc == SQLITE_OK)
		*out = is_at_first(c) ? c->row.id :
		    sqlite3_column_int64(c->inner.s, c->inner.id);
	return rc;
}

static const sqlite3_module module = {
	.xCreate = create, .xConnect = connect, .xBestIndex = best_index,
	.xDisconnect = disconnect, .xDestroy = disconnect,
	.xOpen = open_cursor, .xClose = close_cursor, .xFilter = filter,
	.xNext = next, .xEof = is_end, .xColumn = column, .xRowid = rowid,
};

/* --- making them ---------------------------------------------------------- */

static void
release(void *p)
{
	struct timed *all = p;

	if (all->st->timed == all)
		all->st->timed = NULL;
	stretches_release(&all->stretches);
	free(all);
}

/* A connection has its own, for as long as it lasts. */
static bool
make_module(struct store *st, struct err *e)
{
	struct timed *all = st->timed;

	if (all && all->db == st->db)
		return true;
	all = calloc(1, sizeof(*all));
	if (all == NULL)
		oom();
	all->st = st;
	all->db = st->db;
	st->timed = all;
	return sqlite3_create_module_v2(st->db, MODULE, &module, all,
	    release) == SQLITE_OK || db_err(st, e, "store");
}

bool
timed_make(struct store *st, const char *prefix, struct err *e)
{
	struct buf b = BUF_INIT;
	bool ok;

	if (!make_module(st, e))
		return false;
	for (int k = REC_NONE + 1; k < REC_KIND_N; k++)
		if (timed_serves(k))
			buf_printf(&b, "CREATE VIRTUAL TABLE IF NOT EXISTS "
			    "temp.%s%s USING " MODULE "(%s);", prefix,
			    kind_base(k), kind_base(k));
	buf_byte(&b, '\0');
	ok = subset_change(st, b.p, e);
	buf_release(&b);
	return ok;
}
