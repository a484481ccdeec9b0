/* SPDX-License-Identifier: MIT */
/*
 * Every bound that a plan names is compared by SQLite in the statement over the
 * table of the store, as it would be here; the stretches only leave out ids.
 */
#include "store/timedplan.h"

#include <stdlib.h>
#include <string.h>

/* Of the number of a plan: what bounds there are. */
enum { HAS_LOW = 8, HAS_HIGH = 16, IS_POINT = 32 };
_Static_assert(((HAS_LOW | HAS_HIGH | IS_POINT) & (TIMEDPLAN_KIND |
    TIMEDPLAN_DOWN | TIMEDPLAN_SAME)) == 0, "bits of their own");

/* The parameter of the first bound, behind those of ids. */
enum { IDS_BOUND = 1, TIME_BOUND = 3 };
/* A request id that is asked for, and whether it is none that rows have: then
 * nothing is left out. */
#define SAME_BOUND "5"
#define SAME_ANY "6"
enum { SAME_AT = 5, SAME_ANY_AT = 6 };

/* --- what SQLite asks ----------------------------------------------------- */

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

/* A constraint on the request id, -1: none. With IS it may be NULL. */
static int
find_same(const struct timedplan_table *t, sqlite3_index_info *x)
{
	const char *name = t->columns.p;

	for (size_t i = 0; i < t->ncolumns; i++, name += strlen(name) + 1) {
		if (strcmp(name, TIMEDIDS_COLUMN) != 0)
			continue;
		for (int k = 0; k < x->nConstraint; k++)
			if (x->aConstraint[k].usable &&
			    x->aConstraint[k].iColumn == (int)i &&
			    x->aConstraint[k].op ==
			    SQLITE_INDEX_CONSTRAINT_EQ &&
			    strcmp(sqlite3_vtab_collation(x, k), "BINARY") == 0)
				return k;
	}
	return -1;
}

/* SELECT what is used FROM the table. */
static void
put_select(struct buf *b, const struct timedplan_table *t, uint64_t used,
    const char *what)
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

/* The bounds of a column; parameters from number `first` on. Result: bits of the
 * plan. */
static int
put_bounds(struct buf *b, sqlite3_index_info *x, const char *column,
    struct bounds at, int first)
{
	const char *and = first == IDS_BOUND ? " WHERE" : " AND";
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

/* How often SQLite reckons to ask for the value of a constraint: IN (SELECT ...)
 * stands for some. */
static double
times(sqlite3_index_info *x, int i)
{
	return sqlite3_vtab_in(x, i, -1) ? 25 : 1;
}

/* What SQLite takes a table to have of which nothing is known, and what it
 * reckons with indexes: a statement is run as if there was one on ts, and one on
 * request ids. */
static void
set_cost(sqlite3_index_info *x, struct bounds id, struct bounds ts, int same)
{
	double rows = 1048576;
	const struct bounds *b = is_any(ts) ? &ts : &id;

	if (id.same >= 0)
		rows = times(x, id.same);
	else if (same >= 0)
		rows = 10 * times(x, same);
	else if (ts.same >= 0)
		rows = 10 * times(x, ts.same);
	else
		rows /= (b->low >= 0 ? 4 : 1) * (b->high >= 0 ? 4 : 1) *
		    (b->low >= 0 && b->high >= 0 ? 4 : 1);
	x->estimatedRows = (sqlite3_int64)rows;
	x->estimatedCost = 20 + 3 * rows;
	if (id.same >= 0 && rows < 2)
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

/* Behind the bounds of ts; SQLite compares it once more. */
static int
put_same(struct buf *b, sqlite3_index_info *x, int i)
{
	int n = 0;

	for (int k = 0; k < x->nConstraint; k++)
		n += x->aConstraintUsage[k].argvIndex > 0;
	take(x, i, &n);
	x->aConstraintUsage[i].omit = 0;
	buf_lit(b, " AND (" TIMEDIDS_COLUMN " = ?" SAME_BOUND " OR ?" SAME_ANY
	    ")");
	return TIMEDPLAN_SAME;
}

static int
put_plan(struct buf *b, const struct timedplan_table *t, sqlite3_index_info *x)
{
	struct bounds id = find_bounds(x, true), ts = find_bounds(x, false);
	int same = find_same(t, x);
	uint64_t used = x->colUsed;

	set_cost(x, id, ts, same);
	if (id.same >= 0 || (is_any(id) && !is_any(ts) && same < 0)) {
		put_select(b, t, used, "id");
		return put_bounds(b, x, "id", id, IDS_BOUND) |
		    (id.same >= 0 ? TIMEDPLAN_ID : TIMEDPLAN_IDS);
	}
	if (is_any(ts) || same >= 0 || wants_order(x)) {
		put_select(b, t, used, "id");
		buf_lit(b, " WHERE id BETWEEN ?1 AND ?2");
	}
	if (is_any(ts) || same >= 0)
		return TIMEDPLAN_TIME | put_bounds(b, x, "ts", ts, TIME_BOUND) |
		    (same >= 0 ? put_same(b, x, same) : 0);
	if (wants_order(x)) {
		x->orderByConsumed = 1;
		return TIMEDPLAN_ORDER |
		    (x->aOrderBy[0].desc ? TIMEDPLAN_DOWN : 0);
	}
	put_select(b, t, used, used ? "id" : "count(*)");
	return used ? TIMEDPLAN_SCAN : TIMEDPLAN_COUNT;
}

int
timedplan_best(const struct timedplan_table *t, sqlite3_index_info *x)
{
	struct buf b = BUF_INIT;

	x->idxNum = put_plan(&b, t, x);
	x->idxStr = sqlite3_mprintf("%.*s", (int)b.n, b.p);
	x->needToFreeIdxStr = 1;
	buf_release(&b);
	return x->idxStr ? SQLITE_OK : SQLITE_NOMEM;
}

/* --- texts of plans ------------------------------------------------------- */

const char *
timedplan_sql(const char *plan, uint64_t *used)
{
	char *sql;

	*used = strtoull(plan, &sql, 16);
	return sql;
}

void
timedplan_put_sorted(struct buf *b, const char *order, bool down)
{
	const char *how = down ? " DESC" : "";

	buf_printf(b, "%s ORDER BY ts%s, id%s%c", order, how, how, '\0');
}

void
timedplan_put_ids(struct buf *b, const struct timedplan_table *t)
{
	put_select(b, t, 0, "id");
	buf_byte(b, '\0');
}

enum timedplan_reads
timedplan_reads(sv plan, sv *base)
{
	size_t from = sv_rfind(plan, SV(" FROM main.")), where;
	sv rest;

	*base = SV_NULL;
	if (from == plan.n)
		return TIMEDPLAN_READS_PART;
	rest = sv_skip(plan, from + SV(" FROM main.").n);
	where = sv_find_byte(rest, ' ');
	*base = sv_take(rest, where);
	if (where == rest.n)
		return TIMEDPLAN_READS_ALL;
	/* bounds that are those of the stretches alone */
	return sv_ends(rest, SV("BETWEEN ?1 AND ?2")) ?
	    TIMEDPLAN_READS_IN_ORDER : TIMEDPLAN_READS_PART;
}

/* --- arguments ------------------------------------------------------------ */

int
timedplan_bind(int plan, sqlite3_value **v, sqlite3_stmt *s)
{
	int at = (plan & TIMEDPLAN_KIND) == TIMEDPLAN_TIME ? TIME_BOUND :
	    IDS_BOUND;
	int rc = SQLITE_OK;

	if (plan & HAS_LOW)
		rc = sqlite3_bind_value(s, at, *v++);
	if (rc == SQLITE_OK && plan & HAS_HIGH && !(plan & IS_POINT))
		rc = sqlite3_bind_value(s, at + 1, *v++);
	if (rc == SQLITE_OK && plan & TIMEDPLAN_SAME) {
		bool number = sqlite3_value_type(*v) == SQLITE_INTEGER ||
		    sqlite3_value_type(*v) == SQLITE_FLOAT;

		rc = sqlite3_bind_value(s, SAME_AT, *v);
		if (rc == SQLITE_OK)
			rc = sqlite3_bind_int(s, SAME_ANY_AT, number);
	}
	return rc;
}

sqlite3_value *
timedplan_same(int plan, sqlite3_value **v)
{
	if (plan & HAS_LOW)
		v++;
	if (plan & HAS_HIGH && !(plan & IS_POINT))
		v++;
	return plan & TIMEDPLAN_SAME ? *v : NULL;
}

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

bool
timedplan_range(int plan, sqlite3_value **v, int64_t *low, int64_t *high)
{
	*low = INT64_MIN;
	*high = INT64_MAX;
	if (plan & HAS_LOW && !outside(*v, true, low))
		return false;
	if (plan & HAS_LOW && !(plan & IS_POINT))
		v++;
	return !(plan & HAS_HIGH) || outside(*v, false, high);
}
