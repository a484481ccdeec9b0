/* SPDX-License-Identifier: MIT */
/*
 * A loop over a table ends in Next or Prev, and SQLite marks that of a full
 * scan in P5, since it counts the steps (SQLITE_STMTSTATUS_FULLSCAN_STEP, or
 * _AUTOINDEX where it builds an index on the fly). The cursor was opened on a
 * root page, which the schema knows the table of. A loop over a virtual table of
 * ours begins with VFilter, which says what it reads.
 */
#include "store/plan.h"

#include "base/attr.h"
#include "base/buf.h"
#include "store/dbpriv.h"
#include "store/kind.h"
#include "store/timedplan.h"

/* One instruction of a compiled statement. */
struct op {
	sv name, p4;
	int p1, p2, p3, p5;
};

struct program {
	struct op *op;
	size_t n;
};

static sv
text_at(struct arena *a, sqlite3_stmt *s, int col)
{
	const char *p = (const char *)sqlite3_column_text(s, col);

	return p ? arena_sv(a, sv_of(p, (size_t)sqlite3_column_bytes(s, col))) :
	    SV("");
}

static void
add_name(struct arena *a, struct plan_names *v, sv name)
{
	sv *old = v->name;

	v->name = arena_array(a, v->n + 1, sizeof(*v->name));
	if (v->n)
		memcpy(v->name, old, v->n * sizeof(*old));
	v->name[v->n++] = name;
}

static void
sort_names(struct plan_names *v)
{
	for (size_t i = 1; i < v->n; i++)
		for (size_t k = i; k && sv_cmp(v->name[k - 1], v->name[k]) > 0;
		    k--) {
			sv t = v->name[k];

			v->name[k] = v->name[k - 1];
			v->name[k - 1] = t;
		}
}

void
plan_event_tables(struct arena *a, struct plan_names *out)
{
	*out = (struct plan_names){ NULL, 0 };
	for (int k = REC_NONE + 1; k < REC_KIND_N; k++)
		add_name(a, out, sv_str(rec_kinds[k].table));
	sort_names(out);
}

/* First column of a statement of ours; `bound` is ?1. */
static bool
read_names(struct arena *a, struct store *st, const char *sql, sv bound,
    struct plan_names *out, struct err *e)
{
	sqlite3_stmt *s = db_prepare(st, sql);
	int rc;

	*out = (struct plan_names){ NULL, 0 };
	db_bind_sv(s, 1, bound);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW)
		add_name(a, out, text_at(a, s, 0));
	sqlite3_finalize(s);
	return rc == SQLITE_DONE || db_err(st, e, "store");
}

bool
plan_views(struct arena *a, struct store *st, sv table, struct plan_names *out,
    struct err *e)
{
	return read_names(a, st, "SELECT name FROM sqlite_schema "
	    "WHERE type = 'view' AND instr(replace(sql, char(10), ' '), "
	    "' FROM ' || ?1 || ' ') ORDER BY 1", table, out, e);
}

/* --- the program --- */

static size_t
count_rows(sqlite3_stmt *s)
{
	size_t n = 0;

	while (sqlite3_step(s) == SQLITE_ROW)
		n++;
	sqlite3_reset(s);
	return n;
}

/* addr, opcode, p1, p2, p3, p4, p5, comment */
static void
read_ops(struct arena *a, sqlite3_stmt *s, struct program *out)
{
	out->op = arena_array(a, count_rows(s), sizeof(*out->op));
	for (out->n = 0; sqlite3_step(s) == SQLITE_ROW; out->n++)
		out->op[out->n] = (struct op){ text_at(a, s, 1),
			text_at(a, s, 5), sqlite3_column_int(s, 2),
			sqlite3_column_int(s, 3), sqlite3_column_int(s, 4),
			sqlite3_column_int(s, 6) };
}

static bool
read_program(struct arena *a, struct store *st, sv sql, struct program *out,
    struct err *e)
{
	sqlite3_stmt *s = NULL;
	struct buf b = BUF_INIT;
	int rc;

	buf_lit(&b, "EXPLAIN ");
	buf_add(&b, sql);
	rc = sqlite3_prepare_v2(st->db, b.p, (int)b.n, &s, NULL);
	buf_release(&b);
	if (rc != SQLITE_OK)
		return db_err(st, e, "plan");
	read_ops(a, s, out);
	sqlite3_finalize(s);
	return true;
}

/* Root page in the store of the cursor that instruction `at` works on, or 0. */
static int
root_of(const struct program *p, size_t at)
{
	for (size_t i = at; i-- > 0;)
		if (p->op[i].p1 == p->op[at].p1 &&
		    (sv_is(p->op[i].name, "OpenRead") ||
		    sv_is(p->op[i].name, "ReopenIdx")))
			return p->op[i].p3 == 0 ? p->op[i].p2 : 0;
	return 0;
}

/* May another instruction than the one before go on at `at`? Opcodes that
 * start the next round of a loop. */
static bool
is_target(const struct program *p, size_t at)
{
	static const char *const jump[] = { "Eq", "Ne", "Lt", "Le", "Gt", "Ge",
		"If", "IfNot", "IsNull", "NotNull", "Goto", "IfPos",
		"IfNotZero", "DecrJumpZero", "SeekRowid", "NotExists", "Found",
		"NotFound", "NoConflict", "IdxLT", "IdxLE", "IdxGT", "IdxGE",
		"SeekGE", "SeekGT", "SeekLE", "SeekLT", "Rewind", "Once",
		"IfNullRow", "Filter", "ElseEq", "MustBeInt", "IsType" };

	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < countof(jump); k++)
			if (p->op[i].p2 == (int)at &&
			    sv_is(p->op[i].name, jump[k]))
				return true;
	return false;
}

/* min(ts) and max(ts) leave their loop in the first round. */
static bool
is_reached(const struct program *p, size_t at)
{
	return !(at && sv_is(p->op[at - 1].name, "Goto") && !is_target(p, at));
}

static bool
is_scan(const struct program *p, size_t at)
{
	const struct op *op = &p->op[at];

	if (sv_is(op->name, "Count"))
		return true;
	return (sv_is(op->name, "Next") || sv_is(op->name, "Prev")) &&
	    op->p5 != 0 && is_reached(p, at);
}

/* The end of the loop over a virtual table that begins at `at`. */
static bool
goes_round(const struct program *p, size_t at)
{
	for (size_t i = at; i < p->n; i++)
		if (sv_is(p->op[i].name, "VNext") &&
		    p->op[i].p1 == p->op[at].p1)
			return is_reached(p, i);
	return false;
}

/* --- tables --- */

/* What statements call the table; null: it is none of events. */
static sv
event_table(sv base)
{
	for (int k = REC_NONE + 1; k < REC_KIND_N; k++)
		if (sv_is(base, kind_base(k)))
			return sv_str(rec_kinds[k].table);
	return SV_NULL;
}

/* The event table whose own or whose index's root page it is; null: none. */
static sv
table_of(struct arena *a, struct store *st, int root)
{
	sqlite3_stmt *s = db_prepare(st, "SELECT tbl_name FROM "
	    "main.sqlite_schema WHERE rootpage = ?1");
	sv name = SV_NULL;

	sqlite3_bind_int(s, 1, root);
	if (sqlite3_step(s) == SQLITE_ROW)
		name = event_table(text_at(a, s, 0));
	sqlite3_finalize(s);
	return name;
}

/* The event table that the loop of instruction `at` reads all of; null: none. */
static sv
scanned_at(struct arena *a, struct store *st, const struct program *p, size_t at)
{
	enum timedplan_reads reads;
	int root;
	sv base;

	if (sv_is(p->op[at].name, "VFilter")) {
		reads = timedplan_reads(p->op[at].p4, &base);
		return reads == TIMEDPLAN_READS_ALL ||
		    (reads == TIMEDPLAN_READS_IN_ORDER &&
		    goes_round(p, at)) ? event_table(base) : SV_NULL;
	}
	root = is_scan(p, at) ? root_of(p, at) : 0;
	return root ? table_of(a, st, root) : SV_NULL;
}

static bool
has_name(const struct plan_names *v, sv name)
{
	for (size_t i = 0; i < v->n; i++)
		if (sv_eq(v->name[i], name))
			return true;
	return false;
}

bool
plan_scans(struct arena *a, struct store *st, sv sql, struct plan_names *out,
    struct err *e)
{
	struct program p = { NULL, 0 };

	*out = (struct plan_names){ NULL, 0 };
	if (!read_program(a, st, sql, &p, e))
		return false;
	for (size_t i = 0; i < p.n; i++) {
		sv table = scanned_at(a, st, &p, i);

		if (!sv_null(table) && !has_name(out, table))
			add_name(a, out, table);
	}
	sort_names(out);
	return true;
}
