/* SPDX-License-Identifier: MIT */
/*
 * What a cursor reads is a statement over the table of the store, whose text is
 * the plan that SQLite gets from best_index: "USED SELECT ...", where USED has the
 * bits of the columns that are wanted. Every bound that it names is compared by
 * SQLite there, as it would be here; the stretches only leave out ids.
 */
#include "store/timed.h"

#include <assert.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/oom.h"
#include "store/dbpriv.h"
#include "store/stretches.h"
#include "store/subset.h"

#define MODULE "timed"

enum {
	COLUMN_ID, COLUMN_TS,
	COLUMNS_MAX = 63, /* SQLite's bits say of each whether it is used */
	IDLE_MAX = 16,    /* statements that are kept, of a table */
	BARREN_MAX = 64   /* stretches without a row that are borne with */
};

/* idxNum: one of these, and what bounds there are. */
enum {
	PLAN_SCAN, PLAN_COUNT, PLAN_ID, PLAN_IDS, PLAN_TIME, PLAN_ORDER,
	PLAN_KIND = 7, HAS_LOW = 8, HAS_HIGH = 16, IS_POINT = 32, IS_DOWN = 64
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

struct inner {
	char *plan;      /* NULL: none */
	sqlite3_stmt *s;
	int8_t at[COLUMNS_MAX]; /* its column for one of the table; -1 */
	int id;          /* and for the id */
};

struct table {
	sqlite3_vtab base;
	struct timed *all;
	struct buf name;     /* of the table of the store, with NUL */
	struct buf columns;  /* their names, with NUL each */
	size_t ncolumns;
	struct inner idle[IDLE_MAX];
	size_t ndropped;
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
	int64_t n;             /* PLAN_COUNT: rows, this one included */
	int64_t total;
	struct row row;         /* PLAN_ORDER: the first */
	bool down;
	bool sorted;            /* it has become a plain statement */
};

static struct table *
table_of(sqlite3_vtab_cursor *c)
{
	return (struct table *)c->pVtab;
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
	/* a connection that closes wants no statement left */
	sqlite3_finalize(t->all->hold);
	t->all->hold = NULL;
	buf_release(&t->name);
	buf_release(&t->columns);
	free(t);
	return SQLITE_OK;
}

static bool
read_columns(struct table *t)
{
	struct buf b = BUF_INIT;
	sqlite3_stmt *s = NULL;

	buf_printf(&b, "SELECT * FROM main.%s%c", t->name.p, '\0');
	if (sqlite3_prepare_v2(t->all->db, b.p, -1, &s, NULL) == SQLITE_OK)
		t->ncolumns = (size_t)sqlite3_column_count(s);
	for (size_t i = 0; i < t->ncolumns; i++)
		buf_printf(&t->columns, "%s%c", sqlite3_column_name(s, (int)i),
		    '\0');
	sqlite3_finalize(s);
	buf_release(&b);
	return t->ncolumns > COLUMN_TS && t->ncolumns <= COLUMNS_MAX;
}

/* The same columns, types and all, since comparing goes by them. */
static int
declare(struct table *t)
{
	sqlite3_stmt *s = db_prepare(t->all->st,
	    "SELECT sql FROM main.sqlite_schema WHERE name = ?1");
	int rc = SQLITE_ERROR;

	db_bind_sv(s, 1, sv_str(t->name.p));
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
		buf_printf(&t->name, "%s%c", argv[3], '\0');
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

/* --- plans ---------------------------------------------------------------- */

/* Constraints on a column that are served, by number; -1: none. */
struct bounds {
	int same, low, high;
};

static struct bounds
find_bounds(const sqlite3_index_info *x, bool is_id)
{
	struct bounds b = { -1, -1, -1 };

	for (int i = 0; i < x->nConstraint; i++) {
		const struct sqlite3_index_constraint *c = &x->aConstraint[i];
		bool mine = is_id ? c->iColumn == COLUMN_ID || c->iColumn < 0 :
		    c->iColumn == COLUMN_TS;

		if (!c->usable || !mine)
			continue;
		if (c->op == SQLITE_INDEX_CONSTRAINT_EQ ||
		    c->op == SQLITE_INDEX_CONSTRAINT_IS)
			b.same = i;
		else if (c->op == SQLITE_INDEX_CONSTRAINT_GT ||
		    c->op == SQLITE_INDEX_CONSTRAINT_GE)
			b.low = i;
		else if (c->op == SQLITE_INDEX_CONSTRAINT_LT ||
		    c->op == SQLITE_INDEX_CONSTRAINT_LE)
			b.high = i;
	}
	return b;
}

/* SELECT what is used FROM the table. */
static void
put_select(struct buf *b, const struct table *t, uint64_t used, const char *what)
{
	const char *name = t->columns.p;

	buf_printf(b, "%llx SELECT ", (unsigned long long)used);
	for (size_t i = 0; i < t->ncolumns; i++) {
		if (used >> i & 1)
			buf_printf(b, "\"%s\", ", name);
		name += strlen(name) + 1;
	}
	buf_printf(b, "%s FROM main.%s", what, t->name.p);
}

/* Takes constraint i as the next argument: one that the inner statement has. */
static int
take(sqlite3_index_info *x, int i, int *n)
{
	x->aConstraintUsage[i].argvIndex = ++*n;
	x->aConstraintUsage[i].omit = 1;
	return x->aConstraint[i].op;
}

/* The bounds of a column; parameters from number `first` on. Flags of the plan. */
static int
put_bounds(struct buf *b, sqlite3_index_info *x, const char *column,
    struct bounds at, int first)
{
	const char *and = first > 1 ? " AND" : " WHERE";
	int n = 0, flags = 0;

	if (at.same >= 0) {
		take(x, at.same, &n);
		buf_printf(b, "%s %s = ?%d", and, column, first);
		return HAS_LOW | HAS_HIGH | IS_POINT;
	}
	if (at.low >= 0) {
		buf_printf(b, "%s %s %s ?%d", and, column, take(x, at.low, &n) ==
		    SQLITE_INDEX_CONSTRAINT_GT ? ">" : ">=", first);
		flags |= HAS_LOW;
		and = " AND";
	}
	if (at.high >= 0) {
		buf_printf(b, "%s %s %s ?%d", and, column, take(x, at.high, &n)
		    == SQLITE_INDEX_CONSTRAINT_LT ? "<" : "<=", first + 1);
		flags |= HAS_HIGH;
	}
	return flags;
}

static bool
is_any(struct bounds b)
{
	return b.same >= 0 || b.low >= 0 || b.high >= 0;
}

/* What SQLite takes a table to have of which nothing is known, and what it
 * reckons with indexes: a statement is run as if there was one on ts. */
static void
set_cost(sqlite3_index_info *x, struct bounds id, struct bounds ts)
{
	double rows = 1048576;
	bool unique = id.same >= 0, point = !unique && ts.same >= 0;
	const struct bounds *b = is_any(ts) ? &ts : &id;

	if (unique)
		rows = 1;
	else if (point)
		rows = 10;
	else
		rows /= (b->low >= 0 ? 4 : 1) * (b->high >= 0 ? 4 : 1) *
		    (b->low >= 0 && b->high >= 0 ? 4 : 1);
	x->estimatedRows = (sqlite3_int64)rows;
	x->estimatedCost = 20 + 3 * rows;
	if (unique)
		x->idxFlags = SQLITE_INDEX_SCAN_UNIQUE;
}

/* Only min(ts) and max(ts) want nothing but times in their order, and little
 * else. */
static bool
wants_order(const sqlite3_index_info *x)
{
	return x->nOrderBy == 1 && x->aOrderBy[0].iColumn == COLUMN_TS &&
	    x->colUsed == 1 << COLUMN_TS;
}

static int
put_plan(struct buf *b, const struct table *t, sqlite3_index_info *x)
{
	struct bounds id = find_bounds(x, true), ts = find_bounds(x, false);
	uint64_t used = x->colUsed;

	set_cost(x, id, ts);
	if (id.same >= 0 || (is_any(id) && !is_any(ts))) {
		put_select(b, t, used, "id");
		return put_bounds(b, x, "id", id, 1) |
		    (id.same >= 0 ? PLAN_ID : PLAN_IDS);
	}
	if (is_any(ts) || wants_order(x)) {
		put_select(b, t, used, "id");
		buf_lit(b, " WHERE id BETWEEN ?1 AND ?2");
	}
	if (is_any(ts))
		return PLAN_TIME | put_bounds(b, x, "ts", ts, 3);
	if (wants_order(x)) {
		x->orderByConsumed = 1;
		return PLAN_ORDER | (x->aOrderBy[0].desc ? IS_DOWN : 0);
	}
	put_select(b, t, used, used ? "id" : "count(*)");
	return used ? PLAN_SCAN : PLAN_COUNT;
}

static int
best_index(sqlite3_vtab *p, sqlite3_index_info *x)
{
	const struct table *t = (const struct table *)p;
	struct buf b = BUF_INIT;

	x->idxNum = put_plan(&b, t, x);
	x->idxStr = sqlite3_mprintf("%.*s", (int)b.n, b.p);
	x->needToFreeIdxStr = 1;
	buf_release(&b);
	return x->idxStr ? SQLITE_OK : SQLITE_NOMEM;
}

enum timed_read
timed_reads(sv plan, sv *base)
{
	size_t from = sv_rfind(plan, SV(" FROM main.")), where;
	sv rest;

	*base = SV_NULL;
	if (from == plan.n)
		return TIMED_PART;
	rest = sv_skip(plan, from + SV(" FROM main.").n);
	where = sv_find_byte(rest, ' ');
	*base = sv_take(rest, where);
	if (where == rest.n)
		return TIMED_SCAN;
	/* bounds that are those of the stretches alone */
	return sv_ends(rest, SV("BETWEEN ?1 AND ?2")) ? TIMED_IN_ORDER :
	    TIMED_PART;
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
	if (rc != SQLITE_ROW) {
		sqlite3_reset(all->hold);
		return rc == SQLITE_DONE ? SQLITE_ERROR : rc;
	}
	return stretches_read(&all->stretches, all->db);
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
	char *sql;
	uint64_t used = strtoull(plan, &sql, 16);
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

	if (!stretches_next(&table_of(&c->base)->all->stretches, &c->range,
	    &from, &to))
		return false;
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
	} while (rc == SQLITE_DONE && (c->plan & PLAN_KIND) == PLAN_TIME &&
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
	const char *down = c->down ? " DESC" : "";
	int rc;

	buf_printf(&b, "%s ORDER BY ts%s, id%s%c", c->inner.plan, down, down,
	    '\0');
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

/* The whole number at or beside a bound, outside of it; false: no row can be
 * within the bound. Text and blobs are above all numbers. */
static bool
outside(sqlite3_value *v, bool low, int64_t *out)
{
	double d;

	switch (sqlite3_value_numeric_type(v)) {
	case SQLITE_INTEGER:
		*out = sqlite3_value_int64(v);
		return true;
	case SQLITE_FLOAT:
		d = sqlite3_value_double(v);
		*out = d >= 9e18 ? (low ? INT64_C(9000000000000000000) :
		    INT64_MAX) : d <= -9e18 ? (low ? INT64_MIN :
		    -INT64_C(9000000000000000000)) :
		    (int64_t)d + (low ? -1 : 1);
		return true;
	case SQLITE_NULL:
		return false;
	default:
		*out = INT64_MAX;
		return !low;
	}
}

/* The range that the bounds leave; they are bound for the statement too. */
static bool
set_range(struct cursor *c, sqlite3_value **v)
{
	int64_t low = INT64_MIN, high = INT64_MAX;
	sqlite3_value *first = v[0];
	sqlite3_value *last = c->plan & IS_POINT ? v[0] :
	    v[c->plan & HAS_LOW ? 1 : 0];

	if (c->plan & HAS_LOW) {
		if (!outside(first, true, &low))
			return false;
		sqlite3_bind_value(c->inner.s, 3, first);
	}
	if (c->plan & HAS_HIGH) {
		if (!outside(last, false, &high))
			return false;
		sqlite3_bind_value(c->inner.s, c->plan & IS_POINT ? 3 : 4, last);
	}
	c->range = stretches_find(&table_of(&c->base)->all->stretches, low,
	    high);
	return true;
}

static int
begin_time(struct cursor *c, sqlite3_value **v)
{
	c->end = !set_range(c, v) || !next_ids(c);
	return c->end ? SQLITE_OK : step(c);
}

static int
begin_ids(struct cursor *c, sqlite3_value **v)
{
	int n = 0;

	if (c->plan & HAS_LOW)
		sqlite3_bind_value(c->inner.s, 1, v[n++]);
	if (c->plan & HAS_HIGH && !(c->plan & IS_POINT))
		sqlite3_bind_value(c->inner.s, 2, v[n]);
	return step(c);
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
	c->down = c->plan & IS_DOWN;
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
	c->end = false;
	switch (plan & PLAN_KIND) {
	case PLAN_COUNT:
		return begin_count(c);
	case PLAN_ID:
	case PLAN_IDS:
		return begin_ids(c, v);
	case PLAN_TIME:
		return begin_time(c, v);
	case PLAN_ORDER:
		return begin_order(c);
	default:
		return step(c);
	}
}

static int
next(sqlite3_vtab_cursor *p)
{
	struct cursor *c = (struct cursor *)p;
	int kind = c->plan & PLAN_KIND, rc = SQLITE_OK;

	if (kind == PLAN_COUNT) {
		c->end = c->n == c->total;
		c->n++;
	} else if (kind == PLAN_ORDER) {
		rc = next_in_order(c);
	} else {
		rc = step(c);
	}
	if ((kind == PLAN_COUNT || kind == PLAN_SCAN) && !c->end)
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

	if ((c->plan & PLAN_KIND) == PLAN_ORDER && !c->sorted) {
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

	buf_printf(&b, "0 SELECT id FROM main.%s%c", t->name.p, '\0');
	rc = take_inner(t, b.p, &c->inner);
	c->text = NULL;
	buf_release(&b);
	c->plan = PLAN_SCAN;
	for (int64_t i = 0; rc == SQLITE_OK && i < c->n; i++)
		rc = step(c);
	return rc;
}

static int
rowid(sqlite3_vtab_cursor *p, sqlite3_int64 *out)
{
	struct cursor *c = (struct cursor *)p;
	int rc = SQLITE_OK;

	if (c->plan == PLAN_COUNT)
		rc = read_ids(c);
	if (rc == SQLITE_OK)
		*out = (c->plan & PLAN_KIND) == PLAN_ORDER && !c->sorted ?
		    c->row.id : sqlite3_column_int64(c->inner.s, c->inner.id);
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
